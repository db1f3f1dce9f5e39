package dev.reelbeam.media.thumbnail;

import dev.reelbeam.media.text.WordBinding;
import java.util.List;
import java.util.regex.Pattern;

/** Shortens a title to the three to six words that a thumbnail has room for. */
final class ShortTitle {
  private static final int MAX_WORDS = 6;
  private static final int MIN_WORDS = 3;

  /** Longer than this, type becomes small even for few words: a closing phrase is given up. */
  private static final int ROOMY_CHARS = 32;

  private static final Pattern PARTS =
      Pattern.compile("\\s*[:|–—]\\s+|\\s+[-–—|]\\s+|\\s*[?!.]\\s+");
  private static final Pattern OPENING =
      Pattern.compile(
          "(?i)^(how to|how do you|how we|why you should|what you need to know about|everything you"
              + " need to know about|the ultimate guide to|a (complete |quick )?guide to|an"
              + " introduction to|introduction to|getting started with|how i)\\s+");
  private static final Pattern BRACKETS = Pattern.compile("\\s*[(\\[][^)\\]]*[)\\]]");

  private ShortTitle() {}

  /**
   * A part of the title that stands on its own where there is one; else the title without its
   * opening phrase, and of that the first words up to a place where a phrase may end.
   */
  static String of(String title) {
    String bare = BRACKETS.matcher(title.strip().replaceAll("\\s+", " ")).replaceAll("").strip();
    if (bare.isEmpty()) {
      bare = title.strip();
    }
    if (count(bare) <= MAX_WORDS) {
      return trim(bare);
    }
    for (String part : PARTS.split(bare, -1)) {
      int words = count(part);
      if (words >= MIN_WORDS && words <= MAX_WORDS) {
        return trim(part);
      }
    }
    String core = OPENING.matcher(PARTS.split(bare, -1)[0]).replaceFirst("");
    if (count(core) < 2) {
      core = bare;
    }
    if (count(core) > MAX_WORDS || (core.length() > ROOMY_CHARS && count(core) > MIN_WORDS)) {
      core = firstPhrase(core);
    }
    return trim(capital(core));
  }

  /** The longest start that does not end in a word which leans on the next one. */
  private static String firstPhrase(String text) {
    List<String> words = List.of(text.split(" "));
    for (int end = Math.min(MAX_WORDS, words.size() - 1); end >= MIN_WORDS; end--) {
      String last = words.get(end - 1);
      boolean opens = WordBinding.opensClause(words.get(end));
      boolean bound = WordBinding.binds(last, words.get(end)) || WordBinding.opensClause(last);
      boolean preposition =
          WordBinding.binds(words.get(end), "x") && !Character.isDigit(words.get(end).charAt(0));
      if (!bound && (opens || preposition || WordBinding.endsClause(last))) {
        return String.join(" ", words.subList(0, end));
      }
    }
    int end = Math.min(MAX_WORDS, words.size());
    while (end > MIN_WORDS
        && (WordBinding.binds(words.get(end - 1), "x")
            || WordBinding.opensClause(words.get(end - 1)))) {
      end--;
    }
    return String.join(" ", words.subList(0, end));
  }

  private static int count(String text) {
    return text.isBlank() ? 0 : text.strip().split("\\s+").length;
  }

  private static String trim(String text) {
    return text.strip().replaceAll("[,;:.–—-]+$", "").strip();
  }

  private static String capital(String text) {
    if (text.isEmpty()) {
      return text;
    }
    int first = text.codePointAt(0);
    return Character.toString(Character.toUpperCase(first))
        + text.substring(Character.charCount(first));
  }
}
