package dev.reelbeam.media.effect;

import dev.reelbeam.media.frame.YuvFrame;

/** A soft edge goes aslant across the frame, the new picture behind it. */
public final class Diagonal implements TransitionEffect {
  /** How far the edge lags behind at its far end, in 1/16 of the length of the edge. */
  private static final int SLANT = 10;

  /** Width of the soft edge, in 1/16 of the way. */
  private static final int EDGE = 4;

  private final Direction direction;
  private final SoftEdge edge = new SoftEdge();

  public Diagonal(Direction direction) {
    this.direction = direction;
  }

  @Override
  public void mix(YuvFrame frame, YuvFrame incoming, Progress progress) {
    edge.mix(frame, incoming, Front.of(frame, direction, SLANT, EDGE, progress));
  }
}
