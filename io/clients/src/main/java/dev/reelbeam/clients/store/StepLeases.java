package dev.reelbeam.clients.store;

import dev.reelbeam.model.port.Lease;
import dev.reelbeam.model.port.LeaseStore;
import dev.reelbeam.model.port.StepLease;
import dev.reelbeam.model.port.StoreException;
import dev.reelbeam.model.store.StepKey;
import java.time.Duration;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.ScheduledFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;

/**
 * Leases of steps for a store: waits for whoever holds one, and renews what is held until it is
 * closed. A holder that dies is missed after a minute; one that was overtaken learns it when it
 * asks ({@link Lease#held}), which it does before it buys.
 */
final class StepLeases implements AutoCloseable {
  private static final Duration TIME = Duration.ofSeconds(60);
  private static final long RENEW_MS = 20_000;
  private static final long PAUSE_MS = 250;

  /**
   * One that is renewed is worth waiting for: the longest paid step, a video's clips by a card of
   * one's own, ends sooner. But it saves work and decides nothing, so nobody waits for ever.
   */
  private static final Duration PATIENCE = Duration.ofMinutes(45);

  private final LeaseStore leases;
  private final ScheduledExecutorService renewals =
      Executors.newSingleThreadScheduledExecutor(
          task -> {
            Thread thread = new Thread(task, "reelbeam-leases");
            thread.setDaemon(true);
            return thread;
          });

  StepLeases(LeaseStore leases) {
    this.leases = leases;
  }

  Lease take(StepKey key) {
    // Of its own: two threads of one worker do not hold the same lease either.
    String owner = UUID.randomUUID().toString();
    long beganNs = System.nanoTime();
    Optional<StepLease> lease = leases.acquire(key, owner, TIME);
    while (lease.isEmpty() && System.nanoTime() - beganNs < PATIENCE.toNanos()) {
      try {
        Thread.sleep(PAUSE_MS);
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
        break;
      }
      lease = leases.acquire(key, owner, TIME);
    }
    return lease.isEmpty() ? Lease.NONE : new Held(leases, lease.get(), renewals);
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

    Held(LeaseStore leases, StepLease lease, ScheduledExecutorService renewals) {
      this.leases = leases;
      this.lease = lease;
      this.renewal =
          renewals.scheduleWithFixedDelay(this::renew, RENEW_MS, RENEW_MS, TimeUnit.MILLISECONDS);
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
        boolean unused = held();
      } catch (StoreException e) {
        // Tried again in a while; the lease ends by itself.
      }
    }

    @Override
    public void close() {
      renewal.cancel(/* mayInterruptIfRunning= */ false);
      if (closed.compareAndSet(false, true)) {
        leases.release(lease);
      }
    }
  }
}
