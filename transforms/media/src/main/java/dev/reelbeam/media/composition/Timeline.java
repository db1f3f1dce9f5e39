package dev.reelbeam.media.composition;

import java.io.Serializable;
import java.util.List;

/**
 * Everything that a video shows, frame by frame.
 *
 * @param canvas picture area and frame rate
 * @param shots in order of time; the first starts at frame 0, each lasts at least two frames and at
 *     least as long as its own transition; the first comes in by a cut or a fade
 * @param overlays in any order; the layer decides what lies on top
 * @param totalFrames exact length
 */
public record Timeline(Canvas canvas, List<Shot> shots, List<Overlay> overlays, int totalFrames)
    implements Serializable {
  /** Shortest shot, and so the shortest segment. */
  public static final int MIN_SHOT_FRAMES = 2;

  /** Longest timeline: an hour at 60 frames per second. */
  public static final int MAX_FRAMES = 216_000;

  public Timeline {
    shots = List.copyOf(shots);
    overlays = List.copyOf(overlays);
    Require.that(
        totalFrames >= MIN_SHOT_FRAMES && totalFrames <= MAX_FRAMES,
        "totalFrames must be 2..216000: %d",
        totalFrames);
    Require.that(!shots.isEmpty(), "a timeline needs a shot");
    Require.that(
        shots.get(0).startFrame() == 0,
        "the first shot starts at frame 0: %d",
        shots.get(0).startFrame());
    TransitionKind first = shots.get(0).incoming().kind();
    Require.that(
        first == TransitionKind.CUT || first == TransitionKind.FADE,
        "the first shot has nothing before it: use a cut or a fade, not %s",
        first);
    for (int i = 0; i < shots.size(); i++) {
      int frames = endOfShot(shots, i, totalFrames) - shots.get(i).startFrame();
      Require.that(
          frames >= MIN_SHOT_FRAMES, "shot %d lasts %d frames, at least 2 are needed", i, frames);
      Require.that(
          shots.get(i).incoming().frames() <= frames,
          "shot %d lasts %d frames, its transition %d",
          i,
          frames,
          shots.get(i).incoming().frames());
    }
    for (Overlay overlay : overlays) {
      Require.that(
          overlay.startFrame() < totalFrames && overlay.endFrame() > 0,
          "overlay %d..%d lies outside the timeline of %d frames",
          overlay.startFrame(),
          overlay.endFrame(),
          totalFrames);
    }
  }

  /** First frame that belongs to the next shot, or the end. */
  public int endOfShot(int index) {
    return endOfShot(shots, index, totalFrames);
  }

  /** Number of frames in which the shot is drawn, under the next shot's transition too. */
  public int visibleFrames(int index) {
    int takenOver = index + 1 < shots.size() ? shots.get(index + 1).incoming().frames() : 0;
    return endOfShot(index) + takenOver - shots.get(index).startFrame();
  }

  private static int endOfShot(List<Shot> shots, int index, int totalFrames) {
    return index + 1 < shots.size() ? shots.get(index + 1).startFrame() : totalFrames;
  }
}
