package dev.reelbeam.media.composition;

import java.util.Locale;

/** Checks of wiring: a failed one is a defect of the caller, not of a content record. */
final class Require {
  private Require() {}

  static void that(boolean holds, String message, Object... arguments) {
    if (!holds) {
      throw new IllegalArgumentException(String.format(Locale.ROOT, message, arguments));
    }
  }
}
