package dev.reelbeam.media.effect;

import dev.reelbeam.media.frame.YuvFrame;

/** A soft edge goes straight across the frame, the new picture behind it. */
public final class Wipe implements TransitionEffect {
  /** Width of the soft edge, in 1/16 of the way across. */
  private static final int EDGE = 5;

  private final Direction direction;
  private final SoftEdge edge = new SoftEdge();

  public Wipe(Direction direction) {
    this.direction = direction;
  }

  @Override
  public void mix(YuvFrame frame, YuvFrame incoming, Progress progress) {
    edge.mix(frame, incoming, Front.of(frame, direction, /* slantSixteenths= */ 0, EDGE, progress));
  }
}
