package dev.reelbeam.clients.speech;

import java.text.Normalizer;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * A word of the script that is spoken, as it is displayed.
 *
 * @param weight about how long it takes to say, in sounds
 */
record ScriptWord(String text, int charStart, int charEnd, double weight) {
  private static final Pattern TOKEN = Pattern.compile("\\S+");
  private static final Pattern MARKS = Pattern.compile("\\p{M}+");
  private static final Pattern NO_WORD = Pattern.compile("[^\\p{L}\\p{N}]+");
  private static final String SPOKEN_SIGNS = "&%+=@€$£°";
  private static final String VOWELS = "aeiouyаеёиоуыэюяіїє";

  /** Sounds of a digit that is read out with its place: "eighteen thousand five hundred". */
  private static final double SOUNDS_PER_DIGIT = 4.25;

  private static final double SOUNDS_PER_SIGN = 5;

  /** The words of a text that a voice says; dashes, bullets and pictures are none. */
  static List<ScriptWord> of(String text) {
    List<ScriptWord> words = new ArrayList<>();
    Matcher tokens = TOKEN.matcher(text);
    while (tokens.find()) {
      String token = tokens.group();
      boolean spoken =
          token
              .codePoints()
              .anyMatch(c -> Character.isLetterOrDigit(c) || SPOKEN_SIGNS.indexOf(c) >= 0);
      if (spoken) {
        words.add(new ScriptWord(token, tokens.start(), tokens.end(), weight(token)));
      }
    }
    return words;
  }

  /** A word for comparing: small letters and digits, without accents and signs. */
  static String normal(String text) {
    String decomposed = Normalizer.normalize(text, Normalizer.Form.NFKD);
    return NO_WORD
        .matcher(MARKS.matcher(decomposed).replaceAll(""))
        .replaceAll("")
        .toLowerCase(Locale.ROOT);
  }

  private static double weight(String token) {
    double sounds = 0;
    int syllables = 0;
    boolean vowelBefore = false;
    String plain =
        MARKS
            .matcher(Normalizer.normalize(token, Normalizer.Form.NFKD))
            .replaceAll("")
            .toLowerCase(Locale.ROOT);
    int letters = 0;
    for (int i = 0; i < plain.length(); i++) {
      char c = plain.charAt(i);
      boolean vowel = VOWELS.indexOf(c) >= 0;
      if (Character.isDigit(c)) {
        sounds += SOUNDS_PER_DIGIT;
      } else if (Character.isIdeographic(c)) {
        sounds += 3;
      } else if (Character.isLetter(c)) {
        letters++;
        if (vowel && !vowelBefore) {
          syllables++;
        }
      } else if (SPOKEN_SIGNS.indexOf(c) >= 0) {
        sounds += SOUNDS_PER_SIGN;
      }
      vowelBefore = vowel;
    }
    // A final e is silent in English and French, where most of such words come from.
    if (syllables > 1 && plain.replaceAll("\\W+$", "").endsWith("e")) {
      syllables--;
    }
    double weight = sounds + 0.8 + 0.55 * letters + 0.95 * syllables;
    // "the", "of", "and": what is short and carries no meaning is hurried over.
    return sounds == 0 && letters <= 3 ? 0.8 * weight : weight;
  }
}
