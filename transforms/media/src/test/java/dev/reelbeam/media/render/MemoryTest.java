package dev.reelbeam.media.render;

import static org.assertj.core.api.Assertions.assertThat;

import dev.reelbeam.media.composition.EncodingSettings;
import dev.reelbeam.media.composition.Motion;
import dev.reelbeam.media.composition.Shot;
import dev.reelbeam.media.composition.Still;
import dev.reelbeam.media.composition.Timeline;
import dev.reelbeam.media.composition.Transition;
import dev.reelbeam.model.store.MediaRef;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;

/** Native memory does not grow with the segments rendered; {@code bench/bounds} renders 500. */
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
    // No room to keep a picture: each segment decodes it again.
    try (SegmentRenderer renderer = new SegmentRenderer(new RenderLimits(0, 0, 60_000, 1_000))) {
      MediaRef picture = pictures.photo(300, 500, 1);
      render(renderer, pictures, picture, folder, 0, WARM_UP);
      long before = residentBytes();
      render(renderer, pictures, picture, folder, WARM_UP, WARM_UP + SEGMENTS);
      System.out.println(residentBytes() - before);
    }
  }

  private static void render(
      SegmentRenderer renderer,
      TestPictures pictures,
      MediaRef picture,
      Path folder,
      int from,
      int to)
      throws Exception {
    for (int i = from; i < to; i++) {
      Timeline timeline =
          new Timeline(
              TestTimelines.CANVAS,
              List.of(
                  new Shot(
                      0,
                      Still.cover(picture, 500, 500),
                      Motion.zoom(1000, 1050 + i),
                      Transition.CUT)),
              List.of(),
              4);
      renderer.renderWatched(
          SegmentCutter.cut(timeline).get(0),
          SETTINGS,
          pictures,
          folder.resolve("out.mp4"),
          FrameListener.NONE);
    }
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
