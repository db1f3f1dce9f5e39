package dev.reelbeam.model.store;

import dev.reelbeam.model.json.RecordJson;
import java.io.Serializable;
import java.util.List;

/**
 * The key under which the result of a step is found again: a hash of the step's name and version
 * and of everything that it reads.
 *
 * @param hex lower-case sha256
 */
public record StepKey(String hex) implements Serializable {

  /**
   * The key of one application of a step.
   *
   * @param step name of the step, for example {@code speak-sentence}
   * @param version raised whenever the same inputs may give another result
   * @param inputs records, strings, whole numbers, lists and maps of these; no floating point
   */
  public static StepKey of(String step, int version, Object... inputs) {
    return new StepKey(RecordJson.sha256(List.of(step, version, List.of(inputs))));
  }
}
