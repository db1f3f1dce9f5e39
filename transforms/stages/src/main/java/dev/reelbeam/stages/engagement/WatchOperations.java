package dev.reelbeam.stages.engagement;

import dev.reelbeam.model.engagement.OperationsAlert;
import dev.reelbeam.model.engagement.OperationsEvent;
import dev.reelbeam.model.failure.Stage;
import dev.reelbeam.stages.coder.RecordCoder;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Objects;
import org.apache.beam.sdk.coders.KvCoder;
import org.apache.beam.sdk.coders.StringUtf8Coder;
import org.apache.beam.sdk.coders.VarLongCoder;
import org.apache.beam.sdk.metrics.Counter;
import org.apache.beam.sdk.metrics.Metrics;
import org.apache.beam.sdk.state.MapState;
import org.apache.beam.sdk.state.StateSpec;
import org.apache.beam.sdk.state.StateSpecs;
import org.apache.beam.sdk.transforms.DoFn;
import org.apache.beam.sdk.transforms.PTransform;
import org.apache.beam.sdk.transforms.ParDo;
import org.apache.beam.sdk.transforms.SerializableFunction;
import org.apache.beam.sdk.transforms.WithKeys;
import org.apache.beam.sdk.values.KV;
import org.apache.beam.sdk.values.PCollection;
import org.apache.beam.sdk.values.TypeDescriptors;

/**
 * Cost, error rate and queue depth by quarters of an hour: an alert as soon as one of them is over
 * its limit, once for each quarter.
 *
 * <p>Quarters are those of the events' own times; an event that is late counts for its quarter as
 * long as that is among the last {@value #KEPT}. One that is more than ten minutes ahead of the
 * clock is passed over, or it would make all others too old. State by name: one record for each of
 * these.
 */
public final class WatchOperations
    extends PTransform<PCollection<OperationsEvent>, PCollection<OperationsAlert>> {
  private static final long serialVersionUID = 1L;

  static final long QUARTER_MS = 15L * 60 * 1000;
  private static final int KEPT = 96;

  /** As far as clocks of workers may be apart. */
  private static final long AHEAD_MS = 10L * 60 * 1000;

  private final OperationsLimits limits;
  private final SerializableFunction<Void, Long> clock;

  private WatchOperations(OperationsLimits limits, SerializableFunction<Void, Long> clock) {
    this.limits = limits;
    this.clock = clock;
  }

  public static WatchOperations with(OperationsLimits limits) {
    return new WatchOperations(limits, nothing -> System.currentTimeMillis());
  }

  /** The same by another clock, in ms since 1970. */
  WatchOperations withClock(SerializableFunction<Void, Long> newClock) {
    return new WatchOperations(limits, newClock);
  }

  @Override
  public PCollection<OperationsAlert> expand(PCollection<OperationsEvent> events) {
    return events
        .apply(
            "Key by name",
            WithKeys.<String, OperationsEvent>of(event -> event.kind() + "/" + event.name())
                .withKeyType(TypeDescriptors.strings()))
        .setCoder(KvCoder.of(StringUtf8Coder.of(), RecordCoder.of(OperationsEvent.class)))
        .apply("Watch quarters", ParDo.of(new WatchFn(limits, clock)))
        .setCoder(RecordCoder.of(OperationsAlert.class));
  }

  /**
   * A quarter so far.
   *
   * @param sum of the values; the largest one for queues, and for costs, which come as sums
   */
  record Quarter(long sum, long count, boolean told) {}

  private static final class WatchFn extends DoFn<KV<String, OperationsEvent>, OperationsAlert> {
    private static final long serialVersionUID = 1L;

    private final OperationsLimits limits;
    private final SerializableFunction<Void, Long> clock;
    private final Counter aheadCount = Metrics.counter(Stage.MEASURE.label(), "operations-ahead");

    @StateId("quarters")
    private final StateSpec<MapState<Long, Quarter>> quartersSpec =
        StateSpecs.map(VarLongCoder.of(), RecordCoder.of(Quarter.class));

    WatchFn(OperationsLimits limits, SerializableFunction<Void, Long> clock) {
      this.limits = limits;
      this.clock = clock;
    }

    @ProcessElement
    public void process(
        @Element KV<String, OperationsEvent> element,
        @StateId("quarters") MapState<Long, Quarter> quarters,
        OutputReceiver<OperationsAlert> alerts) {
      OperationsEvent event = Objects.requireNonNull(element.getValue());
      long latestMs = Objects.requireNonNull(clock.apply(null)) + AHEAD_MS;
      if (event.atMs() > latestMs) {
        aheadCount.inc();
        return;
      }
      long number = Math.floorDiv(event.atMs(), QUARTER_MS);
      Quarter before = quarters.get(number).read();
      if (before == null) {
        if (!makeRoom(number, Math.floorDiv(latestMs, QUARTER_MS), quarters)) {
          return; // Older than all that is kept.
        }
        before = new Quarter(0, 0, false);
      }
      long sum =
          event.kind() == OperationsEvent.Kind.ATTEMPT
              ? before.sum() + event.value()
              : Math.max(before.sum(), event.value());
      Quarter now = new Quarter(sum, before.count() + event.count(), before.told());
      OperationsAlert alert = alert(event, number, now);
      if (alert != null && !now.told()) {
        alerts.output(alert);
        now = new Quarter(now.sum(), now.count(), true);
      }
      quarters.put(number, now);
    }

    private static boolean makeRoom(long number, long latest, MapState<Long, Quarter> quarters) {
      List<Long> known = new ArrayList<>();
      quarters.keys().read().forEach(known::add);
      long newest = number;
      for (long each : known) {
        newest = each > latest ? newest : Math.max(newest, each);
      }
      for (long each : known) {
        // Ahead is what was kept before the clock was set back.
        if (each <= newest - KEPT || each > latest) {
          quarters.remove(each);
        }
      }
      return number > newest - KEPT;
    }

    private @org.jspecify.annotations.Nullable OperationsAlert alert(
        OperationsEvent event, long number, Quarter quarter) {
      String kind;
      long value = quarter.sum();
      long limit;
      switch (event.kind()) {
        case COST -> {
          kind = "cost";
          limit = limits.budgetMicros();
        }
        case ATTEMPT -> {
          if (quarter.count() < limits.leastAttempts()) {
            return null;
          }
          kind = "error_rate";
          value = quarter.sum() * 1000 / quarter.count();
          limit = limits.errorPerMille();
        }
        case QUEUE -> {
          kind = "queue_depth";
          limit = limits.queueDepth();
        }
        default -> throw new IllegalArgumentException(event.kind().name().toLowerCase(Locale.ROOT));
      }
      return value > limit
          ? new OperationsAlert(kind, event.name(), number * QUARTER_MS, value, limit)
          : null;
    }
  }
}
