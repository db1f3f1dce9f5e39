package dev.reelbeam.stages.step;

import dev.reelbeam.model.content.Tracked;
import dev.reelbeam.model.failure.DeadLetter;
import dev.reelbeam.model.failure.Stage;
import dev.reelbeam.model.failure.StageException;
import dev.reelbeam.model.port.ProjectLedger;
import dev.reelbeam.model.project.DeliveryOutcome;
import dev.reelbeam.model.project.DeliveryState;
import dev.reelbeam.stages.deadletter.DeadLetters;
import dev.reelbeam.stages.flow.Progress;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;
import org.apache.beam.sdk.transforms.errorhandling.BadRecord;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Sets an element aside: one dead letter for each delivery that it stands for, the same outcome in
 * the ledger, and the listener told.
 */
public final class SetAside {
  private static final Logger log = LoggerFactory.getLogger(SetAside.class);

  private final Stage stage;
  private final StageMetrics metrics;

  public SetAside(Stage stage) {
    this.stage = stage;
    this.metrics = StageMetrics.of(stage);
  }

  /** Writes the letters; the ledger and the listener hear of each delivery. */
  public void accept(
      Tracked input,
      StageException failure,
      ProjectLedger ledger,
      Progress listener,
      Consumer<BadRecord> dead) {
    listener.outcome(stage, true);
    try (LogContext context = LogContext.of(stage, input)) {
      log.warn("set aside in {}: {}", stage.label(), failure.describe());
    }
    List<String> presets = new ArrayList<>(input.presets());
    if (presets.isEmpty()) {
      presets.add("");
    }
    for (String preset : presets) {
      DeadLetter letter = DeadLetters.of(stage, input, preset.isEmpty() ? null : preset, failure);
      metrics.dead();
      listener.deadLetter(letter);
      if (input.epoch() > 0 && !preset.isEmpty()) {
        ledger.settle(
            new DeliveryOutcome(
                input.recordKey(), preset, input.epoch(), DeliveryState.DEAD, null, letter.id()));
      }
      dead.accept(DeadLetters.toBadRecord(letter));
    }
  }
}
