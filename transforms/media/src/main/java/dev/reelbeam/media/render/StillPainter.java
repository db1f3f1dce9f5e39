package dev.reelbeam.media.render;

import dev.reelbeam.media.effect.KenBurns;
import dev.reelbeam.media.effect.Warp;
import dev.reelbeam.media.frame.Plate;
import dev.reelbeam.media.frame.YuvFrame;

/** A picture under a camera move. */
final class StillPainter implements ShotPainter {
  private final Plate plate;
  private final int visibleFrames;
  private final Warp warp;

  StillPainter(Plate plate, int visibleFrames, Warp warp) {
    this.plate = plate;
    this.visibleFrames = visibleFrames;
    this.warp = warp;
  }

  Plate plate() {
    return plate;
  }

  @Override
  public Seen at(int frame) {
    return new Seen(KenBurns.window(plate, frame, visibleFrames), 0, 0);
  }

  @Override
  public void paint(Seen seen, YuvFrame target) {
    warp.resample(plate, seen.window(), target);
  }
}
