package dev.reelbeam.embedded.script;

import dev.reelbeam.model.content.ContentKind;
import dev.reelbeam.model.content.ContentRecord;
import dev.reelbeam.model.content.HookStyle;
import dev.reelbeam.model.content.TitleStyle;
import java.util.List;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * Titles in other forms than the source's own: a question about its subject, a sentence of it that
 * holds a number, a listing's price. Nothing is said that the source does not say, so most sources
 * allow some of the forms only.
 */
final class Titles {
  /** What is seen of a title wherever it is listed. */
  static final int GOOD_CHARS = 70;

  private static final Pattern DIGIT = Pattern.compile("\\p{Nd}");

  private final ContentRecord record;
  private final SourceText source;

  Titles(ContentRecord record) {
    this.record = record;
    this.source = SourceText.of(record);
  }

  /** The forms that titles of this source can have, its own among them. */
  List<TitleStyle> styles() {
    TitleStyle own = ownStyle();
    return Stream.of(TitleStyle.values())
        .filter(style -> style == own || made(style) != null)
        .toList();
  }

  /** The form of the title that is written when this one is asked for. */
  TitleStyle granted(TitleStyle style) {
    return made(style) != null ? style : ownStyle();
  }

  /** A title of this form that is not the source's own; null when that has it, or none can. */
  @Nullable String made(TitleStyle style) {
    if (style == ownStyle()) {
      return null;
    }
    String title =
        record.kind() == ContentKind.LISTING
            ? new ListingScript(record, ExtractiveScriptWriter.ANY_LENGTH, "").title(style)
            : switch (style) {
              case QUESTION -> new Hooks(source).questionOfTitle();
              case NUMBER -> numbered();
              // A name or an instruction that the author did not write would be ours.
              case PLAIN, HOW_TO -> null;
            };
    return title == null || title.length() > GOOD_CHARS ? null : title;
  }

  private @Nullable String numbered() {
    Hooks.Hook hook = new Hooks(source).best(HookStyle.NUMBER);
    return hook == null ? null : hook.text().replaceAll("[.!]+$", "");
  }

  /** A listing's title is a name, whatever its model's number is. */
  private TitleStyle ownStyle() {
    String title = record.title().strip();
    if (record.kind() == ContentKind.LISTING) {
      return TitleStyle.PLAIN;
    }
    if (SourceText.isQuestion(title)) {
      return TitleStyle.QUESTION;
    }
    if (new Hooks(source).titleTellsHow()) {
      return TitleStyle.HOW_TO;
    }
    return DIGIT.matcher(title).find() ? TitleStyle.NUMBER : TitleStyle.PLAIN;
  }
}
