package dev.reelbeam.model.port;

import dev.reelbeam.model.store.StepKey;
import java.time.Duration;
import java.util.Optional;
import java.util.function.Predicate;

/**
 * Sees to it that two workers, or a worker and its zombie, never buy the same thing at once.
 * Thread-safe, also between processes.
 *
 * <p>A lease that is not renewed ends by itself. Its token goes along with what the step does to
 * the outside, so that a holder who was overtaken can be refused there.
 */
public interface LeaseStore extends AutoCloseable {
  /**
   * Takes the lease of a step; empty when somebody else holds it. An owner that holds it already
   * keeps its token and gets the full time again. Where fewer than {@link Lease#SUSPECT} were lost
   * before, it counts as {@link #work} from now on.
   */
  Optional<StepLease> acquire(StepKey key, String owner, Duration time);

  /**
   * Ends the lease of a step whose owner has ended: the next one gets it as if it had run out, and
   * the worker counts as lost. Without effect when nobody holds it.
   *
   * @param hasEnded whether it is certain that an owner does nothing under its lease any more; one
   *     that only stands still has not ended
   */
  void endIf(StepKey key, Predicate<String> hasEnded);

  /** Holds a lease for longer; false when it was lost, and then the step must stop. */
  boolean renew(StepLease lease, Duration time);

  /**
   * Notes that the work begins: if the lease is neither renewed nor given back, that is counted.
   */
  void work(StepLease lease);

  /**
   * Notes that whatever ends the holder from now on is not the step's doing, as it has gone on for
   * long: who was lost before is forgotten, and this holder is not counted either.
   */
  void clear(StepLease lease);

  /** Gives a lease back early; without effect when it was lost. */
  void release(StepLease lease);

  @Override
  void close();
}
