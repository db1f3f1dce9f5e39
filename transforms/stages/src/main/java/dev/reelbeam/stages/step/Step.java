package dev.reelbeam.stages.step;

import dev.reelbeam.model.failure.StageException;
import java.io.Serializable;
import java.util.Optional;

/**
 * One fallible step of the work on an element; opened once per worker, applied per element.
 *
 * <p>A step may run again for the same element. It finds what it made before under the key of its
 * inputs.
 */
public interface Step<InputT, OutputT> extends Serializable {
  /** Opens clients and native objects; called once before the first element. */
  default void open() {}

  /**
   * Does the step.
   *
   * @throws StageException if this element cannot be done; the rest goes on
   */
  OutputT apply(InputT input) throws StageException;

  /**
   * The result for an input that needs no work; empty when {@link #apply} is to be asked. Asked on
   * the task's thread, of a step that may not be open: it looks at the input alone.
   */
  default Optional<OutputT> atOnce(InputT input) {
    return Optional.empty();
  }

  /** Closes what {@link #open} opened. */
  default void close() {}
}
