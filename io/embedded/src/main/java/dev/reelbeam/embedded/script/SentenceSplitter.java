package dev.reelbeam.embedded.script;

import com.ibm.icu.text.BreakIterator;
import com.ibm.icu.util.ULocale;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/**
 * Finds sentences by the rules of Unicode UAX 29 as ICU implements them, and joins again what an
 * abbreviation, an initial or an ordinal has torn apart.
 *
 * <p>ICU's own suppression lists are not used: they match inside words, so that in German no
 * sentence would end in "Wasser.".
 */
final class SentenceSplitter {
  private static final Pattern SINGLE_LETTER = Pattern.compile("(?:^|[\\s(.])\\p{L}\\.$");

  private static final Pattern ORDINAL = Pattern.compile("(?:^|\\s)\\d{1,2}\\.$");

  private final BreakIterator prototype;
  private final Pattern abbreviation;
  private final Pattern afterOrdinal;

  /**
   * For one language.
   *
   * @param abbreviations never end a sentence, with their full stop
   * @param afterOrdinals words before which "3." is an ordinal
   */
  SentenceSplitter(String language, List<String> abbreviations, List<String> afterOrdinals) {
    prototype = BreakIterator.getSentenceInstance(ULocale.forLanguageTag(language));
    abbreviation = Pattern.compile("(?:^|[\\s(/])(?:" + alternatives(abbreviations) + ")$");
    afterOrdinal = Pattern.compile("(?:" + alternatives(afterOrdinals) + ")(?!\\p{L})");
  }

  private static String alternatives(List<String> items) {
    return items.isEmpty()
        ? "(?!)"
        : items.stream().map(Pattern::quote).collect(Collectors.joining("|"));
  }

  /** The sentences of a paragraph, stripped, in order. Thread-safe. */
  List<String> split(String paragraph) {
    BreakIterator iterator;
    synchronized (prototype) {
      iterator = (BreakIterator) prototype.clone();
    }
    iterator.setText(paragraph);
    List<String> sentences = new ArrayList<>();
    int start = iterator.first();
    for (int end = iterator.next(); end != BreakIterator.DONE; start = end, end = iterator.next()) {
      String sentence = paragraph.substring(start, end).strip();
      if (sentence.isEmpty()) {
        continue;
      }
      int last = sentences.size() - 1;
      if (last >= 0 && continues(sentences.get(last), sentence)) {
        sentences.set(last, sentences.get(last) + " " + sentence);
      } else {
        sentences.add(sentence);
      }
    }
    return sentences;
  }

  private boolean continues(String before, String after) {
    if (!before.endsWith(".")) {
      return false;
    }
    // A long paragraph is searched at its end only.
    String end = before.substring(Math.max(0, before.length() - 30));
    return Character.isLowerCase(after.codePointAt(0))
        || SINGLE_LETTER.matcher(end).find()
        || abbreviation.matcher(end).find()
        || (ORDINAL.matcher(end).find() && afterOrdinal.matcher(after).lookingAt());
  }
}
