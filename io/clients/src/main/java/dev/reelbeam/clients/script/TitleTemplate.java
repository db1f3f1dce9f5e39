package dev.reelbeam.clients.script;

import dev.reelbeam.model.content.ContentKind;
import dev.reelbeam.model.content.ContentRecord;
import dev.reelbeam.model.content.TitleStyle;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Pattern;

/** What a model is told about the form of a title, and what can be checked of it. */
final class TitleTemplate {
  private static final Pattern QUESTION = Pattern.compile("(?s).*[?？؟][\"'”’»\\s]*");
  private static final Pattern DIGIT = Pattern.compile("\\p{Nd}");

  private TitleTemplate() {}

  static String instruction(TitleStyle style) {
    return switch (style) {
      case PLAIN -> "the subject by its name, neither a question nor \"how to\"";
      case QUESTION -> "a question that the video answers; it ends with a question mark";
      case NUMBER -> "with the most telling number of the source, written in digits";
      case HOW_TO -> "what the viewer will be able to do, as \"How to …\" says it in the language";
    };
  }

  /** Forms that the source allows. */
  static List<TitleStyle> allowedBy(ContentRecord record) {
    List<TitleStyle> styles = new ArrayList<>(List.of(TitleStyle.values()));
    if (!SourceSentences.of(record).holdNumbers()) {
      styles.remove(TitleStyle.NUMBER);
    }
    if (record.kind() == ContentKind.LISTING) {
      styles.remove(TitleStyle.HOW_TO);
    }
    return List.copyOf(styles);
  }

  /** Whether a title has this form as far as that can be seen; a number has to be the source's. */
  static boolean has(TitleStyle style, String title, SourceSentences source) {
    boolean question = QUESTION.matcher(title).matches();
    return switch (style) {
      case QUESTION -> question;
      case NUMBER -> DIGIT.matcher(title).find() && Support.numbersHold(title, source);
      case PLAIN, HOW_TO -> !question;
    };
  }
}
