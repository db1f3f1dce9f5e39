package dev.reelbeam.stages.visuals;

import dev.reelbeam.media.footage.ClipFacts;
import dev.reelbeam.media.footage.ClipIntake;
import dev.reelbeam.media.picture.NormalizedPicture;
import dev.reelbeam.media.picture.PictureCap;
import dev.reelbeam.media.picture.PictureFacts;
import dev.reelbeam.media.picture.PictureIntake;
import dev.reelbeam.model.failure.Stage;
import dev.reelbeam.model.failure.StageException;
import dev.reelbeam.model.json.RecordJson;
import dev.reelbeam.model.store.MediaRef;
import dev.reelbeam.model.store.StepKey;
import dev.reelbeam.stages.flow.Artifacts;
import java.io.Serializable;

/**
 * Takes in pictures and clips of strangers, each once: whoever sent them, and whatever they are
 * called, they are found by their bytes. Thread-safe.
 */
public final class Intakes {
  private static final int INTAKE_VERSION = 4;
  private static final int CLIP_VERSION = 2;

  private static final PictureCap CAP = PictureCap.DEFAULT;

  /** Long side of the frame that stands for a clip. */
  private static final int POSTER_SIDE_PX = 2600;

  private final Artifacts artifacts;

  /** Intakes into the store of these artifacts. */
  public Intakes(Artifacts artifacts) {
    this.artifacts = artifacts;
  }

  /** What is stored about a normalized picture. */
  record Intake(MediaRef bytes, PictureFacts facts) implements Serializable {}

  /** What is stored about a clip: it is kept as it came, and a frame stands for it. */
  record Footage(MediaRef bytes, ClipFacts facts, Intake poster) implements Serializable {}

  /**
   * A picture as it will be shown, or of a clip the frame that stands for it.
   *
   * @param bytes as they came
   * @param url what it is called, in messages
   * @throws StageException 3xxx if it cannot be used
   */
  public MediaRef still(byte[] bytes, String url) throws StageException {
    return ClipIntake.isClip(bytes)
        ? clip(bytes, url, 0).poster().bytes()
        : picture(bytes, url).bytes();
  }

  Intake picture(byte[] bytes, String url) throws StageException {
    StepKey key =
        StepKey.of(
            "normalize-picture",
            INTAKE_VERSION,
            RecordJson.sha256(bytes),
            CAP.shortSidePx(),
            CAP.pixels());
    return artifacts
        .record(
            Stage.PLAN_VISUALS,
            "picture",
            key,
            Intake.class,
            () -> {
              NormalizedPicture normalized = PictureIntake.normalize(bytes, url, CAP);
              return new Intake(
                  artifacts.store().put(normalized.encoded(), normalized.contentType()),
                  normalized.facts());
            })
        .value();
  }

  Footage clip(byte[] bytes, String url, long fromUs) throws StageException {
    StepKey key =
        StepKey.of("examine-clip", CLIP_VERSION, RecordJson.sha256(bytes), fromUs, POSTER_SIDE_PX);
    return artifacts
        .record(
            Stage.PLAN_VISUALS,
            "clip",
            key,
            Footage.class,
            () -> {
              MediaRef stored = artifacts.store().put(bytes, "video/mp4");
              ClipIntake.Examined examined =
                  ClipIntake.examine(
                      artifacts.store().localFile(stored), url, fromUs, POSTER_SIDE_PX);
              NormalizedPicture poster = examined.poster();
              return new Footage(
                  stored,
                  examined.facts(),
                  new Intake(
                      artifacts.store().put(poster.encoded(), poster.contentType()),
                      poster.facts()));
            })
        .value();
  }
}
