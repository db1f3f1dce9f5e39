package dev.reelbeam.media.caption;

import java.util.Locale;

/** How captions look. */
public enum CaptionStyle {
  /** White heavy type with a dark outline; a filled pill in the accent colour behind the word. */
  PILL,
  /** White heavy type with a dark outline; the spoken word in the accent colour. */
  OUTLINE,
  /** White type on a dark box; the words already spoken in the accent colour. */
  KARAOKE;

  /** The style of a brand's {@code captionStyle}; the first one for an unknown name. */
  public static CaptionStyle named(String name) {
    for (CaptionStyle style : values()) {
      if (style.name().equals(name.strip().toUpperCase(Locale.ROOT))) {
        return style;
      }
    }
    return PILL;
  }
}
