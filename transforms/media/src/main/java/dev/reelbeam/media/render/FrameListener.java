package dev.reelbeam.media.render;

/** Hears of progress; called on the rendering thread, so it returns quickly. */
@FunctionalInterface
public interface FrameListener {
  /** Hears nothing. */
  FrameListener NONE = (done, total) -> {};

  /** So many of all frames are encoded. */
  void rendered(int done, int total);
}
