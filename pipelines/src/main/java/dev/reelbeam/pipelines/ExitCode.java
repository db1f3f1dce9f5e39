package dev.reelbeam.pipelines;

import dev.reelbeam.model.failure.FailureCode;

/** What a command tells the script that called it; numbers from 64 are those of sysexits. */
enum ExitCode {
  COMPLETED(0, "everything was completed"),
  SOME_DEAD(1, "some deliveries were set aside as dead letters; inspect: not a good video"),
  USAGE(2, "the command line is wrong; nothing was begun"),
  NOTHING_COMPLETED(3, "nothing was completed"),
  PART_MISSING(69, "a part that is needed is missing; see `reelbeam check`"),
  DEFECT(70, "a defect; run again with -v and report what it says"),
  STORAGE_FAILED(74, "the disk is full or a service is away; the same command goes on later"),
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
          TLS_REFUSED,
          CONTENT_DAMAGED,
          CONTENT_MISSING,
          LEASE_LOST ->
          STORAGE_FAILED;
      case ENCODER_UNAVAILABLE,
          SPEECH_FAILED,
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
          CLUSTER_NOT_RUNNING ->
          PART_MISSING;
      case UNEXPECTED, IDENTITY_VIOLATED -> DEFECT;
      default -> USAGE;
    };
  }
}
