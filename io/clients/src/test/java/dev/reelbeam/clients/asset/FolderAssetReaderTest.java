package dev.reelbeam.clients.asset;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import dev.reelbeam.model.failure.FailureCode;
import dev.reelbeam.model.failure.StageException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class FolderAssetReaderTest {
  @TempDir Path folder;
  private final FolderAssetReader reader = new FolderAssetReader();
  private Path record;

  @BeforeEach
  void makeRecordFolder() throws Exception {
    record = Files.createDirectories(folder.resolve("record/images"));
    Files.writeString(record.resolve("a b.png"), "inside");
    Files.writeString(folder.resolve("secret.txt"), "outside");
    record = record.getParent();
  }

  @Test
  void aPictureBesideTheRecordIsReadAlsoWhenItsNameIsPercentEncoded() throws Exception {
    assertThat(read("images/a b.png", 100)).isEqualTo("inside");
    assertThat(read("images/a%20b.png?v=2", 100)).isEqualTo("inside");
  }

  @Test
  void noPathLeavesTheFolder() throws Exception {
    Files.createSymbolicLink(record.resolve("link.txt"), folder.resolve("secret.txt"));
    for (String path :
        new String[] {
          "../secret.txt", "/etc/hostname", "link.txt", "images/%2e%2e/../../secret.txt"
        }) {
      assertThat(failure(path, 100).code()).as(path).isEqualTo(FailureCode.PATH_ESCAPES_ROOT);
    }
  }

  @Test
  void whatIsMissingTooLargeOrRemoteIsAClearFailure() {
    assertThat(failure("images/none.png", 100).describe()).contains("1020").contains("none.png");
    assertThat(failure("images/a b.png", 3).code()).isEqualTo(FailureCode.PICTURE_TOO_LARGE);
    assertThat(failure("https://example.com/a.png", 3).describe()).contains("web address");
  }

  private String read(String url, long maxBytes) throws StageException {
    return new String(
        reader.read(record.toUri().toString(), url, maxBytes),
        java.nio.charset.StandardCharsets.UTF_8);
  }

  private StageException failure(String url, long maxBytes) {
    return catchThrowableOfType(StageException.class, () -> read(url, maxBytes));
  }
}
