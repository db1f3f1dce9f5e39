package dev.reelbeam.stages.flow;

import dev.reelbeam.model.store.MediaRef;
import org.jspecify.annotations.Nullable;

/**
 * What became of a request: exactly one result each, ok or failed.
 *
 * @param bytes the segment, null when it failed
 * @param found whether it was found rather than rendered
 * @param failureCode name of the failure code, null when ok
 * @param failureMessage what happened, null when ok
 */
public record SegmentResult(
    String renderId,
    int index,
    @Nullable MediaRef bytes,
    boolean found,
    @Nullable String failureCode,
    @Nullable String failureMessage) {
  /** In place of a failure code: the render's epoch is over, nobody waits for it any more. */
  public static final String DROPPED = "DROPPED";

  /** The result of a request that is not worth doing any more. */
  public static SegmentResult dropped(String renderId, int index) {
    return new SegmentResult(renderId, index, null, false, DROPPED, "its epoch is over");
  }

  public boolean isDropped() {
    return DROPPED.equals(failureCode);
  }
}
