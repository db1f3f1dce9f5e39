package dev.reelbeam.stages.visuals;

import dev.reelbeam.media.picture.PictureKind;
import dev.reelbeam.model.content.ContentKind;
import dev.reelbeam.model.content.ContentRecord;
import dev.reelbeam.model.content.Script;
import dev.reelbeam.model.content.ScriptSection;
import dev.reelbeam.model.content.SectionRole;
import dev.reelbeam.model.content.SourceBlock;
import dev.reelbeam.model.video.Brand;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * Shots that are set in type: what the source shows beside its sentences, a number, a price, a
 * sentence, the end. No number comes twice.
 */
final class Cards {
  private static final int MAX_LIST_ITEMS = 6;
  private static final int MAX_ITEM_CHARACTERS = 80;
  private static final int MAX_CODE_LINES = 12;

  /** Words that follow a number without measuring anything. */
  private static final Set<String> NOT_UNITS =
      Set.of(
          "to", "and", "or", "of", "in", "on", "at", "a", "the", "is", "are", "was", "for", "per",
          "from", "with", "by", "as", "und", "oder", "von", "im", "am", "auf", "zu", "bis", "ist",
          "sind", "war", "mit", "et", "ou", "de", "du", "des", "en", "à", "est", "sont", "e", "o",
          "di", "del", "della", "y", "el", "la");

  private static final Pattern NUMBER =
      Pattern.compile(
          "(?<![\\p{L}\\d])([$€£]?\\d[\\d.,:–-]*\\d|[$€£]?\\d)\\s?(%|°C|°F|°|percent|Prozent"
              + "|per cent|[\\p{L}]{1,14})?");

  private final ContentRecord content;
  private final Script script;
  private final Brand brand;
  private final List<Storyboard.Picture> pictures;
  private final Map<Integer, Integer> blockOfPicture;
  private final Set<String> numbersShown = new HashSet<>();

  /**
   * Cards of a video.
   *
   * @param pictures whose colours they take up
   * @param blockOfPicture where the record's own stand in its text, by their index
   */
  Cards(
      ContentRecord content,
      Script script,
      Brand brand,
      List<Storyboard.Picture> pictures,
      Map<Integer, Integer> blockOfPicture) {
    this.content = content;
    this.script = script;
    this.brand = brand;
    this.pictures = pictures;
    this.blockOfPicture = blockOfPicture;
  }

  /** What the source shows at the beat; null if it is nothing for a card. */
  Storyboard.@Nullable Shot source(
      Beat beat, SourceBlock source, long length, double pictureScore) {
    return switch (source.kind()) {
      case CODE -> code(beat, source);
      case QUOTE ->
          source.text().length() <= 220
              ? card(ShotKind.QUOTE, beat, source.text(), "", List.of(), "the source quotes here")
              : null;
      case LIST -> pictureScore > 1.0 ? null : list(beat, source, length);
      case TABLE ->
          source.items().size() >= 2 && source.items().size() <= 7 && pictureScore < 1.0
              ? card(
                  ShotKind.TABLE,
                  beat,
                  source.text(),
                  "",
                  source.items(),
                  "the source has a table here")
              : null;
      case HEADING, PARAGRAPH, PICTURE -> null;
    };
  }

  /** The code of a block, its first lines. */
  Storyboard.Shot code(Beat beat, SourceBlock source) {
    List<String> lines = source.text().lines().toList();
    String text = String.join("\n", lines.subList(0, Math.min(MAX_CODE_LINES, lines.size())));
    return new Storyboard.Shot(
        ShotKind.CODE,
        beat.startUs(),
        beat.section(),
        null,
        text,
        script.sections().get(beat.section()).heading(),
        List.of(),
        List.of(),
        source.language(),
        0,
        "the code that is talked about");
  }

  private Storyboard.@Nullable Shot list(Beat beat, SourceBlock source, long length) {
    List<String> items = new ArrayList<>();
    for (String item : source.items()) {
      String shortened = firstClause(item);
      if (shortened.length() <= MAX_ITEM_CHARACTERS && items.size() < MAX_LIST_ITEMS) {
        items.add(shortened);
      }
    }
    if (items.size() < 2 || length < 2_400_000) {
      return null;
    }
    List<Long> starts = new ArrayList<>();
    long span = Math.min(length - 700_000, items.size() * 1_100_000L);
    for (int i = 0; i < items.size(); i++) {
      starts.add(beat.startUs() + 200_000 + span * i / items.size());
    }
    return new Storyboard.Shot(
        ShotKind.LIST,
        beat.startUs(),
        beat.section(),
        nearest(beat),
        script.sections().get(beat.section()).heading(),
        "",
        List.copyOf(items),
        List.copyOf(starts),
        null,
        0,
        "the source lists this");
  }

  private static String firstClause(String item) {
    String plain = item.strip().replaceAll("\\s+", " ");
    if (plain.length() <= MAX_ITEM_CHARACTERS) {
      return plain.replaceAll("[.;,]$", "");
    }
    Matcher clause = Pattern.compile("^(.{8,78}?)(?:[.:;]|,| – | — | \\()").matcher(plain);
    return clause.find() ? clause.group(1) : plain;
  }

  /** The first number of a beat that no card has shown yet; null for none. */
  Storyboard.@Nullable Shot number(Beat beat) {
    Matcher matcher = NUMBER.matcher(beat.text());
    while (matcher.find()) {
      String value = matcher.group(1);
      String word = matcher.group(2) == null ? "" : matcher.group(2);
      String unit = NOT_UNITS.contains(word.toLowerCase(Locale.ROOT)) ? "" : word;
      boolean year = value.matches("(1[5-9]|2[0-3])\\d\\d");
      boolean strong = !year && (value.length() >= 2 || !unit.isEmpty());
      if (strong && numbersShown.add(value + unit)) {
        return card(
            ShotKind.NUMBER,
            beat,
            value,
            unit,
            List.of(beat.text()),
            "a number and no picture that shows it");
      }
    }
    return null;
  }

  /** The number of a beat, else its sentence. */
  Storyboard.Shot statement(Beat beat) {
    Storyboard.Shot number = number(beat);
    return number != null ? number : card(ShotKind.STATEMENT, beat, beat.text(), "");
  }

  /** A card of this text and detail, from the beat's start on. */
  Storyboard.Shot card(ShotKind kind, Beat beat, String text, String detail) {
    return card(kind, beat, text, detail, List.of(), "no picture says this");
  }

  private Storyboard.Shot card(
      ShotKind kind, Beat beat, String text, String detail, List<String> items, String reason) {
    return new Storyboard.Shot(
        kind,
        beat.startUs(),
        beat.section(),
        nearest(beat),
        text,
        detail,
        items,
        List.of(),
        null,
        0,
        reason);
  }

  /** The price of a listing, the first time that a beat names it; null otherwise. */
  Storyboard.@Nullable Shot price(Beat beat) {
    if (content.kind() == ContentKind.LISTING
        && content.listing() != null
        && content.listing().price() != null
        && beat.text().matches(".*\\d.*")
        && digits(beat.text()).contains(digits(content.listing().price()))
        && numbersShown.add("price")) {
      return card(
          ShotKind.PRICE,
          beat,
          content.title(),
          content.listing().category() == null ? "" : content.listing().category());
    }
    return null;
  }

  private static String digits(String text) {
    return text.replaceAll("[^0-9]", "");
  }

  /** The call to action, over the strongest picture. */
  Storyboard.Shot end(long startUs, Storyboard.@Nullable Picture hero) {
    String spoken = "";
    ScriptSection last = script.sections().get(script.sections().size() - 1);
    if (last.role() == SectionRole.CTA) {
      spoken = last.textOverlay().isEmpty() ? last.text() : last.textOverlay();
    }
    String text = brand.ctaText().isEmpty() ? spoken : brand.ctaText();
    return new Storyboard.Shot(
        ShotKind.END,
        startUs,
        script.sections().size() - 1,
        hero,
        text.isEmpty() ? content.title() : text,
        brand.ctaUrl(),
        List.of(),
        List.of(),
        null,
        0,
        "the end");
  }

  /** The picture nearest to the beat in the document, whose colours a card takes up. */
  private Storyboard.@Nullable Picture nearest(Beat beat) {
    Storyboard.Picture nearest = null;
    int distance = Integer.MAX_VALUE;
    for (Storyboard.Picture picture : pictures) {
      Integer block = blockOfPicture.get(picture.index());
      int away = block == null || beat.block() < 0 ? 1000 : Math.abs(block - beat.block());
      if (picture.facts().kind() == PictureKind.PHOTO && away < distance) {
        distance = away;
        nearest = picture;
      }
    }
    return nearest;
  }
}
