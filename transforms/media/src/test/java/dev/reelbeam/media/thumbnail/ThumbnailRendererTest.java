package dev.reelbeam.media.thumbnail;

import static org.assertj.core.api.Assertions.assertThat;

import dev.reelbeam.media.text.Colours;
import dev.reelbeam.media.text.FontBook;
import dev.reelbeam.media.text.Rasters;
import dev.reelbeam.model.video.Brand;
import java.awt.image.BufferedImage;
import java.io.ByteArrayInputStream;
import java.util.Random;
import javax.imageio.ImageIO;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ThumbnailRendererTest {
  private final ThumbnailRenderer renderer =
      new ThumbnailRenderer(FontBook.bundled(), Brand.DEFAULT);

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "2020 Toyota Camry | 2020 Toyota Camry",
        "How to brew better pour-over coffee at home | Brew better pour-over coffee",
        "Exactly-once is a promise about effects, not about messages"
            + " | Exactly-once is a promise about effects",
        "The ultimate guide to retries: why idempotency keys matter (2026 edition)"
            + " | The ultimate guide to retries",
        "Comment préparer un café filtre parfait à la maison"
            + " | Comment préparer un café filtre parfait",
      })
  void titlesAreShortenedWhereAPhraseEnds(String title, String expected) {
    assertThat(ThumbnailRenderer.shortTitle(title)).isEqualTo(expected);
  }

  @Test
  void shortTitlesNeverHaveMoreThanSixWords() {
    String title = "alpha beta gamma delta epsilon zeta eta theta iota kappa lambda";
    assertThat(ThumbnailRenderer.shortTitle(title).split(" ").length).isBetween(3, 6);
    assertThat(ThumbnailRenderer.shortTitle("   ")).isEmpty();
    assertThat(ThumbnailRenderer.shortTitle("(only brackets)")).isNotEmpty();
  }

  @Test
  void bothShapesHaveTheirSize() {
    BufferedImage landscape = renderer.landscape(noise(900, 700), 0.5, 0.5, "Better coffee now");
    assertThat(landscape.getWidth()).isEqualTo(1280);
    assertThat(landscape.getHeight()).isEqualTo(720);
    BufferedImage vertical = renderer.vertical(null, 0.5, 0.5, "Better coffee now");
    assertThat(vertical.getWidth()).isEqualTo(1080);
    assertThat(vertical.getHeight()).isEqualTo(1920);
  }

  @Test
  void theBadgeCornerStaysFreeOfType() {
    BufferedImage image =
        renderer.landscape(null, 0.5, 0.5, "Extraordinarily long considerations regarding retries");
    for (int y = 720 - 72; y < 720; y++) {
      for (int x = 1280 - 200; x < 1280; x++) {
        assertThat(image.getRGB(x, y) & 0xffffff).isNotEqualTo(Colours.WHITE);
      }
    }
  }

  @Test
  void typeIsStillThereAtTwoHundredPixels() {
    BufferedImage small = Rasters.opaque(200, 113);
    var g = Rasters.pen(small);
    Rasters.cover(
        g, renderer.landscape(white(), 0.5, 0.5, "Better coffee now"), 200, 113, 0.5, 0.5);
    g.dispose();
    double lightest = 0;
    double darkest = 1;
    for (int y = 60; y < 105; y++) {
      for (int x = 10; x < 120; x++) {
        double luminance = Colours.luminance(small.getRGB(x, y) & 0xffffff);
        lightest = Math.max(lightest, luminance);
        darkest = Math.min(darkest, luminance);
      }
    }
    assertThat((lightest + 0.05) / (darkest + 0.05)).isGreaterThan(4.5);
  }

  @Test
  void aNoisyPictureStaysBelowTheLimit() throws Exception {
    byte[] file = ThumbnailRenderer.jpeg(noise(1920, 1920));
    assertThat(file.length).isLessThanOrEqualTo(ThumbnailRenderer.MAX_BYTES);
    assertThat(ImageIO.read(new ByteArrayInputStream(file)).getWidth()).isEqualTo(1920);
  }

  @Test
  void equalInputGivesEqualFiles() throws Exception {
    BufferedImage hero = noise(700, 900);
    assertThat(ThumbnailRenderer.jpeg(renderer.landscape(hero, 0.2, 0.8, "Same words here")))
        .isEqualTo(ThumbnailRenderer.jpeg(renderer.landscape(hero, 0.2, 0.8, "Same words here")));
  }

  private static BufferedImage noise(int width, int height) {
    BufferedImage image = Rasters.opaque(width, height);
    int[] pixels = Rasters.pixels(image);
    Random random = new Random(7);
    for (int i = 0; i < pixels.length; i++) {
      pixels[i] = random.nextInt(0x1000000);
    }
    return image;
  }

  private static BufferedImage white() {
    BufferedImage image = Rasters.opaque(640, 360);
    java.util.Arrays.fill(Rasters.pixels(image), 0xffffff);
    return image;
  }
}
