package dev.reelbeam.media.codec;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** A task may be cancelled while the process that it starts in loads FFmpeg for the first time. */
class InterruptedLoadingTest {
  @TempDir Path folder;

  @Test
  @Timeout(120)
  void whoIsInterruptedWhileLibrariesAreLoadedLeavesThemUsable() throws Exception {
    Process process =
        new ProcessBuilder(
                List.of(
                    Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                    "-Djava.awt.headless=true",
                    "-XX:+UseSerialGC",
                    "-Xmx256m",
                    // Fresh: the libraries are unpacked under a lock.
                    "-Dorg.bytedeco.javacpp.cachedir=" + folder,
                    "-cp",
                    System.getProperty("java.class.path"),
                    Probe.class.getName()))
            .redirectError(ProcessBuilder.Redirect.INHERIT)
            .start();
    assertThat(process.inputReader().lines()).containsExactly("interrupted", "libx264 works");
    assertThat(process.waitFor()).isZero();
  }

  /** The other process. */
  static final class Probe {
    private Probe() {}

    public static void main(String[] arguments) throws InterruptedException {
      Thread task =
          new Thread(
              () -> {
                Thread.currentThread().interrupt();
                Av.load();
                System.out.println(
                    Thread.currentThread().isInterrupted() ? "interrupted" : "nobody knows");
              });
      task.start();
      task.join();
      Encoders.Trial trial = Encoders.tryOut("libx264");
      System.out.println("libx264 " + (trial.works() ? "works" : trial.problem()));
    }
  }
}
