package dev.reelbeam.media.effect;

/**
 * How far a transition has come, in whole frames: what it shows depends on nothing else.
 *
 * @param done 0 shows the old picture alone, {@code of} the new one alone
 * @param of frames of the transition plus one, so that none of its frames repeats a pure picture
 */
public record Progress(int done, int of) {
  public Progress {
    if (of < 1 || done < 0 || done > of) {
      throw new IllegalArgumentException("no progress: " + done + " of " + of);
    }
  }

  /** From 0 to 1, evenly. */
  double share() {
    return (double) done / of;
  }

  /** From 0 to 1, slow at both ends. */
  double eased() {
    return Easing.inOut(share());
  }

  /** From 0 at both ends to 1 in the middle. */
  double swell() {
    return 4 * share() * (1 - share());
  }

  /** A share in 1/256. */
  static int weight(double share) {
    return (int) (share * 256 + 0.5);
  }

  /** The part of this progress between two shares, from 0 to 1. */
  double within(double from, double to) {
    return Math.min(1, Math.max(0, (share() - from) / (to - from)));
  }
}
