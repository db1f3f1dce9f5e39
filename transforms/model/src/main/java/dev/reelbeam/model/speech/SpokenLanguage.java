package dev.reelbeam.model.speech;

import java.util.Locale;

/** Whether two tags of BCP 47 mean the same language, wherever it is spoken. */
public final class SpokenLanguage {
  private SpokenLanguage() {}

  /** The language alone, in lower case; {@code de} of {@code de_AT} and of {@code de-DE}. */
  public static String of(String tag) {
    String primary = tag.strip().toLowerCase(Locale.ROOT).replaceFirst("[-_].*", "");
    // The names that people use for what engines call otherwise.
    return switch (primary) {
      case "zh" -> "cmn";
      case "no" -> "nb";
      case "iw" -> "he";
      default -> primary;
    };
  }

  /** Whether a voice of that tag speaks the language; one of none, or of many, may. */
  public static boolean fits(String voiceTag, String language) {
    String speaks = of(voiceTag);
    return speaks.isEmpty()
        || speaks.equals("mul")
        || speaks.equals("und")
        || speaks.equals(of(language));
  }
}
