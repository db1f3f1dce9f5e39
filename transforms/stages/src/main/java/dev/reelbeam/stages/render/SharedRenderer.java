package dev.reelbeam.stages.render;

import dev.reelbeam.media.render.SegmentRenderer;
import org.jspecify.annotations.Nullable;

/**
 * One renderer for all workers of a process, so that its caches and the picture being decoded count
 * once in the memory budget, and a picture that several workers show is decoded once.
 */
final class SharedRenderer {
  private static @Nullable SegmentRenderer shared;
  private static int users;

  private SharedRenderer() {}

  /** The renderer; every call is answered by one of {@link #release}. */
  static synchronized SegmentRenderer acquire() {
    SegmentRenderer renderer = shared;
    if (renderer == null) {
      renderer = new SegmentRenderer();
      shared = renderer;
    }
    users++;
    return renderer;
  }

  /** Lets go of it; the last one empties the caches. */
  static synchronized void release() {
    users--;
    SegmentRenderer renderer = shared;
    if (users == 0 && renderer != null) {
      renderer.close();
      shared = null;
    }
  }
}
