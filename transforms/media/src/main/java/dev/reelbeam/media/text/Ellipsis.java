package dev.reelbeam.media.text;

/** Shortens texts at the end of a word, with an ellipsis for what is missing. */
public final class Ellipsis {
  private Ellipsis() {}

  /** At most {@code maxChars} UTF-16 units, the ellipsis included; never half a character. */
  public static String shorten(String text, int maxChars) {
    String clean = text.strip();
    if (clean.length() <= maxChars) {
      return clean;
    }
    if (maxChars <= 1) {
      return maxChars <= 0 ? "" : "…";
    }
    int end = maxChars - 1;
    int space = clean.lastIndexOf(' ', end);
    // A break far back would lose more than half a word does.
    if (space > end / 2) {
      end = space;
    } else if (Character.isLowSurrogate(clean.charAt(end))) {
      end--;
    }
    while (end > 0 && " ,;:–—-".indexOf(clean.charAt(end - 1)) >= 0) {
      end--;
    }
    return clean.substring(0, end) + "…";
  }
}
