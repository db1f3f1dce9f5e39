package dev.reelbeam.media.text;

/**
 * How a run of text is set.
 *
 * @param family font family, looked up without regard to case; unknown families give the default
 * @param sizePx size of the em in pixels, over 0
 * @param tracking extra space after each glyph in ems, for example {@code -0.01}; scripts that join
 *     their letters are never tracked
 */
public record TextStyle(String family, FontWeight weight, float sizePx, float tracking) {
  public TextStyle {
    if (!(sizePx > 0) || sizePx > 4_000) {
      throw new IllegalArgumentException("sizePx must lie in (0, 4000], was " + sizePx);
    }
  }

  public TextStyle(String family, FontWeight weight, float sizePx) {
    this(family, weight, sizePx, 0);
  }

  /** The same style at another size. */
  public TextStyle at(float newSizePx) {
    return new TextStyle(family, weight, newSizePx, tracking);
  }
}
