package dev.reelbeam.stages.project;

import dev.reelbeam.model.port.ProjectLedger;
import dev.reelbeam.model.project.Lane;
import dev.reelbeam.model.project.ProjectRow;
import dev.reelbeam.model.project.ProjectStatus;
import dev.reelbeam.stages.coder.RecordCoder;
import dev.reelbeam.stages.flow.ParsedRecord;
import dev.reelbeam.stages.flow.Providers;
import java.util.List;
import java.util.Objects;
import org.apache.beam.sdk.coders.KvCoder;
import org.apache.beam.sdk.coders.StringUtf8Coder;
import org.apache.beam.sdk.coders.VarLongCoder;
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
import org.apache.beam.sdk.transforms.PTransform;
import org.apache.beam.sdk.transforms.ParDo;
import org.apache.beam.sdk.transforms.WithKeys;
import org.apache.beam.sdk.values.KV;
import org.apache.beam.sdk.values.PCollection;
import org.apache.beam.sdk.values.TypeDescriptors;
import org.joda.time.Duration;
import org.jspecify.annotations.Nullable;

/**
 * Lets so many projects of each lane be under way at once, whatever the source brings.
 *
 * <p>A project that finds no place is not held here: it is in the ledger as a draft, and leaves the
 * flow. When a project comes to an end, or waits for a decision, its place is free, and the next
 * draft is read from the ledger, high priority first, then by age. So the state of the whole job is
 * bounded by the number of places, however long the backlog. What was edited never waits: people
 * are at its other end, and there are few of them. What failed and is sent through again is a draft
 * once more.
 *
 * <p>State per lane: a project id and a number for each place.
 */
public final class AdmitProjects
    extends PTransform<PCollection<ParsedRecord>, PCollection<ParsedRecord>> {
  private static final long serialVersionUID = 1L;

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
    PCollection<KV<String, ParsedRecord>> byLane =
        records.apply(
            "Key by lane",
            WithKeys.of((ParsedRecord record) -> Lane.of(record.project().priority()).name())
                .withKeyType(TypeDescriptors.strings()));
    byLane.setCoder(KvCoder.of(StringUtf8Coder.of(), RecordCoder.of(ParsedRecord.class)));
    return byLane
        .apply("Admit", ParDo.of(new AdmitFn(providers, settings)))
        .setCoder(RecordCoder.of(ParsedRecord.class));
  }

  private static final class AdmitFn extends DoFn<KV<String, ParsedRecord>, ParsedRecord> {
    private static final long serialVersionUID = 1L;

    private final Providers providers;
    private final AdmissionSettings settings;
    private final Counter admittedCount = Metrics.counter("admission", "admitted");
    private final Counter waitingCount = Metrics.counter("admission", "waited");
    private transient @Nullable ProjectLedger ledger;

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
      ParsedRecord record = Objects.requireNonNull(element.getValue());
      Places places = orEmpty(placesState.read());
      boolean counting = !places.isEmpty();
      String project = record.key().recordId();
      boolean room =
          !places.backlog()
              && places.taken().size() < settings.places(Lane.valueOf(element.getKey()));
      if (room || places.taken().containsKey(project) || !isDraft(project)) {
        admittedCount.inc();
        places = places.with(project, record.epoch());
        receiver.output(record);
      } else {
        waitingCount.inc();
        places = places.withBacklog(true);
      }
      placesState.write(places);
      if (!counting) {
        again(due, count);
      }
    }

    @OnTimer("count")
    public void count(
        @Key String lane,
        @StateId("places") ValueState<Places> placesState,
        @StateId("due") ValueState<Long> due,
        @TimerId("count") Timer count,
        OutputReceiver<ParsedRecord> receiver) {
      Places places = orEmpty(placesState.read());
      Long dueMs = due.read();
      if (places.isEmpty()) {
        due.clear();
        return;
      }
      if (dueMs != null && count.getCurrentRelativeTime().getMillis() < dueMs) {
        waitForWorkers(); // Bounded input has ended, and timers fire early, again and again.
      }
      places = places.onlyOf(ledger().busy(places.taken().keySet()));
      int free = settings.places(Lane.valueOf(lane)) - places.taken().size();
      if (free > 0 && places.backlog()) {
        List<ProjectRow> drafts =
            ledger().queued(Lane.valueOf(lane), free, places.taken().keySet());
        for (ProjectRow draft : drafts) {
          admittedCount.inc();
          places = places.with(draft.project(), draft.epoch());
          receiver.output(ParsedRecord.of(draft));
        }
        places = places.withBacklog(drafts.size() == free);
      }
      if (places.isEmpty()) {
        placesState.clear();
        due.clear();
      } else {
        placesState.write(places);
        again(due, count);
      }
    }

    private boolean isDraft(String project) {
      return ledger().find(project).map(row -> row.status() == ProjectStatus.DRAFT).orElse(false);
    }

    private void again(ValueState<Long> due, Timer count) {
      due.write(count.getCurrentRelativeTime().getMillis() + settings.pollMs());
      count.offset(Duration.millis(settings.pollMs())).setRelative();
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
