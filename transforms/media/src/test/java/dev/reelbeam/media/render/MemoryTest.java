package dev.reelbeam.media.render;

import static org.assertj.core.api.Assertions.assertThat;

import dev.reelbeam.media.codec.TestClip;
import dev.reelbeam.media.composition.EncodingSettings;
import dev.reelbeam.media.composition.Motion;
import dev.reelbeam.media.composition.PictureInPicture;
import dev.reelbeam.media.composition.Playback;
import dev.reelbeam.media.composition.Shot;
import dev.reelbeam.media.composition.Still;
import dev.reelbeam.media.composition.Timeline;
import dev.reelbeam.media.composition.Transition;
import dev.reelbeam.model.failure.StageException;
import dev.reelbeam.model.store.MediaRef;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;

/**
 * Native memory does not grow with the segments rendered, of pictures, of clips and of what is
 * damaged; {@code bench/bounds} renders 500.
 */
class MemoryTest {
  private static final EncodingSettings SETTINGS = EncodingSettings.preview(10);
  private static final int WARM_UP = 15;
  private static final int SEGMENTS = 60;

  /** One leaked frame of this canvas in each segment would be 12 MB, one encoder far more. */
  private static final long TOLERANCE_BYTES = 10_000_000;

  @TempDir Path folder;

  /** In a process of its own whose heap is resident from the start: the rest is native. */
  @Test
  @EnabledOnOs(OS.LINUX)
  void manySegmentsLeaveNoNativeMemoryBehind() throws Exception {
    Process process =
        new ProcessBuilder(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-XX:+UseSerialGC",
                "-Xms96m",
                "-Xmx96m",
                "-XX:+AlwaysPreTouch",
                "-XX:TieredStopAtLevel=1",
                "-Djava.awt.headless=true",
                "-cp",
                System.getProperty("java.class.path"),
                MemoryTest.class.getName(),
                folder.toString())
            .redirectError(ProcessBuilder.Redirect.INHERIT)
            .start();
    String growth = process.inputReader().readLine();
    assertThat(process.waitFor()).isZero();
    assertThat(Long.parseLong(growth)).as("bytes").isLessThan(TOLERANCE_BYTES);
  }

  /** Renders into the folder given and says by how much memory grew. */
  public static void main(String[] args) throws Exception {
    Path folder = Path.of(args[0]);
    TestPictures pictures = new TestPictures(folder);
    MediaRef clip = pictures.clip(TestClip.plain(320, 240, 25, 20).turned(90));
    MediaRef photo = pictures.photo(300, 500, 1);
    // Begins again, so that the file is opened twice, and jumps from one area to another.
    Shot footage =
        Shot.footage(
                0, Still.contain(clip, 450), Playback.of(100_000, 300_000).looped(), Transition.CUT)
            .withInset(
                new PictureInPicture(
                    Still.cover(clip, 300, 500), Playback.of(0, 500_000), 500, 250, 500, 300));
    List<Shot> damaged =
        List.of(
            Shot.footage(
                0,
                Still.cover(half(pictures, clip, "video/mp4"), 500, 500),
                Playback.of(0, 500_000),
                Transition.CUT),
            Shot.footage(
                0,
                Still.cover(hurt(pictures, clip), 500, 500),
                Playback.of(0, 800_000).withSpeed(4000),
                Transition.CUT),
            still(half(pictures, photo, "image/png"), 0));
    // No room to keep a picture: each segment decodes it again.
    try (SegmentRenderer renderer = new SegmentRenderer(new RenderLimits(0, 0, 60_000, 1_000))) {
      long before = 0;
      for (int i = 0; i < WARM_UP + SEGMENTS; i++) {
        if (i == WARM_UP) {
          before = residentBytes();
        }
        render(renderer, pictures, folder, still(photo, i));
        render(renderer, pictures, folder, footage);
        for (Shot shot : damaged) {
          renderInVain(renderer, pictures, folder, shot);
        }
      }
      System.out.println(residentBytes() - before);
    }
  }

  private static Shot still(MediaRef picture, int number) {
    return new Shot(
        0, Still.cover(picture, 500, 500), Motion.zoom(1000, 1050 + number), Transition.CUT);
  }

  private static MediaRef half(TestPictures pictures, MediaRef whole, String type)
      throws IOException {
    Path file = pictures.localFile(whole);
    byte[] bytes = Files.readAllBytes(file);
    return pictures.add(
        Files.write(
            file.resolveSibling("half-" + file.getFileName()),
            Arrays.copyOf(bytes, bytes.length / 2)),
        type);
  }

  /** Opens, and is found to be damaged while it is decoded. */
  private static MediaRef hurt(TestPictures pictures, MediaRef clip) throws IOException {
    Path file = pictures.localFile(clip);
    byte[] bytes = Files.readAllBytes(file);
    Random random = new Random(3);
    for (int i = bytes.length / 2; i < bytes.length / 2 + 400; i++) {
      bytes[i] = (byte) random.nextInt();
    }
    return pictures.add(Files.write(file.resolveSibling("hurt.mp4"), bytes), "video/mp4");
  }

  private static void renderInVain(
      SegmentRenderer renderer, TestPictures pictures, Path folder, Shot shot) throws IOException {
    try {
      render(renderer, pictures, folder, shot);
    } catch (StageException e) {
      return;
    }
    throw new IllegalStateException("damage was not seen");
  }

  private static void render(
      SegmentRenderer renderer, TestPictures pictures, Path folder, Shot shot)
      throws StageException {
    Timeline timeline = new Timeline(TestTimelines.CANVAS, List.of(shot), List.of(), 4);
    renderer.renderWatched(
        SegmentCutter.cut(timeline).get(0),
        SETTINGS,
        pictures,
        folder.resolve("out.mp4"),
        FrameListener.NONE);
  }

  private static long residentBytes() throws Exception {
    for (String line : Files.readAllLines(Path.of("/proc/self/status"))) {
      if (line.startsWith("VmRSS:")) {
        return Long.parseLong(line.replaceAll("\\D", "")) * 1024;
      }
    }
    throw new IllegalStateException("no VmRSS");
  }
}
