package dev.reelbeam.media.render;

import dev.reelbeam.media.composition.Canvas;
import dev.reelbeam.media.composition.Overlay;
import dev.reelbeam.media.composition.PictureInPicture;
import dev.reelbeam.media.composition.Playback;
import dev.reelbeam.media.composition.Shot;
import dev.reelbeam.media.composition.Timeline;
import dev.reelbeam.media.composition.Transition;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;

/**
 * Cuts a timeline into segments: at the start of every shot, and evenly within shots of more than
 * {@value #MAX_SECONDS} seconds. Segments follow each other without gap and without overlap.
 */
public final class SegmentCutter {
  /** Longest segment. */
  public static final int MAX_SECONDS = 4;

  private SegmentCutter() {}

  /** The segments of a timeline, in order. */
  public static List<Segment> cut(Timeline timeline) {
    List<Overlay> drawingOrder = new ArrayList<>(timeline.overlays());
    // The sort is stable: equal layers keep their order.
    drawingOrder.sort(Comparator.comparingInt(Overlay::layer));
    int longest = MAX_SECONDS * timeline.canvas().frameRate();
    List<Segment> segments = new ArrayList<>();
    for (int index = 0; index < timeline.shots().size(); index++) {
      int start = timeline.shots().get(index).startFrame();
      int length = timeline.endOfShot(index) - start;
      int parts = (length + longest - 1) / longest;
      if (length / parts < Timeline.MIN_SHOT_FRAMES) {
        parts = 1;
      }
      for (int part = 0; part < parts; part++) {
        int from = start + (int) ((long) length * part / parts);
        int to = start + (int) ((long) length * (part + 1) / parts);
        segments.add(slice(timeline, drawingOrder, index, from, to));
      }
    }
    return List.copyOf(segments);
  }

  /** The slice of one shot from one frame to before another, whatever its length. */
  static Segment slice(Timeline timeline, List<Overlay> drawingOrder, int index, int from, int to) {
    Shot shot = timeline.shots().get(index);
    boolean takingOver = from < shot.startFrame() + shot.incoming().frames();
    List<ShotSlice> slices = new ArrayList<>();
    if (takingOver && index > 0) {
      // Seen no longer than the transition lasts, whatever its clip does after that.
      int over = Math.min(to, shot.startFrame() + shot.incoming().frames());
      slices.add(shotSlice(timeline, index - 1, from, to, over, Transition.CUT));
    }
    slices.add(
        shotSlice(timeline, index, from, to, to, takingOver ? shot.incoming() : Transition.CUT));
    List<Overlay> overlays = new ArrayList<>();
    for (Overlay overlay : drawingOrder) {
      boolean inTime = overlay.startFrame() < to && overlay.endFrame() > from;
      if (inTime && !outside(overlay, timeline.canvas())) {
        overlays.add(overlaySlice(overlay, from, to));
      }
    }
    return new Segment(timeline.canvas(), to - from, slices, overlays);
  }

  /**
   * A shot as a segment shows it.
   *
   * @param seenTo frame of the timeline before which it is seen for the last time
   */
  private static ShotSlice shotSlice(
      Timeline timeline, int index, int from, int to, int seenTo, Transition incoming) {
    Shot shot = timeline.shots().get(index);
    int start = shot.startFrame() - from;
    int visibleFrames = timeline.visibleFrames(index);
    Playback playback = shot.playback();
    PictureInPicture inset = shot.inset();
    boolean plays = playback != null || (inset != null && inset.playback() != null);
    if (shot.motion().still()) {
      // A picture that does not move has no phase: only its own transition does. A clip has one.
      start = incoming.frames() == 0 && !plays ? 0 : start;
      visibleFrames = to - from - start;
    }
    int last = seenTo - from - 1 - start;
    int frameRate = timeline.canvas().frameRate();
    return new ShotSlice(
        shot.still(),
        shot.motion(),
        incoming,
        start,
        visibleFrames,
        playback == null ? null : playback.silent().upTo(last, frameRate),
        inset == null ? null : inset.seenUpTo(last, frameRate));
  }

  /** Whether it lies to the right of the picture or below it, and stays there. */
  private static boolean outside(Overlay overlay, Canvas canvas) {
    int leftmost = overlay.x() + Math.min(0, overlay.slideDx());
    int topmost = overlay.y() + Math.min(0, overlay.slideDy());
    return leftmost >= canvas.width() || topmost >= canvas.height();
  }

  private static Overlay overlaySlice(Overlay overlay, int from, int to) {
    int start = overlay.startFrame() - from;
    int end = overlay.endFrame() - from;
    int fadeIn = overlay.fadeInFrames();
    int fadeOut = overlay.fadeOutFrames();
    int frames = to - from;
    if (start + fadeIn <= 0) {
      start = 0;
      fadeIn = 0;
    }
    if (end - fadeOut >= frames) {
      end = frames;
      fadeOut = 0;
    }
    return new Overlay(
        overlay.raster(),
        overlay.x(),
        overlay.y(),
        start,
        end,
        fadeIn,
        fadeOut,
        overlay.slideDx(),
        overlay.slideDy(),
        // The list is in drawing order already.
        0);
  }
}
