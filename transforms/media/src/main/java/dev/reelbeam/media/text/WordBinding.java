package dev.reelbeam.media.text;

import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.regex.Pattern;

/**
 * Which words belong together: a line or a page does not end between an article or preposition and
 * its noun, nor between a number and its unit.
 */
public final class WordBinding {
  /** Articles, prepositions and other words that lean on the next one, for the usual languages. */
  private static final Set<String> LEANING =
      words(
          // English
          "a an the of in on at to for from by with into onto over under between through about",
          "than as my your his its our their this these those every each no per via without",
          "before after during until mr mrs dr very not",
          // German
          "der die das den dem des ein eine einen einem einer eines im am an auf aus bei mit nach",
          "von vom zu zum zur für über unter vor durch ohne um und kein keine ihr ihre sein seine",
          "nicht sehr pro",
          // French
          "le la les un une de du à au aux en dans sur sous par pour avec sans chez ce cette ces"
              + " mon",
          "ton son sa ses leur leurs et très ne",
          // Italian
          "il lo gli i uno una di da con su per tra fra del della dello dei degli delle al alla",
          "allo ai alle dal dalla nel nella nei nelle sul sulla e non molto",
          // Spanish and Portuguese
          "el los las unos unas sin sobre entre por para y o os um uma do dos na nos nas em com",
          "muy",
          // Dutch
          "het een van op te met voor bij naar door over niet");

  private static final Set<String> CONJUNCTIONS =
      words(
          "and or but because so that which who when while if",
          "und oder aber weil dass wenn et ou mais que qui quand",
          "e o ma che se quando y pero porque mas en maar");

  private static final Pattern NUMBER = Pattern.compile("[\\p{Sc}+\\-−±~]?\\d[\\d.,:/]*");
  private static final Pattern SYMBOL_PREFIX = Pattern.compile("[\\p{Sc}#§№]");
  private static final Set<String> NUMBERED =
      words(
          "figure step version chapter page part section table rule tip number no java python",
          "schritt teil seite kapitel étape partie passo parte paso");

  private WordBinding() {}

  private static Set<String> words(String... lists) {
    return Set.copyOf(List.of(String.join(" ", lists).split(" ")));
  }

  /** Whether no break should fall between these two neighbours. */
  public static boolean binds(String word, String next) {
    if (endsClause(word)) {
      return false;
    }
    String bare = bare(word);
    if (LEANING.contains(bare) || SYMBOL_PREFIX.matcher(word).matches()) {
      return true;
    }
    if (NUMBER.matcher(word).matches()) {
      return true;
    }
    return NUMBERED.contains(bare) && NUMBER.matcher(stripPunctuation(next)).matches();
  }

  /** Whether a word opens a new clause, so that a break before it reads well. */
  public static boolean opensClause(String word) {
    return CONJUNCTIONS.contains(bare(word));
  }

  /** Whether punctuation after the word closes a clause or a sentence. */
  public static boolean endsClause(String word) {
    int end = word.length();
    while (end > 0 && "\"'”’»)]".indexOf(word.charAt(end - 1)) >= 0) {
      end--;
    }
    return end > 0 && ",;:.!?…–—،؛؟。、！？".indexOf(word.charAt(end - 1)) >= 0;
  }

  /** Whether the word's own punctuation closes a sentence. */
  public static boolean endsSentence(String word) {
    int end = word.length();
    while (end > 0 && "\"'”’»)]".indexOf(word.charAt(end - 1)) >= 0) {
      end--;
    }
    return end > 0 && ".!?…؟。！？".indexOf(word.charAt(end - 1)) >= 0;
  }

  private static String bare(String word) {
    return stripPunctuation(word).toLowerCase(Locale.ROOT);
  }

  private static String stripPunctuation(String word) {
    int start = 0;
    int end = word.length();
    while (start < end && !Character.isLetterOrDigit(word.charAt(start))) {
      start++;
    }
    while (end > start && !Character.isLetterOrDigit(word.charAt(end - 1))) {
      end--;
    }
    return word.substring(start, end);
  }
}
