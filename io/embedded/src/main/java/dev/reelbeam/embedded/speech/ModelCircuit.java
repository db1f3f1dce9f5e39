package dev.reelbeam.embedded.speech;

import dev.reelbeam.model.failure.FailureCode;
import dev.reelbeam.model.failure.StageException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.LongSupplier;

/**
 * Remembers models that took their process with them, or never answered. Each call of one costs
 * three starts, or minutes of waiting, and everybody else waits behind it: so it is left alone for
 * a while, or until its files change. Thread-safe.
 */
final class ModelCircuit {
  static final Duration REST = Duration.ofMinutes(10);

  private final Map<List<Path>, Broken> broken = new ConcurrentHashMap<>();
  private final LongSupplier nanos;

  /**
   * A circuit that is closed for all models.
   *
   * @param nanos usually {@code System::nanoTime}
   */
  ModelCircuit(LongSupplier nanos) {
    this.nanos = nanos;
  }

  /** A call of a model. */
  @FunctionalInterface
  interface Call<T> {
    T make() throws StageException;
  }

  private record State(long bytes, long changedMs) {}

  private record Broken(List<State> states, long untilNanos, String why) {}

  /**
   * Calls, unless the model is left alone.
   *
   * @param files that make up the model
   * @throws StageException {@code MODEL_UNUSABLE} while it is left alone, else as the call
   */
  <T> T call(List<Path> files, Call<T> call) throws StageException {
    List<State> states = states(files);
    Broken before = broken.get(files);
    if (before != null) {
      if (before.untilNanos() - nanos.getAsLong() > 0 && before.states().equals(states)) {
        throw new StageException(
            FailureCode.MODEL_UNUSABLE,
            "'"
                + files.get(0).getFileName()
                + "' is left alone until its file changes, or for "
                + REST.toMinutes()
                + " minutes: "
                + before.why());
      }
      broken.remove(files, before);
    }
    try {
      return call.make();
    } catch (StageException e) {
      if (e instanceof ProcessEndedException || e.code() == FailureCode.SPEECH_TIMEOUT) {
        broken.put(
            List.copyOf(files),
            new Broken(states, nanos.getAsLong() + REST.toNanos(), String.valueOf(e.getMessage())));
      }
      throw e;
    }
  }

  private static List<State> states(List<Path> files) {
    List<State> states = new ArrayList<>();
    for (Path file : files) {
      try {
        states.add(new State(Files.size(file), Files.getLastModifiedTime(file).toMillis()));
      } catch (IOException e) {
        states.add(new State(-1, -1));
      }
    }
    return states;
  }
}
