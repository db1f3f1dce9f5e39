package dev.reelbeam.clients.visual;

import dev.reelbeam.model.failure.FailureCode;
import dev.reelbeam.model.failure.StageException;
import dev.reelbeam.model.json.RecordJson;
import dev.reelbeam.model.port.LostCallException;
import dev.reelbeam.model.port.ObjectStore;
import dev.reelbeam.model.port.Purse;
import dev.reelbeam.model.port.StoreException;
import dev.reelbeam.model.port.Uninterrupted;
import dev.reelbeam.model.store.MediaRef;
import dev.reelbeam.model.store.StepKey;
import java.io.Serializable;
import java.time.Clock;
import java.time.Duration;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.concurrent.CancellationException;

/**
 * What became of the attempts to send an order, in the store. That it is sent is kept before, so
 * that whoever comes after a process that was killed knows; that it was refused, or never left, is
 * kept after. In between it may have been heard.
 */
final class OrderNotes {
  /** Raised whenever notes would be read differently. */
  private static final int VERSION = 1;

  private static final String SENT = "sent";
  private static final String REFUSED = "refused";
  private static final String TOLD = "told";

  private final ObjectStore store;
  private final Clock clock;
  private final String what;
  private final StepKey order;

  /**
   * @param what is ordered, which its keys begin with
   */
  OrderNotes(ObjectStore store, Clock clock, String what, StepKey order) {
    this.store = store;
    this.clock = clock;
    this.what = what;
    this.order = order;
  }

  /** When it was. */
  record Note(long atMs) implements Serializable {}

  private StepKey key(String note, int attempt) {
    return StepKey.of(what + "-" + note, VERSION, order, attempt);
  }

  private boolean open(int attempt) {
    return store.find(key(REFUSED, attempt)).isEmpty();
  }

  /** Whether it may have been heard, however long ago. */
  boolean begun() {
    for (int attempt = 0; store.find(key(SENT, attempt)).isPresent(); attempt++) {
      if (open(attempt)) {
        return true;
      }
    }
    return false;
  }

  /** The number of the next attempt; empty while one may have been heard that was sent just now. */
  OptionalInt next(Duration openFor) {
    for (int attempt = 0; ; attempt++) {
      Optional<MediaRef> sent = store.find(key(SENT, attempt));
      if (sent.isEmpty()) {
        return OptionalInt.of(attempt);
      }
      if (open(attempt) && clock.millis() - read(sent.get()) < openFor.toMillis()) {
        return OptionalInt.empty();
      }
    }
  }

  /**
   * The same where nobody can look for an order: the time counts from when somebody was told that
   * it may have been heard, which is now if nobody was. However long a process was gone that was
   * killed, it is not sent again just because others go on.
   */
  OptionalInt nextAfterItWasTold(Duration openFor) {
    for (int attempt = 0; ; attempt++) {
      if (store.find(key(SENT, attempt)).isEmpty()) {
        return OptionalInt.of(attempt);
      }
      if (open(attempt) && clock.millis() - read(note(TOLD, attempt)) < openFor.toMillis()) {
        return OptionalInt.empty();
      }
    }
  }

  private long read(MediaRef note) {
    return RecordJson.read(store.read(note), Note.class).atMs();
  }

  private MediaRef note(String note, int attempt) {
    return store.putIfAbsent(
        key(note, attempt),
        store.put(RecordJson.canonicalBytes(new Note(clock.millis())), "application/json"));
  }

  /** Sends it, between notes. */
  String order(int attempt, Purse.Call<String> call) throws StageException {
    MediaRef unused = note(SENT, attempt);
    try {
      return call.make();
    } catch (StageException e) {
      MediaRef unusedEnd =
          note(e.code() == FailureCode.PROVIDER_OUTCOME_UNKNOWN ? TOLD : REFUSED, attempt);
      throw e;
    } catch (LostCallException e) {
      throw e;
    } catch (CancellationException | StoreException e) {
      // It stood in line for its turn, and nothing left.
      try {
        Uninterrupted.run(
            () -> {
              MediaRef unusedEnd = note(REFUSED, attempt);
            });
      } catch (StoreException away) {
        e.addSuppressed(away);
      }
      throw e;
    }
  }
}
