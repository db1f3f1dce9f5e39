package dev.reelbeam.clients.ledger;

import dev.reelbeam.model.failure.FailureCode;
import dev.reelbeam.model.json.RecordJson;
import dev.reelbeam.model.port.Lease;
import dev.reelbeam.model.port.LeaseStore;
import dev.reelbeam.model.port.StepLease;
import dev.reelbeam.model.port.StoreException;
import dev.reelbeam.model.store.StepKey;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.util.Optional;
import java.util.function.Predicate;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;

/** Leases as files of a folder, for runs on one machine. */
public final class FileLeaseStore implements LeaseStore {
  private final Path folder;
  private final Clock clock;

  private FileLeaseStore(Path folder, Clock clock) {
    this.folder = folder;
    this.clock = clock;
  }

  /** Leases of this folder; it is made when it is not there. */
  public static FileLeaseStore open(Path folder) {
    return open(folder, Clock.systemUTC());
  }

  /** The same with another clock. */
  static FileLeaseStore open(Path folder, Clock clock) {
    return new FileLeaseStore(folder, clock);
  }

  /** What a lease's file holds; it stays when the lease ends, so that tokens go on growing. */
  record Held(String owner, long token, long untilMs, int lost, boolean working) {
    Held until(long newUntilMs) {
      return new Held(owner, token, newUntilMs, lost, working);
    }

    boolean isReleased() {
      return untilMs == 0;
    }
  }

  @Override
  public Optional<StepLease> acquire(StepKey key, String owner, Duration time) {
    return locked(
        key,
        file -> {
          Held held = read(file);
          long now = clock.millis();
          Held next = new Held(owner, 1, now + time.toMillis(), 0, true);
          if (held != null) {
            boolean free = held.untilMs() <= now;
            boolean own = held.owner().equals(owner);
            if (!free && !own) {
              return Optional.empty();
            }
            long token = free ? held.token() + 1 : held.token();
            int lost = held.lost() + (held.working() && !own ? 1 : 0);
            next =
                held.isReleased()
                    ? new Held(owner, token, next.untilMs(), 0, true)
                    : new Held(
                        owner,
                        token,
                        next.untilMs(),
                        lost,
                        own ? held.working() : lost < Lease.SUSPECT);
          }
          FileLocks.replace(file, RecordJson.canonical(next));
          return Optional.of(new StepLease(key, owner, next.token(), next.untilMs(), next.lost()));
        });
  }

  @Override
  public void endIf(StepKey key, Predicate<String> hasEnded) {
    locked(
        key,
        file -> {
          Held held = read(file);
          long now = clock.millis();
          if (held != null && held.untilMs() > now && hasEnded.test(held.owner())) {
            FileLocks.replace(file, RecordJson.canonical(held.until(now)));
          }
          return true;
        });
  }

  @Override
  public boolean renew(StepLease lease, Duration time) {
    return locked(
        lease.key(),
        file -> {
          Held held = read(file);
          long now = clock.millis();
          if (held == null || held.token() != lease.token() || held.untilMs() <= now) {
            return false;
          }
          FileLocks.replace(file, RecordJson.canonical(held.until(now + time.toMillis())));
          return true;
        });
  }

  @Override
  public void work(StepLease lease) {
    replace(lease, held -> new Held(held.owner(), held.token(), held.untilMs(), held.lost(), true));
  }

  @Override
  public void clear(StepLease lease) {
    replace(lease, held -> new Held(held.owner(), held.token(), held.untilMs(), 0, false));
  }

  @Override
  public void release(StepLease lease) {
    replace(lease, held -> held.until(0));
  }

  @Override
  public void close() {
    // Nothing is held open between calls.
  }

  /** Of a lease that was not lost. */
  private void replace(StepLease lease, UnaryOperator<Held> change) {
    locked(
        lease.key(),
        file -> {
          Held held = read(file);
          if (held != null && held.token() == lease.token()) {
            FileLocks.replace(file, RecordJson.canonical(change.apply(held)));
          }
          return true;
        });
  }

  private <T> T locked(StepKey key, FileLocks.Work<T> work) {
    Path file = folder.resolve(key.hex().substring(0, 2)).resolve(key.hex());
    try {
      return FileLocks.locked(file, work);
    } catch (IOException e) {
      throw new StoreException(
          FailureCode.STORAGE_UNAVAILABLE, "cannot lease " + key.hex() + ": " + e.getMessage(), e);
    }
  }

  private static @Nullable Held read(Path file) throws IOException {
    try {
      return Files.exists(file) ? RecordJson.read(Files.readAllBytes(file), Held.class) : null;
    } catch (IllegalArgumentException e) {
      return null; // Damaged by a crash of the machine.
    }
  }
}
