package dev.reelbeam.stages.flow;

import dev.reelbeam.model.failure.Stage;
import dev.reelbeam.model.failure.StageException;
import dev.reelbeam.model.learning.ArmChoice;
import dev.reelbeam.model.learning.ArmQuestion;
import dev.reelbeam.model.port.ArmChooser;
import dev.reelbeam.model.store.StepKey;
import org.jspecify.annotations.Nullable;

/**
 * Draws an arm once for its record, revision and variant and stores it under a step key of its own;
 * whatever is learned afterwards, a retry and a restart find it. The key of what is made with it
 * holds the arm, never what it was drawn by.
 */
public final class ArmDraw {
  private static final int VERSION = 1;

  private final ArmChooser chooser;
  private final Artifacts artifacts;
  private final Stage stage;

  /** Draws for a stage. */
  public ArmDraw(ArmChooser chooser, Artifacts artifacts, Stage stage) {
    this.chooser = chooser;
    this.artifacts = artifacts;
    this.stage = stage;
  }

  /**
   * The arm of a question, drawn or found.
   *
   * @return null when what was drawn once is none of the options any more
   */
  public @Nullable String arm(ArmQuestion question) throws StageException {
    Artifacts.Outcome<ArmChoice> choice =
        artifacts.record(
            stage,
            "arm",
            // Neither options nor platforms: a preset that is added later finds the same arm.
            StepKey.of(
                "draw-arm",
                VERSION,
                question.kind().id(),
                question.key(),
                question.variant(),
                question.site()),
            ArmChoice.class,
            () -> chooser.choose(question).orElseThrow());
    // A found one, too: whoever drew it may have ended before it was in the books.
    chooser.keep(choice.value());
    String arm = choice.value().arm();
    return question.options().contains(arm) ? arm : null;
  }
}
