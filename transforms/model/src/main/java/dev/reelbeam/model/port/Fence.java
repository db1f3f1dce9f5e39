package dev.reelbeam.model.port;

import dev.reelbeam.model.failure.FailureCode;
import dev.reelbeam.model.failure.StageException;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;

/**
 * The leases that a thread works under, and the epoch of the project that it works for. A lease
 * saves work and decides nothing; but who has lost one, or never got it, may make what costs
 * nothing and buys nothing: the next holder does, or has. So does who works for an epoch that is
 * over: nobody waits for it.
 *
 * <p>Threads that work for another one stand behind its fence if they were {@link #carried}.
 */
public final class Fence {
  private static final ThreadLocal<@Nullable Under> CURRENT = new ThreadLocal<>();

  private record Under(Lease lease, @Nullable Under outer) {}

  private Fence() {}

  /**
   * Puts this thread under a lease.
   *
   * @return closes the lease and the fence; by the same thread, the inner one first
   */
  public static Lease within(Lease lease) {
    Under outer = CURRENT.get();
    CURRENT.set(new Under(lease, outer));
    return new Lease() {
      @Override
      public boolean held() {
        return lease.held();
      }

      @Override
      public int lost() {
        return lease.lost();
      }

      @Override
      public void close() {
        if (outer == null) {
          CURRENT.remove();
        } else {
          CURRENT.set(outer);
        }
        lease.close();
      }
    };
  }

  /** Whether this thread works under a lease of a step that workers end with. */
  public static boolean isSuspect() {
    for (Under under = CURRENT.get(); under != null; under = under.outer()) {
      if (under.lease().lost() >= Lease.SUSPECT) {
        return true;
      }
    }
    return false;
  }

  /** The same call under the leases of the thread that asks for it now. */
  public static <T> Callable<T> carried(Callable<T> call) {
    Under under = CURRENT.get();
    if (under == null) {
      return call;
    }
    return () -> {
      Under before = CURRENT.get();
      CURRENT.set(under);
      try {
        return call.call();
      } finally {
        if (before == null) {
          CURRENT.remove();
        } else {
          CURRENT.set(before);
        }
      }
    };
  }

  /**
   * Sees to it that every lease of this thread is still its own, just before something is bought.
   *
   * @throws StageException {@code LEASE_LOST}
   */
  public static void check() throws StageException {
    for (Under under = CURRENT.get(); under != null; under = under.outer()) {
      if (!under.lease().held()) {
        throw new StageException(
            FailureCode.LEASE_LOST,
            "another worker does this step by now, or nobody waits for it: nothing was bought");
      }
    }
  }
}
