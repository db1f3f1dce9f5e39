package dev.reelbeam.media.composition;

import java.io.Serializable;

/**
 * Which part of a clip a shot plays, and how. What frame {@code n} of the shot shows depends on
 * nothing but the clip, this and {@code n}: of the frames of the clip the last one that has begun
 * by the middle of frame {@code n}, so clips of any frame rate, varying ones too, keep their pace.
 *
 * @param inUs where it begins, in microseconds from the clip's first frame
 * @param outUs where it ends; greater than {@code inUs}
 * @param loop whether it begins again at its end; else the last frame stays
 * @param speedPermille 1000 is the clip's own pace, 500 half of it; 250 to 4000
 * @param soundPercent how loud the clip's own sound is, against the narration; 0 for silent, at
 *     most 200
 */
public record Playback(long inUs, long outUs, boolean loop, int speedPermille, int soundPercent)
    implements Serializable {
  /** Longest position in a clip: a day. */
  private static final long MAX_US = 86_400_000_000L;

  public Playback {
    Require.that(
        inUs >= 0 && outUs > inUs && outUs <= MAX_US,
        "a clip is played from a time to a later one: %d to %d",
        inUs,
        outUs);
    Require.that(
        speedPermille >= 250 && speedPermille <= 4000,
        "speedPermille must be 250..4000: %d",
        speedPermille);
    Require.that(
        soundPercent >= 0 && soundPercent <= 200, "soundPercent must be 0..200: %d", soundPercent);
  }

  /** A part of a clip at its own pace, without its sound. */
  public static Playback of(long inUs, long outUs) {
    return new Playback(inUs, outUs, false, 1000, 0);
  }

  /** The same, beginning again at its end. */
  public Playback looped() {
    return new Playback(inUs, outUs, true, speedPermille, soundPercent);
  }

  /** The same at another pace. */
  public Playback withSpeed(int newSpeedPermille) {
    return new Playback(inUs, outUs, loop, newSpeedPermille, soundPercent);
  }

  /** The same with its own sound at a level. */
  public Playback withSound(int newSoundPercent) {
    return new Playback(inUs, outUs, loop, speedPermille, newSoundPercent);
  }

  /** What is seen of it: sound leaves no trace in a picture. */
  public Playback silent() {
    return soundPercent == 0 ? this : withSound(0);
  }

  /**
   * The position in the clip that a frame shows.
   *
   * @param frame of the shot, from 0
   * @param frameRate of the timeline, frames per second
   * @return microseconds from the clip's first frame, within the part that is played
   */
  public long sourceUs(int frame, int frameRate) {
    long playedUs = playedUs(frame, frameRate);
    long span = outUs - inUs;
    return inUs + (loop ? playedUs % span : Math.min(playedUs, span - 1));
  }

  private long playedUs(int frame, int frameRate) {
    return (2L * frame + 1) * 1000 * speedPermille / (2L * frameRate);
  }

  /**
   * The same up to a frame, without what only later ones would reach: where it ends, and whether it
   * begins again then.
   *
   * @param lastFrame of the shot that is seen
   * @param frameRate of the timeline, frames per second
   */
  public Playback upTo(int lastFrame, int frameRate) {
    if (loop && playedUs(lastFrame, frameRate) >= outUs - inUs) {
      return this;
    }
    long reachedUs = sourceUs(lastFrame, frameRate) + 1;
    return new Playback(inUs, reachedUs, false, speedPermille, soundPercent);
  }

  /** Microseconds of the clip that so many frames play, loops not counted. */
  public static long spanUs(int frames, int frameRate, int speedPermille) {
    return (long) frames * 1000 * speedPermille / frameRate;
  }
}
