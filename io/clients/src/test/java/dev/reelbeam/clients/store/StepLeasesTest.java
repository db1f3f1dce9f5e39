package dev.reelbeam.clients.store;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import dev.reelbeam.clients.TestServers;
import dev.reelbeam.clients.ledger.FileLeaseStore;
import dev.reelbeam.clients.ledger.PostgresLeaseStore;
import dev.reelbeam.model.cost.Charge;
import dev.reelbeam.model.failure.FailureCode;
import dev.reelbeam.model.failure.StageException;
import dev.reelbeam.model.port.Fence;
import dev.reelbeam.model.port.Lease;
import dev.reelbeam.model.port.LeaseStore;
import dev.reelbeam.model.port.Purse;
import dev.reelbeam.model.port.StepLease;
import dev.reelbeam.model.port.StoreException;
import dev.reelbeam.model.store.StepKey;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Predicate;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class StepLeasesTest {
  private static final List<Charge> PRICE =
      List.of(new Charge("painter", "model", Charge.Unit.PICTURE, 1));

  private final StepKey key = StepKey.of("leased", 1, UUID.randomUUID().toString());

  /** Gives leases that are over at once, as after a pause of the whole process. */
  private record Paused(LeaseStore leases) implements LeaseStore {
    @Override
    public Optional<StepLease> acquire(StepKey key, String owner, Duration time) {
      return leases.acquire(key, owner, Duration.ZERO);
    }

    @Override
    public void endIf(StepKey key, Predicate<String> hasEnded) {
      leases.endIf(key, hasEnded);
    }

    @Override
    public boolean renew(StepLease lease, Duration time) {
      return leases.renew(lease, time);
    }

    @Override
    public void work(StepLease lease) {
      leases.work(lease);
    }

    @Override
    public void clear(StepLease lease) {
      leases.clear(lease);
    }

    @Override
    public void release(StepLease lease) {
      leases.release(lease);
    }

    @Override
    public void close() {
      leases.close();
    }
  }

  /** Leases end as soon as they are cleared, as those of a worker that ends then. */
  private record Brief(LeaseStore leases, CountDownLatch cleared) implements LeaseStore {
    @Override
    public Optional<StepLease> acquire(StepKey key, String owner, Duration time) {
      return leases.acquire(key, owner, time);
    }

    @Override
    public void endIf(StepKey key, Predicate<String> hasEnded) {
      leases.endIf(key, hasEnded);
    }

    @Override
    public boolean renew(StepLease lease, Duration time) {
      return leases.renew(lease, time);
    }

    @Override
    public void work(StepLease lease) {
      leases.work(lease);
    }

    @Override
    public void clear(StepLease lease) {
      leases.clear(lease);
      boolean unused = leases.renew(lease, Duration.ZERO);
      cleared.countDown();
    }

    @Override
    public void release(StepLease lease) {
      leases.release(lease);
    }

    @Override
    public void close() {
      leases.close();
    }
  }

  /** Counts the tries of a waiter, and its looks at whoever holds the lease. */
  private record Counted(LeaseStore leases, AtomicInteger tries, AtomicInteger looks)
      implements LeaseStore {
    @Override
    public Optional<StepLease> acquire(StepKey key, String owner, Duration time) {
      tries.incrementAndGet();
      return leases.acquire(key, owner, time);
    }

    @Override
    public void endIf(StepKey key, Predicate<String> hasEnded) {
      looks.incrementAndGet();
      leases.endIf(key, hasEnded);
    }

    @Override
    public boolean renew(StepLease lease, Duration time) {
      return leases.renew(lease, time);
    }

    @Override
    public void work(StepLease lease) {
      leases.work(lease);
    }

    @Override
    public void clear(StepLease lease) {
      leases.clear(lease);
    }

    @Override
    public void release(StepLease lease) {
      leases.release(lease);
    }

    @Override
    public void close() {
      leases.close();
    }
  }

  /** Takes no note of work. */
  private record Away(LeaseStore leases) implements LeaseStore {
    @Override
    public Optional<StepLease> acquire(StepKey key, String owner, Duration time) {
      return leases.acquire(key, owner, time);
    }

    @Override
    public void endIf(StepKey key, Predicate<String> hasEnded) {
      leases.endIf(key, hasEnded);
    }

    @Override
    public boolean renew(StepLease lease, Duration time) {
      return leases.renew(lease, time);
    }

    @Override
    public void work(StepLease lease) {
      throw new StoreException(FailureCode.DATABASE_UNAVAILABLE, "away", new IOException());
    }

    @Override
    public void clear(StepLease lease) {
      leases.clear(lease);
    }

    @Override
    public void release(StepLease lease) {
      leases.release(lease);
    }

    @Override
    public void close() {
      leases.close();
    }
  }

  @Test
  void aWorkerThatWasOvertakenBuysNothingByThePostgresLease() throws Exception {
    overtaken(
        PostgresLeaseStore.open(TestServers.postgres()),
        PostgresLeaseStore.open(TestServers.postgres()));
  }

  @Test
  void aWorkerThatWasOvertakenBuysNothingByTheFileLease(@TempDir Path folder) throws Exception {
    overtaken(FileLeaseStore.open(folder), FileLeaseStore.open(folder));
  }

  @Test
  void aStepThatEndsItsWorkersIsRefusedAfterThreeAndThoseBesideItAreNot(@TempDir Path folder)
      throws Exception {
    StepKey beside = StepKey.of("beside", 1, UUID.randomUUID().toString());
    List<Thread> waiting = new ArrayList<>();
    for (int worker = 0; worker < 4; worker++) {
      // Each ends without a word, with both steps under way, or one in the other's turn.
      StepLeases ending =
          new StepLeases(new Paused(FileLeaseStore.open(folder)), new ReentrantLock());
      taking(ending, key).join();
      waiting.add(taking(ending, beside));
      waiting.get(worker).join(worker < 2 ? 0 : 200);
    }
    try (StepLeases next = new StepLeases(FileLeaseStore.open(folder), new ReentrantLock())) {
      try (Lease lease = Fence.within(next.take(key))) {
        assertThat(lease.lost()).isEqualTo(4);
        assertThat(catchThrowableOfType(StageException.class, lease::requireHarmless).code())
            .isEqualTo(FailureCode.WORKERS_LOST);
      }
      try (Lease lease = next.take(beside)) {
        assertThat(lease.lost()).isEqualTo(2);
        lease.requireHarmless();
      }
      // Once it was refused, a replay has as many tries again.
      try (Lease lease = next.take(key)) {
        assertThat(lease.lost()).isZero();
      }
    } finally {
      waiting.forEach(Thread::interrupt);
    }
  }

  /** A suspect waits for its turn while Postgres goes away: nobody would ever close its lease. */
  @Test
  void aLeaseWhoseWorkCannotBeNotedIsGivenBackAndItsTurnToo(@TempDir Path folder) {
    ReentrantLock turn = new ReentrantLock();
    for (int worker = 0; worker < Lease.SUSPECT; worker++) {
      Lease unused =
          new StepLeases(new Paused(FileLeaseStore.open(folder)), new ReentrantLock()).take(key);
    }
    try (StepLeases away = new StepLeases(new Away(FileLeaseStore.open(folder)), turn);
        LeaseStore others = FileLeaseStore.open(folder)) {
      assertThat(catchThrowableOfType(StoreException.class, () -> away.take(key)).code())
          .isEqualTo(FailureCode.DATABASE_UNAVAILABLE);
      assertThat(turn.isLocked()).isFalse();
      assertThat(others.acquire(key, "other", Duration.ofSeconds(1))).isPresent();
    }
  }

  /** Rollouts end workers, too, and most of what those hold only waits for somebody. */
  @Test
  void aWorkerThatEndsLongAfterAStepBeganIsNotCounted(@TempDir Path folder) throws Exception {
    CountDownLatch cleared = new CountDownLatch(1);
    LeaseStore files = FileLeaseStore.open(folder);
    LeaseStore brief = new Brief(files, cleared);
    try (StepLeases worker = new StepLeases(brief, new ReentrantLock(), 20)) {
      Lease unused = worker.take(key);
      assertThat(cleared.await(60, TimeUnit.SECONDS)).isTrue();
    }
    try (StepLeases next = new StepLeases(files, new ReentrantLock());
        Lease lease = next.take(key)) {
      assertThat(lease.lost()).isZero();
    }
  }

  /** Many wait at once where a batch meets the same step, and most holders are elsewhere. */
  @Test
  void whoWaitsLooksAtTheHolderFarLessOftenThanItTries(@TempDir Path folder) throws Exception {
    AtomicInteger tries = new AtomicInteger();
    AtomicInteger looks = new AtomicInteger();
    LeaseStore files = FileLeaseStore.open(folder);
    assertThat(files.acquire(key, "elsewhere", Duration.ofMinutes(10))).isPresent();
    try (StepLeases leases = new StepLeases(new Counted(files, tries, looks))) {
      Thread waiting = taking(leases, key);
      for (int i = 0; tries.get() < 10 && i < 6_000; i++) {
        Thread.sleep(10);
      }
      waiting.interrupt();
      waiting.join();
    }
    assertThat(looks.get()).isPositive().isLessThanOrEqualTo(tries.get() / 3);
  }

  @Test
  void aLeaseOfAWorkerThatWasKilledIsNotWaitedForByPostgres() throws Exception {
    killed(PostgresLeaseStore.open(TestServers.postgres()));
  }

  @Test
  void aLeaseOfAWorkerThatWasKilledIsNotWaitedForByFiles(@TempDir Path folder) throws Exception {
    killed(FileLeaseStore.open(folder));
  }

  /** What stands still may go on at any time, and then it must still hold what it believes. */
  private void killed(LeaseStore store) throws Exception {
    LeaseOwnerTest.assumeProcessesAreKnown();
    Process worker = new ProcessBuilder("sleep", "300").start();
    try (StepLeases next = new StepLeases(store, new ReentrantLock())) {
      String owner = "killed" + LeaseOwner.suffix(worker.pid()).orElseThrow();
      StepLease held = store.acquire(key, owner, Duration.ofMinutes(10)).orElseThrow();
      LeaseOwnerTest.signal(worker.pid(), "STOP");
      CompletableFuture<Lease> taken = new CompletableFuture<>();
      Thread waiting = new Thread(() -> taken.complete(next.take(key)));
      waiting.start();
      assertThatThrownBy(() -> taken.get(2, TimeUnit.SECONDS)).isInstanceOf(TimeoutException.class);
      assertThat(store.renew(held, Duration.ofMinutes(10))).isTrue();

      LeaseOwnerTest.signal(worker.pid(), "KILL");
      try (Lease lease = taken.get(120, TimeUnit.SECONDS)) {
        assertThat(lease.held()).isTrue();
        assertThat(lease.lost()).isEqualTo(1);
        assertThat(store.renew(held, Duration.ofMinutes(10))).isFalse();
      }
      waiting.join();
    } finally {
      worker.destroyForcibly();
    }
  }

  private static Thread taking(StepLeases leases, StepKey key) {
    Thread thread =
        new Thread(
            () -> {
              Lease unused = leases.take(key);
            });
    thread.setDaemon(true);
    thread.start();
    return thread;
  }

  private void overtaken(LeaseStore zombies, LeaseStore others) throws Exception {
    AtomicInteger created = new AtomicInteger();
    try (StepLeases zombie = new StepLeases(new Paused(zombies));
        StepLeases other = new StepLeases(others)) {
      try (Lease lost = Fence.within(zombie.take(key))) {
        try (Lease taken = other.take(key)) {
          assertThat(taken.held()).isTrue();
          assertThat(lost.held()).isFalse();

          StageException failure =
              catchThrowableOfType(
                  StageException.class,
                  () -> Purse.OPEN.buy("painter", PRICE, created::incrementAndGet, made -> PRICE));

          assertThat(failure.code()).isEqualTo(FailureCode.LEASE_LOST);
          assertThat(created).hasValue(0);
        }
      }
      try (Lease held = Fence.within(other.take(key))) {
        assertThat(held.held()).isTrue();
        assertThat(Purse.OPEN.buy("painter", PRICE, created::incrementAndGet, made -> PRICE))
            .isEqualTo(1);
      }
    }
  }
}
