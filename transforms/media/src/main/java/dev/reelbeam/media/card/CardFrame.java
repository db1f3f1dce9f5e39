package dev.reelbeam.media.card;

import dev.reelbeam.media.text.FontBook;
import dev.reelbeam.media.text.FontWeight;
import dev.reelbeam.media.text.SafeArea;
import dev.reelbeam.media.text.TextBlock;
import dev.reelbeam.media.text.TextBlock.Limits;
import dev.reelbeam.media.text.TextStyle;
import dev.reelbeam.model.video.Brand;

/** Where a card's content may stand, and the type that it is set in. */
record CardFrame(
    FontBook fonts,
    Brand brand,
    SafeArea area,
    double left,
    double top,
    double right,
    double bottom) {
  private static final double MARGIN = 88;
  private static final double LANDSCAPE_MARGIN = 128;

  /** Captions start here at the highest, as a share of the height. */
  private static final double VERTICAL_CAPTIONS = 0.59;

  private static final double LANDSCAPE_CAPTIONS = 0.78;

  static CardFrame of(FontBook fonts, Brand brand, int width, int height, boolean captions) {
    SafeArea area = SafeArea.of(width, height);
    if (area.vertical()) {
      double bottom = captions ? height * VERTICAL_CAPTIONS : area.bottom();
      return new CardFrame(
          fonts,
          brand,
          area,
          Math.max(area.left(), area.px(MARGIN)),
          area.top() + area.px(14),
          area.right(),
          bottom);
    }
    double margin = area.px(Math.max(width > height ? LANDSCAPE_MARGIN : MARGIN, 88));
    return new CardFrame(
        fonts,
        brand,
        area,
        Math.max(area.left(), margin),
        Math.max(area.top(), area.px(88)),
        Math.min(area.right(), width - margin),
        captions ? height * LANDSCAPE_CAPTIONS : Math.min(area.bottom(), height - area.px(88)));
  }

  double width() {
    return right - left;
  }

  double height() {
    return bottom - top;
  }

  double px(double designPx) {
    return area.px(designPx);
  }

  /** Snaps a length to the 8 px grid of the design size. */
  double grid(double px) {
    double cell = Math.max(1, area.px(8));
    return Math.round(px / cell) * cell;
  }

  TextStyle heading() {
    return new TextStyle(brand.headingFont(), FontWeight.EXTRABOLD, 10, -0.012f);
  }

  TextStyle body() {
    return new TextStyle(brand.bodyFont(), FontWeight.SEMIBOLD, 10);
  }

  TextStyle mono() {
    return new TextStyle(brand.monoFont(), FontWeight.REGULAR, 10);
  }

  /** Fits a text into a column; sizes are those of the design. */
  TextBlock fit(
      String text,
      TextStyle style,
      double minPx,
      double maxPx,
      double widthPx,
      double heightPx,
      int maxLines) {
    return TextBlock.fit(
        fonts,
        fonts.clean(text),
        style,
        new Limits(px(minPx), px(maxPx), widthPx, heightPx, maxLines));
  }

  /** Left for columns that read left to right, and the reverse. */
  boolean rightToLeft(String text) {
    return FontBook.startsRightToLeft(text);
  }
}
