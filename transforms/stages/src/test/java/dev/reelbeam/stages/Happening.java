package dev.reelbeam.stages;

import dev.reelbeam.model.json.RecordJson;
import dev.reelbeam.model.project.ControlEvent;
import dev.reelbeam.stages.coder.RecordCoder;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import org.apache.beam.sdk.Pipeline;
import org.apache.beam.sdk.testing.TestStream;
import org.apache.beam.sdk.transforms.DoFn;
import org.apache.beam.sdk.transforms.ParDo;
import org.apache.beam.sdk.values.PCollection;
import org.joda.time.Duration;
import org.jspecify.annotations.Nullable;

/**
 * What happens next in a test of a streaming transform: an element or an event arrives, time
 * passes, or somebody changes the world outside. One after the other, each settled before the next.
 */
public final class Happening {
  /** On the wire of the test: exactly one is there. */
  record Wire(@Nullable String element, @Nullable ControlEvent event, @Nullable String action) {}

  // The runner serializes transforms: what they share with the test is static.
  private static final Map<String, Runnable> ACTIONS = new ConcurrentHashMap<>();

  private final @Nullable Wire wire;
  private final @Nullable Duration time;
  private final int times;

  private Happening(@Nullable Wire wire, @Nullable Duration time) {
    this(wire, time, 1);
  }

  private Happening(@Nullable Wire wire, @Nullable Duration time, int times) {
    this.wire = wire;
    this.time = time;
    this.times = times;
  }

  /** An element arrives. */
  public static Happening of(Record element) {
    return new Happening(new Wire(RecordJson.canonical(element), null, null), null);
  }

  /** A control event arrives. */
  public static Happening of(ControlEvent event) {
    return new Happening(new Wire(null, event, null), null);
  }

  /** Something happens outside of the graph. */
  public static Happening edit(Runnable action) {
    String name = "action-" + ACTIONS.size();
    ACTIONS.put(name, action);
    return new Happening(new Wire(null, null, name), null);
  }

  /** Time passes. */
  public static Happening days(int days) {
    return new Happening(null, Duration.standardDays(days));
  }

  /** Time passes. */
  public static Happening millis(long milliseconds) {
    return new Happening(null, Duration.millis(milliseconds));
  }

  /** Time passes in steps of some seconds, so that timers which are set again fire again. */
  public static Happening seconds(int seconds, int times) {
    return new Happening(null, Duration.standardSeconds(seconds), times);
  }

  /** All that happens, in a pipeline. */
  public static <T extends Record> Split in(
      Pipeline pipeline, Class<T> type, Happening... happenings) {
    TestStream.Builder<Wire> stream = TestStream.create(RecordCoder.of(Wire.class));
    for (Happening happening : happenings) {
      if (happening.wire != null) {
        stream = stream.addElements(happening.wire);
      }
      for (int i = 0; happening.time != null && i < happening.times; i++) {
        stream = stream.advanceProcessingTime(happening.time);
      }
    }
    return new Split(pipeline.apply(stream.advanceWatermarkToInfinity()));
  }

  /** The elements and the events of what happens. */
  public static final class Split {
    private final PCollection<Wire> wires;

    private Split(PCollection<Wire> wires) {
      this.wires = wires;
    }

    public <T extends Record> PCollection<T> elements(Class<T> type) {
      return wires
          .apply("Elements", ParDo.of(new ElementFn<>(type)))
          .setCoder(RecordCoder.of(type));
    }

    public PCollection<ControlEvent> events() {
      return wires
          .apply("Events", ParDo.of(new EventFn()))
          .setCoder(RecordCoder.of(ControlEvent.class));
    }
  }

  private static final class ElementFn<T> extends DoFn<Wire, T> {
    private static final long serialVersionUID = 1L;

    private final Class<T> type;

    ElementFn(Class<T> type) {
      this.type = type;
    }

    @ProcessElement
    public void process(@Element Wire wire, OutputReceiver<T> receiver) {
      if (wire.element() != null) {
        receiver.output(RecordJson.read(wire.element(), type));
      }
      if (wire.action() != null) {
        ACTIONS.get(wire.action()).run();
      }
    }
  }

  private static final class EventFn extends DoFn<Wire, ControlEvent> {
    private static final long serialVersionUID = 1L;

    @ProcessElement
    public void process(@Element Wire wire, OutputReceiver<ControlEvent> receiver) {
      if (wire.event() != null) {
        receiver.output(wire.event());
      }
    }
  }
}
