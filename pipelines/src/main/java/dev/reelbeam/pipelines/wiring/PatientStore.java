package dev.reelbeam.pipelines.wiring;

import dev.reelbeam.model.failure.FailureCode;
import dev.reelbeam.model.port.Lease;
import dev.reelbeam.model.port.MediaAddresses;
import dev.reelbeam.model.port.ObjectStore;
import dev.reelbeam.model.port.PortFactory;
import dev.reelbeam.model.port.StoreException;
import dev.reelbeam.model.store.MediaRef;
import dev.reelbeam.model.store.StepKey;
import java.io.InputStream;
import java.net.URI;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Collection;
import java.util.Map;
import java.util.Optional;
import java.util.function.Consumer;
import java.util.function.Supplier;

/**
 * A store that is asked again while it is away: for 60 s, at growing intervals. A full disk is not
 * waited for.
 *
 * <p>Every operation of a store may be repeated: bytes are named by their content, keys are
 * insert-if-absent.
 */
final class PatientStore implements ObjectStore, MediaAddresses {
  /** How long a store may be away before the run gives up. */
  static final Duration PATIENCE = Duration.ofSeconds(60);

  private static final Duration FIRST_PAUSE = Duration.ofMillis(250);
  private static final Duration LONGEST_PAUSE = Duration.ofSeconds(5);

  /** Waits; a test passes a clock of its own. */
  interface Pauses {
    /** Now, in ns of a monotone clock. */
    long nowNs();

    void pause(Duration time) throws InterruptedException;
  }

  /** The machine's own clock. */
  static final Pauses REAL =
      new Pauses() {
        @Override
        public long nowNs() {
          return System.nanoTime();
        }

        @Override
        public void pause(Duration time) throws InterruptedException {
          Thread.sleep(time.toMillis());
        }
      };

  private final ObjectStore store;
  private final Duration patience;
  private final Pauses pauses;
  private final Consumer<String> say;

  private PatientStore(ObjectStore store, Duration patience, Pauses pauses, Consumer<String> say) {
    this.store = store;
    this.patience = patience;
    this.pauses = pauses;
    this.say = say;
  }

  /** Opens a store, patiently. */
  static PatientStore open(
      PortFactory<ObjectStore> factory, Duration patience, Pauses pauses, Consumer<String> say) {
    ObjectStore store = retried(factory::open, patience, pauses, say);
    return new PatientStore(store, patience, pauses, say);
  }

  @Override
  public MediaRef put(byte[] bytes, String contentType) {
    return retried(() -> store.put(bytes, contentType));
  }

  @Override
  public MediaRef put(Path file, String contentType) {
    return retried(() -> store.put(file, contentType));
  }

  @Override
  public InputStream open(MediaRef ref) {
    return retried(() -> store.open(ref));
  }

  @Override
  public byte[] read(MediaRef ref) {
    return retried(() -> store.read(ref));
  }

  @Override
  public Path localFile(MediaRef ref) {
    return retried(() -> store.localFile(ref));
  }

  @Override
  public boolean holds(MediaRef ref) {
    return retried(() -> store.holds(ref));
  }

  @Override
  public Optional<MediaRef> find(StepKey key) {
    return retried(() -> store.find(key));
  }

  @Override
  public Map<StepKey, MediaRef> findAll(Collection<StepKey> keys) {
    return retried(() -> store.findAll(keys));
  }

  @Override
  public MediaRef putIfAbsent(StepKey key, MediaRef ref) {
    return retried(() -> store.putIfAbsent(key, ref));
  }

  @Override
  public Lease lease(StepKey key) {
    return retried(() -> store.lease(key));
  }

  @Override
  public Optional<URI> signed(MediaRef ref, Duration time) {
    return store instanceof MediaAddresses addresses
        ? addresses.signed(ref, time)
        : Optional.empty();
  }

  @Override
  public Optional<URI> unsigned(MediaRef ref) {
    return store instanceof MediaAddresses addresses ? addresses.unsigned(ref) : Optional.empty();
  }

  @Override
  public void close() {
    store.close();
  }

  private <T> T retried(Supplier<T> call) {
    return retried(call, patience, pauses, say);
  }

  private static <T> T retried(
      Supplier<T> call, Duration patience, Pauses pauses, Consumer<String> say) {
    long beganNs = pauses.nowNs();
    Duration pause = FIRST_PAUSE;
    boolean told = false;
    while (true) {
      try {
        return call.get();
      } catch (StoreException e) {
        boolean away = e.code() == FailureCode.STORAGE_UNAVAILABLE;
        if (!away || pauses.nowNs() - beganNs >= patience.toNanos()) {
          throw e;
        }
        if (!told) {
          say.accept(
              "the store is away ("
                  + e.getMessage()
                  + "); trying again for "
                  + patience.toSeconds()
                  + " s");
          told = true;
        }
        try {
          pauses.pause(pause);
        } catch (InterruptedException interrupted) {
          Thread.currentThread().interrupt();
          e.addSuppressed(interrupted);
          throw e;
        }
        pause = pause.multipliedBy(2);
        if (pause.compareTo(LONGEST_PAUSE) > 0) {
          pause = LONGEST_PAUSE;
        }
      }
    }
  }
}
