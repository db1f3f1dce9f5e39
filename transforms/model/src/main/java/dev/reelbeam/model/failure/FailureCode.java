package dev.reelbeam.model.failure;

/**
 * Every way in which the work on a record can fail, numbered by part: 1xxx record, 2xxx provider,
 * 3xxx media, 4xxx publish (42xx engagement), 5xxx machine and storage, 9xxx unexpected.
 *
 * <p>Numbers are stable: they are never reused and never change their meaning.
 */
public enum FailureCode {
  RECORD_INVALID(1001, false, "Correct the named field of the record and send it again."),
  RECORD_EMPTY(1002, false, "Give the record a title and some text, or pictures."),
  TITLE_MISSING(1003, false, "Give the record a title."),
  RECORD_TOO_LARGE(1004, false, "Shorten the record, or split it into several."),
  KIND_UNSUPPORTED(
      1005, false, "Name a language model in the settings, or use article, listing or clip."),
  SOURCE_TOO_THIN(1010, false, "Add text to the source, or choose a shorter type."),
  RANGE_EMPTY(
      1011, false, "Choose a type whose length this preset allows; see `reelbeam presets`."),
  PRESET_UNKNOWN(1012, false, "Choose presets from the list of `reelbeam presets`."),
  LENGTH_NOT_HIT(1013, false, "Choose another type or voice; the script could not be fitted."),
  BRAND_INVALID(1014, false, "Correct the brand file; the message names the key."),
  CONFIG_INVALID(1015, false, "Correct the named key of the settings."),
  ADDRESS_FORBIDDEN(1016, false, "Use a public http or https address."),
  INPUT_UNREADABLE(1020, false, "Check that the file exists and may be read."),
  PATH_ESCAPES_ROOT(1021, false, "Use a path inside the record's own folder."),
  MARKUP_TOO_DEEP(1022, false, "Simplify the page: its tags are nested too deeply."),
  SCHEMA_NEWER(1023, true, "Upgrade this job, then replay: the record is of a newer schema."),
  MESSAGE_TOO_LARGE(1024, false, "Send at most 5 MB: pictures go by address, not into the record."),
  REVISION_CONFLICT(
      1030, false, "Raise the record's revision: this one is known with other content."),
  EVENT_INVALID(1031, false, "Correct the named field of the control event and send it again."),
  EDIT_UNREADABLE(1032, false, "Store the edit again, then send the event again under a new id."),
  SCRIPT_OUT_OF_RANGE(1033, false, "Shorten or lengthen the script; the message says by how much."),

  PROVIDER_FAILED(2001, true, "Look at the provider's message, then replay."),
  PROVIDER_UNAUTHORIZED(2002, false, "Check the key that the settings name for this provider."),
  PROVIDER_QUOTA(2003, true, "Top up the provider's account or wait for its quota, then replay."),
  PROVIDER_BUSY(2004, true, "Replay later, or raise this provider's limits in the settings."),
  PROVIDER_UNREACHABLE(2005, true, "Check the provider's address and the network, then replay."),
  PROVIDER_TIMEOUT(2006, true, "Replay later, or allow this provider more time in the settings."),
  PROVIDER_REPLY_INVALID(2007, true, "Replay; if it happens again, choose another model."),
  PROVIDER_REFUSED(2008, false, "Reword the record: the provider declines its content."),
  PROVIDER_OUTCOME_UNKNOWN(2009, true, "Look at the provider's account first: it may be billed."),
  PROVIDER_DOWN(2010, true, "Replay when the provider is well again."),
  PROVIDER_REQUEST_INVALID(2011, false, "Check the model and the settings of this provider."),
  CALL_TIMEOUT(2012, true, "Replay when the provider answers again."),
  JOB_FAILED(
      2020, true, "Look at the server's log; lower long_side or seconds if memory was short."),
  WORKFLOW_INVALID(
      2021, false, "Install the nodes and models that the message names, or correct the workflow."),
  JOB_LOST(2022, true, "Replay: the server forgot the job, as it does when it starts anew."),
  JOB_OVERDUE(2023, true, "Allow more time (deadline_seconds), or ask for less."),
  CLIP_UNFIT(2024, true, "Replay; if it happens again, choose another model or workflow."),
  EDIT_FAILED(
      2025, true, "Nothing: the clip is shown without the edit; replay to have it tried again."),
  FILE_UNAVAILABLE(
      2026,
      true,
      "Nothing: another picture or clip is taken; replay to have this one tried again."),
  SPEECH_FAILED(2101, true, "Replay; if it fails again, try another voice."),
  SPEECH_TEXT_TOO_LONG(2102, false, "Use at most 200 characters for a preview."),
  VOICE_MISSING(2103, false, "Choose a voice from `reelbeam voices`, or another language."),
  SPEECH_TIMEOUT(2104, true, "Replay when the machine is less busy."),
  MODEL_UNUSABLE(
      2105, false, "Name the model's own files: an .onnx with its .onnx.json, or a ggml-*.bin."),
  NATIVE_MISSING(
      2106, false, "Use 64-bit Linux with glibc, or a server for this model; see io/clients."),
  VISUAL_MISSING(2201, true, "Reword the visual cue, or name another provider of pictures."),
  BUDGET_SPENT(2301, true, "Raise the budget of the settings, then run again; the rest is found."),
  METRIC_UNSUPPORTED(2401, true, "Nothing: the other metrics are read without it."),
  POST_MISSING(2402, false, "Nothing: the platform has the video no longer."),
  TOKEN_EXPIRED(
      2403, true, "Connect the account again, or renew the token that its setting names."),
  CONTENT_BLOCKED(
      2501, false, "Change what the message names, or the rules of moderation, and send it again."),

  PICTURE_UNDECODABLE(3001, false, "Replace the picture file: it is damaged or not a picture."),
  PICTURE_TOO_LARGE(3002, false, "Use a picture of at most 100 megapixels and 50 MB."),
  PICTURE_FORMAT_UNSUPPORTED(3003, false, "Convert the picture to JPEG, PNG or WebP."),
  PICTURE_TOO_SMALL(3004, false, "Use a picture of at least 64 pixels on each side."),
  AUDIO_UNDECODABLE(3010, false, "Use an audio file in WAV, FLAC, MP3, AAC, Ogg or Opus."),
  MUSIC_UNKNOWN(3011, false, "Choose a built-in track (see `reelbeam voices --music`) or a file."),
  GLYPHS_MISSING(3020, false, "Supply a font for this script with `fonts.fallback` in the brand."),
  ENCODER_UNAVAILABLE(3030, false, "Run `reelbeam check`; choose another encoder or pool."),
  SEGMENT_FAILED(3031, true, "Replay: finished segments are found again."),
  SEGMENT_TIMEOUT(3032, true, "Replay when the machine is less busy."),
  ASSEMBLE_FAILED(3033, true, "Replay: finished segments are found again."),
  MEDIA_UNREADABLE(3034, false, "Check that the file is a complete video."),
  SEGMENT_STUCK(3035, true, "Restart the worker; if it comes again, replace the picture named."),
  RENDER_EXPIRED(3036, true, "Replay: finished segments are found again."),
  WORKERS_LOST(
      3037, true, "Replace the picture or clip that the step decodes, or give the workers memory."),
  CHECK_FAILED(3040, false, "Look at the figures in the check table of the report."),
  CLIP_UNDECODABLE(3050, false, "Replace the clip: it is damaged, or not an MP4, MOV or WebM."),
  CLIP_TOO_LARGE(3051, false, "Use a clip of at most 4096x2304 pixels; shorten a large file."),
  CLIP_WITHOUT_PICTURE(3052, false, "Use a clip with a moving picture in it."),
  CLIP_TIMEOUT(3053, false, "Shorten the clip or make it smaller."),
  FRAME_RATE_REFUSED(3070, false, "Leave out the frame rate, or this preset."),

  SNAPSHOT_UNREADABLE(
      4201, false, "Send one JSON object, or the binary form, per message; see io/connectors."),
  COUNT_NEGATIVE(4202, false, "Look at the reader of this platform: no counter is negative."),
  COUNT_TOO_LARGE(4203, false, "Look at the reader of this platform: counters end at 2^53."),
  VIDEO_UNKNOWN(4204, true, "Publish or import the video, then replay."),
  SNAPSHOT_AHEAD(4205, true, "Set the sender's clock; replay when its time has come."),
  SNAPSHOT_BEFORE_VIDEO(4206, false, "Set the sender's clock: the video was not published yet."),
  PLATFORM_UNKNOWN(4207, false, "Name one of the platforms that `reelbeam presets` lists."),

  STORAGE_FULL(5001, true, "Free some disk space, then run the same command again."),
  STORAGE_UNAVAILABLE(5002, true, "Check the store's address and rights, then run again."),
  MEMORY_SHORT(5003, true, "Give the process more memory (REELBEAM_JAVA_OPTS=-Xmx…)."),

  DATABASE_UNAVAILABLE(5010, true, "Start Postgres or correct its address; the work goes on then."),
  DATABASE_REFUSED(5011, true, "Correct the user, the password or the database in the settings."),
  DATABASE_SCHEMA(5012, true, "Run the migrations of this release: `reelbeam migrate`."),
  KAFKA_UNAVAILABLE(5013, true, "Start Kafka or correct kafka.bootstrap; then run again."),
  KAFKA_REFUSED(
      5014,
      true,
      "Correct kafka.user and kafka.password in the settings, or give the user the rights."),
  TOPIC_MISSING(5015, true, "Make the topic; `reelbeam up` makes every topic that is missing."),
  BUCKET_MISSING(5016, true, "Make the bucket, or correct s3.bucket in the settings."),
  STORE_REFUSED(5017, true, "Correct the keys or the rights of the S3 user in the settings."),
  SETTINGS_MISSING(5018, false, "Start a cluster with `reelbeam up`, or name --connections."),
  SETTING_INVALID(5019, false, "Correct the named setting."),
  SECRET_MISSING(5020, false, "Put the secret into the file or variable that the setting names."),
  CONTENT_DAMAGED(5021, true, "Check the store's disks: the bytes are not those of their hash."),
  SOURCE_UNREADABLE(5024, true, "Check the source's address, rights and query, then run again."),
  TLS_REFUSED(
      5025,
      true,
      "Name the authority behind the server's certificate (kafka.tls.root, postgres.tls.root,"
          + " s3.tls.root), or the host name that it carries."),
  CONTENT_MISSING(5026, true, "Replay it: what is missing is made anew."),
  VALUE_REFUSED(5027, false, "Correct the record: the database does not take a value of it."),
  LEASE_LOST(5028, true, "Nothing: another worker does the step; then replay, it is found."),
  NO_TURN(
      5029,
      true,
      "Replay: what was bought is found. Raise this provider's limits if its account allows more."),

  PORT_TAKEN(
      5030, true, "Free the port, or give another with --port-offset or in cluster.properties."),
  CLUSTER_PART_MISSING(
      5031, true, "Build it with `./mvnw -Pcluster -DskipTests package`, then run `up` again."),
  SERVICE_ENDED(5032, true, "Read the named log; correct what it says, then run `up` again."),
  SERVICE_SLOW(5033, true, "Run `up` again: what runs is kept; give it more time with --patience."),
  SCHEDULER_UNSUITABLE(
      5034, true, "Set `jobmanager.scheduler: Default` in Flink's configuration and restart it."),
  POOL_MISSING(
      5035,
      true,
      "Start a TaskManager with `external-resource.<pool>.amount`; the job waits for it."),
  POOL_WRONG(
      5036, true, "Give the TaskManager the pool's tag, and submit to Flink's Default scheduler."),
  SUBMIT_FAILED(5037, true, "Read the named log; correct what it says, then run `up` again."),
  SAVEPOINT_FAILED(
      5038, true, "Run it again, or take `down --now`: the newest checkpoint is kept."),
  CLUSTER_SETTINGS_INVALID(
      5039, false, "Correct the named setting of cluster.properties or the flag."),
  CLUSTER_NOT_RUNNING(5040, true, "Start it with `reelbeam up`."),
  STATE_LEFT_BEHIND(
      5041,
      true,
      "Go on with the release before, or give that state up with `reelbeam upgrade --forget-state`:"
          + " what is under way is sent through again."),
  POOL_WITHOUT_ENCODER(
      5042,
      true,
      "Give the pool's machines what the encoder needs (for NVENC a GPU, and in a container"
          + " NVIDIA_DRIVER_CAPABILITIES with `video`), or start the job with another encoder; it"
          + " waits."),
  STATE_UNREADABLE(
      5043,
      true,
      "Where no older point is gone on from, remove the folder named, or `upgrade --forget-state`."),

  UNEXPECTED(9001, true, "This is a defect: report it with the output of -v.");

  private final int number;
  private final boolean replayable;
  private final String remedy;

  FailureCode(int number, boolean replayable, String remedy) {
    this.number = number;
    this.replayable = replayable;
    this.remedy = remedy;
  }

  /** The stable number, for example 1001. */
  public int number() {
    return number;
  }

  /** Whether the same input can succeed later without a change. */
  public boolean replayable() {
    return replayable;
  }

  /** Whether a provider could not, so that another one may stand in; the record is as it was. */
  public boolean providersFault() {
    return number / 1000 == 2;
  }

  /** Whether a provider is away, or has no time for anybody, which is worth waiting for. */
  public boolean away() {
    return switch (this) {
      case PROVIDER_BUSY, PROVIDER_DOWN, PROVIDER_TIMEOUT, PROVIDER_UNREACHABLE -> true;
      default -> false;
    };
  }

  /** One sentence that tells what to do about it. */
  public String remedy() {
    return remedy;
  }

  /** The number and the name, for example {@code 1001 RECORD_INVALID}. */
  public String label() {
    return number + " " + name();
  }
}
