package dev.reelbeam.model.content;

/**
 * How many words a text has, as time is reckoned by them. Scripts that put no spaces between words
 * are counted by letters: about as many of them take as long to say as a word of English.
 */
public final class SpokenWords {
  private static final int IDEOGRAPHS_A_WORD = 2;
  private static final int KANA_A_WORD = 3;
  private static final int LETTERS_A_WORD = 4;

  /** A common denominator of the three. */
  private static final int WHOLE = 12;

  private SpokenWords() {}

  /** Words of a text in any script. */
  public static int count(String text) {
    int words = 0;
    int parts = 0;
    boolean inWord = false;
    for (int i = 0; i < text.length(); ) {
      int letter = text.codePointAt(i);
      i += Character.charCount(letter);
      int perWord = lettersAWord(letter);
      if (perWord > 0) {
        parts += WHOLE / perWord;
        inWord = false;
      } else if (Character.isWhitespace(letter)) {
        inWord = false;
      } else if (!inWord && !wideMark(letter)) {
        words++;
        inWord = true;
      }
    }
    return words + (parts + WHOLE - 1) / WHOLE;
  }

  /** 0 for scripts that put spaces between their words. */
  private static int lettersAWord(int letter) {
    return switch (Character.UnicodeScript.of(letter)) {
      case HAN -> IDEOGRAPHS_A_WORD;
      case HIRAGANA, KATAKANA -> KANA_A_WORD;
      case THAI, LAO, KHMER, MYANMAR -> LETTERS_A_WORD;
      default -> 0;
    };
  }

  /** Marks of such scripts stand between words, and are none. */
  private static boolean wideMark(int letter) {
    return (letter >= 0x3000 && letter <= 0x303F) || (letter >= 0xFF00 && letter <= 0xFF20);
  }
}
