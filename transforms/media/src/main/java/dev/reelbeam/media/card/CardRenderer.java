package dev.reelbeam.media.card;

import dev.reelbeam.media.text.Colours;
import dev.reelbeam.media.text.FontBook;
import dev.reelbeam.media.text.FontWeight;
import dev.reelbeam.media.text.ShapedLine;
import dev.reelbeam.media.text.TextBlock;
import dev.reelbeam.media.text.TextBlock.Align;
import dev.reelbeam.media.text.TextStyle;
import dev.reelbeam.model.video.Brand;
import java.awt.BasicStroke;
import java.awt.Color;
import java.awt.geom.Path2D;
import java.awt.geom.Rectangle2D;
import java.awt.image.BufferedImage;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * Draws cards: pictures made of type that carry one idea each.
 *
 * <p>All type lies inside the safe area and, where the video has captions, above them. Type is as
 * large as its room allows; a text is shortened at a word, with an ellipsis, only when it does not
 * fit at the smallest size. Texts should have passed {@link FontBook#drawable}; what no font covers
 * is left out. Equal input gives equal pixels.
 *
 * <p>Safe for use by several threads.
 */
public final class CardRenderer {
  /** Most items that a list card shows. */
  public static final int MAX_LIST_ITEMS = 6;

  /** Most rows of a table card, its head not counted. */
  public static final int MAX_TABLE_ROWS = 6;

  /** Most columns of a table card. */
  public static final int MAX_TABLE_COLUMNS = 4;

  private static final int MAX_CTA_WORDS = 8;
  private static final double TEXT_CONTRAST = 4.5;
  private static final Pattern FIGURE =
      Pattern.compile(
          "[\\p{Sc}+\\-−±~]?\\d[\\d.,:/]*(?:\\s?(?:%|‰|°[CF]?|\\p{Sc}|[kKMG]?[Bb]\\b|"
              + "(?:mm|cm|m|km|g|kg|ms|s|min|h|ml|l|kW|W|V|Hz|px|fps)\\b))?");

  private final FontBook fonts;
  private final Brand brand;
  private final @Nullable BufferedImage logo;
  private final int width;
  private final int height;
  private final CardFrame frame;
  private final Palette brandPalette;

  /**
   * A renderer for one canvas.
   *
   * @param logo the brand's logo; null: its name is set in type
   * @param captions whether captions lie over the lower part of the picture
   */
  public CardRenderer(
      FontBook fonts,
      Brand brand,
      @Nullable BufferedImage logo,
      int width,
      int height,
      boolean captions) {
    this.fonts = fonts;
    this.brand = brand;
    this.logo = logo;
    this.width = width;
    this.height = height;
    this.frame = CardFrame.of(fonts, brand, width, height, captions);
    this.brandPalette = Palette.of(brand);
  }

  /**
   * The opening: a title over the best picture, or over the brand's colours.
   *
   * @param kicker a word or two above the title, for example the category; empty for none
   * @param hero background; null for none
   * @param focusX what matters in the hero, 0 left to 1 right
   * @param focusY what matters in the hero, 0 top to 1 bottom
   */
  public Card title(
      String title, String kicker, @Nullable BufferedImage hero, double focusX, double focusY) {
    Palette palette = hero == null ? brandPalette : Palette.from(hero, brand);
    double column = frame.width() * (frame.area().vertical() ? 1 : 0.8);
    TextBlock block =
        frame.fit(
            title,
            frame.heading(),
            40,
            frame.area().vertical() ? 104 : 110,
            column,
            frame.height() * 0.66,
            frame.area().vertical() ? 5 : 3);
    double kickerHeight = kicker.isBlank() ? 0 : frame.px(96);
    double ruleHeight = frame.px(64);
    double total = kickerHeight + block.height() + ruleHeight;
    double mark = logo == null && brand.name().isBlank() ? 0 : frame.px(112);
    double top = frame.grid(frame.top() + mark + (frame.height() - mark - total) * 0.5);
    Sheet sheet = sheet();
    if (!kicker.isBlank()) {
      chip(sheet, kicker, frame.left(), top, palette.accent(), rtl(title) ? column : -1);
    }
    double textTop = top + kickerHeight;
    text(sheet, block, textTop, column, palette, hero == null);
    rule(sheet, textTop + block.height() + frame.px(32), palette.accent(), rtl(title), column);
    if (hero != null) {
      sheet.shadow(frame.px(14), 0.6, frame.px(3));
    }
    brandMark(sheet, palette);
    BufferedImage background;
    if (hero == null) {
      background = Backdrop.plain(width, height, palette, 0);
    } else {
      background = Backdrop.hero(hero, width, height, focusX, focusY, palette.bottom());
      Backdrop.darken(
          background,
          new Rectangle2D.Double(frame.left(), top, column, total),
          TEXT_CONTRAST * 1.25,
          palette.bottom());
      if (mark > 0) {
        Backdrop.darken(
            background,
            new Rectangle2D.Double(frame.left(), frame.area().top(), frame.px(320), frame.px(64)),
            TEXT_CONTRAST,
            palette.bottom());
      }
    }
    return new Card(background, List.of(sheet.layer(CardLayer.ALWAYS)), 0);
  }

  /** One sentence in strong type; its figures stand out. */
  public Card statement(String sentence, @Nullable BufferedImage nearest) {
    Palette palette = palette(nearest);
    double bar = frame.px(28);
    double column = frame.width() * (frame.area().vertical() ? 1 : 0.82) - bar;
    TextBlock block =
        frame.fit(sentence, frame.heading(), 40, 104, column, frame.height() * 0.86, 8);
    double top = frame.grid(frame.top() + (frame.height() - block.height()) * 0.5);
    Sheet sheet = sheet();
    boolean rtl = rtl(sentence);
    // The bar hangs in the margin, so that the type keeps the edge of all other cards.
    double barX = rtl ? frame.left() + column + bar - frame.px(10) : frame.left() - bar;
    sheet.rounded(
        barX,
        top,
        frame.px(10),
        Math.max(frame.px(40), block.capTopToBaseline()),
        frame.px(5),
        palette.accent(),
        1);
    text(sheet, block, top, column, palette, true);
    return card(background(nearest, palette, 1), sheet);
  }

  /** A quotation with its source; {@code source} may be empty. */
  public Card quote(String quote, String source, @Nullable BufferedImage nearest) {
    Palette palette = palette(nearest);
    String bare = quote.strip().replaceAll("^[\"“„«']+|[\"”“»']+$", "");
    double column = frame.width() * (frame.area().vertical() ? 1 : 0.82);
    double mark = frame.px(120);
    double sourceHeight = source.isBlank() ? 0 : frame.px(104);
    TextBlock block =
        frame.fit(
            bare,
            frame.heading(),
            40,
            80,
            column,
            frame.height() - mark - sourceHeight - frame.px(16),
            9);
    double total = mark + block.height() + sourceHeight;
    double top = frame.grid(frame.top() + Math.max(0, (frame.height() - total) * 0.5));
    boolean rtl = rtl(bare);
    Sheet sheet = sheet();
    ShapedLine quoteMark =
        fonts.shape("“", new TextStyle("Open Sans", FontWeight.EXTRABOLD, (float) frame.px(260)));
    Rectangle2D ink = quoteMark.inkBounds();
    double markX = rtl ? frame.left() + column - ink.getWidth() : frame.left();
    sheet.line(quoteMark, markX - ink.getX(), top - ink.getY(), palette.accent());
    sheet.text(block, frame.left(), top + mark, column, Align.START, palette.text());
    if (!source.isBlank()) {
      double y = top + mark + block.height() + frame.px(40);
      TextBlock by =
          frame.fit(source, frame.body(), 36, 44, column - frame.px(80), frame.px(100), 2);
      double dashX = rtl ? frame.left() + column - frame.px(56) : frame.left();
      sheet.rounded(
          dashX,
          y + by.lines().get(0).capHeight() / 2 - frame.px(3),
          frame.px(56),
          frame.px(6),
          frame.px(3),
          palette.accent(),
          1);
      double textX = rtl ? frame.left() : frame.left() + frame.px(80);
      sheet.text(by, textX, y, column - frame.px(80), Align.START, palette.muted());
    }
    return card(background(nearest, palette, 2), sheet);
  }

  /**
   * A figure that fills the card.
   *
   * @param value the figure, for example {@code 3.5} or {@code 92}
   * @param unit its unit, set small beside it; may be empty
   * @param line what it means, in one line of text; may be empty
   */
  public Card number(String value, String unit, String line, @Nullable BufferedImage nearest) {
    Palette palette = palette(nearest);
    double column = frame.width();
    TextStyle heading = frame.heading();
    TextBlock big =
        frame.fit(
            value, heading, 96, 320, column * (unit.isBlank() ? 1 : 0.8), frame.height() * 0.5, 1);
    double bigPx = big.style().sizePx();
    TextBlock small = frame.fit(unit, heading, 40, 110, column, frame.px(130), 1);
    boolean beside = big.width() + small.width() + bigPx * 0.1 <= column;
    TextBlock text =
        frame.fit(
            line,
            frame.body(),
            40,
            64,
            column * (frame.area().vertical() ? 1 : 0.75),
            frame.height() * 0.32,
            4);
    double unitHeight = unit.isBlank() || beside ? 0 : small.height() + frame.px(48);
    double textHeight = line.isBlank() ? 0 : text.height() + frame.px(104);
    double total = big.capTopToBaseline() + unitHeight + textHeight;
    double top = frame.grid(frame.top() + Math.max(0, (frame.height() - total) * 0.5));
    double baseline = top + big.capTopToBaseline();
    Sheet sheet = sheet();
    if (!big.lines().isEmpty()) {
      sheet.line(big.lines().get(0), frame.left(), baseline, palette.highlight());
    }
    if (!unit.isBlank() && !small.lines().isEmpty()) {
      double x = beside ? frame.left() + big.width() + bigPx * 0.1 : frame.left();
      double y = beside ? baseline : baseline + frame.px(48) + small.capTopToBaseline();
      sheet.line(small.lines().get(0), x, y, palette.text());
    }
    if (!line.isBlank()) {
      double y = baseline + unitHeight + frame.px(48);
      rule(sheet, y, palette.accent(), false, column);
      sheet.text(text, frame.left(), y + frame.px(56), column, Align.START, palette.text());
    }
    return card(background(nearest, palette, 3), sheet);
  }

  /**
   * A list that builds up; item {@code i} is the layer of index {@code i}.
   *
   * @param heading may be empty
   * @param items at most {@link #MAX_LIST_ITEMS} are shown
   * @param numbered whether the items are steps in an order
   */
  public Card list(
      String heading, List<String> items, boolean numbered, @Nullable BufferedImage nearest) {
    Palette palette = palette(nearest);
    List<String> shown = items.subList(0, Math.min(MAX_LIST_ITEMS, items.size()));
    double column = frame.width();
    boolean rtl = rtl(heading + " " + String.join(" ", shown));
    TextBlock head = frame.fit(heading, frame.heading(), 40, 76, column, frame.height() * 0.26, 3);
    double headHeight = heading.isBlank() ? 0 : head.height() + frame.px(80);
    double badge = frame.px(64);
    double indent = badge + frame.px(28);
    double room = frame.height() - headHeight;
    List<TextBlock> blocks = listItems(shown, column - indent, room, badge);
    double rowGap = frame.px(28);
    double bodyHeight = listHeight(blocks, badge, rowGap);
    double spare = Math.max(0, room - bodyHeight);
    if (blocks.size() > 1) {
      rowGap += Math.min(frame.px(20), spare / (blocks.size() + 1));
    }
    double total = headHeight + listHeight(blocks, badge, rowGap);
    double top = frame.grid(frame.top() + Math.max(0, (frame.height() - total) * 0.5));

    List<CardLayer> layers = new ArrayList<>();
    Sheet sheet = sheet();
    if (!heading.isBlank()) {
      sheet.text(head, frame.left(), top, column, Align.START, palette.text());
      rule(sheet, top + head.height() + frame.px(12), palette.accent(), rtl, column);
    }
    layers.add(sheet.layer(CardLayer.ALWAYS));
    double y = top + headHeight;
    for (int i = 0; i < blocks.size(); i++) {
      TextBlock block = blocks.get(i);
      double rowHeight = Math.max(badge, block.height());
      Sheet row = sheet();
      double badgeX = rtl ? frame.left() + column - badge : frame.left();
      row.rounded(badgeX, y, badge, badge, badge * 0.3, palette.accent(), 1);
      if (numbered) {
        badgeNumber(row, i + 1, badgeX, y, badge, Colours.readableOn(palette.accent()));
      } else {
        check(row, badgeX, y, badge, Colours.readableOn(palette.accent()));
      }
      double textX = rtl ? frame.left() : frame.left() + indent;
      double firstCap = block.lines().isEmpty() ? 0 : block.lines().get(0).capHeight();
      double textTop =
          block.lines().size() == 1 ? y + (badge - firstCap) / 2 : y + (badge - firstCap) * 0.32;
      row.text(block, textX, textTop, column - indent, Align.START, palette.text());
      layers.add(row.layer(i));
      y += rowHeight + rowGap;
    }
    return new Card(background(nearest, palette, 4), layers, blocks.size());
  }

  private List<TextBlock> listItems(
      List<String> items, double columnPx, double room, double badge) {
    double share = room / Math.max(1, items.size()) - frame.px(20);
    List<TextBlock> best = List.of();
    // One size for all items: the largest at which their sum still fits.
    for (int size = 60; size >= 40; size -= 4) {
      List<TextBlock> blocks = new ArrayList<>();
      for (String item : items) {
        blocks.add(
            TextBlock.wrap(
                fonts, fonts.clean(item), frame.body().at((float) frame.px(size)), columnPx, 1.2));
      }
      best = blocks;
      if (listHeight(blocks, badge, frame.px(28)) <= room
          && blocks.stream().allMatch(block -> block.lines().size() <= 3)) {
        return best;
      }
    }
    if (listHeight(best, badge, frame.px(28)) > room) {
      best =
          items.stream()
              .map(item -> frame.fit(item, frame.body(), 40, 40, columnPx, share, 3))
              .toList();
    }
    return best;
  }

  private static double listHeight(List<TextBlock> blocks, double badge, double gap) {
    return blocks.stream().mapToDouble(block -> Math.max(badge, block.height())).sum()
        + gap * Math.max(0, blocks.size() - 1);
  }

  /**
   * Source code in an editor window.
   *
   * @param code with its line breaks; at most twelve rows around the first highlighted line are
   *     seen
   * @param language of the code, null when it is not known
   * @param title in the window's bar, for example a file name; may be empty
   * @param highlighted lines (from 0) that are talked about; the {@code i}th of them lights up in
   *     the layer of index {@code i}
   */
  public Card code(
      String code, @Nullable String language, String title, List<Integer> highlighted) {
    return new CodeCard(frame, brandPalette).draw(code, language, title, highlighted);
  }

  /**
   * A table; row {@code i} is the layer of index {@code i}.
   *
   * @param head names of the columns; at most {@link #MAX_TABLE_COLUMNS} are shown
   * @param rows at most {@link #MAX_TABLE_ROWS} are shown
   */
  public Card table(String heading, List<String> head, List<List<String>> rows) {
    return new TableCard(frame, brandPalette).draw(heading, head, rows);
  }

  /**
   * A chapter begins.
   *
   * @param number from 1
   * @param of number of chapters, shown as a bar; at least {@code number}
   */
  public Card chapter(int number, int of, String title, @Nullable BufferedImage nearest) {
    if (number < 1 || of < number) {
      throw new IllegalArgumentException("chapter " + number + " of " + of);
    }
    Palette palette = palette(nearest);
    double column = frame.width() * (frame.area().vertical() ? 1 : 0.84);
    TextBlock block = frame.fit(title, frame.heading(), 40, 110, column, frame.height() * 0.5, 4);
    ShapedLine figure =
        fonts.shape(
            String.format(Locale.ROOT, "%02d", number), frame.heading().at((float) frame.px(150)));
    double gap = frame.px(56);
    double bar = frame.px(88);
    double total = figure.capHeight() + gap + block.height() + bar;
    double top = frame.grid(frame.top() + (frame.height() - total) * 0.5);
    Sheet sheet = sheet();
    boolean rtl = rtl(title);
    double figureX = rtl ? frame.left() + column - figure.width() : frame.left();
    sheet.line(figure, figureX, top + figure.capHeight(), palette.accent());
    sheet.text(
        block, frame.left(), top + figure.capHeight() + gap, column, Align.START, palette.text());
    progress(sheet, number, of, top + total - frame.px(12), palette, rtl, column);
    return card(background(nearest, palette, 5), sheet);
  }

  private void progress(
      Sheet sheet, int number, int of, double y, Palette palette, boolean rtl, double column) {
    int shown = Math.min(of, 24);
    double gap = frame.px(10);
    double cell = Math.min(frame.px(72), (column - gap * (shown - 1)) / shown);
    double reached = Math.ceil((double) number * shown / of);
    for (int i = 0; i < shown; i++) {
      double x =
          rtl ? frame.left() + column - (i + 1) * cell - i * gap : frame.left() + i * (cell + gap);
      boolean done = i < reached;
      sheet.rounded(
          x,
          y,
          cell,
          frame.px(8),
          frame.px(4),
          done ? palette.accent() : palette.text(),
          done ? 1 : 0.22);
    }
  }

  /**
   * An offer: picture, title, price, category.
   *
   * @param price as it is shown, for example {@code $18,500}; may be empty
   * @param category may be empty
   */
  public Card price(
      String title,
      String price,
      String category,
      @Nullable BufferedImage hero,
      double focusX,
      double focusY) {
    Palette palette = hero == null ? brandPalette : Palette.from(hero, brand);
    double column = frame.width() * (frame.area().vertical() ? 1 : 0.7);
    TextBlock block = frame.fit(title, frame.heading(), 40, 96, column, frame.height() * 0.46, 4);
    TextBlock tag =
        frame.fit(price, frame.heading(), 48, 110, column - frame.px(80), frame.px(140), 1);
    double chipHeight = category.isBlank() ? 0 : frame.px(96);
    double tagPad = frame.px(36);
    double tagHeight = price.isBlank() ? 0 : tag.capTopToBaseline() + 2 * tagPad;
    double gap = price.isBlank() ? 0 : frame.px(40);
    double total = chipHeight + block.height() + gap + tagHeight;
    double top = frame.grid(frame.bottom() - total - frame.px(24));
    if (hero == null) {
      top = frame.grid(frame.top() + (frame.height() - total) * 0.5);
    }
    boolean rtl = rtl(title);
    Sheet sheet = sheet();
    if (!category.isBlank()) {
      chip(sheet, category, frame.left(), top, palette.highlight(), rtl ? column : -1);
    }
    sheet.text(block, frame.left(), top + chipHeight, column, Align.START, palette.text());
    if (!price.isBlank()) {
      double y = top + chipHeight + block.height() + gap;
      double tagWidth = tag.width() + 2 * tagPad;
      double x = rtl ? frame.left() + column - tagWidth : frame.left();
      sheet.rounded(x, y, tagWidth, tagHeight, frame.px(24), palette.accent(), 1);
      sheet.text(
          tag,
          x + tagPad,
          y + tagPad,
          tag.width(),
          Align.START,
          Colours.readableOn(palette.accent()));
    }
    sheet.shadow(frame.px(14), 0.55, frame.px(3));
    BufferedImage background;
    if (hero == null) {
      background = Backdrop.plain(width, height, palette, 2);
    } else {
      background = Backdrop.hero(hero, width, height, focusX, focusY, palette.bottom());
      Backdrop.darken(
          background,
          new Rectangle2D.Double(frame.left(), top, column, chipHeight + block.height()),
          TEXT_CONTRAST * 1.25,
          palette.bottom());
    }
    return card(background, sheet);
  }

  /**
   * The end: logo, what to do next, where.
   *
   * @param cta at most eight words are shown
   * @param url shown in a button; may be empty
   */
  public Card end(String cta, String url) {
    Palette palette = brandPalette;
    double column = frame.width();
    double centre = frame.area().vertical() ? frame.area().centreX() : width / 2.0;
    // Centred on what viewers see, so both sides give up what the narrower one lacks.
    double half = Math.min(centre - frame.left(), frame.right() - centre);
    column = Math.min(column, 2 * half);
    double left = centre - column / 2;
    TextBlock block =
        frame.fit(firstWords(cta), frame.heading(), 40, 104, column, frame.height() * 0.44, 4);
    double logoHeight = logo == null ? (brand.name().isBlank() ? 0 : frame.px(80)) : frame.px(176);
    double logoGap = logoHeight == 0 ? 0 : frame.px(80);
    TextBlock address =
        frame.fit(url, frame.body(), 36, 48, column - frame.px(112), frame.px(70), 1);
    double button = url.isBlank() ? 0 : frame.px(104);
    double buttonGap = url.isBlank() ? 0 : frame.px(64);
    double total = logoHeight + logoGap + block.height() + buttonGap + button;
    double top = frame.grid(frame.top() + Math.max(0, (frame.height() - total) * 0.5));
    Sheet sheet = sheet();
    if (logo != null) {
      double scale = Math.min(logoHeight / logo.getHeight(), column * 0.6 / logo.getWidth());
      double w = logo.getWidth() * scale;
      double h = logo.getHeight() * scale;
      sheet.picture(logo, centre - w / 2, top + (logoHeight - h) / 2, w, h);
    } else if (!brand.name().isBlank()) {
      wordmark(sheet, centre, top, logoHeight, palette);
    }
    double y = top + logoHeight + logoGap;
    sheet.text(block, left, y, column, Align.CENTRE, palette.text());
    if (!url.isBlank()) {
      double by = y + block.height() + buttonGap;
      double w = address.width() + frame.px(112);
      sheet.rounded(centre - w / 2, by, w, button, button / 2, palette.accent(), 1);
      sheet.text(
          address,
          centre - address.width() / 2,
          by + (button - address.capTopToBaseline()) / 2,
          address.width(),
          Align.START,
          Colours.readableOn(palette.accent()));
    }
    return card(Backdrop.plain(width, height, palette, 0), sheet);
  }

  private static String firstWords(String cta) {
    String[] words = cta.strip().split("\\s+");
    if (words.length <= MAX_CTA_WORDS) {
      return cta.strip();
    }
    return String.join(" ", List.of(words).subList(0, MAX_CTA_WORDS)) + "…";
  }

  /** The brand's name in type behind its initial. */
  private void wordmark(Sheet sheet, double centre, double top, double room, Palette palette) {
    double gap = frame.px(24);
    TextBlock name =
        frame.fit(brand.name(), frame.heading(), 32, 60, frame.width() * 0.8 - room - gap, room, 1);
    double x = centre - (room + gap + name.width()) / 2;
    sheet.rounded(x, top, room, room, room * 0.28, palette.accent(), 1);
    String clean = fonts.clean(brand.name()).strip();
    String initial = clean.isEmpty() ? "" : Character.toString(clean.codePointAt(0));
    ShapedLine letter = fonts.shape(initial, frame.heading().at((float) (room * 0.62)));
    Rectangle2D ink = letter.inkBounds();
    sheet.line(
        letter,
        x + room / 2 - ink.getCenterX(),
        top + room / 2 - ink.getCenterY(),
        Colours.readableOn(palette.accent()));
    sheet.text(
        name,
        x + room + gap,
        top + (room - name.capTopToBaseline()) / 2,
        name.width(),
        Align.START,
        palette.text());
  }

  /** Logo or name, small, at the top of the safe area. */
  private void brandMark(Sheet sheet, Palette palette) {
    double x = frame.left();
    double y = frame.area().top() + frame.px(14);
    if (logo != null) {
      double scale = Math.min(frame.px(72) / logo.getHeight(), frame.px(320) / logo.getWidth());
      sheet.picture(logo, x, y, logo.getWidth() * scale, logo.getHeight() * scale);
    } else if (!brand.name().isBlank()) {
      TextBlock name =
          frame.fit(brand.name(), frame.heading(), 24, 36, frame.width() * 0.6, frame.px(48), 1);
      sheet.text(name, x, y, name.width(), Align.START, palette.text());
    }
  }

  private void text(
      Sheet sheet, TextBlock block, double top, double column, Palette palette, boolean figures) {
    sheet.text(block, frame.left(), top, column, Align.START, palette.text());
    if (!figures) {
      return;
    }
    for (int i = 0; i < block.lines().size(); i++) {
      if (block.lines().get(i).rightToLeft()) {
        continue;
      }
      String line = block.texts().get(i);
      Matcher figure = FIGURE.matcher(line);
      while (figure.find()) {
        double x = block.lineX(i, frame.left(), column, Align.START);
        double from = prefix(line, figure.start(), block.style());
        double to = prefix(line, figure.end(), block.style());
        sheet.emphasise(
            block.lines().get(i).outline(x, block.baseline(i, top)),
            x + from,
            x + to,
            palette.accent());
      }
    }
  }

  private double prefix(String line, int end, TextStyle style) {
    // A trailing space has no width of its own in a line: a full stop behind it gives it one.
    return end == 0
        ? 0
        : fonts.width(line.substring(0, end) + ".", style) - fonts.width(".", style);
  }

  private void rule(Sheet sheet, double y, int colour, boolean rtl, double column) {
    double w = frame.px(120);
    double x = rtl ? frame.left() + column - w : frame.left();
    sheet.rounded(x, y, w, frame.px(10), frame.px(5), colour, 1);
  }

  /** A small label; {@code rightColumn} aligns it to the right end of a column, -1 to the left. */
  private void chip(
      Sheet sheet, String label, double x, double top, int colour, double rightColumn) {
    TextBlock block =
        frame.fit(
            label.toUpperCase(Locale.ROOT),
            new TextStyle(brand.bodyFont(), FontWeight.BOLD, 10, 0.06f),
            24,
            32,
            frame.width() * 0.8,
            frame.px(40),
            1);
    double padX = frame.px(24);
    double padY = frame.px(17);
    double w = block.width() + 2 * padX;
    double left = rightColumn < 0 ? x : x + rightColumn - w;
    double h = block.capTopToBaseline() + 2 * padY;
    sheet.rounded(left, top, w, h, frame.px(12), colour, 1);
    sheet.text(
        block, left + padX, top + padY, block.width(), Align.START, Colours.readableOn(colour));
  }

  private void badgeNumber(Sheet sheet, int n, double x, double y, double side, int colour) {
    ShapedLine figure = fonts.shape(Integer.toString(n), frame.heading().at((float) (side * 0.58)));
    sheet.line(
        figure, x + (side - figure.width()) / 2, y + (side + figure.capHeight()) / 2, colour);
  }

  private static void check(Sheet sheet, double x, double y, double side, int colour) {
    Path2D mark = new Path2D.Double();
    mark.moveTo(x + side * 0.27, y + side * 0.53);
    mark.lineTo(x + side * 0.44, y + side * 0.69);
    mark.lineTo(x + side * 0.74, y + side * 0.34);
    sheet.pen().setColor(new Color(colour));
    sheet
        .pen()
        .setStroke(
            new BasicStroke((float) (side * 0.12), BasicStroke.CAP_ROUND, BasicStroke.JOIN_ROUND));
    sheet.pen().draw(mark);
  }

  private Palette palette(@Nullable BufferedImage nearest) {
    return nearest == null ? brandPalette : Palette.from(nearest, brand);
  }

  private BufferedImage background(@Nullable BufferedImage nearest, Palette palette, int variant) {
    return nearest == null
        ? Backdrop.plain(width, height, palette, variant)
        : Backdrop.blurred(nearest, width, height, palette, variant);
  }

  private static Card card(BufferedImage background, Sheet sheet) {
    return new Card(background, List.of(sheet.layer(CardLayer.ALWAYS)), 0);
  }

  private static boolean rtl(String text) {
    return FontBook.startsRightToLeft(text);
  }

  private Sheet sheet() {
    return new Sheet(width, height);
  }
}
