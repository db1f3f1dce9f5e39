package dev.reelbeam.stages.engagement;

import dev.reelbeam.model.engagement.OperationsEvent;
import dev.reelbeam.model.port.OperationsBooks;
import dev.reelbeam.model.port.PortFactory;
import dev.reelbeam.stages.coder.RecordCoder;
import java.util.Objects;
import org.apache.beam.sdk.transforms.DoFn;
import org.apache.beam.sdk.transforms.PTransform;
import org.apache.beam.sdk.transforms.ParDo;
import org.apache.beam.sdk.transforms.SerializableFunction;
import org.apache.beam.sdk.values.PCollection;
import org.jspecify.annotations.Nullable;

/**
 * Asks the books about costs and about what waits, by the clock: where nothing moves, nothing else
 * would tell that a queue grows.
 *
 * <p>Ticks say when to look; of several within {@value #PAUSE_MS} ms, as they come after a
 * standstill, each worker takes one.
 */
public final class AskBooks extends PTransform<PCollection<Long>, PCollection<OperationsEvent>> {
  private static final long serialVersionUID = 1L;

  private static final long PAUSE_MS = 10_000;

  private final PortFactory<OperationsBooks> books;
  private final SerializableFunction<Void, Long> clock;

  private AskBooks(PortFactory<OperationsBooks> books, SerializableFunction<Void, Long> clock) {
    this.books = books;
    this.clock = clock;
  }

  public static AskBooks of(PortFactory<OperationsBooks> books) {
    return new AskBooks(books, nothing -> System.currentTimeMillis());
  }

  /** The same by another clock, in ms since 1970. */
  AskBooks withClock(SerializableFunction<Void, Long> newClock) {
    return new AskBooks(books, newClock);
  }

  @Override
  public PCollection<OperationsEvent> expand(PCollection<Long> ticks) {
    return ticks
        .apply("Ask", ParDo.of(new AskFn(books, clock)))
        .setCoder(RecordCoder.of(OperationsEvent.class));
  }

  private static final class AskFn extends DoFn<Long, OperationsEvent> {
    private static final long serialVersionUID = 1L;

    private final PortFactory<OperationsBooks> factory;
    private final SerializableFunction<Void, Long> clock;
    private transient @Nullable OperationsBooks books;
    private transient long askedMs;

    AskFn(PortFactory<OperationsBooks> factory, SerializableFunction<Void, Long> clock) {
      this.factory = factory;
      this.clock = clock;
    }

    @Setup
    public void setup() {
      books = factory.open();
      askedMs = 0;
    }

    @Teardown
    public void teardown() {
      if (books != null) {
        books.close();
      }
    }

    @ProcessElement
    public void process(OutputReceiver<OperationsEvent> receiver) {
      long nowMs = Objects.requireNonNull(clock.apply(null));
      // A clock that was set back is asked, too.
      if (nowMs >= askedMs && nowMs - askedMs < PAUSE_MS) {
        return;
      }
      askedMs = nowMs;
      Objects.requireNonNull(books).look(nowMs).forEach(receiver::output);
    }
  }
}
