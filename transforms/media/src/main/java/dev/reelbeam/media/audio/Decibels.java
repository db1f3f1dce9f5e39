package dev.reelbeam.media.audio;

/** Conversions that give the same bits on every machine. */
final class Decibels {
  private Decibels() {}

  /** The factor on amplitudes for a gain in thousandths of a decibel. */
  static double factor(int milliDb) {
    return StrictMath.pow(10, milliDb / 20_000.0);
  }

  /** The gain in thousandths of a decibel for a factor on amplitudes. */
  static int milliDb(double factor) {
    return (int) StrictMath.rint(20_000 * StrictMath.log10(factor));
  }
}
