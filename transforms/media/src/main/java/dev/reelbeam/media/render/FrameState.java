package dev.reelbeam.media.render;

import dev.reelbeam.media.composition.Overlay;
import dev.reelbeam.media.effect.BlendOverlay;
import dev.reelbeam.media.effect.Easing;
import dev.reelbeam.media.effect.KenBurns;
import dev.reelbeam.media.effect.Progress;
import dev.reelbeam.media.effect.TransitionEffect;
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
   * @param progress how far the last one has come in by the segment's transition; null when that is
   *     over
   */
  record Ground(
      @Nullable Window outgoing, @Nullable Window incoming, @Nullable Progress progress) {}

  /** An overlay in its place. */
  record Raster(MediaRef ref, int x, int y, int opacity) {}

  /**
   * The state of a frame.
   *
   * @param plates one for each slice of the segment
   * @param effect of the last slice's transition
   * @param frame from 0
   */
  static FrameState at(Segment segment, List<Plate> plates, TransitionEffect effect, int frame) {
    return new FrameState(ground(segment, plates, effect, frame), rasters(segment, frame));
  }

  private static Ground ground(
      Segment segment, List<Plate> plates, TransitionEffect effect, int frame) {
    int last = segment.slices().size() - 1;
    ShotSlice slice = segment.slices().get(last);
    int frames = slice.incoming().frames();
    int since = frame - slice.startFrame();
    Window incoming = KenBurns.window(plates.get(last), since, slice.visibleFrames());
    if (since >= frames) {
      return new Ground(null, incoming, null);
    }
    if (last == 0) {
      // Nothing before it: the whole length is the second half, the way out of the colour.
      return new Ground(null, incoming, new Progress(frames + since + 2, 2 * (frames + 1)));
    }
    Progress progress = new Progress(since + 1, frames + 1);
    ShotSlice before = segment.slices().get(0);
    Window outgoing =
        KenBurns.window(plates.get(0), frame - before.startFrame(), before.visibleFrames());
    return new Ground(
        effect.showsOld(progress) ? effect.oldWindow(outgoing, progress) : null,
        effect.showsNew(progress) ? effect.newWindow(incoming, progress) : null,
        progress);
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
