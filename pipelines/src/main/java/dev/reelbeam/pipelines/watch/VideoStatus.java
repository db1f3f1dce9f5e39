package dev.reelbeam.pipelines.watch;

import java.util.List;

/**
 * How far one video is.
 *
 * @param record id of its record
 * @param presets the deliveries it stands for
 * @param stage label of the stage it is in
 * @param segments segments of its render, 0 before it was cut
 * @param segmentsReady segments that are there
 * @param segmentsFound segments that were found
 * @param frames frames of its render, 0 before it was cut
 * @param framesReady frames found or rendered
 * @param state what became of it so far
 */
record VideoStatus(
    String record,
    List<String> presets,
    String stage,
    int segments,
    int segmentsReady,
    int segmentsFound,
    int frames,
    int framesReady,
    State state) {
  /** What became of a video so far. */
  enum State {
    WORKING,
    DONE,

    /** It waits for a decision, or one has refused it. */
    ASKED,
    DEAD
  }

  /** Rendered share in percent; 0 before it was cut. */
  int percent() {
    return frames == 0 ? 0 : (int) (100L * framesReady / frames);
  }
}
