package dev.reelbeam.pipelines;

import dev.reelbeam.model.engagement.EngagementSnapshot;
import dev.reelbeam.model.failure.DeadLetter;
import dev.reelbeam.model.failure.FailureCode;
import dev.reelbeam.model.failure.Stage;
import dev.reelbeam.model.failure.StageException;
import dev.reelbeam.model.json.EngagementJson;
import java.nio.charset.StandardCharsets;

/**
 * A snapshot that was set aside, as the message that it was: the job counts it when its video has
 * become known, or its time has come.
 *
 * @param key of the message: the video
 * @param value one JSON object
 */
record Replayed(String key, byte[] value) {
  /** Whether a letter is about a snapshot and not about a record. */
  static boolean isSnapshot(DeadLetter letter) {
    return letter.stage().equals(Stage.MEASURE.label());
  }

  /**
   * The message of a letter.
   *
   * @throws StageException when what was set aside never was a snapshot
   */
  static Replayed snapshot(DeadLetter letter) throws StageException {
    byte[] json = letter.payloadJson().getBytes(StandardCharsets.UTF_8);
    try {
      EngagementSnapshot snapshot = EngagementJson.readSnapshot(json);
      return new Replayed(snapshot.videoKey(), EngagementJson.write(snapshot));
    } catch (IllegalArgumentException e) {
      throw new StageException(
          FailureCode.SNAPSHOT_UNREADABLE,
          "the original of " + letter.recordId() + " is no snapshot; send a corrected one",
          e);
    }
  }
}
