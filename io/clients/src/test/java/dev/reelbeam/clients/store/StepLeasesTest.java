package dev.reelbeam.clients.store;

import static org.assertj.core.api.Assertions.assertThat;
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
import dev.reelbeam.model.store.StepKey;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.atomic.AtomicInteger;
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
    public boolean renew(StepLease lease, Duration time) {
      return leases.renew(lease, time);
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
