package dev.reelbeam.voices;

/** Finds the tokens of an engine again, in order, in the text that it was given. */
final class TextCursor {
  private final String text;
  private int position;

  TextCursor(String text) {
    this.text = text;
  }

  /**
   * The next place of {@code token} at or after the last one found, -1 if it is not there. A token
   * that is not found does not move the cursor.
   */
  int find(String token) {
    if (token.isEmpty()) {
      return -1;
    }
    int limit = text.length() - token.length();
    for (int i = position; i <= limit; i++) {
      if (text.regionMatches(/* ignoreCase= */ true, i, token, 0, token.length())) {
        position = i + token.length();
        return i;
      }
    }
    return -1;
  }

  String text(int start, int end) {
    return text.substring(start, end);
  }
}
