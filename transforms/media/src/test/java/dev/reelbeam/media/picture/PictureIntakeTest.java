package dev.reelbeam.media.picture;

import static dev.reelbeam.media.picture.TestPictures.H;
import static dev.reelbeam.media.picture.TestPictures.W;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import dev.reelbeam.model.failure.FailureCode;
import dev.reelbeam.model.failure.StageException;
import java.awt.image.BufferedImage;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Base64;
import java.util.Random;
import javax.imageio.IIOImage;
import javax.imageio.ImageIO;
import javax.imageio.ImageWriteParam;
import javax.imageio.stream.MemoryCacheImageOutputStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class PictureIntakeTest {
  private static final int[] QUARTERS = {0xFF0000, 0x00FF00, 0x0000FF, 0xFFFF00};

  /** For as much as a square of this side holds. */
  private static PictureCap square(int sidePx) {
    return new PictureCap(sidePx, (long) sidePx * sidePx);
  }

  private static NormalizedPicture normalize(byte[] bytes) throws StageException {
    return PictureIntake.normalize(bytes, "picture", square(2048));
  }

  private static StageException refusal(byte[] bytes, String name) {
    return catchThrowableOfType(
        StageException.class, () -> PictureIntake.normalize(bytes, name, square(2048)));
  }

  private static void assertQuarters(NormalizedPicture picture, int tolerance) {
    BufferedImage image = picture.image();
    assertThat(image.getWidth()).isEqualTo(W);
    assertThat(image.getHeight()).isEqualTo(H);
    int[] xs = {12, W - 13, 12, W - 13};
    int[] ys = {12, 12, H - 13, H - 13};
    for (int i = 0; i < 4; i++) {
      assertNear(image.getRGB(xs[i], ys[i]), QUARTERS[i], tolerance);
    }
  }

  private static void assertNear(int rgb, int wanted, int tolerance) {
    for (int shift = 0; shift <= 16; shift += 8) {
      assertThat(rgb >> shift & 0xFF)
          .as("%06x against %06x", rgb & 0xFFFFFF, wanted)
          .isBetween((wanted >> shift & 0xFF) - tolerance, (wanted >> shift & 0xFF) + tolerance);
    }
  }

  @ParameterizedTest
  @ValueSource(ints = {1, 2, 3, 4, 5, 6, 7, 8})
  void aPhotoStandsUprightWhateverTheCameraHeld(int orientation) throws StageException {
    assertQuarters(normalize(TestPictures.exifJpeg(orientation)), 12);
  }

  @Test
  void progressiveAndGreyJpegAreRead() throws Exception {
    assertQuarters(normalize(TestPictures.progressiveJpeg(TestPictures.quarters())), 12);
    BufferedImage grey = new BufferedImage(W, H, BufferedImage.TYPE_BYTE_GRAY);
    for (int i = 0; i < W * H; i++) {
      grey.getRaster().setSample(i % W, i / W, 0, 100);
    }
    assertNear(normalize(TestPictures.write("jpeg", grey)).image().getRGB(40, 40), 0x646464, 2);
    assertNear(normalize(TestPictures.write("png", grey)).image().getRGB(40, 40), 0x646464, 0);
  }

  @Test
  void printersInksBecomeScreenColours() throws Exception {
    // Stored the Adobe way: 255 is paper. Full magenta and yellow give red.
    byte[] cmyk = TestPictures.fourComponentJpeg(new int[] {255, 0, 0, 255}, 0);
    assertNear(normalize(cmyk).image().getRGB(40, 40), 0xFF0000, 6);
    // The same red as luma and chroma: Y 76, Cb 85, Cr 255.
    byte[] ycck = TestPictures.fourComponentJpeg(new int[] {76, 85, 255, 255}, 2);
    assertNear(normalize(ycck).image().getRGB(40, 40), 0xFF0000, 6);
    byte[] halfBlack = TestPictures.fourComponentJpeg(new int[] {255, 255, 255, 128}, 0);
    assertNear(normalize(halfBlack).image().getRGB(40, 40), 0x808080, 4);
  }

  @Test
  void widerColourSpacesAreBroughtToSrgb() throws Exception {
    BufferedImage image = new BufferedImage(W, H, BufferedImage.TYPE_INT_RGB);
    for (int i = 0; i < W * H; i++) {
      image.setRGB(i % W, i / W, 0xC85050);
    }
    byte[] profile = TestPictures.displayP3();
    byte[] jpeg =
        TestPictures.spliced(TestPictures.write("jpeg", image), TestPictures.iccSegment(profile));
    int converted = normalize(jpeg).image().getRGB(40, 40);
    assertThat(converted >> 16 & 0xFF).isBetween(208, 222);
    assertThat(converted >> 8 & 0xFF).isBetween(62, 76);

    byte[] name = "p3\0\0".getBytes(StandardCharsets.ISO_8859_1);
    byte[] packed = TestPictures.deflated(profile);
    byte[] icc = Arrays.copyOf(name, name.length + packed.length);
    System.arraycopy(packed, 0, icc, name.length, packed.length);
    byte[] rows = new byte[H * (1 + 3 * W)];
    for (int y = 0; y < H; y++) {
      for (int x = 0; x < W; x++) {
        int at = y * (1 + 3 * W) + 1 + 3 * x;
        rows[at] = (byte) 0xC8;
        rows[at + 1] = 0x50;
        rows[at + 2] = 0x50;
      }
    }
    byte[] png = TestPictures.png(W, H, 8, 2, rows, TestPictures.chunk("iCCP", icc));
    assertNear(normalize(png).image().getRGB(40, 40), converted, 4);
  }

  @Test
  void aBrokenProfileIsIgnored() throws Exception {
    byte[] jpeg = TestPictures.write("jpeg", TestPictures.quarters());
    assertQuarters(
        normalize(TestPictures.spliced(jpeg, TestPictures.iccSegment(new byte[200]))), 12);
  }

  @Test
  void everyKindOfPngIsRead() throws Exception {
    assertQuarters(normalize(TestPictures.write("png", TestPictures.quarters())), 0);
    BufferedImage palette = new BufferedImage(W, H, BufferedImage.TYPE_BYTE_INDEXED);
    palette.createGraphics().drawImage(TestPictures.quarters(), 0, 0, null);
    assertQuarters(normalize(TestPictures.write("png", palette)), 0);

    byte[] rows = new byte[H * (1 + 6 * W)];
    for (int y = 0; y < H; y++) {
      for (int x = 0; x < W; x++) {
        int colour = QUARTERS[(y < H / 2 ? 0 : 2) + (x < W / 2 ? 0 : 1)];
        for (int c = 0; c < 3; c++) {
          byte value = (byte) (colour >> (16 - 8 * c));
          rows[y * (1 + 6 * W) + 1 + 6 * x + 2 * c] = value;
          rows[y * (1 + 6 * W) + 2 + 6 * x + 2 * c] = value;
        }
      }
    }
    assertQuarters(normalize(TestPictures.png(W, H, 16, 2, rows)), 0);
  }

  @Test
  void interlacedPngIsRead() throws Exception {
    var writer = ImageIO.getImageWritersByFormatName("png").next();
    var bytes = new ByteArrayOutputStream();
    try (var out = new MemoryCacheImageOutputStream(bytes)) {
      var param = writer.getDefaultWriteParam();
      param.setProgressiveMode(ImageWriteParam.MODE_DEFAULT);
      writer.setOutput(out);
      writer.write(null, new IIOImage(TestPictures.quarters(), null, null), param);
    }
    assertQuarters(normalize(bytes.toByteArray()), 0);
  }

  @Test
  void gifBmpAndTiffAreRead() throws Exception {
    for (String format : new String[] {"gif", "bmp", "tiff"}) {
      assertQuarters(normalize(TestPictures.write(format, TestPictures.quarters())), 0);
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"lossy.webp", "lossless.webp", "animated.webp", "opaque.avif"})
  void webpAndAvifAreRead(String name) throws Exception {
    assertQuarters(normalize(TestPictures.fixture(name)), 30);
  }

  @Test
  void aTurnedAvifStandsUpright() throws Exception {
    // Turned to the left by a quarter: green comes to the top left.
    BufferedImage image = normalize(TestPictures.fixture("turned.avif")).image();
    assertThat(image.getWidth()).isEqualTo(H);
    assertNear(image.getRGB(10, 10), 0x00FF00, 30);
    assertNear(image.getRGB(H - 10, 10), 0xFFFF00, 30);
    assertNear(image.getRGB(10, W - 10), 0xFF0000, 30);
  }

  @ParameterizedTest
  @ValueSource(strings = {"alpha.webp", "alpha.avif"})
  void alphaIsKeptWhereItIsUsed(String name) throws Exception {
    NormalizedPicture picture = normalize(TestPictures.fixture(name));
    assertThat(picture.hasAlpha()).isTrue();
    assertThat(picture.contentType()).isEqualTo("image/png");
    assertThat(picture.image().getRGB(W - 10, H - 10) >>> 24).isLessThan(8);
    assertThat(picture.image().getRGB(10, 10) >>> 24).isGreaterThan(247);
    assertNear(picture.image().getRGB(10, 10), 0xFF0000, 30);
    assertThat(picture.facts().transparentPermille()).isBetween(200, 300);
  }

  @Test
  void alphaThatIsNotUsedIsDropped() throws Exception {
    BufferedImage image = new BufferedImage(W, H, BufferedImage.TYPE_INT_ARGB);
    image.createGraphics().drawImage(TestPictures.quarters(), 0, 0, null);
    NormalizedPicture picture = normalize(TestPictures.write("png", image));
    assertThat(picture.hasAlpha()).isFalse();
    assertThat(picture.image().getType()).isEqualTo(BufferedImage.TYPE_INT_RGB);
  }

  @Test
  void aDrawingIsRasterizedAtTheSizeAskedFor() throws Exception {
    NormalizedPicture picture = normalize(svg("", ""));
    assertThat(picture.image().getWidth()).isEqualTo(2048);
    assertThat(picture.image().getHeight()).isEqualTo(1024);
    assertThat(picture.image().getRGB(100, 100)).isEqualTo(0xFFFF0000);
    assertThat(picture.hasAlpha()).isTrue();
  }

  private static byte[] svg(String before, String inside) {
    return ("<?xml version=\"1.0\"?>"
            + before
            + "<svg xmlns=\"http://www.w3.org/2000/svg\""
            + " xmlns:xlink=\"http://www.w3.org/1999/xlink\" width=\"200\" height=\"100\">"
            + "<rect width=\"100\" height=\"100\" fill=\"red\"/>"
            + inside
            + "</svg>")
        .getBytes(StandardCharsets.UTF_8);
  }

  @Test
  void aDrawingReachesNothingOutsideItself(@TempDir Path folder) throws Exception {
    Path secret = folder.resolve("secret.png");
    BufferedImage green = new BufferedImage(W, H, BufferedImage.TYPE_INT_RGB);
    green.createGraphics().fillRect(0, 0, W, H);
    Files.write(secret, TestPictures.write("png", green));
    String link = "<image x=\"100\" width=\"100\" height=\"100\" xlink:href=\"%s\"/>";
    byte[] withLink = svg("", link.formatted(secret.toUri()));
    BufferedImage drawn = normalize(withLink).image();
    assertThat(drawn.getRGB(1500, 500) >>> 24).isZero();

    Path text = Files.writeString(folder.resolve("secret.txt"), "SECRET");
    byte[] entity =
        svg(
            "<!DOCTYPE svg [<!ENTITY x SYSTEM \"" + text.toUri() + "\">]>",
            "<text x=\"100\" y=\"50\">&x;</text>");
    StageException refused = refusal(entity, "evil.svg");
    assertThat(refused.code()).isEqualTo(FailureCode.PICTURE_UNDECODABLE);
    assertThat(refused.getMessage()).doesNotContain("SECRET");
  }

  @Test
  void referencesThatMultiplyAreRefused() {
    StringBuilder levels = new StringBuilder("<defs><g id=\"l0\"><rect width=\"1\"/></g>");
    for (int i = 1; i < 12; i++) {
      levels.append("<g id=\"l").append(i).append("\">");
      levels.append(("<use href=\"#l" + (i - 1) + "\"/>").repeat(10)).append("</g>");
    }
    StageException refused = refusal(svg("", levels + "</defs><use href=\"#l11\"/>"), "laughs.svg");
    assertThat(refused.code()).isEqualTo(FailureCode.PICTURE_TOO_LARGE);
  }

  @Test
  void aPictureInsideADrawingIsBoundedToo() {
    byte[] giant = TestPictures.png(9000, 9000, 8, 0, new byte[10]);
    String data = "data:image/png;base64," + Base64.getEncoder().encodeToString(giant);
    byte[] drawing = svg("", "<image width=\"9\" height=\"9\" href=\"" + data + "\"/>");
    assertThat(refusal(drawing, "x.svg").code()).isEqualTo(FailureCode.PICTURE_TOO_LARGE);
  }

  @Test
  void whatIsDamagedIsRefusedAndTheMessageSaysHow() throws Exception {
    byte[] jpeg = TestPictures.write("jpeg", TestPictures.photo(400, 300, 0.5, 0.5));
    assertDamaged(Arrays.copyOf(jpeg, jpeg.length * 2 / 3), "cut short");
    assertDamaged(Arrays.copyOf(jpeg, 30), "cut short");
    assertDamaged(Arrays.copyOf(jpeg, 3), "cut short");
    assertDamaged(new byte[0], "empty");
    assertDamaged("this is a text".getBytes(StandardCharsets.UTF_8), "text");
    assertDamaged("<html><body>404</body></html>".getBytes(StandardCharsets.UTF_8), "text");

    byte[] png = TestPictures.write("png", TestPictures.photo(400, 300, 0.5, 0.5));
    assertDamaged(Arrays.copyOf(png, png.length / 2), "cut short");
    byte[] flipped = png.clone();
    flipped[png.length / 2] ^= 0x10;
    assertDamaged(flipped, "checksum");
    assertDamaged(TestPictures.png(W, H, 8, 2, new byte[H * (1 + 3 * W) / 2]), "40 of 80 rows");

    byte[] webp = TestPictures.fixture("lossy.webp");
    assertDamaged(Arrays.copyOf(webp, webp.length - 60), "cut short");
    byte[] gif = TestPictures.write("gif", TestPictures.photo(400, 300, 0.5, 0.5));
    assertDamaged(Arrays.copyOf(gif, gif.length / 2), "cut short");
    byte[] bmp = TestPictures.write("bmp", TestPictures.quarters());
    assertDamaged(Arrays.copyOf(bmp, bmp.length / 2), "cut short");
    byte[] tiff = TestPictures.write("tiff", TestPictures.photo(400, 300, 0.5, 0.5));
    assertDamaged(Arrays.copyOf(tiff, tiff.length / 2), "TIFF");
    byte[] avif = TestPictures.fixture("opaque.avif");
    assertDamaged(Arrays.copyOf(avif, avif.length - 40), "AVIF");
  }

  /** Two workers with more and less memory must not make other pixels of one file. */
  @Test
  void aSmallHeapRefusesAPictureAndNeverChoosesAnotherDecoder() throws Exception {
    byte[] jpeg = TestPictures.progressiveJpeg(TestPictures.quarters());
    int frame = 2;
    while ((jpeg[frame + 1] & 0xFF) != 0xC2) {
      frame += 2 + ((jpeg[frame + 2] & 0xFF) << 8 | jpeg[frame + 3] & 0xFF);
    }
    // Its header says 8000x5000: 270 MB to halve, 110 MB to read every second pixel.
    jpeg[frame + 5] = (byte) (5000 >> 8);
    jpeg[frame + 6] = (byte) 5000;
    jpeg[frame + 7] = (byte) (8000 >> 8);
    jpeg[frame + 8] = (byte) 8000;

    assertThatThrownBy(() -> PictureIntake.normalize(jpeg, "huge.jpg", square(2000), 150))
        .isInstanceOfSatisfying(
            StageException.class, e -> assertThat(e.code()).isEqualTo(FailureCode.MEMORY_SHORT));
  }

  private static void assertDamaged(byte[] bytes, String words) {
    StageException refused = refusal(bytes, "picture.png");
    assertThat(refused).as(words).isNotNull();
    assertThat(refused.code()).isEqualTo(FailureCode.PICTURE_UNDECODABLE);
    assertThat(refused).hasMessageContaining(words);
  }

  @Test
  void giantsAreRefusedByTheirHeaderAlone() {
    byte[] claims = TestPictures.png(20_000, 10_000, 8, 2, new byte[100]);
    assertThat(refusal(claims, "a.png").code()).isEqualTo(FailureCode.PICTURE_TOO_LARGE);
    assertThat(refusal(claims, "a.png")).hasMessageContaining("200 megapixels");
    byte[] zeros = TestPictures.png(20_000, 10_000, 1, 0, new byte[10_000 * 2501]);
    assertThat(refusal(zeros, "bomb.png").code()).isEqualTo(FailureCode.PICTURE_TOO_LARGE);
    byte[] long50 = new byte[50_000_001];
    assertThat(refusal(long50, "a.png").code()).isEqualTo(FailureCode.PICTURE_TOO_LARGE);
    byte[] dots = TestPictures.write("png", new BufferedImage(1, 1, BufferedImage.TYPE_INT_RGB));
    assertThat(refusal(dots, "dot.png").code()).isEqualTo(FailureCode.PICTURE_TOO_SMALL);
    byte[] strip =
        TestPictures.write("png", new BufferedImage(900, 63, BufferedImage.TYPE_INT_RGB));
    assertThat(refusal(strip, "strip.png").code()).isEqualTo(FailureCode.PICTURE_TOO_SMALL);
  }

  @Test
  void moreDataThanTheHeaderPromisesIsNeverUnpacked() throws Exception {
    // 50 MB of zeros behind 80 rows; the note that unpacks to 50 MB is not even opened.
    byte[] note = new byte[50_000_000];
    byte[] packed = TestPictures.deflated(note);
    byte[] text = Arrays.copyOf("k\0\0".getBytes(StandardCharsets.ISO_8859_1), 3 + packed.length);
    System.arraycopy(packed, 0, text, 3, packed.length);
    byte[] bomb =
        TestPictures.png(W, H, 8, 2, new byte[50_000_000], TestPictures.chunk("zTXt", text));
    assertThat(normalize(bomb).facts().width()).isEqualTo(W);
  }

  @Test
  void aLargePictureIsDecodedThinned() throws Exception {
    // 81 megapixels of one bit: 10 MB of rows, 400 MB when decoded whole.
    byte[] large = TestPictures.png(9000, 9000, 1, 0, new byte[9000 * 1126]);
    PictureHeader header = PictureHeaders.read(large, PictureLimits.DEFAULT, "large.png");
    assertThat(PictureDecoder.subsampling(header)).isEqualTo(2);
    PictureHeader rgb = new PictureHeader(PictureFormat.JPEG, 11_000, 9_000, 3, 1, null, large);
    assertThat(PictureDecoder.subsampling(rgb)).isEqualTo(2);
    assertThat(PictureDecoder.heapBytes(rgb, square(2048))).isLessThan(350_000_000L);
    assertThat(PictureIntake.normalize(large, "large.png", square(1024)).image().getWidth())
        .isEqualTo(1024);
  }

  @ParameterizedTest
  @CsvSource({"false, 200, 2", "true, 200, 2", "false, 500, 0", "true, 500, 0"})
  void aJpegThatIsTooLargeIsReducedWhileItIsDecoded(
      boolean progressive, int shortSidePx, int halvings) throws Exception {
    BufferedImage scene = TestPictures.scene(1203, 805);
    byte[] jpeg =
        progressive ? TestPictures.progressiveJpeg(scene) : TestPictures.write("jpeg", scene);
    PictureHeader header = PictureHeaders.read(jpeg, PictureLimits.DEFAULT, "scene.jpg");
    PictureCap cap = new PictureCap(shortSidePx, 1_000_000);
    assertThat(PictureDecoder.reducible(header, cap)).isTrue();
    assertThat(PictureDecoder.halvings(header, cap)).isEqualTo(halvings);
    assertThat(PictureDecoder.reducible(header, square(1203))).isFalse();

    BufferedImage reduced = PictureIntake.normalize(jpeg, "scene.jpg", cap).image();

    BufferedImage whole =
        Resampler.atMost(PictureDecoder.decode(header, "scene.jpg"), cap).toImage(false);
    assertThat(reduced.getHeight()).isEqualTo(shortSidePx).isEqualTo(whole.getHeight());
    assertThat(reduced.getWidth()).isEqualTo(whole.getWidth());
    long difference = 0;
    for (int y = 0; y < shortSidePx; y++) {
      for (int x = 0; x < reduced.getWidth(); x++) {
        for (int shift = 0; shift <= 16; shift += 8) {
          difference +=
              Math.abs(
                  (reduced.getRGB(x, y) >> shift & 0xFF) - (whole.getRGB(x, y) >> shift & 0xFF));
        }
      }
    }
    assertThat(difference / (3.0 * reduced.getWidth() * shortSidePx)).isLessThan(2);
  }

  @Test
  void aReducedJpegThatIsDamagedIsRefusedAndColoursOfItsOwnAreDecodedWhole() throws Exception {
    byte[] jpeg = TestPictures.write("jpeg", TestPictures.scene(1203, 805));
    byte[] cut = Arrays.copyOf(jpeg, jpeg.length / 2);
    assertThat(
            catchThrowableOfType(
                    StageException.class,
                    () -> PictureIntake.normalize(cut, "cut.jpg", square(300)))
                .code())
        .isEqualTo(FailureCode.PICTURE_UNDECODABLE);
    byte[] inks = TestPictures.fourComponentJpeg(new int[] {255, 0, 0, 255}, 0);
    PictureHeader header = PictureHeaders.read(inks, PictureLimits.DEFAULT, "inks.jpg");
    assertThat(PictureDecoder.reducible(header, square(64))).isFalse();
  }

  @Test
  void formatsThatAreNotReadAreNamed() {
    byte[] heic = "....ftypheic....mif1heic".getBytes(StandardCharsets.ISO_8859_1);
    Arrays.fill(heic, 0, 3, (byte) 0);
    heic[3] = 24;
    StageException refused = refusal(heic, "phone.jpg");
    assertThat(refused.code()).isEqualTo(FailureCode.PICTURE_FORMAT_UNSUPPORTED);
    assertThat(refused).hasMessageContaining("HEIC");
    byte[] pdf = "%PDF-1.7 ...".getBytes(StandardCharsets.ISO_8859_1);
    assertThat(refusal(pdf, "x.pdf").code()).isEqualTo(FailureCode.PICTURE_FORMAT_UNSUPPORTED);
    byte[] unknown = {1, 2, 3, 4, 5, 6, 7, 8, (byte) 200};
    assertThat(refusal(unknown, "x.bin").code()).isEqualTo(FailureCode.PICTURE_FORMAT_UNSUPPORTED);
  }

  @Test
  void theNameDoesNotDecideTheFormat() throws Exception {
    byte[] png = TestPictures.write("png", TestPictures.quarters());
    assertQuarters(PictureIntake.normalize(png, "wrong.jpg", square(2048)), 0);
  }

  @Test
  void noRandomDamageBreaksOutOfTheRefusals() {
    byte[][] originals = {
      TestPictures.exifJpeg(6),
      TestPictures.write("gif", TestPictures.quarters()),
      TestPictures.write("tiff", TestPictures.quarters()),
      TestPictures.write("bmp", TestPictures.quarters()),
      TestPictures.fixture("lossy.webp"),
      TestPictures.fixture("alpha.webp"),
      TestPictures.fixture("alpha.avif"),
      svg("", "<g/>")
    };
    Random random = new Random(1);
    for (byte[] original : originals) {
      for (int round = 0; round < 16; round++) {
        byte[] damaged = original.clone();
        for (int i = 0; i < 4; i++) {
          damaged[random.nextInt(damaged.length)] = (byte) random.nextInt(256);
        }
        StageException refused =
            catchThrowableOfType(
                StageException.class, () -> PictureIntake.normalize(damaged, "x", square(128)));
        if (refused != null) {
          assertThat(refused.code().number()).isBetween(3001, 3004);
        }
      }
    }
  }

  @Test
  void photosLeaveAsJpegAndDrawingsAsPngWithTheSameBytesEachTime() throws Exception {
    byte[] photo = TestPictures.write("png", TestPictures.photo(640, 480, 0.4, 0.5));
    NormalizedPicture first = normalize(photo);
    assertThat(first.contentType()).isEqualTo("image/jpeg");
    assertThat(first.encoded()).isEqualTo(normalize(photo).encoded());
    assertThat(JpegScan.components(first.encoded())).isEqualTo(3);
    assertThat(hasFullChroma(first.encoded())).isTrue();
    int largestError = 0;
    BufferedImage back = ImageIO.read(new ByteArrayInputStream(first.encoded()));
    for (int i = 0; i < 640; i++) {
      int a = first.image().getRGB(i, 200);
      int b = back.getRGB(i, 200);
      largestError = Math.max(largestError, Math.abs((a >> 8 & 0xFF) - (b >> 8 & 0xFF)));
    }
    assertThat(largestError).isLessThan(24);
    NormalizedPicture drawing =
        normalize(TestPictures.write("png", TestPictures.diagram(800, 450)));
    assertThat(drawing.contentType()).isEqualTo("image/png");
    assertThat(drawing.encoded()).startsWith(0x89, 'P', 'N', 'G');
  }

  /** Whether every component of the frame header is sampled once per pixel. */
  private static boolean hasFullChroma(byte[] jpeg) {
    int at = 2;
    while (Bytes.u8(jpeg, at + 1) != 0xC0) {
      at += 2 + Bytes.u16(jpeg, at + 2);
    }
    return jpeg[at + 11] == 0x11 && jpeg[at + 14] == 0x11 && jpeg[at + 17] == 0x11;
  }

  @Test
  void theShortSideAndThePixelsAreBoundedAndSmallPicturesAreNotEnlarged() throws Exception {
    byte[] wide = TestPictures.write("png", TestPictures.quarters(1600, 400));
    BufferedImage image =
        PictureIntake.normalize(wide, "wide", new PictureCap(250, 1_000_000)).image();
    assertThat(image.getWidth()).isEqualTo(1000);
    assertThat(image.getHeight()).isEqualTo(250);
    assertNear(image.getRGB(20, 20), 0xFF0000, 0);
    assertNear(image.getRGB(980, 230), 0xFFFF00, 0);
    BufferedImage few = PictureIntake.normalize(wide, "wide", new PictureCap(300, 160_000)).image();
    assertThat(few.getWidth()).isEqualTo(800);
    assertThat(few.getHeight()).isEqualTo(200);
    assertThat(PictureIntake.normalize(wide, "wide", square(4000)).image().getWidth())
        .isEqualTo(1600);
  }

  @ParameterizedTest
  @CsvSource({
    "6000, 4000, 3900, 2600",
    "4000, 6000, 2600, 3900",
    "12000, 4000, 6000, 2000",
    "8000, 2000, 6928, 1732",
    "2400, 1600, 2400, 1600",
    "3000, 1000, 3000, 1000",
    "10000, 10000, 2600, 2600",
    "1000000, 64, 16384, 1"
  })
  void whatIsKeptCoversAnUprightCanvasAndStaysInItsBounds(int w, int h, int keptW, int keptH) {
    assertThat(PictureCap.DEFAULT.fit(w, h)).isEqualTo(new PictureCap.Size(keptW, keptH));
  }

  /** The least heap that the launcher gives a process, half of it for decoding. */
  @Test
  void whatCamerasMakeIsTakenInByTheSmallestProcess() {
    for (int[] size : new int[][] {{6000, 4000}, {8192, 5464}, {12_000, 3000}, {12_247, 8165}}) {
      PictureHeader header =
          new PictureHeader(
              PictureFormat.JPEG,
              size[0],
              size[1],
              3,
              1,
              null,
              TestPictures.write("jpeg", TestPictures.quarters()));
      assertThat(PictureDecoder.reducible(header, PictureCap.DEFAULT)).isTrue();
      assertThat(PictureDecoder.reducedBytes(header, PictureCap.DEFAULT))
          .as("%d x %d", size[0], size[1])
          .isLessThan(256L << 20);
    }
  }

  @Test
  void makingSmallerKeepsTheMeanOfFineStripes() throws IOException, StageException {
    BufferedImage stripes = new BufferedImage(1200, 300, BufferedImage.TYPE_INT_RGB);
    for (int i = 0; i < 1200 * 300; i++) {
      stripes.setRGB(i % 1200, i / 1200, i % 2 == 0 ? 0xFFFFFF : 0);
    }
    PixelGrid small = Resampler.atMost(PixelGrid.of(stripes), 500);
    for (int x = 20; x < 480; x++) {
      assertThat(small.argb()[60 * 500 + x] & 0xFF).isBetween(118, 138);
    }
  }
}
