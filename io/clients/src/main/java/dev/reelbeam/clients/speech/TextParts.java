package dev.reelbeam.clients.speech;

import java.text.BreakIterator;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/** Cuts a text into parts that a provider takes, where a speaker would take a breath. */
final class TextParts {
  private TextParts() {}

  /**
   * A part of a text, without space at its ends.
   *
   * @param endsSentence whether a sentence ends with it
   */
  record Part(int start, int end, boolean endsSentence) {}

  /**
   * The fewest sentences-in-a-row parts of at most {@code maxChars}; a sentence that is longer is
   * cut behind a comma, else at a space, else in the middle of a word, never in one of a character.
   */
  static List<Part> of(String text, String language, int maxChars) {
    List<Part> parts = new ArrayList<>();
    BreakIterator sentences = BreakIterator.getSentenceInstance(Locale.forLanguageTag(language));
    sentences.setText(text);
    int start = 0;
    int fits = 0;
    for (int end = sentences.next(); end != BreakIterator.DONE; end = sentences.next()) {
      if (strippedEnd(text, start, end) - start > maxChars && fits > start) {
        add(parts, text, start, fits, true);
        start = fits;
      }
      while (strippedEnd(text, start, end) - start > maxChars) {
        int cut = cut(text, start, start + maxChars);
        add(parts, text, start, cut, false);
        start = cut;
      }
      fits = end;
    }
    add(parts, text, start, text.length(), true);
    return parts;
  }

  private static int cut(String text, int start, int limit) {
    int space = -1;
    for (int i = limit; i > start + (limit - start) / 2; i--) {
      if (i < text.length() && Character.isWhitespace(text.charAt(i))) {
        if (",;:–—".indexOf(text.charAt(i - 1)) >= 0) {
          return i;
        }
        space = Math.max(space, i);
      }
    }
    if (space > 0) {
      return space;
    }
    return Character.isLowSurrogate(text.charAt(limit)) ? limit - 1 : limit;
  }

  private static int strippedEnd(String text, int start, int end) {
    int last = end;
    while (last > start && Character.isWhitespace(text.charAt(last - 1))) {
      last--;
    }
    return last;
  }

  private static void add(List<Part> parts, String text, int from, int to, boolean endsSentence) {
    int start = from;
    while (start < to && Character.isWhitespace(text.charAt(start))) {
      start++;
    }
    int end = strippedEnd(text, start, to);
    if (end > start) {
      parts.add(new Part(start, end, endsSentence));
    }
  }
}
