package dev.reelbeam.model.meter;

import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;

/**
 * Sums what is done between its beginning and its end: on the thread that began it, and on those
 * that work {@link #onBehalf} of it. Thread-safe.
 *
 * <p>Clients and stages tell the meter of their thread and know nothing of each other; where nobody
 * measures, nothing is kept. Whoever began it takes the sum and counts it.
 */
public final class WorkMeter implements AutoCloseable {
  private static final ThreadLocal<@Nullable WorkMeter> OF_THREAD = new ThreadLocal<>();

  private static final ThreadLocal<long[]> CALLS = ThreadLocal.withInitial(() -> new long[1]);

  private final @Nullable WorkMeter before = OF_THREAD.get();

  // Guarded by this.
  private final Map<String, Work.Use> providers = new TreeMap<>();
  private long found;
  private long bought;

  private final TurnWaits turns;
  private final String order;

  private WorkMeter(TurnWaits turns, String order) {
    this.turns = turns;
    this.order = order;
  }

  /** Begins to measure on this thread, until it is closed. */
  public static WorkMeter begin() {
    return begin(new TurnWaits());
  }

  /**
   * The same, telling somebody elsewhere how long turns are waited for.
   *
   * @param turns of this piece of work alone
   */
  public static WorkMeter begin(TurnWaits turns) {
    return begin(turns, "");
  }

  /**
   * The same for a piece of work that somebody asked for.
   *
   * @param order names what was asked for, and each time a person asks for it again otherwise
   */
  public static WorkMeter begin(TurnWaits turns, String order) {
    WorkMeter meter = new WorkMeter(turns, order);
    OF_THREAD.set(meter);
    return meter;
  }

  /** The same work, told to the meter of the thread that hands it out. */
  public static <T> Callable<T> onBehalf(Callable<T> work) {
    WorkMeter meter = OF_THREAD.get();
    if (meter == null) {
      return work;
    }
    return () -> {
      WorkMeter before = OF_THREAD.get();
      OF_THREAD.set(meter);
      try {
        return work.call();
      } finally {
        put(before);
      }
    };
  }

  /** A result was found under its key, or made. */
  public static void artifact(boolean wasThere) {
    WorkMeter meter = OF_THREAD.get();
    if (meter != null) {
      synchronized (meter) {
        if (wasThere) {
          meter.found++;
        } else {
          meter.bought++;
        }
      }
    }
  }

  /**
   * A provider was asked once.
   *
   * @param provider its name in the settings
   * @param failed whether it gave no result
   */
  public static void called(String provider, boolean failed) {
    CALLS.get()[0]++;
    tell(provider, new Work.Use(1, failed ? 1 : 0, 0, 0));
  }

  /**
   * How often this thread has asked providers so far, measured or not: as long as it stays the
   * same, nothing was sent.
   */
  public static long callsOfThread() {
    return CALLS.get()[0];
  }

  /** A call had to wait for its turn, or before it was made again, in ms. */
  public static void waited(String provider, long milliseconds) {
    if (milliseconds > 0) {
      tell(provider, new Work.Use(0, 0, milliseconds, 0));
    }
  }

  /** A wait for a turn; it ends when it is closed. */
  public interface Waiting extends AutoCloseable {
    @Override
    void close();
  }

  /**
   * A call begins to wait for its turn: as its callers' own limits demand, or because the provider
   * wants to be left alone. What {@link #waited} counts is counted apart from it.
   */
  public static Waiting forTurn(String provider) {
    WorkMeter meter = OF_THREAD.get();
    if (meter == null) {
      return () -> {};
    }
    meter.turns.begin(provider);
    return meter.turns::end;
  }

  /**
   * Where this work keeps its places in lines from one attempt to the next; null if nobody comes
   * again.
   */
  public static @Nullable Places places() {
    WorkMeter meter = OF_THREAD.get();
    return meter == null ? null : meter.turns.places();
  }

  /** Whether this work is interrupted because it took too long, rather than for a restart. */
  public static boolean givenUp() {
    WorkMeter meter = OF_THREAD.get();
    return meter != null && meter.turns.givenUp();
  }

  /** What was asked for by somebody when this thread works; empty if nobody says. */
  public static String order() {
    WorkMeter meter = OF_THREAD.get();
    return meter == null ? "" : meter.order;
  }

  /** A provider asks for so many millionths of a dollar. */
  public static void paid(String provider, long micros) {
    if (micros > 0) {
      tell(provider, new Work.Use(0, 0, 0, micros));
    }
  }

  private static void tell(String provider, Work.Use use) {
    WorkMeter meter = OF_THREAD.get();
    if (meter != null) {
      synchronized (meter) {
        meter.providers.merge(provider, use, Work.Use::plus);
      }
    }
  }

  /** The sum so far. */
  public synchronized Work sum() {
    return new Work(found, bought, providers);
  }

  @Override
  public void close() {
    put(before);
  }

  private static void put(@Nullable WorkMeter meter) {
    if (meter == null) {
      OF_THREAD.remove();
    } else {
      OF_THREAD.set(meter);
    }
  }
}
