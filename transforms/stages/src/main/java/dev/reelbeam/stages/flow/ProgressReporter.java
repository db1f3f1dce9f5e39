package dev.reelbeam.stages.flow;

import dev.reelbeam.model.content.RecordKey;
import dev.reelbeam.model.content.Tracked;
import dev.reelbeam.model.failure.DeadLetter;
import dev.reelbeam.model.failure.Stage;
import dev.reelbeam.model.port.PortFactory;
import dev.reelbeam.model.port.ProgressSink;
import dev.reelbeam.model.project.DeliveryState;
import dev.reelbeam.model.project.ProgressEvent;
import dev.reelbeam.model.project.ProjectStatus;
import dev.reelbeam.model.project.WaitingArtifact;
import dev.reelbeam.model.store.MediaRef;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * Says in {@link ProgressEvent}s what the stages of this worker do, for people far away.
 *
 * <p>Each event tells what one stage knows; the sink merges those of all workers. Progress within a
 * render is the share of its segments that are joined. Thread-safe.
 */
public final class ProgressReporter implements Progress {
  /** Progress of a delivery before its render, and how much of it the render is. */
  private static final int BEFORE_RENDER = 30;

  private static final int OF_RENDER = 60;

  private static final int MAX_PROJECTS = 1_000;

  private final ProgressSink sink;

  /** Epochs of dead letters, which know only their record. */
  private final Map<RecordKey, Long> epochs =
      new LinkedHashMap<>(16, 0.75f, true) {
        private static final long serialVersionUID = 1L;

        @Override
        protected boolean removeEldestEntry(Map.Entry<RecordKey, Long> eldest) {
          return size() > MAX_PROJECTS;
        }
      };

  private ProgressReporter(ProgressSink sink) {
    this.sink = sink;
  }

  /** Reporters that share a worker's sink; the sink lives as long as the process. */
  public static Progress.Factory to(PortFactory<ProgressSink> sink) {
    return () -> new ProgressReporter(sink.open());
  }

  @Override
  public void stageStarted(Stage stage, Tracked element) {
    if (element.epoch() > 0) {
      synchronized (epochs) {
        epochs.put(element.recordKey(), element.epoch());
      }
    }
    send(element, stage, status(stage), before(stage), null, Map.of());
  }

  @Override
  public void stageDone(Stage stage, Tracked element, long elapsedMs) {
    if (stage == Stage.DELIVER) {
      send(element, stage, ProjectStatus.COMPLETED, 100, null, Map.of());
    }
  }

  @Override
  public void outcome(Stage stage, boolean failed) {
    sink.outcome(stage.label(), failed);
  }

  @Override
  public void queued(Tracked element, int position) {
    send(element, Stage.DISPATCH, ProjectStatus.RENDERING, BEFORE_RENDER, position, Map.of());
  }

  @Override
  public void segmentsJoined(Tracked element, int done, int total) {
    int progress = BEFORE_RENDER + OF_RENDER * done / Math.max(1, total);
    send(element, Stage.RENDER, ProjectStatus.RENDERING, progress, null, Map.of());
  }

  @Override
  public void waiting(Tracked element, WaitingArtifact row) {
    int progress =
        switch (row.gate()) {
          case SCRIPT, VOICE -> before(Stage.PLAN_VISUALS);
          case VISUALS -> BEFORE_RENDER;
          case FINAL -> before(Stage.DELIVER);
        };
    send(element, Stage.GATE, ProjectStatus.REVIEW, progress, null, row.refs());
  }

  @Override
  public void settled(Tracked element, DeliveryState state, String detail) {
    ProjectStatus status =
        switch (state) {
          case REJECTED -> ProjectStatus.REJECTED;
          case CANCELLED -> ProjectStatus.CANCELLED;
          case SKIPPED -> ProjectStatus.SKIPPED;
          case COMPLETED -> ProjectStatus.COMPLETED;
          case IN_PROGRESS, WAITING, DEAD, SUPERSEDED -> null;
        };
    if (status != null) {
      send(element, Stage.GATE, status, 0, null, Map.of());
    }
  }

  @Override
  public void deadLetter(DeadLetter letter) {
    RecordKey key = new RecordKey(letter.recordId(), letter.revision());
    Long epoch;
    synchronized (epochs) {
      epoch = epochs.get(key);
    }
    if (epoch == null) {
      return; // It never became a project.
    }
    sink.send(
        new ProgressEvent(
            letter.recordId(),
            letter.revision(),
            epoch,
            ProjectStatus.FAILED.label(),
            letter.stage(),
            0,
            Map.of(),
            null,
            null,
            Map.of(),
            new ProgressEvent.ProgressError(
                letter.number() + " " + letter.code(),
                letter.message(),
                letter.remedy(),
                letter.replayable()),
            System.currentTimeMillis()));
  }

  private void send(
      Tracked element,
      Stage stage,
      ProjectStatus status,
      int progress,
      @Nullable Integer queuePosition,
      Map<String, MediaRef> refs) {
    if (element.epoch() == 0) {
      return; // Before it is a project, nobody asks for it.
    }
    Map<String, Integer> deliveries = new TreeMap<>();
    element.presets().forEach(preset -> deliveries.put(preset, progress));
    sink.send(
        new ProgressEvent(
            element.recordKey().recordId(),
            element.recordKey().revision(),
            element.epoch(),
            status.label(),
            stage.label(),
            progress,
            deliveries,
            queuePosition,
            null,
            refs,
            null,
            System.currentTimeMillis()));
  }

  private static ProjectStatus status(Stage stage) {
    return switch (stage) {
      case READ, PARSE, PLAN_VARIANTS -> ProjectStatus.SCRIPTING;
      case MODERATE_SOURCE -> ProjectStatus.SCRIPTING;
      case FIT_NARRATION, MODERATE_SCRIPT -> ProjectStatus.VOICEOVER;
      case GATE -> ProjectStatus.REVIEW;
      case PLAN_VISUALS, LAY_OUT, CUT -> ProjectStatus.COMPOSING;
      case DISPATCH, RENDER, JOIN, ASSEMBLE, CHECK, MODERATE_VIDEO, DELIVER ->
          ProjectStatus.RENDERING;
      case MEASURE -> ProjectStatus.PUBLISHED;
    };
  }

  private static int before(Stage stage) {
    return switch (stage) {
      case READ, PARSE -> 0;
      case PLAN_VARIANTS -> 1;
      case MODERATE_SOURCE -> 2;
      case FIT_NARRATION -> 3;
      case MODERATE_SCRIPT -> 14;
      case GATE, PLAN_VISUALS -> 15;
      case LAY_OUT -> 22;
      case CUT -> 28;
      case DISPATCH, RENDER -> BEFORE_RENDER;
      case JOIN, ASSEMBLE -> BEFORE_RENDER + OF_RENDER;
      case CHECK -> 94;
      case MODERATE_VIDEO -> 96;
      case DELIVER -> 97;
      case MEASURE -> 100;
    };
  }
}
