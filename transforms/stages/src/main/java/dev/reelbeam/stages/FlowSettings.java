package dev.reelbeam.stages;

import dev.reelbeam.stages.project.AdmissionSettings;
import dev.reelbeam.stages.render.DispatchSettings;
import dev.reelbeam.stages.step.AwaitSettings;
import java.io.Serializable;
import org.jspecify.annotations.Nullable;

/**
 * How records flow: on one machine, in a bounded run with a ledger, or in a streaming job.
 *
 * @param projects how a ledger knows the projects
 * @param reviews whether gates ask for the reviews that records want
 * @param await how stages that call out wait
 * @param narration the same for narrations, which need a core where voices are embedded
 * @param admission places of each lane, null: everything is begun at once
 * @param dispatch how segments are released, null: in order, at once
 */
public record FlowSettings(
    Projects projects,
    boolean reviews,
    AwaitSettings await,
    AwaitSettings narration,
    @Nullable AdmissionSettings admission,
    @Nullable DispatchSettings dispatch)
    implements Serializable {
  /** What a ledger knows of projects. */
  public enum Projects {
    /** Nothing. */
    NONE,
    /** Epochs and edits; a record is always its newest text. */
    NEWEST_TEXT,
    /** Epochs, edits and revisions. */
    REVISIONS
  }

  /** One machine and nobody to ask: gates let everything through. */
  public static final FlowSettings LOCAL =
      new FlowSettings(
          Projects.NONE, false, AwaitSettings.BOUNDED, AwaitSettings.BOUNDED, null, null);

  /** One machine with a ledger: gates park, a record is always its newest text. */
  public static final FlowSettings LOCAL_REVIEWED =
      new FlowSettings(
          Projects.NEWEST_TEXT, true, AwaitSettings.BOUNDED, AwaitSettings.BOUNDED, null, null);

  /** A bounded run with a ledger: gates park. */
  public static final FlowSettings BOUNDED =
      new FlowSettings(
          Projects.REVISIONS, true, AwaitSettings.BOUNDED, AwaitSettings.BOUNDED, null, null);

  /** A streaming job: gates hold, requests wait in state, segments wait for credits. */
  public static FlowSettings streaming(
      AwaitSettings await, AdmissionSettings admission, DispatchSettings dispatch) {
    return new FlowSettings(Projects.REVISIONS, true, await, await, admission, dispatch);
  }

  /** The same where narrations wait for nobody outside: as many at once as there are cores. */
  public FlowSettings withOwnVoices() {
    return new FlowSettings(projects, reviews, await, await.forWork(), admission, dispatch);
  }

  /** The same with another patience with providers that are away, in ms. */
  public FlowSettings withAwayMs(long milliseconds) {
    return new FlowSettings(
        projects,
        reviews,
        await.withAwayMs(milliseconds),
        narration.withAwayMs(milliseconds),
        admission,
        dispatch);
  }
}
