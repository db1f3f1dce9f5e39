package dev.reelbeam.media.effect;

import dev.reelbeam.media.frame.YuvFrame;

/** The old picture slides away over the new one, which comes out of its shade. */
public final class Reveal implements TransitionEffect {
  /** Way of the new picture for one of the old one, in 1/256. */
  private static final int PARALLAX = 56;

  private static final int DIMMING = 110;
  private static final int SHADOW = 150;

  private final Direction direction;

  public Reveal(Direction direction) {
    this.direction = direction;
  }

  @Override
  public void mix(YuvFrame frame, YuvFrame incoming, Progress progress) {
    int length = direction.across(frame.width(), frame.height());
    int shift = Move.evenShift(length, progress.eased());
    int rest = length - shift;
    Move.within(incoming, opposite(), (rest * PARALLAX >> 8) & ~1);
    FadeColour.into(incoming, 0x000000, DIMMING * rest / length);
    Move.shadow(incoming, opposite(), rest, Progress.weight(progress.swell()) * SHADOW >> 8);
    Move.onto(incoming, frame, direction, shift);
    frame.copyFrom(incoming);
  }

  private Direction opposite() {
    return switch (direction) {
      case LEFT -> Direction.RIGHT;
      case RIGHT -> Direction.LEFT;
      case UP -> Direction.DOWN;
      case DOWN -> Direction.UP;
    };
  }
}
