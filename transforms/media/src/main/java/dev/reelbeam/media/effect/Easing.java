package dev.reelbeam.media.effect;

/** Curves from 0 to 1 of polynomial form: exact to the last bit on every machine. */
public final class Easing {
  private Easing() {}

  /** Slow at both ends (the cubic Hermite, known as smoothstep). */
  public static double inOut(double t) {
    double c = clamp(t);
    return c * c * (3 - 2 * c);
  }

  /** Fast at first, slow at the end (cubic). */
  public static double out(double t) {
    double rest = 1 - clamp(t);
    return 1 - rest * rest * rest;
  }

  private static double clamp(double t) {
    return Math.min(1, Math.max(0, t));
  }
}
