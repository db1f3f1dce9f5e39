package dev.reelbeam.embedded.moderation;

import java.text.Normalizer;
import java.util.Collection;
import java.util.Locale;
import java.util.StringJoiner;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Finds any of several words and phrases as whole words, whatever their case and spacing. */
final class WordPattern {
  private static final int AROUND = 30;
  private static final Pattern NOTHING = Pattern.compile("(?!)");

  private final Pattern pattern;

  private WordPattern(Pattern pattern) {
    this.pattern = pattern;
  }

  /** Of these phrases; a {@code *} at the end of a word stands for any ending. */
  static WordPattern of(Collection<String> phrases) {
    StringJoiner any = new StringJoiner("|");
    for (String phrase : phrases) {
      StringJoiner words = new StringJoiner("[\\s\\p{Pd}]+");
      for (String word : plain(phrase).strip().split("\\s+")) {
        boolean open = word.endsWith("*");
        String letters = open ? word.substring(0, word.length() - 1) : word;
        if (!letters.isEmpty()) {
          words.add(Pattern.quote(letters) + (open ? "[\\p{L}\\p{M}\\p{N}]*" : ""));
        }
      }
      if (words.length() > 0) {
        any.add(words.toString());
      }
    }
    return new WordPattern(
        any.length() == 0
            ? NOTHING
            : Pattern.compile("(?<![\\p{L}\\p{M}\\p{N}])(?:" + any + ")(?![\\p{L}\\p{M}\\p{N}])"));
  }

  /** Lower case, one form for each letter, without letters that nobody sees. */
  static String plain(String text) {
    return Normalizer.normalize(text, Normalizer.Form.NFKC)
        .replaceAll("[\\p{Cf}]", "")
        .replace('’', '\'')
        .toLowerCase(Locale.ROOT);
  }

  /** The first place with a few words around it; empty if there is none. */
  String find(String text) {
    String plain = plain(text);
    Matcher matcher = pattern.matcher(plain);
    return matcher.find() ? around(plain, matcher.start(), matcher.end()) : "";
  }

  static String around(String text, int start, int end) {
    int from = Math.max(0, start - AROUND);
    int to = Math.min(text.length(), end + AROUND);
    while (from > 0 && from < start && !Character.isWhitespace(text.charAt(from - 1))) {
      from++;
    }
    while (to < text.length() && to > end && !Character.isWhitespace(text.charAt(to))) {
      to--;
    }
    return (from > 0 ? "…" : "")
        + text.substring(from, to).strip().replaceAll("\\s+", " ")
        + (to < text.length() ? "…" : "");
  }
}
