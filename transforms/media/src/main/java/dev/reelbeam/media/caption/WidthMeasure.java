package dev.reelbeam.media.caption;

/** How wide text is when it is drawn. */
@FunctionalInterface
public interface WidthMeasure {
  /** Width in pixels of one word, or of the gap between two words for a single space. */
  double widthPx(String text);
}
