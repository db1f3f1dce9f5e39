package dev.reelbeam.embedded.script;

import com.ibm.icu.text.BreakIterator;
import com.ibm.icu.text.FilteredBreakIteratorBuilder;
import com.ibm.icu.util.ULocale;
import java.util.ArrayList;
import java.util.List;

/**
 * Finds sentences by the rules of Unicode UAX 29 as ICU implements them, with the abbreviations of
 * CLDR and of the language profile kept inside their sentence.
 */
final class SentenceSplitter {
  private final BreakIterator prototype;

  SentenceSplitter(String language, List<String> abbreviations) {
    ULocale locale = ULocale.forLanguageTag(language);
    FilteredBreakIteratorBuilder builder = FilteredBreakIteratorBuilder.getInstance(locale);
    for (String abbreviation : abbreviations) {
      builder.suppressBreakAfter(abbreviation);
    }
    prototype = builder.wrapIteratorWithFilter(BreakIterator.getSentenceInstance(locale));
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

  /** An initial, an ordinal or a number before a lower-case word does not end a sentence. */
  private static boolean continues(String before, String after) {
    if (before.matches("(?s).*(?:^|[\\s(])\\p{Lu}\\.")) {
      return true;
    }
    int first = after.codePointAt(0);
    return before.endsWith(".") && Character.isLowerCase(first);
  }
}
