package dev.reelbeam.media.render;

import dev.reelbeam.media.frame.YuvFrame;
import dev.reelbeam.model.failure.StageException;

/**
 * Paints one shot of a segment, in whatever order its frames are asked for. For one thread; closed
 * with its segment.
 */
interface ShotPainter extends AutoCloseable {
  /**
   * What a frame shows.
   *
   * @param frame of the shot, from 0
   */
  Seen at(int frame);

  /** Fills the target, of the canvas' size, with what is seen. */
  void paint(Seen seen, YuvFrame target) throws StageException;

  @Override
  default void close() {}
}
