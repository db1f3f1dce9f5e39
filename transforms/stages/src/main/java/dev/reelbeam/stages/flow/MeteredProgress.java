package dev.reelbeam.stages.flow;

import dev.reelbeam.model.content.Tracked;
import dev.reelbeam.model.cost.Charge;
import dev.reelbeam.model.cost.CostItem;
import dev.reelbeam.model.cost.RateCard;
import dev.reelbeam.model.failure.DeadLetter;
import dev.reelbeam.model.failure.Stage;
import dev.reelbeam.model.meter.WorkMeter;
import dev.reelbeam.model.project.DeliveryState;
import dev.reelbeam.model.project.Gate;
import dev.reelbeam.model.project.WaitingArtifact;
import dev.reelbeam.model.store.MediaRef;
import java.util.List;
import java.util.Map;

/** Tells the meter of the thread what is found, made and paid, and everything to who listens. */
public final class MeteredProgress implements Progress {
  private final Progress to;
  private final RateCard rates;

  private MeteredProgress(Progress to, RateCard rates) {
    this.to = to;
    this.rates = rates;
  }

  /**
   * The listeners of a factory, metered.
   *
   * @param rates what the providers ask
   */
  public static Progress.Factory of(Progress.Factory listeners, RateCard rates) {
    return () -> new MeteredProgress(listeners.open(), rates);
  }

  @Override
  public void artifact(Stage stage, String kind, boolean found) {
    WorkMeter.artifact(found);
    to.artifact(stage, kind, found);
  }

  @Override
  public void spent(Tracked element, CostItem item, List<Charge> charges) {
    for (Charge charge : charges) {
      WorkMeter.paid(charge.provider(), rates.microDollars(charge));
    }
    to.spent(element, item, charges);
  }

  @Override
  public void stageStarted(Stage stage, Tracked element) {
    to.stageStarted(stage, element);
  }

  @Override
  public void stageDone(Stage stage, Tracked element, long elapsedMs) {
    to.stageDone(stage, element, elapsedMs);
  }

  @Override
  public void outcome(Stage stage, boolean failed) {
    to.outcome(stage, failed);
  }

  @Override
  public void renderPlanned(Tracked element, String renderId, int segments, int frames) {
    to.renderPlanned(element, renderId, segments, frames);
  }

  @Override
  public void framesRendered(String renderId, int frames) {
    to.framesRendered(renderId, frames);
  }

  @Override
  public void segmentReady(String renderId, int frames, boolean found) {
    to.segmentReady(renderId, frames, found);
  }

  @Override
  public void note(Tracked element, String message) {
    to.note(element, message);
  }

  @Override
  public void waits(Stage stage, Tracked element, String message) {
    to.waits(stage, element, message);
  }

  @Override
  public void draft(Tracked element) {
    to.draft(element);
  }

  @Override
  public void passed(Tracked element, Gate gate, Map<String, MediaRef> refs) {
    to.passed(element, gate, refs);
  }

  @Override
  public void waiting(Tracked element, WaitingArtifact row) {
    to.waiting(element, row);
  }

  @Override
  public void queued(Tracked element, int position) {
    to.queued(element, position);
  }

  @Override
  public void segmentsJoined(Tracked element, int done, int total) {
    to.segmentsJoined(element, done, total);
  }

  @Override
  public void settled(Tracked element, DeliveryState state, String detail) {
    to.settled(element, state, detail);
  }

  @Override
  public void deadLetter(DeadLetter letter) {
    to.deadLetter(letter);
  }
}
