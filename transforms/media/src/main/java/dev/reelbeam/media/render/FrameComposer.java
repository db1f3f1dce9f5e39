package dev.reelbeam.media.render;

import dev.reelbeam.media.composition.Canvas;
import dev.reelbeam.media.effect.BlendOverlay;
import dev.reelbeam.media.effect.Progress;
import dev.reelbeam.media.effect.TransitionEffect;
import dev.reelbeam.media.frame.OverlayRaster;
import dev.reelbeam.media.frame.Plate;
import dev.reelbeam.media.frame.YuvFrame;
import dev.reelbeam.model.failure.StageException;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Draws the frames of one segment. Every frame is a pure function of segment and frame number; what
 * is remembered between frames only saves work. For one thread.
 */
final class FrameComposer implements AutoCloseable {
  /** Gives rasters, converted for a parity. */
  interface Rasters {
    OverlayRaster raster(FrameState.Raster raster) throws StageException;
  }

  private final Segment segment;
  private final List<ShotPainter> painters;
  private final Rasters rasters;
  private final TransitionEffect effect;
  private final YuvFrame frame;
  private final YuvFrame other;
  private final YuvFrame ground;
  private FrameState.@Nullable Ground groundDrawn;
  private @Nullable FrameState drawn;

  /**
   * @param painters one for each slice; closed with the composer
   */
  FrameComposer(Segment segment, List<ShotPainter> painters, Rasters rasters) {
    Canvas canvas = segment.canvas();
    this.segment = segment;
    this.painters = painters;
    this.rasters = rasters;
    this.effect = segment.slices().get(segment.slices().size() - 1).incoming().effect();
    this.frame = new YuvFrame(canvas.width(), canvas.height());
    this.other = new YuvFrame(canvas.width(), canvas.height());
    this.ground = new YuvFrame(canvas.width(), canvas.height());
  }

  /**
   * Draws a frame if it differs from the one drawn before.
   *
   * @return whether {@link #frame} has changed
   */
  boolean draw(int number) throws StageException {
    FrameState state = FrameState.at(segment, painters, effect, number);
    if (state.equals(drawn)) {
      return false;
    }
    if (state.ground().equals(groundDrawn)) {
      frame.copyFrom(ground);
    } else {
      drawGround(state.ground());
      groundDrawn = null;
      // Now painters know which frames of their clips these are, and how long they are seen.
      state = FrameState.at(segment, painters, effect, number);
      boolean stays =
          number + 1 < segment.frames()
              && FrameState.at(segment, painters, effect, number + 1)
                  .ground()
                  .equals(state.ground());
      if (stays) {
        ground.copyFrom(frame);
        groundDrawn = state.ground();
      }
    }
    for (FrameState.Raster raster : state.rasters()) {
      BlendOverlay.over(frame, rasters.raster(raster), raster.x(), raster.y(), raster.opacity());
    }
    drawn = state;
    return true;
  }

  /** What a slice of the segment shows of its picture; for measuring. */
  Plate plate(int slice) {
    if (painters.get(slice) instanceof StillPainter still) {
      return still.plate();
    }
    throw new IllegalArgumentException("slice " + slice + " is no plain picture");
  }

  /** The latest frame; the next {@link #draw} changes it. */
  YuvFrame frame() {
    return frame;
  }

  private void drawGround(FrameState.Ground state) throws StageException {
    Seen outgoing = state.outgoing();
    Seen incoming = state.incoming();
    ShotPainter last = painters.get(painters.size() - 1);
    if (outgoing != null) {
      painters.get(0).paint(outgoing, frame);
    }
    if (incoming != null) {
      last.paint(incoming, outgoing == null ? frame : other);
    }
    Progress progress = state.progress();
    if (progress != null) {
      effect.mix(frame, other, progress);
    }
  }

  /** Lets go of clips. */
  @Override
  public void close() {
    painters.forEach(ShotPainter::close);
  }
}
