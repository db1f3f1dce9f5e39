package dev.reelbeam.media.effect;

import dev.reelbeam.media.frame.YuvFrame;

/** The new picture pushes the old one out of the frame. */
public final class Push implements TransitionEffect {
  private final Direction direction;

  public Push(Direction direction) {
    this.direction = direction;
  }

  @Override
  public void mix(YuvFrame frame, YuvFrame incoming, Progress progress) {
    int length = direction.across(frame.width(), frame.height());
    int shift = Move.evenShift(length, progress.eased());
    Move.within(frame, direction, shift);
    Move.onto(frame, incoming, direction, shift - length);
  }
}
