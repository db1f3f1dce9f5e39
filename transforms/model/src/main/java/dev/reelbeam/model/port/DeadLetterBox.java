package dev.reelbeam.model.port;

import dev.reelbeam.model.failure.DeadLetter;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** Where dead letters are kept until somebody has dealt with them. Thread-safe. */
public interface DeadLetterBox extends AutoCloseable {
  /** What has become of a letter. */
  enum State {
    OPEN,
    /** Its record was sent through again. */
    REPLAYED,
    /** The delivery came to another end. */
    RESOLVED
  }

  /**
   * A letter as it is kept.
   *
   * @param attempts how often it was written
   * @param lastAtMs when it was written last, ms since 1970 UTC
   */
  record Kept(DeadLetter letter, State state, int attempts, long lastAtMs) {}

  /**
   * Which letters are meant; null: any.
   *
   * @param limit at most so many, the newest ones
   */
  record Query(
      @Nullable State state,
      @Nullable String recordId,
      @Nullable String stage,
      @Nullable Integer number,
      int limit) {
    /** Everything that waits to be dealt with. */
    public static Query open(int limit) {
      return new Query(State.OPEN, null, null, null, limit);
    }
  }

  /** Keeps a letter; the same one again opens it again and counts. */
  void put(DeadLetter letter);

  /** The letter of this id, or of the one id that begins so. */
  Optional<Kept> find(String id);

  /** Letters, newest first. */
  List<Kept> list(Query query);

  /** Hears of a letter; what it throws ends the visit. */
  @FunctionalInterface
  interface Visitor<E extends Exception> {
    void visit(Kept kept) throws E;
  }

  /**
   * Shows all letters that are meant, however many, those that came first last. A letter that is
   * settled or comes again meanwhile is shown once, one that is new meanwhile not at all.
   *
   * @param query its limit says how many are held in memory
   */
  <E extends Exception> void forEach(Query query, Visitor<E> visitor) throws E;

  /** Notes that a letter was dealt with; without effect when it is not there. */
  void settle(String id, State state);

  @Override
  void close();
}
