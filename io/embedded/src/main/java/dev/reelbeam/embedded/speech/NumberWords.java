package dev.reelbeam.embedded.speech;

import com.ibm.icu.text.RuleBasedNumberFormat;
import com.ibm.icu.util.ULocale;
import java.util.Arrays;
import java.util.Locale;
import java.util.StringJoiner;

/** Numbers in the words of one language, by ICU's spell-out rules. Not thread-safe. */
final class NumberWords {
  /** Longer ones are codes and telephone numbers: they are read digit by digit. */
  private static final int LONGEST_INTEGER = 15;

  private final RuleBasedNumberFormat format;
  private final Locale locale;
  private final String point;

  /**
   * The words of {@code language}.
   *
   * @param point the word between the integer part and the decimals
   */
  NumberWords(String language, String point) {
    this.locale = Locale.forLanguageTag(language);
    this.format =
        new RuleBasedNumberFormat(ULocale.forLanguageTag(language), RuleBasedNumberFormat.SPELLOUT);
    this.point = point;
  }

  /** "18" is "eighteen", "3.05" is "three point zero five"; digits and at most one point. */
  String of(String number) {
    int at = number.indexOf('.');
    String integer = at < 0 ? number : number.substring(0, at);
    String decimals = at < 0 ? "" : number.substring(at + 1);
    StringJoiner words = new StringJoiner(" ");
    if (integer.length() > LONGEST_INTEGER || (integer.length() > 1 && integer.startsWith("0"))) {
      words.add(digits(integer));
    } else {
      words.add(plain(format.format(integer.isEmpty() ? 0 : Long.parseLong(integer))));
    }
    if (!decimals.isEmpty()) {
      words.add(point).add(digits(decimals));
    }
    return words.toString();
  }

  /** Digit by digit. */
  String digits(String digits) {
    StringJoiner words = new StringJoiner(" ");
    for (char digit : digits.toCharArray()) {
      words.add(plain(format.format(digit - '0')));
    }
    return words.toString();
  }

  /** "2020" is "twenty twenty" where the language reads years in pairs, else a plain number. */
  String year(int year) {
    return ruled(year, "%spellout-numbering-year");
  }

  /** "3" is "third"; falls back to the plain number. */
  String ordinal(long number) {
    for (String rules :
        new String[] {"%spellout-ordinal", "%spellout-ordinal-masculine", "%spellout-ordinal-n"}) {
      if (has(rules)) {
        return plain(format.format(number, rules));
      }
    }
    return plain(format.format(number));
  }

  private String ruled(long number, String rules) {
    return plain(has(rules) ? format.format(number, rules) : format.format(number));
  }

  private boolean has(String rules) {
    return Arrays.asList(format.getRuleSetNames()).contains(rules);
  }

  /** ICU marks where long words may break; no voice should hear of it. */
  private String plain(String words) {
    return words.replace("\u00ad", "").toLowerCase(locale);
  }
}
