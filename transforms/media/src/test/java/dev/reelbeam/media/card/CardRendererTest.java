package dev.reelbeam.media.card;

import static org.assertj.core.api.Assertions.assertThat;

import dev.reelbeam.media.text.Colours;
import dev.reelbeam.media.text.FontBook;
import dev.reelbeam.media.text.Rasters;
import dev.reelbeam.media.text.SafeArea;
import dev.reelbeam.model.video.Brand;
import java.awt.Color;
import java.awt.GradientPaint;
import java.awt.Graphics2D;
import java.awt.image.BufferedImage;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Assertions;
import org.junit.jupiter.api.Test;

class CardRendererTest {
  private static final String LONG =
      "A sentence that goes on and on about the same thing without ever coming to its point. "
          .repeat(12);
  private static final String CODE =
      """
      public int add(int a, int b) {
        // the sum
        return a + b;
      }\
      """;

  @Test
  void everyCardKeepsItsTypeInsideTheSafeArea() {
    int[][] canvases = {{540, 960}, {960, 540}, {270, 480}};
    for (int[] canvas : canvases) {
      SafeArea area = SafeArea.of(canvas[0], canvas[1]);
      for (String text : List.of("Short title", LONG, "x".repeat(300), "القهوة الجيدة تبدأ بماء")) {
        for (Card card : cards(canvas[0], canvas[1], text)) {
          for (CardLayer layer : card.layers()) {
            int[] ink = solidInk(layer.image());
            assertThat(
                    area.contains(
                        layer.x() + ink[0], layer.y() + ink[1], ink[2] - ink[0], ink[3] - ink[1]))
                .as(
                    canvas[0]
                        + "x"
                        + canvas[1]
                        + " "
                        + text.substring(0, 5)
                        + " "
                        + ink[0]
                        + ","
                        + ink[1]
                        + ","
                        + ink[2]
                        + ","
                        + ink[3]
                        + " at "
                        + layer.x()
                        + ","
                        + layer.y())
                .isTrue();
          }
        }
      }
    }
  }

  @Test
  void cardsOfAVerticalVideoLeaveRoomForCaptions() {
    for (Card card : cards(540, 960, LONG)) {
      for (CardLayer layer : card.layers()) {
        int[] ink = solidInk(layer.image());
        assertThat(layer.y() + ink[3]).isLessThanOrEqualTo((int) (960 * 0.605));
      }
    }
  }

  @Test
  void aListBuildsUpItemByItem() {
    Card card =
        renderer(1080, 1920).list("You need", List.of("Water", "Coffee", "Time"), true, null);
    assertThat(card.itemCount()).isEqualTo(3);
    assertThat(card.layers()).extracting(CardLayer::index).containsExactly(-1, 0, 1, 2);
    int above = 0;
    for (int i = 0; i < 3; i++) {
      CardLayer item = card.layersOf(i).get(0);
      assertThat(item.y()).isGreaterThan(above);
      above = item.y() + item.image().getHeight() - 1;
    }
    assertThat(Rasters.pixels(card.upTo(2))).isEqualTo(Rasters.pixels(card.complete()));
    assertThat(Rasters.pixels(card.opening())).isNotEqualTo(Rasters.pixels(card.upTo(0)));
  }

  @Test
  void moreItemsThanFitAreLeftToTheNextCard() {
    List<String> items = new ArrayList<>();
    for (int i = 0; i < 40; i++) {
      items.add("Item number " + i + " with a description that takes more than one line");
    }
    Card card = renderer(1080, 1920).list("Many", items, false, null);
    assertThat(card.itemCount()).isEqualTo(CardRenderer.MAX_LIST_ITEMS);
  }

  @Test
  void codeIsColouredByItsMeaning() {
    List<Syntax.Piece> line = Syntax.highlight(CODE.lines().toList(), "java").get(0);
    assertThat(line).extracting(Syntax.Piece::text).contains("public", "int", "add", "(");
    Set<Integer> colours = new HashSet<>();
    line.forEach(piece -> colours.add(piece.rgb()));
    assertThat(colours.size()).isGreaterThanOrEqualTo(4);
  }

  @Test
  void aCommentThatSpansLinesStaysAComment() {
    List<List<Syntax.Piece>> lines =
        Syntax.highlight(List.of("/* first", "second */ int x;"), "java");
    assertThat(lines.get(1).get(0).rgb()).isEqualTo(lines.get(0).get(0).rgb());
  }

  @Test
  void everyColourOfCodeStandsOutInTheWindow() {
    String code = "@Ann class A<T> { /** doc */ String s = \"x\" + 'c' + 12; // end\n  call(); }";
    for (List<Syntax.Piece> line : Syntax.highlight(code.lines().toList(), "java")) {
      for (Syntax.Piece piece : line) {
        assertThat(Colours.contrast(piece.rgb(), 0x0f1524)).isGreaterThanOrEqualTo(4.5);
      }
    }
  }

  @Test
  void theLinesTalkedAboutLightUp() {
    Card card = renderer(1080, 1920).code(CODE, "java", "Sum.java", List.of(2, 0));
    assertThat(card.itemCount()).isEqualTo(2);
    assertThat(card.layersOf(0).get(0).y()).isGreaterThan(card.layersOf(1).get(0).y());
  }

  @Test
  void aLongListingShowsTheLineInFocus() {
    String code = "call();\n".repeat(200);
    Card card = renderer(1080, 1920).code(code, "java", "", List.of(150));
    assertThat(card.layersOf(0).get(0).image().getHeight()).isGreaterThan(20);
  }

  @Test
  void unknownLanguagesAndOddInputAreStillDrawn() {
    CardRenderer renderer = renderer(1080, 1920);
    assertThat(renderer.code("", null, "", List.of()).layers()).hasSize(1);
    assertThat(renderer.code("x".repeat(5_000), "klingon", "", List.of(0)).layers()).hasSize(2);
    assertThat(renderer.code("\t\ta\n\n\n", "java", "", List.of(99)).layers()).hasSize(2);
    assertThat(renderer.table("", List.of(), List.of()).layers()).hasSize(1);
    assertThat(renderer.number("", "", "", null).layers()).hasSize(1);
    assertThat(renderer.end("", "").layers()).hasSize(1);
  }

  @Test
  void aWordOfTenThousandLettersDoesNotHoldUpTheWork() {
    String word = "x".repeat(10_000);
    Assertions.assertTimeoutPreemptively(
        Duration.ofSeconds(15),
        () -> {
          CardRenderer renderer = renderer(1080, 1920);
          renderer.statement(word, null);
          renderer.list(word, List.of(word, word), false, null);
          renderer.title(word, word, null, 0.5, 0.5);
        });
  }

  @Test
  void typeStandsOutFromTheBackgroundOfAnyPicture() {
    CardRenderer renderer = renderer(540, 960);
    for (Color colour :
        List.of(Color.WHITE, Color.BLACK, Color.YELLOW, Color.CYAN, Color.GRAY, Color.RED)) {
      BufferedImage picture = plain(colour);
      for (Card card :
          List.of(
              renderer.statement("Type on a picture", picture),
              renderer.quote("Type on a picture", "someone", picture),
              renderer.title("Type on a picture", "kicker", picture, 0.5, 0.5),
              renderer.price("Type on a picture", "$5", "kicker", picture, 0.5, 0.5))) {
        assertThat(whiteTypeThatStandsOut(card)).as(colour.toString()).isGreaterThan(0.97);
      }
    }
  }

  /** Share of the white pixels of type that stand out by 4.5:1 from the background below them. */
  private static double whiteTypeThatStandsOut(Card card) {
    CardLayer layer = card.layers().get(0);
    int white = 0;
    int readable = 0;
    for (int y = 0; y < layer.image().getHeight(); y++) {
      for (int x = 0; x < layer.image().getWidth(); x++) {
        if (layer.image().getRGB(x, y) == 0xffffffff) {
          int below = card.background().getRGB(layer.x() + x, layer.y() + y) & 0xffffff;
          white++;
          readable += Colours.contrast(Colours.WHITE, below) >= 4.5 ? 1 : 0;
        }
      }
    }
    assertThat(white).isGreaterThan(200);
    return (double) readable / white;
  }

  @Test
  void backgroundsAreNeverFlat() {
    Card card = renderer(540, 960).statement("Type", plain(Color.GRAY));
    Set<Integer> colours = new HashSet<>();
    for (int pixel : Rasters.pixels(card.background())) {
      colours.add(pixel);
    }
    assertThat(colours.size()).isGreaterThan(200);
  }

  @Test
  void equalInputGivesEqualPixels() {
    BufferedImage picture = gradient();
    int[] first =
        Rasters.pixels(renderer(540, 960).title("Same", "a", picture, 0.3, 0.5).complete());
    int[] second =
        Rasters.pixels(renderer(540, 960).title("Same", "a", picture, 0.3, 0.5).complete());
    assertThat(Arrays.equals(first, second)).isTrue();
  }

  @Test
  void overlaysStayInsideTheSafeAreaAndLabelsInTheirBand() {
    for (int[] canvas : new int[][] {{1080, 1920}, {1920, 1080}, {270, 480}}) {
      OverlayRenderer renderer =
          new OverlayRenderer(FontBook.bundled(), brand(), canvas[0], canvas[1]);
      SafeArea area = SafeArea.of(canvas[0], canvas[1]);
      for (String text : List.of("94 °C", "A label with forty characters, no more", LONG, "שלום")) {
        for (Overlay overlay :
            List.of(
                renderer.label(text),
                renderer.hook(text),
                renderer.lowerThird(text, text),
                renderer.watermark(null))) {
          int[] ink = solidInk(overlay.image());
          assertThat(
                  area.contains(
                      overlay.x() + ink[0], overlay.y() + ink[1], ink[2] - ink[0], ink[3] - ink[1]))
              .as(canvas[0] + "x" + canvas[1] + " " + text)
              .isTrue();
        }
        if (canvas[1] > canvas[0]) {
          Overlay label = renderer.label(text);
          assertThat(label.y()).isGreaterThanOrEqualTo((int) (canvas[1] * 0.16));
          assertThat(label.y() + label.image().getHeight())
              .isLessThanOrEqualTo((int) Math.ceil(canvas[1] * 0.30));
        }
      }
    }
  }

  @Test
  void aWatermarkIsTranslucent() {
    Overlay mark =
        new OverlayRenderer(FontBook.bundled(), brand(), 1080, 1920).watermark(gradient());
    for (int pixel : Rasters.pixels(mark.image())) {
      assertThat(pixel >>> 24).isLessThan(165);
    }
  }

  private static List<Card> cards(int width, int height, String text) {
    CardRenderer renderer =
        new CardRenderer(FontBook.bundled(), brand(), null, width, height, true);
    return List.of(
        renderer.title(text, "Kicker", null, 0.5, 0.5),
        renderer.statement(text, null),
        renderer.quote(text, text, null),
        renderer.number("1,234.5", "kilometres", text, null),
        renderer.number(text, text, text, null),
        renderer.list(text, List.of(text, "two", text, "four", text, "six"), true, null),
        renderer.code(text, null, text, List.of(0)),
        renderer.table(text, List.of("a", text, "c"), List.of(List.of(text, "1", "2"))),
        renderer.chapter(3, 40, text, null),
        renderer.price(text, "$18,500", text, null, 0.5, 0.5),
        renderer.end(text, text));
  }

  private static CardRenderer renderer(int width, int height) {
    return new CardRenderer(FontBook.bundled(), brand(), null, width, height, true);
  }

  private static Brand brand() {
    Brand b = Brand.DEFAULT;
    return new Brand(
        "Kettle",
        "",
        "",
        b.background(),
        b.surface(),
        b.text(),
        b.accent(),
        b.highlight(),
        b.headingFont(),
        b.bodyFont(),
        b.monoFont(),
        null,
        "",
        "",
        "default",
        "pill",
        true,
        "calm",
        List.of(),
        null);
  }

  /** The box of what is more than a shadow. */
  private static int[] solidInk(BufferedImage image) {
    int[] box = {image.getWidth(), image.getHeight(), 0, 0};
    int[] pixels = Rasters.pixels(image);
    for (int y = 0; y < image.getHeight(); y++) {
      for (int x = 0; x < image.getWidth(); x++) {
        int argb = pixels[y * image.getWidth() + x];
        boolean shadow = (argb & 0xffffff) == Colours.INK && argb >>> 24 < 200;
        if (argb >>> 24 > 140 && !shadow) {
          box[0] = Math.min(box[0], x);
          box[1] = Math.min(box[1], y);
          box[2] = Math.max(box[2], x + 1);
          box[3] = Math.max(box[3], y + 1);
        }
      }
    }
    return box[2] == 0 ? new int[] {0, 0, 0, 0} : box;
  }

  private static BufferedImage plain(Color colour) {
    BufferedImage image = Rasters.opaque(600, 400);
    Graphics2D g = image.createGraphics();
    g.setColor(colour);
    g.fillRect(0, 0, 600, 400);
    g.dispose();
    return image;
  }

  private static BufferedImage gradient() {
    BufferedImage image = Rasters.opaque(1200, 800);
    Graphics2D g = image.createGraphics();
    g.setPaint(new GradientPaint(0, 0, Color.ORANGE, 1200, 800, Color.BLUE));
    g.fillRect(0, 0, 1200, 800);
    g.dispose();
    return image;
  }
}
