package dev.reelbeam.clients.script;

import dev.reelbeam.model.content.ContentRecord;
import dev.reelbeam.model.content.HookStyle;
import dev.reelbeam.model.port.ScriptRequest;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Pattern;

/** What a model is told about a style of opening, and what can be checked of its hook. */
final class HookTemplate {
  private static final Pattern DIGIT = Pattern.compile("\\p{Nd}");

  private HookTemplate() {}

  static String instruction(HookStyle style) {
    return switch (style) {
      case QUESTION -> "a question that the video answers; it ends with a question mark";
      case NUMBER -> "the strongest number of the source, written in digits";
      case CONTRAST -> "what people expect against what is true";
      case STORY -> "one concrete moment, in the middle of it";
      case PROMISE -> "what the viewer will be able to do afterwards";
    };
  }

  /**
   * The style that is asked for; else the same record always opens in the same way, one that its
   * source allows.
   */
  static HookStyle of(ContentRecord record, ScriptRequest request) {
    if (request.hookStyle() != null) {
      return request.hookStyle();
    }
    List<HookStyle> styles = allowedBy(record);
    return styles.get(Math.floorMod(record.key().recordId().hashCode() * 31, styles.size()));
  }

  /** Styles that the source allows. */
  static List<HookStyle> allowedBy(ContentRecord record) {
    List<HookStyle> styles = new ArrayList<>(List.of(HookStyle.values()));
    if (!SourceSentences.of(record).holdNumbers()) {
      styles.remove(HookStyle.NUMBER);
    }
    return List.copyOf(styles);
  }

  /** What is wrong with a hook of this style as far as its form tells; empty if nothing. */
  static String complaint(HookStyle style, String hook) {
    return switch (style) {
      case QUESTION ->
          hook.replaceAll("[\"'”’»\\s]+$", "").matches("(?s).*[?？؟]")
              ? ""
              : "the hook is to be a question";
      case NUMBER ->
          DIGIT.matcher(hook).find() ? "" : "the hook is to hold a number of the source in digits";
      case CONTRAST, STORY, PROMISE -> "";
    };
  }
}
