package dev.reelbeam.media.effect;

import dev.reelbeam.media.frame.YuvFrame;

/** The new picture slides over the old one, which gives way a little and falls into shade. */
public final class Slide implements TransitionEffect {
  /** Way of the old picture for one of the new one, in 1/256. */
  private static final int PARALLAX = 56;

  private static final int DIMMING = 110;
  private static final int SHADOW = 150;

  private final Direction direction;

  public Slide(Direction direction) {
    this.direction = direction;
  }

  @Override
  public void mix(YuvFrame frame, YuvFrame incoming, Progress progress) {
    int length = direction.across(frame.width(), frame.height());
    int shift = Move.evenShift(length, progress.eased());
    Move.within(frame, direction, (shift * PARALLAX >> 8) & ~1);
    FadeColour.into(frame, 0x000000, DIMMING * shift / length);
    Move.shadow(frame, direction, shift, Progress.weight(progress.swell()) * SHADOW >> 8);
    Move.onto(frame, incoming, direction, shift - length);
  }
}
