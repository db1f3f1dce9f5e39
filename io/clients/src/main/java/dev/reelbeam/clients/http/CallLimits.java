package dev.reelbeam.clients.http;

import java.time.Duration;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * Counts the calls of a key for all who share it, beyond one process. Thread-safe.
 *
 * <p>The times are those of whoever counts, so that the clocks of workers do not matter. Methods
 * throw {@link dev.reelbeam.model.port.StoreException} when counting itself fails; then nobody is
 * called.
 */
public interface CallLimits {
  /** Counts nothing: each process keeps the limits by itself. */
  CallLimits OF_THIS_PROCESS =
      new CallLimits() {
        @Override
        public Turn ask(String door, CallPolicy policy, UUID permit) {
          return Turn.GIVEN;
        }

        @Override
        public void leave(UUID permit) {}

        @Override
        public void close(String door, Duration time, Why why) {}

        @Override
        public String toString() {
          return "limits of this process";
        }
      };

  /** Why nobody may call a provider. */
  enum Why {
    /** It asked to be left alone for a moment, and is as it was afterwards. */
    ASKED,
    /** What it allows in a time is used up. */
    USED_UP
  }

  /**
   * What is said to who asks for a turn.
   *
   * @param given whether it may call now
   * @param pause how long until it is worth asking again; zero if it may call
   * @param closed why the provider itself is to be left alone for that long; null if it is not
   */
  record Turn(boolean given, Duration pause, @Nullable Why closed) {
    static final Turn GIVEN = new Turn(true, Duration.ZERO, null);

    /** It may call. */
    public static Turn now() {
      return GIVEN;
    }

    /** Others have all turns that there are. */
    public static Turn in(Duration wait) {
      return new Turn(false, wait, null);
    }

    /** The provider wants to be left alone. */
    public static Turn closed(Duration wait, Why why) {
      return new Turn(false, wait, why);
    }
  }

  /**
   * Takes a turn if there is one: no more than the policy's in any minute, and in flight at once.
   * Who gets none, also because the provider wants to be left alone, waits behind those who came
   * before. It comes again when it was told to, or leaves. Who does neither holds the others up for
   * some seconds more; its rank is remembered for an hour.
   *
   * @param door names provider, address, key and limits; nothing of the key itself
   * @param permit of this call; the same asks again, another call has another one. It ends by
   *     itself a little after the policy's longest call, so that a process that died holds nothing
   */
  Turn ask(String door, CallPolicy policy, UUID permit);

  /** The call is no longer in flight, or waits no longer. */
  void leave(UUID permit);

  /**
   * Nobody gets a turn for so long; a longer time that was named before stays, and why. Who waits
   * has its place still when that is over.
   */
  void close(String door, Duration time, Why why);
}
