package dev.reelbeam.pipelines.watch;

import dev.reelbeam.model.content.Delivery;
import dev.reelbeam.model.content.Tracked;
import dev.reelbeam.model.cost.Charge;
import dev.reelbeam.model.cost.CostItem;
import dev.reelbeam.model.failure.DeadLetter;
import dev.reelbeam.model.failure.Stage;
import dev.reelbeam.model.project.DeliveryState;
import dev.reelbeam.model.project.WaitingArtifact;
import dev.reelbeam.stages.flow.Progress;
import java.util.ArrayList;
import java.util.Collection;
import java.util.EnumMap;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Consumer;
import java.util.function.LongSupplier;
import java.util.function.ToLongFunction;
import org.jspecify.annotations.Nullable;

/**
 * Everything that is known of a run while it goes on: videos, deliveries, dead letters, times.
 *
 * <p>The graph carries only the run's id; its workers find the listener by it in the JVM that
 * started the run, and nobody listens elsewhere. Thread-safe; counts are by key, so a bundle that
 * runs again changes none of them.
 */
public final class RunProgress implements Progress {
  private static final Map<String, RunProgress> RUNS = new ConcurrentHashMap<>();

  private static final int MOST_WAITS_TOLD = 1_000;

  private final LongSupplier clockNs;
  private final Map<String, Video> videos = new LinkedHashMap<>();
  private final Map<String, Video> byRender = new HashMap<>();
  private final Set<DeliveryKey> planned = new LinkedHashSet<>();
  private final Map<DeliveryKey, Long> epochs = new HashMap<>();
  private final Map<DeliveryKey, Delivery> completed = new LinkedHashMap<>();
  private final Map<DeliveryKey, WaitingArtifact> waiting = new LinkedHashMap<>();
  private final Map<DeliveryKey, String> rejected = new LinkedHashMap<>();
  private final Map<String, DeadLetter> deadLetters = new TreeMap<>();
  private final Set<String> parsedPositions = new LinkedHashSet<>();
  private final Set<String> notes = new LinkedHashSet<>();
  private final Set<String> waits = new LinkedHashSet<>();
  private volatile Consumer<String> teller = line -> {};
  private final Map<Thread, Stage> working = new HashMap<>();
  private final Map<Stage, Span> spans = new EnumMap<>(Stage.class);
  private final Map<String, Count> artifacts = new TreeMap<>();
  private final Map<CostItem, List<Charge>> spent = new EnumMap<>(CostItem.class);
  private long renderStartedNs;
  private long framesRendered;
  private boolean renderStarted;

  RunProgress(LongSupplier clockNs) {
    this.clockNs = clockNs;
  }

  /** Begins to listen to a run of this JVM. */
  public static RunProgress begin(String runId) {
    RunProgress progress = new RunProgress(System::nanoTime);
    if (RUNS.putIfAbsent(runId, progress) != null) {
      throw new IllegalStateException("a run " + runId + " is going on already");
    }
    return progress;
  }

  /** Stops listening; what was heard stays readable. */
  public static void end(String runId) {
    RUNS.remove(runId);
  }

  /** What the graph carries to its workers. */
  public static Progress.Factory of(String runId) {
    return new Lookup(runId);
  }

  /** Tells a run that a delivery's files are in place; without effect in another JVM. */
  static void delivered(String runId, Delivery delivery) {
    RunProgress progress = RUNS.get(runId);
    if (progress != null) {
      progress.delivered(delivery);
    }
  }

  /** Tells a run of a dead letter; without effect in another JVM. */
  static void setAside(String runId, DeadLetter letter) {
    RunProgress progress = RUNS.get(runId);
    if (progress != null) {
      progress.deadLetter(letter);
    }
  }

  private record Lookup(String runId) implements Progress.Factory {
    @Override
    public Progress open() {
      RunProgress progress = RUNS.get(runId);
      return progress == null ? Progress.NONE : progress;
    }
  }

  /**
   * The key by which deliveries are counted.
   *
   * @param preset empty for a record that failed before it was planned
   */
  public record DeliveryKey(String recordId, int revision, String preset) {}

  @Override
  public synchronized void stageStarted(Stage stage, Tracked element) {
    leave();
    enter(stage);
    if (stage.compareTo(Stage.MODERATE_SOURCE) < 0 || element.presets().isEmpty()) {
      return;
    }
    if (stage == Stage.MODERATE_SOURCE || stage == Stage.FIT_NARRATION) {
      for (String preset : element.presets()) {
        planned.add(keyOf(element, preset));
        epochs.put(keyOf(element, preset), element.epoch());
      }
      videos.computeIfAbsent(videoId(element), id -> new Video(element));
    }
    Video video = videos.get(videoId(element));
    if (video != null && stage.compareTo(video.stage) > 0) {
      video.stage = stage;
    }
  }

  @Override
  public synchronized void stageDone(Stage stage, Tracked element, long elapsedMs) {
    leave();
    if (stage == Stage.PARSE) {
      parsedPositions.add(element.recordKey().recordId());
    }
  }

  @Override
  public synchronized void renderPlanned(
      Tracked element, String renderId, int segments, int frames) {
    Video video = videos.get(videoId(element));
    if (video != null) {
      video.segments = segments;
      video.frames = frames;
      // A render that came out too large begins anew with other settings.
      video.segmentsReady = 0;
      video.segmentsFound = 0;
      video.framesReady = 0;
      video.framesFound = 0;
      video.framesRendered = 0;
      byRender.put(renderId, video);
    }
  }

  @Override
  public synchronized void framesRendered(String renderId, int frames) {
    if (working.get(Thread.currentThread()) != Stage.RENDER) {
      leave();
      enter(Stage.RENDER);
    }
    if (!renderStarted) {
      renderStarted = true;
      renderStartedNs = clockNs.getAsLong();
    } else {
      // The first report starts the clock: its frames were drawn before.
      framesRendered += frames;
    }
    Video video = byRender.get(renderId);
    if (video != null) {
      video.framesRendered += frames;
    }
  }

  @Override
  public synchronized void segmentReady(String renderId, int frames, boolean found) {
    leave();
    Video video = byRender.get(renderId);
    if (video == null) {
      return;
    }
    video.segmentsReady++;
    if (found) {
      video.segmentsFound++;
      video.framesFound += frames;
    }
    video.framesReady += frames;
    if (video.stage.compareTo(Stage.RENDER) < 0) {
      video.stage = Stage.RENDER;
    }
  }

  @Override
  public synchronized void artifact(Stage stage, String kind, boolean found) {
    Count count = artifacts.computeIfAbsent(kind, unused -> new Count());
    if (found) {
      count.found++;
    } else {
      count.made++;
    }
  }

  @Override
  public synchronized void spent(Tracked element, CostItem item, List<Charge> charges) {
    List<Charge> all = new ArrayList<>(spent.getOrDefault(item, List.of()));
    all.addAll(charges);
    spent.put(item, Charge.merged(all));
  }

  @Override
  public synchronized void note(Tracked element, String message) {
    notes.add(element.recordKey().recordId() + ": " + message);
  }

  /** Where lines go that say what a run waits for; each is told once. */
  public void tellWaits(Consumer<String> lines) {
    teller = lines;
  }

  @Override
  public void waits(Stage stage, Tracked element, String message) {
    boolean news;
    synchronized (this) {
      news = waits.size() < MOST_WAITS_TOLD && waits.add(message);
    }
    if (news) {
      // Whoever shows it may ask for the run as it stands.
      teller.accept(message);
    }
  }

  @Override
  public synchronized void waiting(Tracked element, WaitingArtifact row) {
    leave();
    for (String preset : element.presets()) {
      waiting.put(keyOf(element, preset), row);
    }
    ended(element);
  }

  @Override
  public synchronized void settled(Tracked element, DeliveryState state, String detail) {
    if (state != DeliveryState.REJECTED) {
      return;
    }
    leave();
    for (String preset : element.presets()) {
      rejected.put(keyOf(element, preset), detail);
    }
    ended(element);
  }

  private void ended(Tracked element) {
    for (Video video : videos.values()) {
      if (video.recordId.equals(element.recordKey().recordId())) {
        element.presets().stream().filter(video.presets::contains).forEach(video.asked::add);
      }
    }
  }

  @Override
  public synchronized void deadLetter(DeadLetter letter) {
    leave();
    deadLetters.put(letter.id(), letter);
    for (Video video : videos.values()) {
      if (video.recordId.equals(letter.recordId())
          && (letter.preset() == null || video.presets.contains(letter.preset()))) {
        video.dead.addAll(letter.preset() == null ? video.presets : List.of(letter.preset()));
      }
    }
  }

  /** A delivery's files are in place. */
  synchronized void delivered(Delivery delivery) {
    DeliveryKey key =
        new DeliveryKey(delivery.key().recordId(), delivery.key().revision(), delivery.preset());
    completed.put(key, delivery);
    for (Video video : videos.values()) {
      if (video.recordId.equals(key.recordId()) && video.presets.contains(key.preset())) {
        video.delivered.add(key.preset());
      }
    }
  }

  /** The run as it stands; nobody edits meanwhile. */
  public RunReport report() {
    return report(project -> 0);
  }

  /**
   * The run as it stands.
   *
   * @param epochOf the epoch of a project as it is now
   */
  public synchronized RunReport report(ToLongFunction<String> epochOf) {
    Set<DeliveryKey> over = new LinkedHashSet<>();
    for (DeliveryKey key : planned) {
      long begunIn = epochs.getOrDefault(key, 0L);
      if (begunIn != 0 && epochOf.applyAsLong(key.recordId()) > begunIn) {
        over.add(key);
      }
    }
    Map<Stage, Long> wallMs = new EnumMap<>(Stage.class);
    long nowNs = clockNs.getAsLong();
    spans.forEach((stage, span) -> wallMs.put(stage, span.wallNs(nowNs) / 1_000_000));
    Map<String, RunReport.ArtifactCount> counts = new TreeMap<>();
    artifacts.forEach(
        (kind, count) -> counts.put(kind, new RunReport.ArtifactCount(count.found, count.made)));
    return new RunReport(
        Set.copyOf(planned),
        List.copyOf(completed.values()),
        new LinkedHashMap<>(waiting),
        new LinkedHashMap<>(rejected),
        Set.copyOf(over),
        List.copyOf(deadLetters.values()),
        Set.copyOf(parsedPositions),
        List.copyOf(notes),
        wallMs,
        counts,
        new EnumMap<>(spent));
  }

  /** Every video, in the order in which they began. */
  synchronized List<VideoStatus> videos() {
    List<VideoStatus> statuses = new ArrayList<>();
    for (Video video : videos.values()) {
      statuses.add(video.status());
    }
    return statuses;
  }

  /** Estimated ms until every planned frame is rendered; null when nothing is left or measured. */
  synchronized @Nullable Long remainingMs() {
    long elapsedNs = clockNs.getAsLong() - renderStartedNs;
    if (!renderStarted || framesRendered == 0 || elapsedNs < 500_000_000L) {
      return null;
    }
    long missing = 0;
    for (Video video : videos.values()) {
      VideoStatus status = video.status();
      if (status.state() == VideoStatus.State.WORKING) {
        missing += status.frames() - status.framesReady();
      }
    }
    return missing == 0 ? null : missing * (elapsedNs / framesRendered) / 1_000_000;
  }

  private void enter(Stage stage) {
    working.put(Thread.currentThread(), stage);
    spans.computeIfAbsent(stage, unused -> new Span()).enter(clockNs.getAsLong());
  }

  /** Ends the stage that this thread was in: by its success, its failure, or the next start. */
  private void leave() {
    Stage stage = working.remove(Thread.currentThread());
    Span span = stage == null ? null : spans.get(stage);
    if (span != null) {
      span.leave(clockNs.getAsLong());
    }
  }

  private static String videoId(Tracked element) {
    return element.recordKey() + "|" + String.join(",", element.presets());
  }

  private static DeliveryKey keyOf(Tracked element, String preset) {
    return new DeliveryKey(element.recordKey().recordId(), element.recordKey().revision(), preset);
  }

  private static final class Count {
    private int found;
    private int made;
  }

  /** Time during which at least one worker is in a stage. */
  private static final class Span {
    private int workers;
    private long sinceNs;
    private long totalNs;

    void enter(long nowNs) {
      if (workers == 0) {
        sinceNs = nowNs;
      }
      workers++;
    }

    void leave(long nowNs) {
      workers--;
      if (workers == 0) {
        totalNs += nowNs - sinceNs;
      }
    }

    long wallNs(long nowNs) {
      return workers == 0 ? totalNs : totalNs + nowNs - sinceNs;
    }
  }

  private static final class Video {
    private final String recordId;
    private final List<String> presets;
    private final Set<String> delivered = new LinkedHashSet<>();
    private final Set<String> dead = new LinkedHashSet<>();

    /** Presets that wait for a person, or that one has refused. */
    private final Set<String> asked = new LinkedHashSet<>();

    private Stage stage = Stage.FIT_NARRATION;
    private int segments;
    private int segmentsReady;
    private int segmentsFound;
    private int frames;
    private int framesReady;
    private int framesFound;
    private int framesRendered;

    Video(Tracked element) {
      recordId = element.recordKey().recordId();
      presets = List.copyOf(element.presets());
    }

    VideoStatus status() {
      // Frames of a segment that is being rendered count too, so the bar moves within it.
      int shown = Math.min(frames, Math.max(framesReady, framesFound + framesRendered));
      Set<String> settled = new LinkedHashSet<>(delivered);
      settled.addAll(dead);
      settled.addAll(asked);
      VideoStatus.State state = VideoStatus.State.WORKING;
      if (containsAll(settled, presets)) {
        state =
            !dead.isEmpty()
                ? VideoStatus.State.DEAD
                : asked.isEmpty() ? VideoStatus.State.DONE : VideoStatus.State.ASKED;
      }
      return new VideoStatus(
          recordId,
          presets,
          stage.label(),
          segments,
          Math.min(segments, segmentsReady),
          Math.min(segments, segmentsFound),
          frames,
          shown,
          state);
    }

    private static boolean containsAll(Set<String> settled, Collection<String> presets) {
      return settled.containsAll(presets);
    }
  }
}
