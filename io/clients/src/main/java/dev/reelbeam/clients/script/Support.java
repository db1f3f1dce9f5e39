package dev.reelbeam.clients.script;

import java.math.BigDecimal;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Whether a sentence says only what its sources say.
 *
 * <p>A lexical test, not an understanding one: the cited sentences must exist, every number of the
 * sentence must stand in them, and enough of its longer words must (compared by their first
 * letters, so that inflection does not matter). Where only names are written with a capital inside
 * a sentence, each of them must stand somewhere in the source. Who denies must cite one that does,
 * and a denial must not be lost ({@link Denials}). It does not catch a number in words.
 */
final class Support {
  /** Share of content words that must come from the sources, in percent. */
  private static final int LEAST_SHARE_PERCENT = 45;

  private static final int CONTENT_WORD_CHARS = 5;
  private static final int SHORT_WORD_CHARS = 3;
  private static final int STEM_CHARS = 5;
  private static final Pattern NUMBER = Pattern.compile("\\d+(?:[.,]\\d+)*");
  private static final Pattern THOUSANDS = Pattern.compile("(?<=\\d)[.,](?=\\d{3}(?!\\d))");
  private static final Pattern WORD = Pattern.compile("\\p{L}+");

  /** Behind a word of the same sentence: the first one has its capital from its place. */
  private static final Pattern NAME =
      Pattern.compile(
          "(?<=[\\p{Ll}\\p{Nd},]['’]?\\h)\\p{Lu}\\p{L}+|(?<=^\\p{Lu}\\h)\\p{Lu}\\p{L}+");

  /** Languages whose common nouns have no capital. */
  private static final Set<String> CAPITALS_ARE_NAMES =
      Set.of("en", "fr", "es", "it", "pt", "nl", "pl", "cs", "sv", "da", "nb", "fi", "ro");

  private Support() {}

  /** Whether the sentence rests on the sources that it cites. */
  static boolean holds(String sentence, List<Integer> cited, SourceSentences source) {
    StringBuilder text = new StringBuilder();
    for (int id : cited) {
      if (id < 0 || id >= source.all().size()) {
        return false;
      }
      SourceSentences.SourceSentence from = source.all().get(id);
      text.append(from.heading()).append(' ').append(from.text()).append('\n');
    }
    if (cited.isEmpty()) {
      return false;
    }
    Set<BigDecimal> numbers = numbers(text);
    if (!numbers.containsAll(numbers(sentence))) {
      return false;
    }
    if (!namesHold(sentence, source)
        || Denials.added(sentence, text, source.language())
        || Denials.lost(sentence, text, source.language())) {
      return false;
    }
    int letters = CONTENT_WORD_CHARS;
    Set<String> said = stems(sentence, letters);
    if (said.isEmpty()) {
      // "It is not safe to eat it raw": then the short ones have to be there.
      letters = SHORT_WORD_CHARS;
      said = stems(sentence, letters);
    }
    if (said.isEmpty()) {
      return true;
    }
    Set<String> known = stems(text, letters);
    long supported = said.stream().filter(known::contains).count();
    return supported * 100 >= (long) LEAST_SHARE_PERCENT * said.size();
  }

  private static boolean namesHold(String sentence, SourceSentences source) {
    if (!CAPITALS_ARE_NAMES.contains(source.language())) {
      return true;
    }
    StringBuilder all = new StringBuilder();
    source
        .all()
        .forEach(one -> all.append(one.heading()).append(' ').append(one.text()).append('\n'));
    Set<String> known = stems(all, 2);
    Matcher names = NAME.matcher(sentence);
    while (names.find()) {
      if (!known.containsAll(stems(names.group(), 2))) {
        return false;
      }
    }
    return true;
  }

  /** Whether every number of a text stands somewhere in the source. */
  static boolean numbersHold(String text, SourceSentences source) {
    StringBuilder all = new StringBuilder();
    source.all().forEach(sentence -> all.append(sentence.text()).append('\n'));
    return numbers(all).containsAll(numbers(text));
  }

  /**
   * Numbers as values: 1,200 and 1200 are the same, 1.5 and 15 are not. Three digits behind a mark
   * are taken for thousands, as most that are written so are.
   */
  private static Set<BigDecimal> numbers(CharSequence text) {
    Set<BigDecimal> numbers = new HashSet<>();
    Matcher matcher = NUMBER.matcher(text);
    while (matcher.find()) {
      String plain = THOUSANDS.matcher(matcher.group()).replaceAll("").replace(',', '.');
      if (plain.indexOf('.') == plain.lastIndexOf('.')) {
        numbers.add(new BigDecimal(plain).stripTrailingZeros());
      } else {
        // A date or a version: its parts.
        for (String part : plain.split("\\.", -1)) {
          numbers.add(new BigDecimal(part).stripTrailingZeros());
        }
      }
    }
    return numbers;
  }

  /** Beginnings of words; of scripts that write no spaces, pairs of letters. */
  private static Set<String> stems(CharSequence text, int leastChars) {
    Set<String> stems = new HashSet<>();
    Matcher matcher = WORD.matcher(text);
    while (matcher.find()) {
      String word = matcher.group().toLowerCase(Locale.ROOT);
      if (word.codePoints().anyMatch(Support::unspaced)) {
        int[] letters = word.codePoints().toArray();
        for (int i = 0; i + 1 < letters.length; i++) {
          stems.add(new String(letters, i, 2));
        }
      } else if (word.length() >= leastChars) {
        stems.add(word.substring(0, Math.min(word.length(), STEM_CHARS)));
      }
    }
    return stems;
  }

  private static boolean unspaced(int codePoint) {
    return switch (Character.UnicodeScript.of(codePoint)) {
      case HAN, HIRAGANA, KATAKANA, THAI, LAO, KHMER, MYANMAR -> true;
      default -> false;
    };
  }
}
