package dev.reelbeam.stages.flow;

import dev.reelbeam.model.content.RecordKey;
import dev.reelbeam.model.content.Tracked;
import dev.reelbeam.model.failure.DeadLetter;
import dev.reelbeam.model.failure.Stage;
import dev.reelbeam.model.port.PortFactory;
import dev.reelbeam.model.port.ProgressSink;
import dev.reelbeam.model.project.DeliveryState;
import dev.reelbeam.model.project.Gate;
import dev.reelbeam.model.project.ProgressEvent;
import dev.reelbeam.model.project.ProgressEvent.ProgressError;
import dev.reelbeam.model.project.ProjectStatus;
import dev.reelbeam.model.project.WaitingArtifact;
import dev.reelbeam.model.store.MediaRef;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;

/**
 * Says in {@link ProgressEvent}s what the stages of this worker do, for people far away.
 *
 * <p>Each event tells what one stage knows; the sink merges those of all workers. Progress within a
 * render is the share of its segments that are joined. Thread-safe.
 */
public final class ProgressReporter implements Progress {
  private static final int BEFORE_RENDER = ProgressEvent.BEFORE_RENDER;
  private static final int OF_RENDER = ProgressEvent.OF_RENDER;

  private static final int MAX_PROJECTS = 1_000;

  private final ProgressSink sink;
  private final LongSupplier clockMs;

  /** Epochs of dead letters, which know only their record. */
  private final Map<RecordKey, Long> epochs =
      new LinkedHashMap<>(16, 0.75f, true) {
        private static final long serialVersionUID = 1L;

        @Override
        protected boolean removeEldestEntry(Map.Entry<RecordKey, Long> eldest) {
          return size() > MAX_PROJECTS;
        }
      };

  /** How quickly segments of a render are joined, by what it delivers. */
  private final Map<String, Pace> paces =
      new LinkedHashMap<>(16, 0.75f, true) {
        private static final long serialVersionUID = 1L;

        @Override
        protected boolean removeEldestEntry(Map.Entry<String, Pace> eldest) {
          return size() > MAX_PROJECTS;
        }
      };

  /** So many segments were joined when this worker joined the first one of a render. */
  private record Pace(int done, long atMs) {}

  private ProgressReporter(ProgressSink sink, LongSupplier clockMs) {
    this.sink = sink;
    this.clockMs = clockMs;
  }

  /** Reporters that share a worker's sink; the sink lives as long as the process. */
  public static Progress.Factory to(PortFactory<ProgressSink> sink) {
    return () -> new ProgressReporter(sink.open(), System::currentTimeMillis);
  }

  static Progress of(ProgressSink sink, LongSupplier clockMs) {
    return new ProgressReporter(sink, clockMs);
  }

  @Override
  public void stageStarted(Stage stage, Tracked element) {
    if (element.epoch() > 0) {
      synchronized (epochs) {
        epochs.put(element.recordKey(), element.epoch());
      }
    }
    send(element, stage, status(stage), before(stage));
  }

  @Override
  public void stageDone(Stage stage, Tracked element, long elapsedMs) {
    if (stage == Stage.DELIVER) {
      send(element, stage, ProjectStatus.COMPLETED, 100);
    }
  }

  @Override
  public void outcome(Stage stage, boolean failed) {
    sink.outcome(stage.label(), failed);
  }

  @Override
  public void queued(Tracked element, int position) {
    send(
        element,
        Stage.DISPATCH,
        ProjectStatus.RENDERING,
        BEFORE_RENDER,
        position,
        null,
        Map.of(),
        null);
  }

  @Override
  public void segmentsJoined(Tracked element, int done, int total) {
    int progress = BEFORE_RENDER + OF_RENDER * done / Math.max(1, total);
    send(
        element,
        Stage.RENDER,
        ProjectStatus.RENDERING,
        progress,
        null,
        remainingS(element, done, total),
        Map.of(),
        null);
  }

  /** How long the rest takes at the pace so far; null before a second segment was joined. */
  private @Nullable Long remainingS(Tracked element, int done, int total) {
    String render = element.recordKey() + "/" + element.epoch() + "/" + element.presets();
    long nowMs = clockMs.getAsLong();
    Pace first;
    synchronized (paces) {
      first = paces.putIfAbsent(render, new Pace(done, nowMs));
    }
    if (first == null || done <= first.done()) {
      return null;
    }
    long restMs = (total - done) * (nowMs - first.atMs()) / (done - first.done());
    return (restMs + 999) / 1000;
  }

  @Override
  public void waits(Stage stage, Tracked element, String message) {
    send(
        element,
        stage,
        status(stage),
        before(stage),
        null,
        null,
        Map.of(),
        ProgressError.waits(message));
  }

  @Override
  public void draft(Tracked element) {
    send(element, Stage.PARSE, ProjectStatus.DRAFT, before(Stage.PARSE));
  }

  @Override
  public void passed(Tracked element, Gate gate, Map<String, MediaRef> refs) {
    ProjectStatus next =
        switch (gate) {
          case SCRIPT, VOICE -> ProjectStatus.COMPOSING;
          case VISUALS, FINAL -> ProjectStatus.RENDERING;
        };
    send(element, Stage.GATE, next, at(gate), null, null, refs, null);
  }

  @Override
  public void waiting(Tracked element, WaitingArtifact row) {
    send(element, Stage.GATE, ProjectStatus.REVIEW, at(row.gate()), null, null, row.refs(), null);
  }

  private static int at(Gate gate) {
    return switch (gate) {
      case SCRIPT, VOICE -> before(Stage.PLAN_VISUALS);
      case VISUALS -> BEFORE_RENDER;
      case FINAL -> before(Stage.DELIVER);
    };
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
      Set<String> ended =
          state == DeliveryState.COMPLETED ? Set.of() : Set.copyOf(element.presets());
      send(element, Stage.GATE, status, 0, null, null, Map.of(), null, ended);
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
            new ProgressError(
                letter.number() + " " + letter.code(),
                letter.message(),
                letter.remedy(),
                letter.replayable()),
            clockMs.getAsLong(),
            letter.preset() == null ? Set.of() : Set.of(letter.preset())));
  }

  private void send(Tracked element, Stage stage, ProjectStatus status, int progress) {
    send(element, stage, status, progress, null, null, Map.of(), null);
  }

  private void send(
      Tracked element,
      Stage stage,
      ProjectStatus status,
      int progress,
      @Nullable Integer queuePosition,
      @Nullable Long remainingS,
      Map<String, MediaRef> refs,
      @Nullable ProgressError error) {
    send(element, stage, status, progress, queuePosition, remainingS, refs, error, Set.of());
  }

  private void send(
      Tracked element,
      Stage stage,
      ProjectStatus status,
      int progress,
      @Nullable Integer queuePosition,
      @Nullable Long remainingS,
      Map<String, MediaRef> refs,
      @Nullable ProgressError error,
      Set<String> ended) {
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
            remainingS,
            refs,
            error,
            clockMs.getAsLong(),
            ended));
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
