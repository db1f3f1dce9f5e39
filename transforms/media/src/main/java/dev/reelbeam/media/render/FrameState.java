package dev.reelbeam.media.render;

import dev.reelbeam.media.composition.Overlay;
import dev.reelbeam.media.composition.Transition;
import dev.reelbeam.media.composition.TransitionKind;
import dev.reelbeam.media.effect.BlendOverlay;
import dev.reelbeam.media.effect.Easing;
import dev.reelbeam.media.effect.KenBurns;
import dev.reelbeam.media.effect.Slide;
import dev.reelbeam.media.frame.Plate;
import dev.reelbeam.media.frame.Window;
import dev.reelbeam.model.store.MediaRef;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * All that decides the pixels of one frame of a segment. Equal states give equal pixels, so a frame
 * whose state is that of the frame before is not drawn again.
 */
record FrameState(Ground ground, List<Raster> rasters) {

  /**
   * What lies under the overlays.
   *
   * @param outgoing window of the first shot, null if it is not seen
   * @param incoming window of the last shot, null if it is not seen
   * @param kind how the two meet
   * @param progress how far the last one has come in, 0 to 256 (dissolve, fade), or in frame pixels
   * @param rgb colour of a fade
   */
  record Ground(
      @Nullable Window outgoing,
      @Nullable Window incoming,
      TransitionKind kind,
      int progress,
      int rgb) {}

  /** An overlay in its place. */
  record Raster(MediaRef ref, int x, int y, int opacity) {}

  /**
   * The state of a frame.
   *
   * @param plates one for each slice of the segment
   * @param frame from 0
   */
  static FrameState at(Segment segment, List<Plate> plates, int frame) {
    return new FrameState(ground(segment, plates, frame), rasters(segment, frame));
  }

  private static Ground ground(Segment segment, List<Plate> plates, int frame) {
    int last = segment.slices().size() - 1;
    ShotSlice slice = segment.slices().get(last);
    Transition transition = slice.incoming();
    int since = frame - slice.startFrame();
    Window incoming = KenBurns.window(plates.get(last), since, slice.visibleFrames());
    if (since >= transition.frames()) {
      return new Ground(null, incoming, TransitionKind.CUT, 0, 0);
    }
    Window outgoing = null;
    if (last > 0) {
      ShotSlice before = segment.slices().get(0);
      outgoing =
          KenBurns.window(plates.get(0), frame - before.startFrame(), before.visibleFrames());
    }
    double share = (since + 1.0) / (transition.frames() + 1);
    return switch (transition.kind()) {
      case CUT -> throw new IllegalStateException("a cut has no frames");
      case DISSOLVE ->
          new Ground(outgoing, incoming, TransitionKind.DISSOLVE, (int) (share * 256 + 0.5), 0);
      case FADE -> fade(outgoing, incoming, transition.rgb(), share);
      case SLIDE_LEFT ->
          new Ground(
              outgoing,
              incoming,
              TransitionKind.SLIDE_LEFT,
              Slide.evenShift(segment.canvas().width(), Easing.inOut(share)),
              0);
      case SLIDE_UP ->
          new Ground(
              outgoing,
              incoming,
              TransitionKind.SLIDE_UP,
              Slide.evenShift(segment.canvas().height(), Easing.inOut(share)),
              0);
    };
  }

  private static Ground fade(
      @Nullable Window outgoing, @Nullable Window incoming, int rgb, double share) {
    if (outgoing == null) {
      // Nothing before it: the whole length is the way out of the colour.
      return new Ground(null, incoming, TransitionKind.FADE, weight(1 - share), rgb);
    }
    return share < 0.5
        ? new Ground(outgoing, null, TransitionKind.FADE, weight(2 * share), rgb)
        : new Ground(null, incoming, TransitionKind.FADE, weight(2 - 2 * share), rgb);
  }

  private static int weight(double share) {
    return (int) (share * 256 + 0.5);
  }

  private static List<Raster> rasters(Segment segment, int frame) {
    List<Raster> rasters = new ArrayList<>();
    for (Overlay overlay : segment.overlays()) {
      if (frame < overlay.startFrame() || frame >= overlay.endFrame()) {
        continue;
      }
      double in = (frame - overlay.startFrame() + 1.0) / (overlay.fadeInFrames() + 1);
      double out = (double) (overlay.endFrame() - frame) / (overlay.fadeOutFrames() + 1);
      int opacity = (int) (BlendOverlay.OPAQUE * Math.min(1, Math.min(in, out)) + 0.5);
      double away = 1 - Easing.out(in);
      rasters.add(
          new Raster(
              overlay.raster(),
              overlay.x() + evenOffset(overlay.slideDx(), away),
              overlay.y() + evenOffset(overlay.slideDy(), away),
              opacity));
    }
    return List.copyOf(rasters);
  }

  /** Even offsets keep a raster's parity, so that one conversion serves the whole slide. */
  private static int evenOffset(int distance, double share) {
    return (int) Math.rint(distance * share / 2) * 2;
  }
}
