package dev.reelbeam.media.render;

import dev.reelbeam.media.composition.Overlay;
import dev.reelbeam.media.effect.BlendOverlay;
import dev.reelbeam.media.effect.Easing;
import dev.reelbeam.media.effect.Progress;
import dev.reelbeam.media.effect.TransitionEffect;
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
   * @param outgoing what is seen of the first shot, null for nothing
   * @param incoming what is seen of the last shot, null for nothing
   * @param progress how far the last one has come in by the segment's transition; null when that is
   *     over
   */
  record Ground(@Nullable Seen outgoing, @Nullable Seen incoming, @Nullable Progress progress) {}

  /** An overlay in its place. */
  record Raster(MediaRef ref, int x, int y, int opacity) {}

  /**
   * The state of a frame.
   *
   * @param painters one for each slice of the segment
   * @param effect of the last slice's transition
   * @param frame from 0
   */
  static FrameState at(
      Segment segment, List<ShotPainter> painters, TransitionEffect effect, int frame) {
    return new FrameState(ground(segment, painters, effect, frame), rasters(segment, frame));
  }

  private static Ground ground(
      Segment segment, List<ShotPainter> painters, TransitionEffect effect, int frame) {
    int last = segment.slices().size() - 1;
    ShotSlice slice = segment.slices().get(last);
    int frames = slice.incoming().frames();
    int since = frame - slice.startFrame();
    Seen incoming = painters.get(last).at(since);
    if (since >= frames) {
      return new Ground(null, incoming, null);
    }
    if (last == 0) {
      // Nothing before it: the whole length is the second half, the way out of the colour.
      return new Ground(null, incoming, new Progress(frames + since + 2, 2 * (frames + 1)));
    }
    Progress progress = new Progress(since + 1, frames + 1);
    Seen outgoing = painters.get(0).at(frame - segment.slices().get(0).startFrame());
    return new Ground(
        effect.showsOld(progress)
            ? outgoing.through(effect.oldWindow(outgoing.window(), progress))
            : null,
        effect.showsNew(progress)
            ? incoming.through(effect.newWindow(incoming.window(), progress))
            : null,
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
