package dev.reelbeam.pipelines;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class LeftoversTest {
  private static final Instant IN_TWO_DAYS = Instant.now().plus(Duration.ofDays(2));

  @TempDir private Path folder;
  private Path temporary = Path.of("");
  private Path store = Path.of("");

  @BeforeEach
  void folders() throws IOException {
    temporary = Files.createDirectories(folder.resolve("tmp"));
    store = Files.createDirectories(folder.resolve("store"));
  }

  @Test
  void whatAUserKeepsAmongTheTemporaryFilesStays() throws IOException {
    Path videos = filled("reelbeam-videos");
    Path named = filled("reelbeam-run-my-videos");
    Path file = Files.writeString(temporary.resolve("reelbeam-notes.txt"), "mine");

    assertThat(Leftovers.remove(temporary, store, IN_TWO_DAYS)).isZero();

    assertThat(videos.resolve("deep/video.mp4")).exists();
    assertThat(named.resolve("deep/video.mp4")).exists();
    assertThat(file).exists();
  }

  @Test
  void theFolderOfAProcessThatIsNoMoreGoesAfterADay() throws Exception {
    Path cutOff = filled("reelbeam-run-aaaaaa");
    Process ended = new ProcessBuilder("sleep", "60").start();
    TemporaryFolder.sign(cutOff, ended.toHandle());
    Path living = filled("reelbeam-run-bbbbbb");
    TemporaryFolder.sign(living, ProcessHandle.current());

    assertThat(Leftovers.remove(temporary, store, IN_TWO_DAYS)).as("both live").isZero();
    ended.destroyForcibly().waitFor();
    assertThat(Leftovers.remove(temporary, store, Instant.now())).as("too young").isZero();
    assertThat(Leftovers.remove(temporary, store, IN_TWO_DAYS)).isEqualTo(1);

    assertThat(cutOff).doesNotExist();
    assertThat(living.resolve("deep/video.mp4")).exists();
  }

  @Test
  void draftsOfTheStoreGoAfterADayAndFoldersAmongThemStay() throws IOException {
    Path drafts = Files.createDirectories(store.resolve("tmp"));
    Path draft = Files.writeString(drafts.resolve("0f2a"), "half");
    Path mine =
        Files.writeString(Files.createDirectories(drafts.resolve("mine")).resolve("x"), "x");

    assertThat(Leftovers.remove(temporary, store, Instant.now())).isZero();
    assertThat(Leftovers.remove(temporary, store, IN_TWO_DAYS)).isEqualTo(1);

    assertThat(draft).doesNotExist();
    assertThat(mine).exists();
  }

  private Path filled(String name) throws IOException {
    Path filled = Files.createDirectories(temporary.resolve(name));
    Files.writeString(Files.createDirectories(filled.resolve("deep")).resolve("video.mp4"), "v");
    return filled;
  }
}
