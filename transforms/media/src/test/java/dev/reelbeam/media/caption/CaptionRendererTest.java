package dev.reelbeam.media.caption;

import static org.assertj.core.api.Assertions.assertThat;

import dev.reelbeam.media.text.Colours;
import dev.reelbeam.media.text.FontBook;
import dev.reelbeam.media.text.Rasters;
import dev.reelbeam.media.text.SafeArea;
import dev.reelbeam.model.video.Brand;
import java.awt.Graphics2D;
import java.awt.image.BufferedImage;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class CaptionRendererTest {
  private static final String TEXT =
      "The pump moves 3.5 litres of water per minute, and that is enough.";

  @ParameterizedTest
  @EnumSource(CaptionStyle.class)
  void noPixelLeavesTheSafeArea(CaptionStyle style) {
    int[][] canvases = {{1080, 1920}, {1920, 1080}, {270, 480}, {480, 270}, {1080, 1080}};
    for (int[] canvas : canvases) {
      CaptionRenderer renderer = renderer(style, canvas[0], canvas[1]);
      SafeArea area = SafeArea.of(canvas[0], canvas[1]);
      for (String text : List.of(TEXT, "Donaudampfschifffahrtsgesellschaftskapitän", "Ähm, yes")) {
        for (CaptionPage page : renderer.pager().paginate(CaptionPagerTest.words(text))) {
          for (CaptionRaster raster : renderer.draw(page)) {
            int[] ink = ink(raster.image());
            assertThat(
                    area.contains(
                        raster.x() + ink[0], raster.y() + ink[1], ink[2] - ink[0], ink[3] - ink[1]))
                .as(style + " on " + canvas[0] + "x" + canvas[1] + ": " + text)
                .isTrue();
          }
        }
      }
    }
  }

  @ParameterizedTest
  @EnumSource(CaptionStyle.class)
  void theBlockIsCentredWhereItShouldBe(CaptionStyle style) {
    CaptionRenderer renderer = renderer(style, 1080, 1920);
    for (CaptionPage page : renderer.pager().paginate(CaptionPagerTest.words(TEXT))) {
      CaptionRaster raster = renderer.draw(page).get(0);
      double centreY = raster.y() + raster.image().getHeight() / 2.0;
      assertThat(centreY / 1920).isBetween(0.62, 0.70);
      assertThat(raster.x() + raster.image().getWidth() / 2.0).isBetween(496.0, 504.0);
    }
  }

  @ParameterizedTest
  @EnumSource(CaptionStyle.class)
  void wordsDoNotMoveBetweenTheStatesOfAPage(CaptionStyle style) {
    CaptionRenderer renderer = renderer(style, 1080, 1920);
    CaptionPage page = renderer.pager().paginate(CaptionPagerTest.words(TEXT)).get(1);
    List<CaptionRaster> states = renderer.draw(page);
    assertThat(states.size()).isGreaterThan(1);
    CaptionRaster first = states.get(0);
    for (int s = 1; s < states.size(); s++) {
      CaptionRaster state = states.get(s);
      assertThat(state.x()).isEqualTo(first.x());
      assertThat(state.y()).isEqualTo(first.y());
      assertThat(state.image().getWidth()).isEqualTo(first.image().getWidth());
      int changed = 0;
      int[] before = Rasters.pixels(states.get(s - 1).image());
      int[] after = Rasters.pixels(state.image());
      boolean[] columns = new boolean[state.image().getWidth()];
      for (int i = 0; i < after.length; i++) {
        if (before[i] != after[i]) {
          changed++;
          columns[i % columns.length] = true;
        }
      }
      assertThat(changed).isPositive();
      if (page.words().size() > 3 && page.lines().size() == 1) {
        // Only the two words whose state changes differ; the rest is the same to the pixel.
        int touched = 0;
        for (boolean column : columns) {
          touched += column ? 1 : 0;
        }
        assertThat(touched).isLessThan(columns.length);
      }
    }
  }

  @ParameterizedTest
  @EnumSource(CaptionStyle.class)
  void lettersStandOutFromWhatSurroundsThem(CaptionStyle style) {
    CaptionRenderer renderer = renderer(style, 1080, 1920);
    CaptionPage page = renderer.pager().paginate(CaptionPagerTest.words(TEXT)).get(0);
    for (int backdrop : new int[] {0xffffff, 0x000000, 0xffc531, 0x808080, 0x3366cc}) {
      for (CaptionRaster raster : lit(renderer, page)) {
        BufferedImage seen = Rasters.opaque(raster.image().getWidth(), raster.image().getHeight());
        Arrays.fill(Rasters.pixels(seen), backdrop);
        Graphics2D g = seen.createGraphics();
        g.drawImage(raster.image(), 0, 0, null);
        g.dispose();
        for (int letter : new int[] {Colours.WHITE, Colours.parse(Brand.DEFAULT.accent())}) {
          // The karaoke box has no white letters left when the last word is spoken.
          if (letter == Colours.WHITE
              ? style != CaptionStyle.KARAOKE
              : style != CaptionStyle.PILL) {
            assertThat(edgesThatStandOut(raster.image(), seen, Colours.opaque(letter)))
                .as(style + " over " + Integer.toHexString(backdrop))
                .isGreaterThan(0.98);
          }
        }
      }
    }
  }

  /** Share of the pixels at letters' edges that stand out by 4.5:1 from one within eight pixels. */
  private static double edgesThatStandOut(BufferedImage raster, BufferedImage seen, int letter) {
    int[][] directions = {{-1, 0}, {1, 0}, {0, -1}, {0, 1}};
    int readable = 0;
    int edges = 0;
    for (int y = 8; y < raster.getHeight() - 8; y++) {
      for (int x = 8; x < raster.getWidth() - 8; x++) {
        if (raster.getRGB(x, y) != letter
            || !differs(raster.getRGB(x - 1, y), letter)
                && !differs(raster.getRGB(x + 1, y), letter)) {
          continue;
        }
        edges++;
        double best = 1;
        for (int[] direction : directions) {
          for (int d = 1; d <= 8; d++) {
            int beside = seen.getRGB(x + direction[0] * d, y + direction[1] * d) & 0xffffff;
            best = Math.max(best, Colours.contrast(letter & 0xffffff, beside));
          }
        }
        readable += best >= 4.5 ? 1 : 0;
      }
    }
    assertThat(edges).isGreaterThan(50);
    return (double) readable / edges;
  }

  /** Whether a pixel is at least half outside a letter; the tip of a notch is not. */
  private static boolean differs(int argb, int letter) {
    return Math.abs(((argb >> 8) & 0xff) - ((letter >> 8) & 0xff)) > 100;
  }

  @Test
  void statesCoverThePageWithoutGaps() {
    CaptionRenderer renderer = renderer(CaptionStyle.PILL, 1080, 1920);
    int at = -1;
    for (CaptionPage page : renderer.pager().paginate(CaptionPagerTest.words(TEXT))) {
      List<CaptionState> states = renderer.states(page);
      assertThat(states.get(0).startFrame()).isEqualTo(Math.round(page.startUs() * 30 / 1e6));
      for (CaptionState state : states) {
        assertThat(at < 0 || state.startFrame() >= at).isTrue();
        assertThat(state.endFrame()).isGreaterThan(state.startFrame());
        at = state.endFrame();
      }
      assertThat(at).isEqualTo((int) Math.round(page.endUs() * 30 / 1e6));
    }
  }

  @Test
  void aWordLightsUpOnTheFrameNearestToItsStart() {
    CaptionRenderer renderer = renderer(CaptionStyle.OUTLINE, 1080, 1920);
    CaptionPage page = renderer.pager().paginate(CaptionPagerTest.words("one two three")).get(0);
    List<CaptionState> states =
        renderer.states(page).stream().filter(state -> state.spoken() >= 0).toList();
    assertThat(states).hasSize(3);
    for (int i = 0; i < states.size(); i++) {
      double ms = states.get(i).startFrame() * 1_000 / 30.0;
      assertThat(Math.abs(ms - page.words().get(i).startUs() / 1_000.0)).isLessThan(17);
    }
  }

  @Test
  void aPageThatComesBeforeItsFirstWordHasNoWordLitYet() {
    CaptionRenderer renderer = renderer(CaptionStyle.PILL, 1080, 1920);
    CaptionPage page =
        renderer
            .pager()
            .paginate(
                List.of(
                    new CaptionWord("one", 1_000_000, 1_300_000, false),
                    new CaptionWord("two.", 1_300_000, 1_700_000, true)))
            .get(0);
    assertThat(renderer.states(page))
        .extracting(CaptionState::spoken)
        .containsExactly(CaptionState.NONE_SPOKEN, 0, 1);
    assertThat(renderer.states(page).get(0).endFrame()).isEqualTo(30);
    List<CaptionRaster> states = renderer.draw(page);
    assertThat(states).hasSize(3);
    int accent = Colours.opaque(Colours.parse(Brand.DEFAULT.accent()));
    assertThat(Arrays.stream(Rasters.pixels(states.get(0).image())).filter(p -> p == accent))
        .isEmpty();
    assertThat(Arrays.stream(Rasters.pixels(states.get(1).image())).filter(p -> p == accent))
        .isNotEmpty();
  }

  /** What is drawn depends on words and lines alone: another video may show it at another time. */
  @Test
  void aPageThatIsSaidLaterLooksTheSame() {
    CaptionRenderer renderer = renderer(CaptionStyle.PILL, 1080, 1920);
    CaptionPage page = renderer.pager().paginate(CaptionPagerTest.words("one two three")).get(0);
    CaptionPage later =
        new CaptionPage(
            page.lines().stream()
                .map(
                    line ->
                        new CaptionLine(
                            line.words().stream()
                                .map(
                                    word ->
                                        new CaptionWord(
                                            word.text(),
                                            2 * word.startUs() + 7_777_777,
                                            3 * word.endUs() + 8_888_888,
                                            word.endsSentence()))
                                .toList()))
                .toList(),
            7_700_000,
            20_000_000);
    List<CaptionRaster> before = renderer.draw(page);
    List<CaptionRaster> after = renderer.draw(later);
    assertThat(after).hasSameSizeAs(before);
    for (int i = 0; i < before.size(); i++) {
      assertThat(after.get(i).x()).isEqualTo(before.get(i).x());
      assertThat(after.get(i).y()).isEqualTo(before.get(i).y());
      assertThat(after.get(i).spoken()).isEqualTo(i - 1);
      assertThat(Rasters.pixels(after.get(i).image()))
          .isEqualTo(Rasters.pixels(before.get(i).image()));
    }
  }

  /** The states in which a word is lit. */
  private static List<CaptionRaster> lit(CaptionRenderer renderer, CaptionPage page) {
    return renderer.draw(page).stream().filter(state -> state.spoken() >= 0).toList();
  }

  @Test
  void theFirstWordOfAHebrewPageStandsAtTheRight() {
    CaptionRenderer renderer = renderer(CaptionStyle.PILL, 1080, 1920);
    CaptionPage page = renderer.pager().paginate(CaptionPagerTest.words("שלום לכולם")).get(0);
    List<CaptionRaster> states = lit(renderer, page);
    assertThat(accentCentre(states.get(0))).isGreaterThan(accentCentre(states.get(1)) + 50);
  }

  @Test
  void latinWordsInAHebrewPageKeepTheirOwnOrder() {
    CaptionRenderer renderer = renderer(CaptionStyle.PILL, 1080, 1920);
    CaptionPage page = renderer.pager().paginate(CaptionPagerTest.words("הנה Beam SDK")).get(0);
    List<CaptionRaster> states = lit(renderer, page);
    assertThat(states).hasSize(3);
    assertThat(accentCentre(states.get(1))).isLessThan(accentCentre(states.get(2)));
    assertThat(accentCentre(states.get(2))).isLessThan(accentCentre(states.get(0)));
  }

  @Test
  void equalInputGivesEqualPixels() {
    CaptionPage page =
        renderer(CaptionStyle.KARAOKE, 1080, 1920)
            .pager()
            .paginate(CaptionPagerTest.words(TEXT))
            .get(0);
    int[] first =
        Rasters.pixels(renderer(CaptionStyle.KARAOKE, 1080, 1920).draw(page).get(0).image());
    int[] second =
        Rasters.pixels(renderer(CaptionStyle.KARAOKE, 1080, 1920).draw(page).get(0).image());
    assertThat(first).isEqualTo(second);
  }

  @Test
  void aWordOfTenThousandLettersIsStillDrawnInside() {
    CaptionRenderer renderer = renderer(CaptionStyle.PILL, 1080, 1920);
    CaptionWord word = new CaptionWord("x".repeat(10_000), 0, 1_000_000, true);
    CaptionPage page = renderer.pager().paginate(List.of(word)).get(0);
    CaptionRaster raster = renderer.draw(page).get(0);
    assertThat(SafeArea.of(1080, 1920).contains(raster.x(), raster.y(), 1, 1)).isTrue();
    assertThat(raster.image().getWidth()).isLessThanOrEqualTo(884);
  }

  @Test
  void aWordThatNoFontCoversLeavesTheOthersInPlace() {
    CaptionRenderer renderer = renderer(CaptionStyle.PILL, 1080, 1920);
    CaptionPage page = renderer.pager().paginate(CaptionPagerTest.words("so 🔥 good")).get(0);
    assertThat(lit(renderer, page)).hasSize(3);
  }

  @Test
  void unknownStylesAreThePill() {
    assertThat(CaptionStyle.named("Karaoke")).isEqualTo(CaptionStyle.KARAOKE);
    assertThat(CaptionStyle.named("glitter")).isEqualTo(CaptionStyle.PILL);
  }

  private static double accentCentre(CaptionRaster raster) {
    int accent = Colours.opaque(Colours.parse(Brand.DEFAULT.accent()));
    int[] pixels = Rasters.pixels(raster.image());
    long sum = 0;
    long count = 0;
    for (int i = 0; i < pixels.length; i++) {
      if (pixels[i] == accent) {
        sum += i % raster.image().getWidth();
        count++;
      }
    }
    return (double) sum / count;
  }

  private static int[] ink(BufferedImage image) {
    int[] box = {image.getWidth(), image.getHeight(), 0, 0};
    int[] pixels = Rasters.pixels(image);
    for (int y = 0; y < image.getHeight(); y++) {
      for (int x = 0; x < image.getWidth(); x++) {
        if (pixels[y * image.getWidth() + x] >>> 24 != 0) {
          box[0] = Math.min(box[0], x);
          box[1] = Math.min(box[1], y);
          box[2] = Math.max(box[2], x + 1);
          box[3] = Math.max(box[3], y + 1);
        }
      }
    }
    return box;
  }

  private static CaptionRenderer renderer(CaptionStyle style, int width, int height) {
    return new CaptionRenderer(FontBook.bundled(), Brand.DEFAULT, style, width, height, 30);
  }
}
