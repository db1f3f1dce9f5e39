package dev.reelbeam.stages.render;

import dev.reelbeam.media.codec.Encoders;
import dev.reelbeam.model.failure.FailureCode;
import java.io.Serializable;
import java.util.HashSet;
import java.util.Set;

/** An encoder that a worker has to have. */
record WorkerEncoder(String name) implements Serializable {
  /** Those that work in this process; what did not is tried anew, a driver may have come since. */
  private static final Set<String> WORKING = new HashSet<>();

  /**
   * Checks in a worker's set-up that the encoder works here, by encoding a few frames once per
   * process.
   *
   * @throws IllegalStateException {@code 5042 POOL_WITHOUT_ENCODER}, with the reason
   */
  void requireHere() {
    synchronized (WORKING) {
      if (WORKING.contains(name)) {
        return;
      }
      Encoders.Trial trial = Encoders.tryOut(name);
      if (!trial.works()) {
        throw new IllegalStateException(
            FailureCode.POOL_WITHOUT_ENCODER.label()
                + ": this worker cannot encode by "
                + name
                + ": "
                + trial.problem()
                + ". "
                + FailureCode.POOL_WITHOUT_ENCODER.remedy());
      }
      WORKING.add(name);
    }
  }
}
