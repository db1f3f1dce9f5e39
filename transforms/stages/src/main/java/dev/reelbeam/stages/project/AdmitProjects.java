package dev.reelbeam.stages.project;

import dev.reelbeam.model.failure.Stage;
import dev.reelbeam.model.port.ProjectLedger;
import dev.reelbeam.model.project.Begun;
import dev.reelbeam.model.project.DeliveryOutcome;
import dev.reelbeam.model.project.DeliveryState;
import dev.reelbeam.model.project.Lane;
import dev.reelbeam.model.project.ProjectRow;
import dev.reelbeam.model.project.ProjectStatus;
import dev.reelbeam.stages.coder.RecordCoder;
import dev.reelbeam.stages.flow.ParsedRecord;
import dev.reelbeam.stages.flow.Progress;
import dev.reelbeam.stages.flow.Providers;
import dev.reelbeam.stages.render.JoinRenders;
import dev.reelbeam.stages.step.LogContext;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.concurrent.ThreadLocalRandom;
import org.apache.beam.sdk.Pipeline;
import org.apache.beam.sdk.coders.Coder;
import org.apache.beam.sdk.coders.KvCoder;
import org.apache.beam.sdk.coders.NullableCoder;
import org.apache.beam.sdk.coders.StringUtf8Coder;
import org.apache.beam.sdk.coders.VarLongCoder;
import org.apache.beam.sdk.io.GenerateSequence;
import org.apache.beam.sdk.metrics.Counter;
import org.apache.beam.sdk.metrics.Metrics;
import org.apache.beam.sdk.state.StateSpec;
import org.apache.beam.sdk.state.StateSpecs;
import org.apache.beam.sdk.state.TimeDomain;
import org.apache.beam.sdk.state.Timer;
import org.apache.beam.sdk.state.TimerSpec;
import org.apache.beam.sdk.state.TimerSpecs;
import org.apache.beam.sdk.state.ValueState;
import org.apache.beam.sdk.transforms.DoFn;
import org.apache.beam.sdk.transforms.Flatten;
import org.apache.beam.sdk.transforms.PTransform;
import org.apache.beam.sdk.transforms.ParDo;
import org.apache.beam.sdk.transforms.WithKeys;
import org.apache.beam.sdk.values.KV;
import org.apache.beam.sdk.values.PCollection;
import org.apache.beam.sdk.values.PCollectionList;
import org.apache.beam.sdk.values.TypeDescriptors;
import org.joda.time.Duration;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Lets so many projects of each lane be under way at once, whatever the source brings.
 *
 * <p>A project that finds no place is not held here: it is in the ledger as a draft, and leaves the
 * flow. When a project comes to an end, or waits for a decision, its place is free, and the next
 * draft is read from the ledger, high priority first, then by age. So the state of the whole job is
 * bounded by the number of places, however long the backlog. What was edited never waits: people
 * are at its other end, and there are few of them. What is sent through again as it is, by a retry,
 * a decision that turns another one or one about something parked, is a draft once more if it has
 * no place. What a gate lets go on has a place again; if there is none, the gate makes a draft of
 * it ({@link ProjectLedger#resume}), and the one line has them all.
 *
 * <p>It is the sweeper, too: what should be under way by the ledger, or held at a gate, but was
 * begun by nobody that this state knows, comes back and finds what was made. Each project carries
 * in the ledger which hand began it and as its how-manieth, and the state knows how far each hand
 * had counted. So a project is missed that was begun after the checkpoint that a job was restored
 * from, and all of them are when a job begins without a savepoint. Looked for at each start, and
 * once a minute. What holds a place and has not been heard of for longer than any stage {@linkplain
 * #waitingUpTo waits} comes back too: its element went under. When it does so {@value #MOST_TWINS}
 * times and is silent again, its open deliveries are dead, and its place is free. A record that
 * comes again after its project has ended is dropped by the same knowledge.
 *
 * <p>State per lane: a project id and a number for each active project, and a number for each of
 * the last {@value Places#MOST_HANDS} hands. Active are as many projects as there are places, and
 * those of edits, which wait for none: after an edit of many at once the state is as large as those
 * are many, some 50 bytes each, until they end.
 */
public final class AdmitProjects
    extends PTransform<PCollection<ParsedRecord>, PCollection<ParsedRecord>> {
  private static final long serialVersionUID = 1L;

  /** How much longer than the most patient stage waits a project is silent before it is missed. */
  private static final Duration BEYOND_PATIENCE = Duration.standardDays(1);

  /**
   * So often a project that is silent is begun again: what ends in silence each time is given up.
   */
  static final int MOST_TWINS = 2;

  private final Providers providers;
  private final AdmissionSettings settings;
  private final Duration silence;

  private AdmitProjects(Providers providers, AdmissionSettings settings, Duration silence) {
    this.providers = providers;
    this.settings = settings;
    this.silence = silence;
  }

  /** Admission by the ledger of the providers, where the job renders itself. */
  public static AdmitProjects with(Providers providers, AdmissionSettings settings) {
    return new AdmitProjects(providers, settings, JoinRenders.PATIENCE.plus(BEYOND_PATIENCE));
  }

  /**
   * Admission to stages of which one waits for so long and hears nothing. A project that is silent
   * for a day more is missed: before that the stage itself ends what it waits for, with a letter.
   */
  public AdmitProjects waitingUpTo(Duration patience) {
    return new AdmitProjects(providers, settings, patience.plus(BEYOND_PATIENCE));
  }

  @Override
  public PCollection<ParsedRecord> expand(PCollection<ParsedRecord> records) {
    Coder<KV<String, ParsedRecord>> coder =
        KvCoder.of(StringUtf8Coder.of(), NullableCoder.of(RecordCoder.of(ParsedRecord.class)));
    PCollection<KV<String, ParsedRecord>> byLane =
        records
            .apply(
                "Key by lane",
                WithKeys.of((ParsedRecord record) -> Lane.of(record.project().priority()).name())
                    .withKeyType(TypeDescriptors.strings()))
            .setCoder(coder);
    // A job that begins without state has no timer: the ledger is looked through without a record.
    // Nor has an idle lane of a savepoint in which "Begin" is spent already, so there is another:
    // it is in no such savepoint, and since then a lane of a job that goes on has a timer always.
    Pipeline pipeline = records.getPipeline();
    return PCollectionList.of(byLane)
        .and(eachLane(pipeline, "Begin", "Each lane", coder))
        .and(eachLane(pipeline, "Wake", "Wake each lane", coder))
        .apply("Flatten", Flatten.pCollections())
        .setCoder(coder)
        .apply("Admit", ParDo.of(new AdmitFn(providers, settings, silence)))
        .setCoder(RecordCoder.of(ParsedRecord.class));
  }

  /** Each lane once in the life of a job, without a record. */
  private static PCollection<KV<String, ParsedRecord>> eachLane(
      Pipeline pipeline, String once, String each, Coder<KV<String, ParsedRecord>> coder) {
    return pipeline
        .apply(once, GenerateSequence.from(0).to(1)) // An impulse has no name on Flink.
        .apply(each, ParDo.of(new EachLaneFn()))
        .setCoder(coder);
  }

  private static final class EachLaneFn extends DoFn<Long, KV<String, ParsedRecord>> {
    private static final long serialVersionUID = 1L;

    @ProcessElement
    public void process(OutputReceiver<KV<String, ParsedRecord>> receiver) {
      for (Lane lane : Lane.values()) {
        receiver.output(KV.of(lane.name(), null));
      }
    }
  }

  static final class AdmitFn extends DoFn<KV<String, ParsedRecord>, ParsedRecord> {
    private static final long serialVersionUID = 1L;
    private static final Logger log = LoggerFactory.getLogger(AdmitProjects.class);

    private static final long SWEEP_MS = 60_000;

    /**
     * How often the ledger is looked at while no place is taken: a gate may let many projects go on
     * at once, and make drafts of those that are too many.
     */
    private static final long IDLE_MS = 10_000;

    /** A clock is set back by as little now and then; a timer that fires earlier does so early. */
    private static final long EARLY_FIRING_MS = 1_000;

    /**
     * When bounded input has ended timers fire early, again and again. A clock that is set back by
     * more makes one do so once.
     */
    private static final int ENDED_AFTER = 3;

    private final Providers providers;
    private final AdmissionSettings settings;
    private final long silenceMs;
    private final Counter admittedCount = Metrics.counter("admission", "admitted");
    private final Counter waitingCount = Metrics.counter("admission", "waited");
    private final Counter repeatedCount = Metrics.counter("admission", "repeated");
    private final Counter sweptCount = Metrics.counter("admission", "swept");
    private transient @Nullable ProjectLedger ledger;
    private transient @Nullable Progress progress;

    /** This opened instance. Names sort by age. */
    private transient String hand = "";

    /** When each lane was looked through last, by its timer's clock. */
    private transient Map<String, Long> sweptMs = Map.of();

    /** When those who are silent were looked for last in each lane, by the same clock. */
    private transient Map<String, Long> listenedMs = Map.of();

    /** How often in a row the timer of each lane has fired early. */
    private transient Map<String, Integer> early = Map.of();

    /** When this instance heard of anything first: silence before that was the job's own. */
    private transient @Nullable Long aliveSinceMs;

    @StateId("places")
    private final StateSpec<ValueState<Places>> placesSpec =
        StateSpecs.value(RecordCoder.of(Places.class));

    @StateId("due")
    private final StateSpec<ValueState<Long>> dueSpec = StateSpecs.value(VarLongCoder.of());

    @TimerId("count")
    private final TimerSpec countSpec = TimerSpecs.timer(TimeDomain.PROCESSING_TIME);

    AdmitFn(Providers providers, AdmissionSettings settings, Duration silence) {
      this.providers = providers;
      this.settings = settings;
      this.silenceMs = silence.getMillis();
    }

    @Setup
    public void setup() {
      ledger = providers.projects().open();
      progress = providers.progress().open();
      hand =
          String.format(
              Locale.ROOT,
              "%013d-%08x",
              System.currentTimeMillis(),
              ThreadLocalRandom.current().nextInt());
      sweptMs = new HashMap<>();
      listenedMs = new HashMap<>();
      early = new HashMap<>();
    }

    @Teardown
    public void teardown() {
      if (ledger != null) {
        ledger.close();
      }
    }

    private ProjectLedger ledger() {
      return Objects.requireNonNull(ledger);
    }

    @ProcessElement
    public void process(
        @Element KV<String, ParsedRecord> element,
        @StateId("places") ValueState<Places> placesState,
        @StateId("due") ValueState<Long> due,
        @TimerId("count") Timer count,
        OutputReceiver<ParsedRecord> receiver) {
      ParsedRecord record = element.getValue();
      Places places = orEmpty(placesState.read());
      if (record != null) {
        try (LogContext context = LogContext.of(Stage.PLAN_VARIANTS, record)) {
          places = arrived(record, Lane.valueOf(element.getKey()), places, receiver);
        }
      }
      placesState.write(places);
      long soonMs = count.getCurrentRelativeTime().getMillis() + settings.pollMs();
      Long dueMs = due.read();
      // Arrivals must not push it away from them. Who wakes a lane trusts in no timer.
      if (record == null || dueMs == null || dueMs > soonMs) {
        again(settings.pollMs(), due, count);
      }
    }

    private Places arrived(
        ParsedRecord record, Lane lane, Places places, OutputReceiver<ParsedRecord> receiver) {
      String project = record.key().recordId();
      ProjectRow row = ledger().find(project).orElse(null);
      if (row != null && row.epoch() == record.epoch() && hasEnded(row, places)) {
        repeatedCount.inc();
        return places;
      }
      boolean parked = row != null && row.status() == ProjectStatus.REVIEW && !isHeld(row);
      Long begunIn = places.taken().get(project);
      if (begunIn != null
          && begunIn != Places.BEGUN_ELSEWHERE
          && begunIn == record.epoch()
          && !parked) {
        repeatedCount.inc(); // Its draft was read from the ledger before it came.
        return places;
      }
      boolean room = !places.backlog() && places.taken().size() < settings.places(lane);
      boolean draft = row != null && row.status() == ProjectStatus.DRAFT;
      if (!room && (draft || parked) && !places.taken().containsKey(project)) {
        waitingCount.inc();
        if (parked) { // It was decided about, and left the flow before that.
          ledger().status(project, record.epoch(), ProjectStatus.DRAFT);
        }
        Objects.requireNonNull(progress).draft(record);
        return places.withBacklog(true);
      }
      return begun(record, places, receiver);
    }

    /** Whether a gate of the job has something of the project in its state. */
    private boolean isHeld(ProjectRow row) {
      return ledger().waiting(row.project()).stream()
          .anyMatch(waiting -> !waiting.parked() && waiting.epoch() == row.epoch());
    }

    /** Whether the project was sent on in this epoch and has come to its end. */
    private static boolean hasEnded(ProjectRow row, Places places) {
      return row.status().ended() && row.begun() != null && row.begun().knownTo(places.hands());
    }

    private Places begun(
        ParsedRecord record, Places places, OutputReceiver<ParsedRecord> receiver) {
      Begun begun = places.next(hand);
      // Before it flows: if this is lost, its number is one that no state knows.
      ledger().begin(record.key().recordId(), record.epoch(), begun);
      admittedCount.inc();
      receiver.output(record);
      return places.with(record.key().recordId(), record.epoch(), begun);
    }

    @OnTimer("count")
    public void count(
        @Key String key,
        @StateId("places") ValueState<Places> placesState,
        @StateId("due") ValueState<Long> due,
        @TimerId("count") Timer count,
        OutputReceiver<ParsedRecord> receiver) {
      Places places = orEmpty(placesState.read());
      Long dueMs = due.read();
      long nowMs = count.getCurrentRelativeTime().getMillis();
      boolean sweeps = isDue(sweptMs.get(key), nowMs);
      boolean inputEnded = hasEnded(key, dueMs, nowMs);
      if (inputEnded && places.isIdle() && !sweeps) {
        due.clear();
        return;
      }
      if (dueMs != null && nowMs < dueMs) {
        waitForWorkers();
      }
      Lane lane = Lane.valueOf(key);
      Set<String> taken = places.taken().keySet();
      places =
          places.of(
              taken.isEmpty() ? Set.of() : ledger().busy(taken),
              places.hands().isEmpty() ? Set.of() : ledger().inHand(lane, places.hands()));
      if (aliveSinceMs == null) {
        aliveSinceMs = nowMs;
      }
      if (nowMs - aliveSinceMs >= silenceMs && isDue(listenedMs.get(key), nowMs)) {
        places = missed(places, receiver);
        listenedMs.put(key, nowMs);
      }
      int free = settings.places(lane) - places.taken().size();
      if (free > 0 && sweeps) {
        List<ProjectRow> astray =
            ledger().astray(lane, places.hands(), free, places.taken().keySet());
        sweptCount.inc(astray.size());
        for (ProjectRow row : astray) {
          places = begun(ParsedRecord.of(row), places, receiver);
        }
        if (astray.size() < free) {
          sweptMs.put(key, nowMs);
        }
        free -= astray.size();
      }
      if (free > 0) {
        List<ProjectRow> drafts = ledger().queued(lane, free, places.taken().keySet());
        for (ProjectRow draft : drafts) {
          places = begun(ParsedRecord.of(draft), places, receiver);
        }
        places = places.withBacklog(drafts.size() == free);
      }
      placesState.write(places);
      boolean idle = places.isIdle() && sweptMs.containsKey(key);
      if (idle && inputEnded) {
        due.clear();
      } else {
        again(idle ? Math.max(IDLE_MS, settings.pollMs()) : settings.pollMs(), due, count);
      }
    }

    private static boolean isDue(@Nullable Long lastMs, long nowMs) {
      return lastMs == null || nowMs >= lastMs + SWEEP_MS || nowMs < lastMs;
    }

    /** Whether bounded input has ended, by a timer that has fired early once more. */
    private boolean hasEnded(String key, @Nullable Long dueMs, long nowMs) {
      boolean firedEarly = dueMs != null && nowMs < dueMs - EARLY_FIRING_MS;
      int times = firedEarly ? early.getOrDefault(key, 0) + 1 : 0;
      early.put(key, times);
      return times >= ENDED_AFTER;
    }

    /** Begins again what holds a place in silence, or gives it up. */
    private Places missed(Places before, OutputReceiver<ParsedRecord> receiver) {
      Places places = before;
      if (places.taken().isEmpty()) {
        return places;
      }
      java.time.Duration silence = java.time.Duration.ofMillis(silenceMs);
      for (ProjectRow row : ledger().idle(places.taken().keySet(), silence)) {
        int twins = places.twinsOf(row.project());
        if (twins >= MOST_TWINS) {
          giveUp(row, twins);
          continue;
        }
        log.warn("nothing was heard of {} for {}: it is begun again", row.project(), silence);
        sweptCount.inc();
        places = begun(ParsedRecord.of(row), places, receiver).withTwins(row.project(), twins + 1);
      }
      return places;
    }

    private void giveUp(ProjectRow row, int twins) {
      String detail =
          "nothing was heard of it, though it was begun again %d times".formatted(twins);
      log.error("{} is given up: {}", row.project(), detail);
      for (DeliveryOutcome outcome : ledger().outcomes(row.project())) {
        if (outcome.key().equals(row.entry().key()) && !outcome.state().terminal()) {
          ledger()
              .settle(
                  new DeliveryOutcome(
                      outcome.key(),
                      outcome.preset(),
                      row.epoch(),
                      DeliveryState.DEAD,
                      null,
                      detail));
        }
      }
    }

    private static void again(long inMs, ValueState<Long> due, Timer count) {
      due.write(count.getCurrentRelativeTime().getMillis() + inMs);
      count.offset(Duration.millis(inMs)).setRelative();
    }

    private static Places orEmpty(@Nullable Places places) {
      return places == null ? Places.EMPTY : places;
    }

    private static void waitForWorkers() {
      try {
        Thread.sleep(50);
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
      }
    }
  }
}
