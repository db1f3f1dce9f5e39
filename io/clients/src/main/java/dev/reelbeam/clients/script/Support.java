package dev.reelbeam.clients.script;

import java.math.BigDecimal;
import java.text.BreakIterator;
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
 *
 * <p>What is read rather than heard is held to the same: words over the picture to the sentences
 * that are heard meanwhile, titles and descriptions to the whole source. Where a title begins every
 * word with a capital, names cannot be told from others and are not looked for.
 */
final class Support {
  /** Share of content words that must come from the sources, in percent. */
  private static final int LEAST_SHARE_PERCENT = 45;

  private static final int CONTENT_WORD_CHARS = 5;
  private static final int SHORT_WORD_CHARS = 3;
  private static final int STEM_CHARS = 5;

  /** "of", "the", "with" keep their small letters in a title of capitals. */
  private static final int SMALL_WORD_CHARS = 4;

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
      append(text, source.all().get(id));
    }
    return !cited.isEmpty()
        && rests(sentence, text, source)
        && namesHold(sentence, all(source), source.language());
  }

  /**
   * Whether words over the picture rest on what is heard meanwhile.
   *
   * @param heard sentences that hold
   * @param cited what they cite
   */
  static boolean overlayHolds(
      String words, List<String> heard, Iterable<Integer> cited, SourceSentences source) {
    StringBuilder text = new StringBuilder();
    cited.forEach(id -> append(text, source.all().get(id)));
    heard.forEach(sentence -> text.append(sentence).append('\n'));
    return rests(words, text, source)
        && (headline(words) || namesHold(words, all(source), source.language()));
  }

  /**
   * Whether a title or a description has no figure and no name that nobody told, and denies nothing
   * that the source says.
   *
   * @param told by the record beside its sentences
   */
  static boolean published(String words, SourceSentences source, String told) {
    CharSequence text = all(source).append(told);
    if (!numbers(text).containsAll(numbers(words))) {
      return false;
    }
    BreakIterator breaks =
        BreakIterator.getSentenceInstance(Locale.forLanguageTag(source.language()));
    breaks.setText(words);
    int from = breaks.first();
    for (int to = breaks.next(); to != BreakIterator.DONE; from = to, to = breaks.next()) {
      String sentence = words.substring(from, to);
      if (!(headline(sentence) || namesHold(sentence, text, source.language()))
          || Denials.added(sentence, text, source.language())
          || Denials.lost(sentence, text, source.language())) {
        return false;
      }
    }
    return true;
  }

  private static StringBuilder all(SourceSentences source) {
    StringBuilder all = new StringBuilder();
    source.all().forEach(one -> append(all, one));
    return all;
  }

  private static void append(StringBuilder text, SourceSentences.SourceSentence from) {
    // Ended by a mark each, as a title has none: what denies is looked for clause by clause.
    text.append(from.heading()).append(". ").append(from.text()).append(".\n");
  }

  /** Whether all longer words begin with a capital, and there are several. */
  private static boolean headline(String text) {
    Matcher words = WORD.matcher(text);
    int capitals = 0;
    while (words.find()) {
      if (Character.isUpperCase(words.group().codePointAt(0))) {
        capitals++;
      } else if (words.group().length() > SMALL_WORD_CHARS) {
        return false;
      }
    }
    return capitals > 1;
  }

  private static boolean rests(String sentence, CharSequence text, SourceSentences source) {
    if (!numbers(text).containsAll(numbers(sentence))
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

  private static boolean namesHold(String sentence, CharSequence told, String language) {
    if (!CAPITALS_ARE_NAMES.contains(language)) {
      return true;
    }
    Set<String> known = stems(told, 2);
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
    return numbersHold(text, source, "");
  }

  /**
   * Whether every number of a text stands somewhere in the source.
   *
   * @param told what else may be said
   */
  static boolean numbersHold(String text, SourceSentences source, String told) {
    return numbers(all(source).append(told)).containsAll(numbers(text));
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
