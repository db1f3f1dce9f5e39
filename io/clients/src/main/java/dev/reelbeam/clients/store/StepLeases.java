package dev.reelbeam.clients.store;

import dev.reelbeam.model.port.Fence;
import dev.reelbeam.model.port.Lease;
import dev.reelbeam.model.port.LeaseStore;
import dev.reelbeam.model.port.StepLease;
import dev.reelbeam.model.port.StoreException;
import dev.reelbeam.model.store.StepKey;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.ScheduledFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;

/**
 * Leases of steps for a store: waits for whoever holds one, and renews what is held until it is
 * closed. A holder that dies is missed within a second or two on its own machine and after a minute
 * elsewhere; one that was overtaken learns it when it asks ({@link Lease#held}), which it does
 * before it buys.
 *
 * <p>Steps that lost workers twice are done one at a time in a process, and count as begun when
 * their turn has come. So the one that crashes its workers is told from those that were under way
 * beside it. One that has gone on for a minute counts no more: a worker that ends then, as in a
 * rollout, has not ended of a narration that it waited for.
 */
final class StepLeases implements AutoCloseable {
  private static final Duration TIME = Duration.ofSeconds(60);
  private static final long RENEW_MS = 20_000;
  private static final long PAUSE_MS = 250;

  /** Whether a holder has ended is asked at every so many tries: once a second. */
  private static final int LOOK_EVERY = 4;

  /**
   * A step that is held so many renewals long, a minute, has most likely only waited: for a turn, a
   * provider, others in line. What ends a worker does so within seconds.
   */
  private static final int HARMLESS_AFTER = 3;

  /**
   * One that is renewed is worth waiting for: the longest paid step, a video's clips by a card of
   * one's own, ends sooner. But it saves work and decides nothing, so nobody waits for ever.
   */
  private static final Duration PATIENCE = Duration.ofMinutes(45);

  /** A suspect waits so long for another at the most: what ends a worker does so within seconds. */
  private static final long TURN_SECONDS = 20;

  /** All stores of a process share it. */
  private static final ReentrantLock TURN = new ReentrantLock();

  private final LeaseStore leases;
  private final ReentrantLock turn;
  private final long renewMs;
  private final ScheduledExecutorService renewals =
      Executors.newSingleThreadScheduledExecutor(
          task -> {
            Thread thread = new Thread(task, "reelbeam-leases");
            thread.setDaemon(true);
            return thread;
          });

  StepLeases(LeaseStore leases) {
    this(leases, TURN);
  }

  /** The same as another process would have it. */
  StepLeases(LeaseStore leases, ReentrantLock turn) {
    this(leases, turn, RENEW_MS);
  }

  StepLeases(LeaseStore leases, ReentrantLock turn, long renewMs) {
    this.leases = leases;
    this.turn = turn;
    this.renewMs = renewMs;
  }

  Lease take(StepKey key) {
    // Of its own: two threads of one worker do not hold the same lease either.
    String owner = LeaseOwner.next();
    long beganNs = System.nanoTime();
    Optional<StepLease> lease = leases.acquire(key, owner, TIME);
    for (int pauses = 0;
        lease.isEmpty() && System.nanoTime() - beganNs < PATIENCE.toNanos();
        pauses++) {
      try {
        Thread.sleep(PAUSE_MS);
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
        break;
      }
      if (pauses % LOOK_EVERY == 0) {
        leases.endIf(key, LeaseOwner::hasEnded);
      }
      lease = leases.acquire(key, owner, TIME);
    }
    if (lease.isEmpty()) {
      return Lease.NONE;
    }
    Held held = new Held(leases, lease.get(), renewals, renewMs);
    if (held.lost() >= Lease.SUSPECT && held.lost() <= Lease.MOST_LOST) {
      try {
        held.await(turn);
      } catch (RuntimeException e) {
        // Nobody would ever close it: it would be renewed, and its turn kept, until the process
        // ends.
        held.giveUp(e);
        throw e;
      }
    }
    return held;
  }

  @Override
  public void close() {
    renewals.shutdownNow();
    leases.close();
  }

  private static final class Held implements Lease {
    private final LeaseStore leases;
    private final StepLease lease;
    private final ScheduledFuture<?> renewal;
    private final AtomicBoolean closed = new AtomicBoolean();
    private @Nullable ReentrantLock turn;

    /** Of the renewals' thread alone. */
    private int renewed;

    Held(LeaseStore leases, StepLease lease, ScheduledExecutorService renewals, long renewMs) {
      this.leases = leases;
      this.lease = lease;
      this.renewal =
          renewals.scheduleWithFixedDelay(this::renew, renewMs, renewMs, TimeUnit.MILLISECONDS);
    }

    void await(ReentrantLock ofProcess) {
      try {
        // A part of a step that is a suspect itself is done in that one's turn, by whichever
        // thread.
        turn =
            !Fence.isSuspect() && ofProcess.tryLock(TURN_SECONDS, TimeUnit.SECONDS)
                ? ofProcess
                : null;
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
        return;
      }
      leases.work(lease);
    }

    @Override
    public int lost() {
      return lease.lost();
    }

    @Override
    public boolean held() {
      if (!closed.get() && !leases.renew(lease, TIME)) {
        // Somebody else does the step now, too; the first result wins.
        closed.set(true);
      }
      return !closed.get();
    }

    private void renew() {
      try {
        if (held() && ++renewed == HARMLESS_AFTER) {
          leases.clear(lease);
        }
      } catch (StoreException e) {
        // Tried again in a while; the lease ends by itself.
      }
    }

    /** Closes it for the sake of a failure, which is told whatever becomes of the lease. */
    void giveUp(RuntimeException failure) {
      try {
        close();
      } catch (StoreException e) {
        failure.addSuppressed(e); // It ends by itself.
      }
    }

    @Override
    public void close() {
      renewal.cancel(/* mayInterruptIfRunning= */ false);
      ReentrantLock mine = turn;
      if (mine != null && mine.isHeldByCurrentThread()) {
        turn = null;
        mine.unlock();
      }
      if (closed.compareAndSet(false, true)) {
        leases.release(lease);
      }
    }
  }
}
