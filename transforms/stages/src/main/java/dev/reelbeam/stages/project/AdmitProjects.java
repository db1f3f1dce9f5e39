package dev.reelbeam.stages.project;

import dev.reelbeam.model.failure.Stage;
import dev.reelbeam.model.port.ProjectLedger;
import dev.reelbeam.model.project.Begun;
import dev.reelbeam.model.project.Lane;
import dev.reelbeam.model.project.ProjectRow;
import dev.reelbeam.model.project.ProjectStatus;
import dev.reelbeam.stages.coder.RecordCoder;
import dev.reelbeam.stages.flow.ParsedRecord;
import dev.reelbeam.stages.flow.Progress;
import dev.reelbeam.stages.flow.Providers;
import dev.reelbeam.stages.step.LogContext;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.concurrent.ThreadLocalRandom;
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
 * once a minute. What holds a place and has not been heard of for {@link #SILENCE} comes back too:
 * its element went under. A record that comes again after its project has ended is dropped by the
 * same knowledge.
 *
 * <p>State per lane: a project id and a number for each place, and a number for each of the last
 * {@value Places#MOST_HANDS} hands.
 */
public final class AdmitProjects
    extends PTransform<PCollection<ParsedRecord>, PCollection<ParsedRecord>> {
  private static final long serialVersionUID = 1L;

  /** Nothing that goes on is silent for so long; what does all the same meets its own twin. */
  static final java.time.Duration SILENCE = java.time.Duration.ofHours(6);

  private final Providers providers;
  private final AdmissionSettings settings;

  private AdmitProjects(Providers providers, AdmissionSettings settings) {
    this.providers = providers;
    this.settings = settings;
  }

  /** Admission by the ledger of the providers. */
  public static AdmitProjects with(Providers providers, AdmissionSettings settings) {
    return new AdmitProjects(providers, settings);
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
    PCollection<KV<String, ParsedRecord>> begins =
        records
            .getPipeline()
            .apply("Begin", GenerateSequence.from(0).to(1)) // An impulse has no name on Flink.
            .apply("Each lane", ParDo.of(new EachLaneFn()))
            .setCoder(coder);
    return PCollectionList.of(byLane)
        .and(begins)
        .apply("Flatten", Flatten.pCollections())
        .setCoder(coder)
        .apply("Admit", ParDo.of(new AdmitFn(providers, settings)))
        .setCoder(RecordCoder.of(ParsedRecord.class));
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

  private static final class AdmitFn extends DoFn<KV<String, ParsedRecord>, ParsedRecord> {
    private static final long serialVersionUID = 1L;
    private static final Logger log = LoggerFactory.getLogger(AdmitProjects.class);

    private static final long SWEEP_MS = 60_000;

    /**
     * How often the ledger is looked at while no place is taken: a gate may let many projects go on
     * at once, and make drafts of those that are too many.
     */
    private static final long IDLE_MS = 10_000;

    private final Providers providers;
    private final AdmissionSettings settings;
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

    /** When this instance heard of anything first: silence before that was the job's own. */
    private transient @Nullable Long aliveSinceMs;

    @StateId("places")
    private final StateSpec<ValueState<Places>> placesSpec =
        StateSpecs.value(RecordCoder.of(Places.class));

    @StateId("due")
    private final StateSpec<ValueState<Long>> dueSpec = StateSpecs.value(VarLongCoder.of());

    @TimerId("count")
    private final TimerSpec countSpec = TimerSpecs.timer(TimeDomain.PROCESSING_TIME);

    AdmitFn(Providers providers, AdmissionSettings settings) {
      this.providers = providers;
      this.settings = settings;
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
      if (dueMs == null || dueMs > soonMs) { // Arrivals must not push it away from them.
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
      boolean parked = row != null && row.status() == ProjectStatus.REVIEW;
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
      Long sweptBefore = sweptMs.get(key);
      boolean sweeps = sweptBefore == null || nowMs >= sweptBefore + SWEEP_MS;
      boolean inputEnded = dueMs != null && nowMs < dueMs; // Timers fire early, again and again.
      if (inputEnded && places.isIdle() && !sweeps) {
        due.clear();
        return;
      }
      if (inputEnded) {
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
      if (sweeps && nowMs - aliveSinceMs >= SILENCE.toMillis() && !places.taken().isEmpty()) {
        for (ProjectRow row : ledger().idle(places.taken().keySet(), SILENCE)) {
          log.warn("nothing was heard of {} for {}: it is begun again", row.project(), SILENCE);
          sweptCount.inc();
          places = begun(ParsedRecord.of(row), places, receiver);
        }
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
