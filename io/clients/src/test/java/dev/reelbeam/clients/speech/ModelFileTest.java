package dev.reelbeam.clients.speech;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ModelFileTest {
  @TempDir Path folder;

  @Test
  void aFileThatIsReplacedIsAnotherModelAndOneThatIsBeingReplacedIsTheOldOne() throws Exception {
    Path file = Files.writeString(folder.resolve("voice.onnx"), "one");
    ModelFile.Print print = new ModelFile.Print(file);
    String first = print.now();

    Files.delete(file);
    assertThat(print.now()).isEqualTo(first);

    Files.writeString(file, "two");
    Files.setLastModifiedTime(file, FileTime.fromMillis(1_000_000));
    assertThat(print.now()).isNotEqualTo(first);

    Files.writeString(file, "one");
    assertThat(print.now()).isEqualTo(first);
  }
}
