package dev.reelbeam.pipelines;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class LogsTest {
  @TempDir private Path folder;

  @AfterEach
  void backToStandardError() {
    Logs.toStandardError(false);
  }

  @Test
  void ofManyLogsTheEldestGoAndThoseOfOthersStay() throws IOException {
    for (int day = 10; day < 35; day++) {
      Files.writeString(folder.resolve("make-202601%02d-120000-7.log".formatted(day)), "warning");
    }
    Path foreign = Files.writeString(folder.resolve("access.log"), "mine");
    Path alike = Files.writeString(folder.resolve("make-me.log"), "mine");

    Logs.toFolder(folder);

    assertThat(foreign).exists();
    assertThat(alike).exists();
    assertThat(folder.resolve("make-20260114-120000-7.log")).doesNotExist();
    assertThat(folder.resolve("make-20260115-120000-7.log")).exists();
    try (Stream<Path> files = Files.list(folder)) {
      assertThat(files).hasSize(22);
    }
  }
}
