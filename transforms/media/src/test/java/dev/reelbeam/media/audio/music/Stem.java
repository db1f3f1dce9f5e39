package dev.reelbeam.media.audio.music;

/**
 * One stereo layer of a loop. It is a ring: what sounds past the end goes on at the start, so that
 * the loop has no seam.
 */
final class Stem {
  final double[] left;
  final double[] right;

  Stem(int samples) {
    left = new double[samples];
    right = new double[samples];
  }

  int samples() {
    return left.length;
  }

  /** Adds a sample; {@code pan} goes from -1 (left) to 1, at constant power. */
  void add(long at, double value, double pan) {
    int index = (int) Math.floorMod(at, (long) left.length);
    double angle = (pan + 1) * Math.PI / 4;
    left[index] += value * StrictMath.cos(angle);
    right[index] += value * StrictMath.sin(angle);
  }

  /** Adds another stem at a level in decibels. */
  void mixIn(Stem other, double decibels) {
    double gain = StrictMath.pow(10, decibels / 20);
    for (int i = 0; i < left.length; i++) {
      left[i] += gain * other.left[i];
      right[i] += gain * other.right[i];
    }
  }

  Stem copy() {
    Stem copy = new Stem(left.length);
    copy.mixIn(this, 0);
    return copy;
  }

  /** Scales to an RMS level in decibels below full scale. */
  Stem leveled(double decibels) {
    double energy = 1e-12;
    for (int i = 0; i < left.length; i++) {
      energy += left[i] * left[i] + right[i] * right[i];
    }
    double gain = StrictMath.pow(10, decibels / 20) / Math.sqrt(energy / (2.0 * left.length));
    for (int i = 0; i < left.length; i++) {
      left[i] *= gain;
      right[i] *= gain;
    }
    return this;
  }
}
