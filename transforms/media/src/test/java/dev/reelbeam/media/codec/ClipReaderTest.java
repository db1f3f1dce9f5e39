package dev.reelbeam.media.codec;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import dev.reelbeam.media.frame.Window;
import dev.reelbeam.media.frame.YuvFrame;
import dev.reelbeam.model.failure.FailureCode;
import dev.reelbeam.model.failure.StageException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;

class ClipReaderTest {
  @TempDir Path folder;

  @ParameterizedTest
  @CsvSource({"libx264,mp4", "libx264,matroska", "libvpx-vp9,webm", "mpeg4,avi", "gif,gif"})
  void everyTimeShowsTheLastFrameThatHasBegunInWhateverOrderItIsAskedFor(
      String encoder, String container) throws Exception {
    Path file = TestClip.plain(128, 64, 25, 150).by(encoder, container).numbered(folder, "clip");
    try (ClipReader clip = ClipReader.open(file, "clip", ClipReader.Watch.NONE)) {
      Random random = new Random(7);
      for (int i = 0; i < 60; i++) {
        int frame = i == 0 ? 149 : random.nextInt(150);
        long shownUs = clip.seek(frame * 40_000L + 20_000);
        // Containers keep times in ms or in 1/100 s.
        assertThat(shownUs).isCloseTo(frame * 40_000L, within(1_000L));
        assertThat(TestClip.number(whole(clip).luma())).isEqualTo(frame);
      }
      assertThat(clip.seek(99_000_000))
          .as("the last frame stays")
          .isCloseTo(5_960_000, within(1_000L));
    }
  }

  /**
   * As cameras and broadcasters write them: no frame in them is one from which all later ones can
   * be decoded, and what is said about reference frames speaks of some before the one joined at.
   */
  @ParameterizedTest
  @CsvSource({
    "libx264,mp4",
    "libx264,matroska",
    "libx264,mpegts",
    "libx264,avi",
    "mpeg2video,mpegts",
    "libx265,mp4"
  })
  void openGroupsOfPicturesShowTheSameFromWhereverTheyAreJoined(String encoder, String container)
      throws Exception {
    Path file =
        TestClip.plain(192, 96, 25, 250)
            .by(encoder, container)
            .withKeyFrames(25)
            .withX264("open-gop=1:b-pyramid=normal:bframes=3:b-adapt=0:ref=4:scenecut=0")
            .write(
                folder.resolve("open"),
                (n, x, y) -> 0x010101 * (60 + (x + 3 * n & 63) + (y * n % 97 & 63)));
    List<YuvFrame> inOrder = new ArrayList<>();
    List<Long> times = new ArrayList<>();
    try (ClipReader clip = ClipReader.open(file, "open", ClipReader.Watch.NONE)) {
      for (long us = clip.step(); us >= 0; us = clip.step()) {
        times.add(us);
        inOrder.add(whole(clip));
      }
    }
    assertThat(inOrder).hasSize(250);

    for (int first = 60; first < 250; first += 7) {
      try (ClipReader clip = ClipReader.open(file, "open", ClipReader.Watch.NONE)) {
        for (int frame = first; frame < Math.min(first + 30, 250); frame++) {
          assertThat(clip.seek(times.get(frame) + 20_000)).isEqualTo(times.get(frame));
          assertThat(whole(clip).luma().bytes())
              .as("frame %d of those from %d on", frame, first)
              .isEqualTo(inOrder.get(frame).luma().bytes());
        }
      }
    }
  }

  @ParameterizedTest
  @CsvSource({"mp4", "mpegts"})
  void ofTwoMomentsInOneFrameOneIsSeenAndTheSameFromWhereverItIsJoined(String container)
      throws Exception {
    Path file =
        TestClip.plain(192, 96, 25, 150)
            .by("libx264", container)
            .withKeyFrames(25)
            .withX264("tff=1")
            .write(
                folder.resolve("camera"),
                // A bar that moves on by four columns from field to field.
                (n, x, y) ->
                    (x + 192 - (8 * n + 4 * (y & 1)) % 192) % 192 < 60 ? 0xE0E0E0 : 0x202020);
    List<byte[]> inOrder = new ArrayList<>();
    try (ClipReader clip = ClipReader.open(file, "camera", ClipReader.Watch.NONE)) {
      for (long us = clip.step(); us >= 0; us = clip.step()) {
        inOrder.add(whole(clip).luma().bytes().clone());
      }
    }
    assertThat(inOrder).hasSize(150);
    for (int n = 2; n < 148; n++) {
      byte[] luma = inOrder.get(n);
      int combs = 0;
      for (int y = 20; y < 76; y++) {
        for (int x = 0; x < 192; x++) {
          int above = luma[(y - 1) * 192 + x] & 0xFF;
          int here = luma[y * 192 + x] & 0xFF;
          int below = luma[(y + 1) * 192 + x] & 0xFF;
          combs += Math.abs(above - below) < 30 && Math.abs(here - above) > 100 ? 1 : 0;
        }
      }
      assertThat(combs).as("teeth in frame %d", n).isLessThan(20);
    }

    for (int first : new int[] {75, 76, 99, 100, 101, 130}) {
      try (ClipReader clip = ClipReader.open(file, "camera", ClipReader.Watch.NONE)) {
        for (int frame = first; frame < Math.min(150, first + 30); frame++) {
          assertThat(clip.seek(frame * 40_000L + 20_000)).isEqualTo(frame * 40_000L);
          assertThat(whole(clip).luma().bytes())
              .as("frame %d of those from %d on", frame, first)
              .isEqualTo(inOrder.get(frame));
        }
      }
    }
  }

  @Test
  void framesOfUnevenLengthAreSeenAsLongAsTheyLast() throws Exception {
    long[] times = {0, 10, 20, 700, 710, 2500, 2600, 6000};
    Path file = TestClip.plain(128, 64, 30, 1).at(times).numbered(folder, "vfr.mp4");
    try (ClipReader clip = ClipReader.open(file, "vfr.mp4", ClipReader.Watch.NONE)) {
      for (int i : new int[] {3, 0, 7, 5, 1, 6, 2, 4}) {
        long last = i + 1 < times.length ? times[i + 1] * 1000 - 1 : 9_000_000;
        for (long us : new long[] {times[i] * 1000, last}) {
          long ignored = clip.seek(us);
          assertThat(TestClip.number(whole(clip).luma())).as("at %d us", us).isEqualTo(i);
        }
      }
    }
  }

  @ParameterizedTest
  @CsvSource({
    "0,false,64,48",
    "90,false,48,64",
    "180,false,64,48",
    "270,false,48,64",
    "0,true,64,48",
    "90,true,48,64",
    "180,true,64,48",
    "270,true,48,64"
  })
  void theTurnInTheMetadataIsApplied(int rotation, boolean mirrored, int width, int height)
      throws Exception {
    // The corner that a player shows at the top left is bright.
    TestClip upright = TestClip.plain(128, 96, 30, 3).turned(rotation);
    Path file =
        (mirrored ? upright.mirrored() : upright)
            .write(
                folder.resolve("turned.mp4"),
                (n, x, y) -> {
                  boolean left = mirrored ? x >= 64 : x < 64;
                  boolean top = y < 48;
                  boolean bright =
                      switch (rotation) {
                        case 90 -> left && !top;
                        case 180 -> !left && !top;
                        case 270 -> !left && top;
                        default -> left && top;
                      };
                  return bright ? 0xE0E0E0 : 0x303030;
                });
    try (ClipReader clip = ClipReader.open(file, "turned.mp4", ClipReader.Watch.NONE)) {
      assertThat(clip.width()).isEqualTo(2 * width);
      assertThat(clip.height()).isEqualTo(2 * height);
      long ignored = clip.seek(0);
      YuvFrame frame = new YuvFrame(width, height);
      clip.scaled(new Window(0, 0, clip.width(), clip.height()), frame);
      assertThat(frame.luma().at(8, 8)).isGreaterThan(180);
      assertThat(frame.luma().at(width - 8, 8)).isLessThan(80);
      assertThat(frame.luma().at(8, height - 8)).isLessThan(80);
      assertThat(frame.luma().at(width - 8, height - 8)).isLessThan(80);

      // The same corner alone, cut out before it is turned.
      clip.scaled(new Window(0, 0, width - 8, height - 8), frame);
      assertThat(frame.luma().at(width / 2, height / 2)).isGreaterThan(180);
    }
  }

  @ParameterizedTest
  @EnumSource(
      value = TestClip.Colours.class,
      mode = EnumSource.Mode.EXCLUDE,
      names = {"BT709_UNTAGGED", "HLG"})
  void coloursComeOutAlikeHoweverTheyAreWrittenDown(TestClip.Colours colours) throws Exception {
    Path file =
        TestClip.plain(128, 64, 30, 2)
            .in(colours)
            .write(folder.resolve("colours.mp4"), (n, x, y) -> x < 64 ? 0xC83C28 : 0x2850B4);
    try (ClipReader clip = ClipReader.open(file, "colours.mp4", ClipReader.Watch.NONE)) {
      long ignored = clip.seek(0);
      YuvFrame frame = whole(clip);
      assertColour(frame, 32, 0xC8, 0x3C, 0x28);
      assertColour(frame, 96, 0x28, 0x50, 0xB4);
    }
  }

  @Test
  void anUntaggedClipInHdHasItsColoursWhateverIsCutOutOfIt() throws Exception {
    Path file =
        TestClip.plain(1280, 720, 30, 1)
            .in(TestClip.Colours.BT709_UNTAGGED)
            .write(folder.resolve("hd.mp4"), (n, x, y) -> 0xC83C28);
    try (ClipReader clip = ClipReader.open(file, "hd.mp4", ClipReader.Watch.NONE)) {
      long ignored = clip.seek(0);
      YuvFrame frame = new YuvFrame(90, 160);
      for (Window area : List.of(new Window(0, 0, 1280, 720), new Window(437.5, 0, 405, 720))) {
        clip.scaled(area, frame);
        assertColour(frame, 45, 0xC8, 0x3C, 0x28);
      }
    }
  }

  @ParameterizedTest
  @CsvSource({"mp4", "matroska"})
  void aShapeThatOnlyTheContainerKnowsCountsToo(String container) throws Exception {
    Path file =
        TestClip.plain(128, 96, 30, 2)
            .by("libx264", container)
            .shapedByContainer(1422)
            .numbered(folder, "wide");
    try (ClipReader clip = ClipReader.open(file, "wide", ClipReader.Watch.NONE)) {
      assertThat(clip.width()).isEqualTo(182);
    }
  }

  @Test
  void whichTimesShowTheCurrentFrameIsKnownWithoutDecoding() throws Exception {
    Path file = TestClip.plain(128, 64, 10, 5).numbered(folder, "ten.mp4");
    try (ClipReader clip = ClipReader.open(file, "ten.mp4", ClipReader.Watch.NONE)) {
      assertThat(clip.shows(0)).isFalse();
      assertThat(clip.seek(150_000)).isEqualTo(100_000);
      assertThat(clip.shows(100_000)).isTrue();
      assertThat(clip.shows(199_999)).isTrue();
      assertThat(clip.shows(200_000)).isFalse();
      assertThat(clip.shows(99_999)).isFalse();
      assertThat(clip.seek(900_000)).isEqualTo(400_000);
      assertThat(clip.shows(5_000_000)).as("the last frame stays").isTrue();
      assertThat(clip.frameUs()).isEqualTo(100_000);
      assertThat(clip.seekable()).isTrue();
    }
  }

  @Test
  void oddSizesAreCutAndScaledWithoutARim() throws Exception {
    Path file =
        TestClip.plain(131, 77, 10, 3)
            .by("mjpeg", "mov")
            .in(TestClip.Colours.BT601_FULL)
            .write(folder.resolve("odd.mov"), (n, x, y) -> 0xF0F0F0);
    try (ClipReader clip = ClipReader.open(file, "odd.mov", ClipReader.Watch.NONE)) {
      assertThat(clip.width()).isEqualTo(131);
      long ignored = clip.seek(150_000);
      for (Window area : List.of(new Window(0, 0, 131, 77), new Window(40.5, 3.3, 43.3, 73.7))) {
        YuvFrame frame = new YuvFrame(90, 160);
        clip.scaled(area, frame);
        for (int y = 0; y < 160; y++) {
          for (int x = 0; x < 90; x++) {
            assertThat(frame.luma().at(x, y)).isBetween(215, 230);
          }
        }
      }
    }
  }

  @Test
  void whatIsNoClipIsRefusedByItsName() throws Exception {
    byte[] good = Files.readAllBytes(TestClip.plain(128, 64, 30, 60).numbered(folder, "good.mp4"));
    for (byte[] bytes :
        List.of(
            new byte[0],
            "<!doctype html><p>Not found".getBytes(StandardCharsets.US_ASCII),
            Arrays.copyOf(good, 40),
            Arrays.copyOf(good, good.length / 2))) {
      Path file = Files.write(folder.resolve("bad.mp4"), bytes);
      assertThatThrownBy(() -> readAll(file))
          .isInstanceOfSatisfying(
              StageException.class,
              e -> assertThat(e.code()).isEqualTo(FailureCode.CLIP_UNDECODABLE))
          .hasMessageContaining("bad.mp4");
    }
  }

  @Test
  void pixelsThatAreNoSquaresAreCountedAsTheyAreSeen() throws Exception {
    Path wide = TestClip.plain(128, 96, 30, 2).shaped(1422).numbered(folder, "wide.mp4");
    // Some programs leave a shape that is a rounding error.
    Path nearly = TestClip.plain(128, 96, 30, 2).shaped(999).numbered(folder, "nearly.mp4");
    Path turned = TestClip.plain(128, 96, 30, 2).shaped(1422).turned(90).numbered(folder, "t.mp4");

    try (ClipReader clip = ClipReader.open(wide, "wide.mp4", ClipReader.Watch.NONE)) {
      assertThat(clip.width()).isEqualTo(182);
      assertThat(clip.height()).isEqualTo(96);
      assertThat(clip.seek(0)).isZero();
      assertThat(whole(clip).width()).isEqualTo(182);
    }
    try (ClipReader clip = ClipReader.open(nearly, "nearly.mp4", ClipReader.Watch.NONE)) {
      assertThat(clip.width()).isEqualTo(128);
    }
    try (ClipReader clip = ClipReader.open(turned, "t.mp4", ClipReader.Watch.NONE)) {
      assertThat(clip.width()).isEqualTo(96);
      assertThat(clip.height()).isEqualTo(182);
    }
  }

  @Test
  void damageInTheMiddleIsAFailureAndNoGreyPicture() throws Exception {
    Path file = TestClip.plain(128, 64, 30, 90).numbered(folder, "hurt.mp4");
    byte[] bytes = Files.readAllBytes(file);
    Random random = new Random(3);
    for (int i = bytes.length / 2; i < bytes.length / 2 + 400; i++) {
      bytes[i] = (byte) random.nextInt();
    }
    Files.write(file, bytes);

    assertThatThrownBy(() -> readAll(file))
        .isInstanceOfSatisfying(
            StageException.class,
            e -> assertThat(e.code()).isEqualTo(FailureCode.CLIP_UNDECODABLE));
  }

  @Test
  void soundAloneHasNoPicture() throws Exception {
    Path file = folder.resolve("sound.m4a");
    int ignored =
        AacEncoder.encode(AudioPcm.stereo(new float[9600], new float[9600]), 128_000, file);

    assertThatThrownBy(() -> readAll(file))
        .isInstanceOfSatisfying(
            StageException.class,
            e -> assertThat(e.code()).isEqualTo(FailureCode.CLIP_WITHOUT_PICTURE));
  }

  @Test
  void picturesOfEightThousandColumnsAreRefusedBeforeTheyAreDecoded() throws Exception {
    Path file =
        TestClip.plain(7680, 4320, 30, 1)
            .by("mjpeg", "mov")
            .in(TestClip.Colours.BT601_FULL)
            .write(folder.resolve("huge.mov"), (n, x, y) -> 0x808080);

    assertThatThrownBy(() -> readAll(file))
        .isInstanceOfSatisfying(
            StageException.class, e -> assertThat(e.code()).isEqualTo(FailureCode.CLIP_TOO_LARGE))
        .hasMessageContaining("7680x4320");
  }

  @Test
  void theWatchEndsTheWork() throws Exception {
    Path file = TestClip.plain(128, 64, 30, 60).numbered(folder, "long.mp4");
    ClipReader.Watch impatient =
        () -> {
          throw new StageException(FailureCode.CLIP_TIMEOUT, "enough");
        };
    try (ClipReader clip = ClipReader.open(file, "long.mp4", impatient)) {
      assertThatThrownBy(() -> clip.seek(1_000_000)).hasMessage("enough");
    }
  }

  private static void readAll(Path file) throws StageException {
    String name = String.valueOf(file.getFileName());
    try (ClipReader clip = ClipReader.open(file, name, ClipReader.Watch.NONE)) {
      while (clip.step() >= 0) {
        YuvFrame ignored = whole(clip);
      }
    }
  }

  private static YuvFrame whole(ClipReader clip) throws StageException {
    YuvFrame frame = new YuvFrame(clip.width() & ~1, clip.height() & ~1);
    clip.scaled(new Window(0, 0, clip.width(), clip.height()), frame);
    return frame;
  }

  private static void assertColour(YuvFrame frame, int x, int r, int g, int b) {
    double luma = (0.2126 * r + 0.7152 * g + 0.0722 * b) / 255;
    int y = frame.height() / 2;
    assertThat((double) frame.luma().at(x, y)).isCloseTo(16 + 219 * luma, within(3.0));
    assertThat((double) frame.u().at(x / 2, y / 2))
        .isCloseTo(128 + 224 * (b / 255.0 - luma) / 1.8556, within(3.0));
    assertThat((double) frame.v().at(x / 2, y / 2))
        .isCloseTo(128 + 224 * (r / 255.0 - luma) / 1.5748, within(3.0));
  }
}
