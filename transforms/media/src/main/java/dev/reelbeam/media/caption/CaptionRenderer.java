package dev.reelbeam.media.caption;

import dev.reelbeam.media.composition.FrameClock;
import dev.reelbeam.media.text.Colours;
import dev.reelbeam.media.text.Ellipsis;
import dev.reelbeam.media.text.FontBook;
import dev.reelbeam.media.text.FontWeight;
import dev.reelbeam.media.text.Rasters;
import dev.reelbeam.media.text.SafeArea;
import dev.reelbeam.media.text.ShapedLine;
import dev.reelbeam.media.text.TextStyle;
import dev.reelbeam.model.video.Brand;
import java.awt.BasicStroke;
import java.awt.Color;
import java.awt.Graphics2D;
import java.awt.Shape;
import java.awt.geom.Rectangle2D;
import java.awt.geom.RoundRectangle2D;
import java.awt.image.BufferedImage;
import java.text.Bidi;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/**
 * Draws caption pages: one raster per spoken word, of equal size and place for all words of a page.
 *
 * <p>Words keep their place in all states of a page. Every block lies inside the safe area, outline
 * and shadow included, and each letter stands out by a contrast of at least 4.5:1 from what
 * surrounds it, whatever the picture shows. Equal input gives equal pixels.
 *
 * <p>Safe for use by several threads.
 */
public final class CaptionRenderer {
  private static final double MIN_CONTRAST = 4.5;

  /** Sizes for a canvas whose shorter side is 1080. */
  private static final double VERTICAL_TYPE_PX = 72;

  private static final double LANDSCAPE_TYPE_PX = 56;
  private static final double OUTLINE_PX = 7;
  private static final double SHADOW_PX = 9;

  /** Height of the middle of a block, as a share of the canvas. */
  private static final double VERTICAL_CENTRE = 0.66;

  private static final double LANDSCAPE_LINE_SHARE = 0.66;
  private static final double LEADING = 1.34;

  /** Gap between words in ems: wide enough that a pill does not touch the neighbours. */
  private static final double GAP_EM = 0.34;

  /** Room below the baseline in ems: a descender and a little air. */
  private static final double DESCENT_EM = 0.31;

  private static final double PILL_PAD_X_EM = 0.15;
  private static final double BOX_PAD_X_EM = 0.42;
  private static final double BOX_PAD_Y_EM = 0.36;
  private static final double BOX_OPACITY = 0.82;

  /** Longer words would shrink until nobody could read them. */
  private static final int MAX_WORD_CHARS = 48;

  private static final int NONE_SPOKEN = CaptionState.NONE_SPOKEN;

  private final FontBook fonts;
  private final CaptionStyle look;
  private final SafeArea area;
  private final int frameRate;
  private final TextStyle type;
  private final double outlinePx;
  private final int accent;
  private final int onPill;

  /**
   * A renderer for one canvas.
   *
   * @param frameRate whole frames per second, 1-240
   */
  public CaptionRenderer(
      FontBook fonts, Brand brand, CaptionStyle look, int width, int height, int frameRate) {
    if (frameRate < 1 || frameRate > 240) {
      throw new IllegalArgumentException("frameRate must lie in 1-240, was " + frameRate);
    }
    this.fonts = fonts;
    this.look = look;
    this.area = SafeArea.of(width, height);
    this.frameRate = frameRate;
    double size = area.vertical() ? VERTICAL_TYPE_PX : LANDSCAPE_TYPE_PX;
    this.type = new TextStyle(brand.headingFont(), FontWeight.EXTRABOLD, (float) area.px(size), 0);
    this.outlinePx = area.px(OUTLINE_PX);
    int brandAccent = Colours.parse(brand.accent());
    this.accent =
        look == CaptionStyle.PILL
            ? brandAccent
            : Colours.ensureContrast(brandAccent, boxOverWhite(), MIN_CONTRAST);
    this.onPill = Colours.readableOn(brandAccent);
  }

  /** The worst background of coloured type: the dark box over a white picture. */
  private int boxOverWhite() {
    return look == CaptionStyle.KARAOKE
        ? Colours.mix(Colours.WHITE, Colours.INK, BOX_OPACITY)
        : Colours.INK;
  }

  /** A pager whose lines fit this renderer's canvas and type. */
  public CaptionPager pager() {
    return new CaptionPager(this::widthPx, lineWidth());
  }

  private double widthPx(String text) {
    return text.equals(" ") ? gap() : word(text, type, false).width();
  }

  private ShapedLine word(String text, TextStyle style, boolean rightToLeft) {
    return fonts.shape(Ellipsis.shorten(fonts.clean(text), MAX_WORD_CHARS), style, rightToLeft);
  }

  private double gap() {
    return type.sizePx() * GAP_EM;
  }

  /** Widest line of type, so that its surroundings stay inside the safe area. */
  private double lineWidth() {
    double outer = area.vertical() ? area.width() : area.canvasWidth() * LANDSCAPE_LINE_SHARE;
    return outer - 2 * sidePad();
  }

  /** What surrounds the type at the left and right. */
  private double sidePad() {
    return switch (look) {
      case PILL -> type.sizePx() * PILL_PAD_X_EM + shadow();
      case OUTLINE -> outlinePx + shadow();
      case KARAOKE -> type.sizePx() * BOX_PAD_X_EM + 2;
    };
  }

  private double shadow() {
    return Math.ceil(area.px(SHADOW_PX) * 2);
  }

  /** A word at its place; coordinates are those of the canvas. */
  private record Placed(ShapedLine shape, double x, double baseline, double sizePx) {}

  /**
   * When each state of a page is seen, in order, without gaps between them; empty when the page is
   * shorter than a frame. Costs nothing to speak of.
   */
  public List<CaptionState> states(CaptionPage page) {
    int pageStart = frame(page.startUs());
    int pageEnd = frame(page.endUs());
    if (pageEnd <= pageStart) {
      return List.of();
    }
    List<CaptionWord> words = page.words();
    List<CaptionState> states = new ArrayList<>();
    int from = pageStart;
    // The page comes up a little before its first word; the highlight comes with the word.
    int firstWord = Math.min(pageEnd, frame(words.get(0).startUs()));
    if (firstWord > from) {
      states.add(new CaptionState(NONE_SPOKEN, from, firstWord));
      from = firstWord;
    }
    for (int i = 0; i < words.size() && from < pageEnd; i++) {
      int to =
          i + 1 < words.size() ? Math.min(pageEnd, frame(words.get(i + 1).startUs())) : pageEnd;
      if (to > from) {
        states.add(new CaptionState(i, from, to));
        from = to;
      }
    }
    return List.copyOf(states);
  }

  /**
   * What a page looks like before its first word and at each of its words, in this order. Depends
   * on the words and how they are broken into lines, and on nothing else of the page.
   */
  public List<CaptionRaster> draw(CaptionPage page) {
    List<Placed> words = place(page);
    Rectangle2D box = box(words);
    int x = even(box.getMinX());
    int y = even(box.getMinY());
    int w = evenUp(box.getMaxX() - x);
    int h = evenUp(box.getMaxY() - y);
    BufferedImage backdrop = backdrop(words, box, x, y, w, h);
    List<CaptionRaster> rasters = new ArrayList<>();
    for (int spoken = NONE_SPOKEN; spoken < words.size(); spoken++) {
      rasters.add(new CaptionRaster(state(words, backdrop, spoken, x, y), x, y, spoken));
    }
    return List.copyOf(rasters);
  }

  /** The frame nearest to a moment. */
  private int frame(long us) {
    return FrameClock.nearest(us, frameRate);
  }

  private List<Placed> place(CaptionPage page) {
    boolean rightToLeft = FontBook.startsRightToLeft(page.text());
    List<List<ShapedLine>> lines = new ArrayList<>();
    double widest = 0;
    for (CaptionLine line : page.lines()) {
      List<ShapedLine> shaped =
          line.words().stream().map(word -> word(word.text(), type, rightToLeft)).toList();
      lines.add(shaped);
      widest = Math.max(widest, width(shaped, gap()));
    }
    // Only a single word can be wider than a line: the pager sees to the rest.
    double shrink = Math.min(1, lineWidth() / Math.max(1, widest));
    TextStyle style = shrink < 1 ? type.at((float) (type.sizePx() * shrink)) : type;
    double em = style.sizePx();
    double lineHeight = em * LEADING;
    double capHeight = lines.get(0).get(0).capHeight() * shrink;
    double top = centreY(page.lines().size(), lineHeight, capHeight);

    List<Placed> placed = new ArrayList<>();
    for (int l = 0; l < lines.size(); l++) {
      CaptionLine line = page.lines().get(l);
      List<ShapedLine> shaped =
          shrink < 1
              ? line.words().stream().map(word -> word(word.text(), style, rightToLeft)).toList()
              : lines.get(l);
      double gap = em * GAP_EM;
      double x = area.vertical() ? area.centreX() : area.canvasWidth() / 2.0;
      x -= width(shaped, gap) / 2;
      double baseline = top + capHeight + l * lineHeight;
      Placed[] inReadingOrder = new Placed[shaped.size()];
      for (int index : visualOrder(line, rightToLeft)) {
        inReadingOrder[index] = new Placed(shaped.get(index), x, baseline, em);
        x += shaped.get(index).width() + gap;
      }
      placed.addAll(Arrays.asList(inReadingOrder));
    }
    return placed;
  }

  /** Top of the first line's capitals. */
  private double centreY(int lines, double lineHeight, double capHeight) {
    double height = capHeight + (lines - 1) * lineHeight;
    if (area.vertical()) {
      return area.canvasHeight() * VERTICAL_CENTRE - height / 2;
    }
    double em = type.sizePx();
    double below =
        em * DESCENT_EM + (look == CaptionStyle.KARAOKE ? em * BOX_PAD_Y_EM : shadow()) + 2;
    return area.bottom() - below - height;
  }

  private static double width(List<ShapedLine> words, double gap) {
    return words.stream().mapToDouble(ShapedLine::width).sum() + gap * (words.size() - 1);
  }

  /** Indices of a line's words from left to right, by the Unicode bidirectional algorithm. */
  private static int[] visualOrder(CaptionLine line, boolean rightToLeft) {
    int n = line.words().size();
    Bidi bidi =
        new Bidi(
            line.text(), rightToLeft ? Bidi.DIRECTION_RIGHT_TO_LEFT : Bidi.DIRECTION_LEFT_TO_RIGHT);
    byte[] levels = new byte[n];
    Integer[] order = new Integer[n];
    int at = 0;
    for (int i = 0; i < n; i++) {
      String text = line.words().get(i).text();
      int strong = 0;
      while (strong + 1 < text.length() && !Character.isLetterOrDigit(text.charAt(strong))) {
        strong++;
      }
      levels[i] = (byte) bidi.getLevelAt(at + strong);
      order[i] = i;
      at += text.length() + 1;
    }
    Bidi.reorderVisually(levels, 0, order, 0, n);
    return Arrays.stream(order).mapToInt(Integer::intValue).toArray();
  }

  /** Everything that any state of the page may paint. */
  private Rectangle2D box(List<Placed> words) {
    Rectangle2D box = null;
    for (Placed word : words) {
      Rectangle2D cell = cell(word);
      double padX = sidePad();
      double padY = look == CaptionStyle.KARAOKE ? word.sizePx() * BOX_PAD_Y_EM : shadow();
      Rectangle2D outer =
          new Rectangle2D.Double(
              cell.getX() - padX,
              cell.getY() - padY,
              cell.getWidth() + 2 * padX,
              cell.getHeight() + 2 * padY);
      box = box == null ? outer : box.createUnion(outer);
    }
    if (box == null) {
      throw new IllegalArgumentException("a page without words");
    }
    return box;
  }

  /** The room of a word: its advance and the tallest letters, marks above them included. */
  private static Rectangle2D cell(Placed word) {
    double em = word.sizePx();
    double top = word.baseline() - word.shape().capHeight() - em * 0.2;
    Rectangle2D cell =
        new Rectangle2D.Double(
            word.x(), top, word.shape().width(), word.baseline() + em * DESCENT_EM - top);
    Rectangle2D ink = word.shape().inkBounds();
    if (ink.isEmpty()) {
      return cell;
    }
    return cell.createUnion(
        new Rectangle2D.Double(
            word.x() + ink.getX(), word.baseline() + ink.getY(), ink.getWidth(), ink.getHeight()));
  }

  /** What is the same in all states: shadow or box. */
  private BufferedImage backdrop(List<Placed> words, Rectangle2D box, int x, int y, int w, int h) {
    BufferedImage image = Rasters.transparent(w, h);
    Graphics2D g = Rasters.pen(image);
    g.translate(-x, -y);
    if (look == CaptionStyle.KARAOKE) {
      g.setColor(new Color(Colours.alpha(Colours.INK, BOX_OPACITY), true));
      double corner = type.sizePx() * 0.42;
      g.fill(
          new RoundRectangle2D.Double(
              box.getX(), box.getY(), box.getWidth(), box.getHeight(), corner, corner));
    } else {
      g.setColor(Color.BLACK);
      for (Placed word : words) {
        Shape outline = outline(word);
        g.fill(outline);
        g.setStroke(stroke(word));
        g.draw(outline);
      }
    }
    g.dispose();
    if (look != CaptionStyle.KARAOKE) {
      Rasters.toShadow(image, Colours.INK, 0.55, area.px(SHADOW_PX) * 0.6);
    }
    return image;
  }

  private BufferedImage state(
      List<Placed> words, BufferedImage backdrop, int spoken, int x, int y) {
    BufferedImage image = Rasters.transparent(backdrop.getWidth(), backdrop.getHeight());
    Graphics2D g = Rasters.pen(image);
    g.drawImage(backdrop, 0, 0, null);
    g.translate(-x, -y);
    if (look != CaptionStyle.KARAOKE) {
      // All outlines below all letters: a neighbour's outline never eats into a letter.
      g.setColor(new Color(Colours.INK));
      for (int i = 0; i < words.size(); i++) {
        if (look == CaptionStyle.OUTLINE || i != spoken) {
          g.setStroke(stroke(words.get(i)));
          g.draw(outline(words.get(i)));
        }
      }
    }
    if (look == CaptionStyle.PILL && spoken != NONE_SPOKEN) {
      fillPill(g, words.get(spoken));
    }
    for (int i = 0; i < words.size(); i++) {
      g.setColor(new Color(colour(i, spoken)));
      g.fill(outline(words.get(i)));
    }
    g.dispose();
    return image;
  }

  private int colour(int word, int spoken) {
    return switch (look) {
      case PILL -> word == spoken ? onPill : Colours.WHITE;
      case OUTLINE -> word == spoken ? accent : Colours.WHITE;
      case KARAOKE -> word <= spoken ? accent : Colours.WHITE;
    };
  }

  private void fillPill(Graphics2D g, Placed word) {
    if (word.shape().inkBounds().isEmpty()) {
      return;
    }
    double em = word.sizePx();
    Rectangle2D cell = cell(word);
    double pad = em * PILL_PAD_X_EM;
    double corner = em * 0.44;
    g.setColor(new Color(accent));
    g.fill(
        new RoundRectangle2D.Double(
            cell.getX() - pad,
            cell.getY(),
            cell.getWidth() + 2 * pad,
            cell.getHeight(),
            corner,
            corner));
  }

  private static Shape outline(Placed word) {
    return word.shape().outline(word.x(), word.baseline());
  }

  private BasicStroke stroke(Placed word) {
    double width = outlinePx * Math.min(1, word.sizePx() / type.sizePx());
    // A stroke is centred on the letter's edge: half of it is covered by the letter.
    return new BasicStroke((float) (2 * width), BasicStroke.CAP_ROUND, BasicStroke.JOIN_ROUND);
  }

  private static int even(double value) {
    return (int) Math.floor(value / 2) * 2;
  }

  private static int evenUp(double value) {
    return (int) Math.ceil(value / 2) * 2;
  }
}
