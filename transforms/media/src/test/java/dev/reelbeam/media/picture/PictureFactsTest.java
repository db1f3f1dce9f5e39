package dev.reelbeam.media.picture;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assumptions.assumeThat;

import dev.reelbeam.model.json.RecordJson;
import java.awt.Color;
import java.awt.Graphics2D;
import java.awt.RenderingHints;
import java.awt.image.BufferedImage;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class PictureFactsTest {
  private static PictureFacts facts(BufferedImage image) {
    return PictureAnalyst.examine(PixelGrid.of(image));
  }

  private static PictureFacts facts(byte[] bytes) throws Exception {
    return PictureIntake.normalize(bytes, "picture", new PictureCap(1600, 1600 * 1600)).facts();
  }

  @Test
  void theFocusLiesOnWhatStandsOut() {
    PictureFacts facts = facts(TestPictures.photo(900, 600, 0.7, 0.4));
    assertThat(facts.kind()).isEqualTo(PictureKind.PHOTO);
    assertThat(facts.hasText()).isFalse();
    assertThat(facts.focusXPermille()).isBetween(640, 760);
    assertThat(facts.focusYPermille()).isBetween(330, 470);
    assertThat(facts.salientBox().left()).isBetween(500, 680);
    assertThat(facts.salientBox().right()).isBetween(720, 900);
  }

  @Test
  void linesOfLettersAreFoundInDrawingsAndOnPhotos() {
    PictureFacts diagram = facts(TestPictures.diagram(1000, 600));
    assertThat(diagram.kind()).isEqualTo(PictureKind.DIAGRAM);
    assertThat(diagram.hasText()).isTrue();
    assertThat(diagram.textPermille()).isBetween(5, 200);

    BufferedImage poster = TestPictures.photo(900, 600, 0.5, 0.4);
    assertThat(facts(poster).hasText()).isFalse();
    TestPictures.letters(poster, 200, 450, 5, 14, 0xFFFFFF);
    assertThat(facts(poster).hasText()).isTrue();
  }

  @Test
  void aTiltedDisplayInAPhotoIsAMarkingAndNoText() {
    BufferedImage photo = TestPictures.photo(1000, 600, 0.5, 0.4);
    assertThat(facts(photo).markings()).isEmpty();
    Graphics2D g = photo.createGraphics();
    g.rotate(Math.toRadians(-10), 500, 450);
    g.setRenderingHint(
        RenderingHints.KEY_INTERPOLATION, RenderingHints.VALUE_INTERPOLATION_BILINEAR);
    g.setColor(Color.BLACK);
    g.fillRect(380, 400, 240, 100);
    BufferedImage display = new BufferedImage(240, 100, BufferedImage.TYPE_INT_ARGB);
    TestPictures.letters(display, 40, 32, 5, 5, 0xFFFFF0C0);
    g.drawImage(display, 380, 400, null);
    g.dispose();
    PictureFacts facts = facts(photo);
    assertThat(facts.hasText()).isFalse();
    assertThat(facts.markings())
        .anySatisfy(
            box -> {
              assertThat(box.left()).isBetween(400, 440);
              assertThat(box.right()).isBetween(545, 590);
              assertThat(box.top()).isBetween(690, 730);
              assertThat(box.bottom()).isBetween(770, 830);
            });
  }

  @Test
  void smallLightLettersAreFoundToo() {
    BufferedImage dark = new BufferedImage(1000, 700, BufferedImage.TYPE_INT_RGB);
    for (int i = 0; i < 14; i++) {
      TestPictures.letters(dark, 60, 40 + 40 * i, 2, 50, 0xC0D0E0);
    }
    PictureFacts facts = facts(dark);
    assertThat(facts.hasText()).isTrue();
    assertThat(facts.kind()).isNotEqualTo(PictureKind.PHOTO);
  }

  @Test
  void aMarkOnAClearGroundIsALogo() {
    BufferedImage image = new BufferedImage(600, 300, BufferedImage.TYPE_INT_ARGB);
    Graphics2D g = image.createGraphics();
    g.setColor(new Color(0xDD7E35));
    g.fillOval(40, 40, 220, 220);
    g.dispose();
    PictureFacts facts = facts(image);
    assertThat(facts.kind()).isEqualTo(PictureKind.LOGO);
    assertThat(facts.palette()).first().isEqualTo("#dd7e35");
    assertThat(facts.transparentPermille()).isBetween(750, 820);
  }

  @Test
  void duplicatesAreKnownThroughScalingAndEncoding() throws Exception {
    BufferedImage original = TestPictures.photo(1200, 800, 0.6, 0.45);
    PictureFacts first = facts(original);
    byte[] encoded =
        PictureEncoder.jpeg(Resampler.toSize(PixelGrid.of(original), 500, 333).toImage(false));
    assertThat(facts(encoded).duplicateOf(first)).isTrue();
    assertThat(first.duplicateOf(first)).isTrue();
    assertThat(facts(TestPictures.photo(1200, 800, 0.3, 0.6)).duplicateOf(first)).isFalse();
    assertThat(facts(TestPictures.photo(800, 1200, 0.6, 0.45)).duplicateOf(first)).isFalse();
  }

  @Test
  void softPicturesHaveLowSharpnessAndGreyOnesNoColour() {
    BufferedImage sharp = TestPictures.diagram(900, 600);
    PixelGrid tiny = Resampler.toSize(PixelGrid.of(sharp), 90, 60);
    BufferedImage soft = new BufferedImage(900, 600, BufferedImage.TYPE_INT_RGB);
    Graphics2D g = soft.createGraphics();
    g.setRenderingHint(
        java.awt.RenderingHints.KEY_INTERPOLATION,
        java.awt.RenderingHints.VALUE_INTERPOLATION_BILINEAR);
    g.drawImage(tiny.toImage(false), 0, 0, 900, 600, null);
    g.dispose();
    assertThat(facts(soft).sharpnessPermille()).isLessThan(100);
    assertThat(facts(sharp).sharpnessPermille()).isGreaterThan(400);

    BufferedImage grey = new BufferedImage(300, 200, BufferedImage.TYPE_INT_RGB);
    for (int i = 0; i < 300 * 200; i++) {
      grey.setRGB(i % 300, i / 300, i % 300 * 255 / 300 * 0x10101);
    }
    assertThat(facts(grey).colourfulnessPermille()).isZero();
    assertThat(facts(grey).brightnessPermille()).isBetween(480, 510);
    assertThat(facts(TestPictures.quarters(300, 200)).colourfulnessPermille()).isEqualTo(1000);
  }

  @Test
  void thePaletteNamesWhatCoversMost() {
    PictureFacts facts = facts(TestPictures.diagram(1000, 600));
    assertThat(facts.palette()).hasSizeBetween(3, 5);
    assertThat(facts.palette().get(0)).isEqualTo("#fbf3e6");
    assertThat(facts.palette()).anyMatch(c -> c.startsWith("#2c7") || c.startsWith("#2d7"));
  }

  @Test
  void evenAndTinyPicturesHaveFactsToo() {
    BufferedImage black = new BufferedImage(64, 64, BufferedImage.TYPE_INT_RGB);
    PictureFacts facts = facts(black);
    assertThat(facts.palette()).containsExactly("#000000");
    assertThat(facts.focusXPermille()).isEqualTo(500);
    assertThat(facts.differenceHash()).isEqualTo("0000000000000000");
    assertThat(facts(new BufferedImage(64, 4000, BufferedImage.TYPE_INT_ARGB))).isNotNull();
  }

  @Test
  void factsSurviveTheRoundTripThroughJson() {
    PictureFacts facts = facts(TestPictures.diagram(800, 500));
    assertThat(RecordJson.read(RecordJson.canonical(facts), PictureFacts.class)).isEqualTo(facts);
    FramingChoice choice = Framing.choose(facts, 1080, 1920);
    assertThat(RecordJson.read(RecordJson.canonical(choice), FramingChoice.class))
        .isEqualTo(choice);
  }

  @ParameterizedTest
  @CsvSource({
    "howto/images/hero-dripper.jpg, PHOTO, false",
    "howto/images/setup-diagram.png, DIAGRAM, true",
    "deutsch/images/wald-morgen.jpg, PHOTO, false",
    "technical/images/terminal.png, SCREENSHOT, true",
    "brand/logo.png, LOGO, true"
  })
  void theExamplesAreToldApart(String file, PictureKind kind, boolean text) throws Exception {
    Path path = Path.of(System.getProperty("reelbeam.root", "../.."), "examples", file);
    assumeThat(path).exists();
    PictureFacts facts = facts(Files.readAllBytes(path));
    assertThat(facts.kind()).isEqualTo(kind);
    assertThat(facts.hasText()).isEqualTo(text);
  }
}
