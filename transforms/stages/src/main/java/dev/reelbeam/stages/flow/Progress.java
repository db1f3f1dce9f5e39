package dev.reelbeam.stages.flow;

import dev.reelbeam.model.content.Tracked;
import dev.reelbeam.model.cost.Charge;
import dev.reelbeam.model.cost.CostItem;
import dev.reelbeam.model.failure.DeadLetter;
import dev.reelbeam.model.failure.Stage;
import dev.reelbeam.model.project.DeliveryState;
import dev.reelbeam.model.project.Gate;
import dev.reelbeam.model.project.WaitingArtifact;
import dev.reelbeam.model.store.MediaRef;
import java.io.Serializable;
import java.util.List;
import java.util.Map;

/** Listens to the work of the stages. Implementations are thread-safe and never throw. */
public interface Progress {
  /** Opens the listener on a worker. */
  interface Factory extends Serializable {
    Progress open();
  }

  /** Hears nothing. */
  Progress NONE = new Progress() {};

  /** A stage begins with an element. */
  default void stageStarted(Stage stage, Tracked element) {}

  /** A stage is done with an element after this many ms. */
  default void stageDone(Stage stage, Tracked element, long elapsedMs) {}

  /**
   * An element came to its end in a stage: it goes on, or it was set aside. Once for each, however
   * often it was tried and however many deliveries it stands for; a segment is one of {@link
   * Stage#RENDER}.
   */
  default void outcome(Stage stage, boolean failed) {}

  /** A render was cut into this many segments of so many frames altogether. */
  default void renderPlanned(Tracked element, String renderId, int segments, int frames) {}

  /** Frames of a segment were drawn and encoded. */
  default void framesRendered(String renderId, int frames) {}

  /** A segment is there. */
  default void segmentReady(String renderId, int frames, boolean found) {}

  /** A paid or slow result was found under its key, or had to be made. */
  default void artifact(Stage stage, String kind, boolean found) {}

  /** So much was bought for an element just now; what was found is not told here. */
  default void spent(Tracked element, CostItem item, List<Charge> charges) {}

  /** A note for the user about a record, for example a picture that had to be left out. */
  default void note(Tracked element, String message) {}

  /**
   * An element waits for a provider that is away, or for a turn with one. Told again while it
   * lasts.
   *
   * @param message a line that is the same for all who wait for the same
   */
  default void waits(Stage stage, Tracked element, String message) {}

  /** A project waits for a place: so many are under way already. */
  default void draft(Tracked element) {}

  /** An artifact passed its gate, asked about or not; here it can be looked at. */
  default void passed(Tracked element, Gate gate, Map<String, MediaRef> refs) {}

  /** An artifact waits for a decision. */
  default void waiting(Tracked element, WaitingArtifact row) {}

  /** A render waits in line behind so many others. */
  default void queued(Tracked element, int position) {}

  /** So many segments of a render are joined. */
  default void segmentsJoined(Tracked element, int done, int total) {}

  /** An element came to an end that is neither a delivery nor a dead letter. */
  default void settled(Tracked element, DeliveryState state, String detail) {}

  /** A delivery or a record was set aside. */
  default void deadLetter(DeadLetter letter) {}
}
