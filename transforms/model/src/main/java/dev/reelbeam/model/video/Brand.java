package dev.reelbeam.model.video;

import dev.reelbeam.model.store.MediaRef;
import java.io.Serializable;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * How a house's videos look and sound; every value has a default.
 *
 * <p>Colours are {@code #rrggbb}.
 *
 * @param background behind cards
 * @param surface raised areas, editor cards
 * @param text on background
 * @param accent spoken word, rules, buttons
 * @param highlight second accent for numbers
 * @param headingFont font family of titles and captions
 * @param bodyFont font family of running text
 * @param monoFont font family of code
 * @param logo picture with transparency, stored; null: the name is set in type
 * @param ctaText at most eight words for the end card
 * @param ctaUrl shown below it; empty for none
 * @param voice voice id or {@code default}
 * @param captionStyle {@code pill}, {@code outline} or {@code karaoke}
 * @param watermark whether the logo is shown in a corner where the platform allows it
 * @param music built-in track, file or {@code none}
 * @param fallbackFonts further fonts for scripts that the bundled ones lack, stored
 * @param tone how the house speaks, in words for who writes ("plain and warm, no superlatives");
 *     null if nobody said
 */
public record Brand(
    String name,
    String tagline,
    String website,
    String background,
    String surface,
    String text,
    String accent,
    String highlight,
    String headingFont,
    String bodyFont,
    String monoFont,
    @Nullable MediaRef logo,
    String ctaText,
    String ctaUrl,
    String voice,
    String captionStyle,
    boolean watermark,
    String music,
    List<MediaRef> fallbackFonts,
    @Nullable String tone)
    implements Serializable {
  /** The embedded brand: deep blue, warm yellow, nothing that names a house. */
  public static final Brand DEFAULT =
      new Brand(
          "",
          "",
          "",
          "#101827",
          "#1d2940",
          "#ffffff",
          "#ffc531",
          "#4fd1c5",
          "Open Sans",
          "Open Sans",
          "DejaVu Sans Mono",
          null,
          "",
          "",
          "default",
          "pill",
          false,
          "calm",
          List.of(),
          null);
}
