package dev.reelbeam.pipelines;

import dev.reelbeam.model.failure.FailureCode;

/** What a command tells the script that called it; numbers from 64 are those of sysexits. */
enum ExitCode {
  COMPLETED(0, "everything was completed"),
  SOME_DEAD(1, "some deliveries were set aside as dead letters; inspect: not a good video"),
  USAGE(2, "the command line or a setting is wrong; nothing was begun"),
  NOTHING_COMPLETED(3, "nothing was completed"),
  WORK_FAILED(4, "the work itself failed or took too long; the message says where"),
  INPUT_UNUSABLE(65, "an input cannot be used; the message says why"),
  PART_MISSING(69, "a part that is needed is missing; see `reelbeam check`"),
  DEFECT(70, "a defect; run again with -v and report what it says"),
  STORAGE_FAILED(74, "the disk is full or a service is away; the same command goes on later"),
  PROVIDER_FAILED(75, "a provider failed; the message says whether to try again"),
  INTERRUPTED(130, "interrupted; the same command goes on");

  private final int number;
  private final String meaning;

  ExitCode(int number, String meaning) {
    this.number = number;
    this.meaning = meaning;
  }

  int number() {
    return number;
  }

  String meaning() {
    return meaning;
  }

  /** The code of a command that ended with this failure. */
  static ExitCode of(FailureCode failure) {
    return switch (failure) {
      case KIND_UNSUPPORTED,
          RANGE_EMPTY,
          PRESET_UNKNOWN,
          BRAND_INVALID,
          CONFIG_INVALID,
          SPEECH_TEXT_TOO_LONG,
          VOICE_MISSING,
          MODEL_UNUSABLE,
          MUSIC_UNKNOWN,
          FRAME_RATE_REFUSED,
          PLATFORM_UNKNOWN,
          SETTINGS_MISSING,
          SETTING_INVALID,
          SECRET_MISSING,
          CLUSTER_SETTINGS_INVALID ->
          USAGE;
      case RECORD_INVALID,
          RECORD_EMPTY,
          TITLE_MISSING,
          RECORD_TOO_LARGE,
          SOURCE_TOO_THIN,
          LENGTH_NOT_HIT,
          ADDRESS_FORBIDDEN,
          INPUT_UNREADABLE,
          PATH_ESCAPES_ROOT,
          MARKUP_TOO_DEEP,
          REVISION_CONFLICT,
          EVENT_INVALID,
          EDIT_UNREADABLE,
          SCRIPT_OUT_OF_RANGE,
          SCHEMA_NEWER,
          MESSAGE_TOO_LARGE,
          CONTENT_BLOCKED,
          PICTURE_UNDECODABLE,
          PICTURE_TOO_LARGE,
          PICTURE_FORMAT_UNSUPPORTED,
          PICTURE_TOO_SMALL,
          AUDIO_UNDECODABLE,
          GLYPHS_MISSING,
          MEDIA_UNREADABLE,
          CLIP_UNDECODABLE,
          CLIP_TOO_LARGE,
          CLIP_WITHOUT_PICTURE,
          SNAPSHOT_UNREADABLE,
          COUNT_NEGATIVE,
          COUNT_TOO_LARGE,
          VIDEO_UNKNOWN,
          SNAPSHOT_AHEAD,
          SNAPSHOT_BEFORE_VIDEO,
          VALUE_REFUSED ->
          INPUT_UNUSABLE;
      case SPEECH_TIMEOUT,
          SEGMENT_FAILED,
          SEGMENT_TIMEOUT,
          ASSEMBLE_FAILED,
          SEGMENT_STUCK,
          WORKERS_LOST,
          CHECK_FAILED,
          CLIP_TIMEOUT,
          RENDER_EXPIRED ->
          WORK_FAILED;
      case SPEECH_FAILED,
          NATIVE_MISSING,
          ENCODER_UNAVAILABLE,
          MEMORY_SHORT,
          PORT_TAKEN,
          CLUSTER_PART_MISSING,
          SERVICE_ENDED,
          SERVICE_SLOW,
          SCHEDULER_UNSUITABLE,
          POOL_MISSING,
          POOL_WRONG,
          SUBMIT_FAILED,
          SAVEPOINT_FAILED,
          STATE_LEFT_BEHIND,
          STATE_UNREADABLE,
          POOL_WITHOUT_ENCODER,
          CLUSTER_NOT_RUNNING ->
          PART_MISSING;
      case STORAGE_FULL,
          STORAGE_UNAVAILABLE,
          DATABASE_UNAVAILABLE,
          DATABASE_REFUSED,
          DATABASE_SCHEMA,
          KAFKA_UNAVAILABLE,
          KAFKA_REFUSED,
          TOPIC_MISSING,
          BUCKET_MISSING,
          STORE_REFUSED,
          CONTENT_DAMAGED,
          CONTENT_MISSING,
          LEASE_LOST,
          SOURCE_UNREADABLE,
          TLS_REFUSED ->
          STORAGE_FAILED;
      case CALL_TIMEOUT,
          PROVIDER_FAILED,
          PROVIDER_UNAUTHORIZED,
          PROVIDER_QUOTA,
          PROVIDER_BUSY,
          NO_TURN,
          PROVIDER_UNREACHABLE,
          PROVIDER_TIMEOUT,
          PROVIDER_REPLY_INVALID,
          PROVIDER_REFUSED,
          PROVIDER_OUTCOME_UNKNOWN,
          PROVIDER_DOWN,
          PROVIDER_REQUEST_INVALID,
          JOB_FAILED,
          WORKFLOW_INVALID,
          JOB_LOST,
          JOB_OVERDUE,
          CLIP_UNFIT,
          EDIT_FAILED,
          FILE_UNAVAILABLE,
          VISUAL_MISSING,
          BUDGET_SPENT,
          METRIC_UNSUPPORTED,
          POST_MISSING,
          TOKEN_EXPIRED ->
          PROVIDER_FAILED;
      case UNEXPECTED -> DEFECT;
    };
  }
}
