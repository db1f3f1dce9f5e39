package dev.reelbeam.media.text;

/** Weights of the bundled families; a family without one gives its nearest. */
public enum FontWeight {
  REGULAR,
  SEMIBOLD,
  BOLD,
  EXTRABOLD
}
