package dev.reelbeam.media.card;

import dev.reelbeam.media.text.Colours;
import dev.reelbeam.media.text.FontBook;
import dev.reelbeam.media.text.FontWeight;
import dev.reelbeam.media.text.Rasters;
import dev.reelbeam.media.text.SafeArea;
import dev.reelbeam.media.text.ShapedLine;
import dev.reelbeam.media.text.TextBlock;
import dev.reelbeam.media.text.TextBlock.Align;
import dev.reelbeam.media.text.TextBlock.Limits;
import dev.reelbeam.media.text.TextStyle;
import dev.reelbeam.media.text.WordBinding;
import dev.reelbeam.model.video.Brand;
import java.awt.image.BufferedImage;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Draws what lies over a picture: labels, the hook, lower thirds, the watermark.
 *
 * <p>Everything lies inside the safe area and brings its own background or outline, so that its
 * contrast is at least 4.5:1 over any picture. Equal input gives equal pixels. Safe for use by
 * several threads.
 */
public final class OverlayRenderer {
  private static final int MAX_HOOK_WORDS = 7;
  private static final double PANEL_OPACITY = 0.86;

  /** Labels begin here in vertical pictures, as a share of the height: they end before 30 %. */
  private static final double LABEL_TOP = 0.165;

  private static final double LABEL_HEIGHT = 0.13;

  private final FontBook fonts;
  private final Brand brand;
  private final SafeArea area;
  private final int accent;

  public OverlayRenderer(FontBook fonts, Brand brand, int width, int height) {
    this.fonts = fonts;
    this.brand = brand;
    this.area = SafeArea.of(width, height);
    int worst = Colours.mix(Colours.WHITE, Colours.INK, PANEL_OPACITY);
    this.accent = Colours.ensureContrast(Colours.parse(brand.accent()), worst, 4.5);
  }

  /** A few words about what is seen, on a dark panel with a bar in the accent colour. */
  public Overlay label(String text) {
    double pad = area.px(30);
    double bar = area.px(12);
    double column = (area.vertical() ? area.width() : area.width() * 0.5) - 2 * pad - bar;
    TextBlock block =
        fit(
            text,
            new TextStyle(brand.headingFont(), FontWeight.BOLD, 10),
            36,
            58,
            column - area.px(36),
            area.vertical() ? area.canvasHeight() * LABEL_HEIGHT - 2 * pad : area.px(200),
            2);
    double w = block.width() + 2 * pad + bar;
    double h = block.capTopToBaseline() + 2 * pad + area.px(4);
    double left = area.left() + area.px(area.vertical() ? 28 : 8);
    double top =
        area.vertical()
            ? Math.max(area.top(), area.canvasHeight() * LABEL_TOP)
            : area.top() + area.px(40);
    boolean rtl = FontBook.startsRightToLeft(text);
    if (rtl) {
      left = area.right() - area.px(28) - w;
    }
    Sheet sheet = sheet();
    sheet.rounded(left, top, w, h, area.px(18), Colours.INK, PANEL_OPACITY);
    double barX = rtl ? left + w - area.px(18) - bar : left + area.px(18);
    sheet.rounded(barX, top + area.px(20), bar * 0.75, h - area.px(40), bar * 0.375, accent, 1);
    double textX = rtl ? left + pad - area.px(2) : left + pad + bar + area.px(4);
    sheet.text(block, textX, top + pad, block.width(), Align.START, Colours.WHITE);
    return overlay(sheet);
  }

  /**
   * The hook of the first shot: at most seven words, large, its strongest word in the accent
   * colour.
   */
  public Overlay hook(String text) {
    double pad = area.px(34);
    double column = area.vertical() ? area.width() - area.px(56) : area.width() * 0.62;
    TextStyle style = new TextStyle(brand.headingFont(), FontWeight.EXTRABOLD, 10, -0.012f);
    TextBlock block =
        fit(
            firstWords(text),
            style,
            56,
            108,
            column - 2 * pad,
            area.canvasHeight() * (area.vertical() ? 0.27 : 0.5),
            4);
    double left = area.left() + area.px(area.vertical() ? 28 : 8);
    double top = area.canvasHeight() * (area.vertical() ? 0.2 : 0.3);
    boolean rtl = FontBook.startsRightToLeft(text);
    double cap = block.lines().isEmpty() ? 0 : block.lines().get(0).capHeight();
    double padY = cap * 0.36;
    String strongest = strongest(block.texts());
    int onAccent = Colours.readableOn(accent);
    Sheet sheet = sheet();
    // Panels below all type: the next line's panel must not cut a descender.
    for (int pass = 0; pass < 2; pass++) {
      for (int i = 0; i < block.lines().size(); i++) {
        ShapedLine line = block.lines().get(i);
        boolean strong = block.texts().get(i).contains(strongest);
        double lineWidth = line.width() + 2 * pad;
        double x = rtl ? left + column - lineWidth : left;
        double baseline = top + padY + cap + i * (cap + 2 * padY + area.px(6));
        if (pass == 0) {
          sheet.rounded(
              x,
              baseline - cap - padY,
              lineWidth,
              cap + 2 * padY,
              area.px(16),
              strong ? accent : Colours.INK,
              strong ? 1 : 0.9);
        } else {
          sheet.line(line, x + pad, baseline, strong ? onAccent : Colours.WHITE);
        }
      }
    }
    sheet.shadow(area.px(14), 0.45, area.px(6));
    return overlay(sheet);
  }

  /** A section's name at the lower left of a landscape picture, with a smaller line above it. */
  public Overlay lowerThird(String title, String kicker) {
    double padX = area.px(36);
    double padY = area.px(28);
    double bar = area.px(12);
    double column = area.width() * (area.vertical() ? 0.9 : 0.56);
    TextBlock block =
        fit(
            title,
            new TextStyle(brand.headingFont(), FontWeight.BOLD, 10),
            40,
            60,
            column - 2 * padX,
            area.px(150),
            2);
    TextBlock small =
        fit(
            kicker,
            new TextStyle(brand.bodyFont(), FontWeight.SEMIBOLD, 10),
            36,
            36,
            column - 2 * padX,
            area.px(50),
            1);
    double kickerHeight = kicker.isBlank() ? 0 : small.capTopToBaseline() + area.px(24);
    double w = Math.max(block.width(), small.width()) + 2 * padX + bar;
    double h = kickerHeight + block.capTopToBaseline() + 2 * padY + area.px(6);
    double left = area.left();
    double top = area.bottom() - h - area.px(16);
    boolean rtl = FontBook.startsRightToLeft(title);
    if (rtl) {
      left = area.right() - w;
    }
    Sheet sheet = sheet();
    sheet.rounded(left, top, w, h, area.px(14), Colours.INK, PANEL_OPACITY);
    sheet.rounded(
        rtl ? left + w - bar : left, top, bar, h, Math.min(bar / 2, area.px(6)), accent, 1);
    double textX = rtl ? left + padX : left + padX + bar;
    double textW = w - 2 * padX - bar;
    if (!kicker.isBlank()) {
      sheet.text(small, textX, top + padY, textW, Align.START, accent);
    }
    sheet.text(block, textX, top + padY + kickerHeight, textW, Align.START, Colours.WHITE);
    return overlay(sheet);
  }

  /**
   * A small translucent mark in the upper right corner of the safe area.
   *
   * @param logo null: the brand's name is set in type; blank name and no logo: nothing is drawn
   */
  public Overlay watermark(@Nullable BufferedImage logo) {
    double room = area.px(76);
    double widest = area.px(360);
    Sheet sheet = sheet();
    double top = area.top() + area.px(8);
    double right = area.right() - area.px(8);
    if (logo != null) {
      double scale = Math.min(room / logo.getHeight(), widest / logo.getWidth());
      double w = logo.getWidth() * scale;
      sheet.picture(logo, right - w, top, w, logo.getHeight() * scale);
    } else if (!brand.name().isBlank()) {
      TextBlock name =
          fit(
              brand.name(),
              new TextStyle(brand.headingFont(), FontWeight.BOLD, 10),
              22,
              34,
              widest,
              room,
              1);
      sheet.text(name, right - name.width(), top, name.width(), Align.START, Colours.WHITE);
    }
    sheet.shadow(area.px(5), 0.6, area.px(1));
    Overlay mark = overlay(sheet);
    int[] pixels = Rasters.pixels(mark.image());
    for (int i = 0; i < pixels.length; i++) {
      pixels[i] = ((pixels[i] >>> 24) * 62 / 100) << 24 | (pixels[i] & 0xffffff);
    }
    return mark;
  }

  private static String firstWords(String hook) {
    List<String> words = List.of(hook.strip().split("\\s+"));
    if (words.size() <= MAX_HOOK_WORDS) {
      return hook.strip();
    }
    int end = MAX_HOOK_WORDS;
    while (end > 3 && WordBinding.binds(words.get(end - 1), words.get(end))) {
      end--;
    }
    return String.join(" ", words.subList(0, end)) + "…";
  }

  /** A figure where there is one, else the longest word. */
  private static String strongest(List<String> lines) {
    String best = "";
    for (String line : lines) {
      for (String word : line.split(" ", -1)) {
        boolean figure = word.chars().anyMatch(Character::isDigit);
        boolean bestIsFigure = best.chars().anyMatch(Character::isDigit);
        if ((figure && !bestIsFigure)
            || (figure == bestIsFigure && word.length() > best.length())) {
          best = word;
        }
      }
    }
    return best;
  }

  private TextBlock fit(
      String text,
      TextStyle style,
      double minPx,
      double maxPx,
      double widthPx,
      double heightPx,
      int lines) {
    return TextBlock.fit(
        fonts,
        fonts.clean(text),
        style,
        new Limits(area.px(minPx), area.px(maxPx), widthPx, heightPx, lines));
  }

  private Sheet sheet() {
    return new Sheet(area.canvasWidth(), area.canvasHeight());
  }

  private static Overlay overlay(Sheet sheet) {
    CardLayer layer = sheet.layer(CardLayer.ALWAYS);
    return new Overlay(layer.image(), layer.x(), layer.y());
  }
}
