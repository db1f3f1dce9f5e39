package dev.reelbeam.clients.store;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.reelbeam.clients.TestServers;
import dev.reelbeam.model.failure.FailureCode;
import dev.reelbeam.model.failure.StageException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import software.amazon.awssdk.core.sync.RequestBody;

class S3ArchiveTest {
  private static final String BUCKET = "reelbeam-archive";

  @TempDir private Path folder;

  @BeforeAll
  static void fill() {
    try (S3Access access = S3Access.open(TestServers.s3(BUCKET))) {
      access.client().createBucket(request -> request.bucket(BUCKET));
      for (String name :
          List.of("in/a.json", "in/images/p.png", "in/sub/c.jsonl", "other/d.json")) {
        access
            .client()
            .putObject(
                request -> request.bucket(BUCKET).key(name), RequestBody.fromString("of " + name));
      }
      // More than one page of a list.
      for (int i = 0; i < 1_005; i++) {
        String name = "many/%04d.json".formatted(i);
        access
            .client()
            .putObject(request -> request.bucket(BUCKET).key(name), RequestBody.fromString("{}"));
      }
    }
  }

  @Test
  void listsWhatLiesBelowThePrefixInOrder() throws StageException {
    assertThat(names("s3://" + BUCKET + "/in/"))
        .containsExactly("in/a.json", "in/images/p.png", "in/sub/c.jsonl");
    assertThat(names("s3://" + BUCKET)).hasSize(1_009).isSorted();
    assertThat(names("s3://" + BUCKET + "/nothing")).isEmpty();
  }

  @Test
  void fetchesAnObjectOnceUnderItsName() throws Exception {
    try (S3Archive archive = open("s3://" + BUCKET + "/in/")) {
      Path file = archive.fetch("in/a.json", folder, 100).orElseThrow();
      assertThat(file).isEqualTo(folder.resolve("in/a.json")).hasContent("of in/a.json");
      Files.writeString(file, "the copy");
      assertThat(archive.fetch("in/a.json", folder, 100).orElseThrow()).hasContent("the copy");
      assertThat(archive.fetch("in/none.json", folder, 100)).isEmpty();
    }
  }

  @Test
  void refusesWhatLeavesTheFolderOrIsTooLarge() throws Exception {
    try (S3Archive archive = open("s3://" + BUCKET + "/in/")) {
      assertThatThrownBy(() -> archive.fetch("in/../../a.json", folder, 100))
          .isInstanceOfSatisfying(
              StageException.class,
              e -> assertThat(e.code()).isEqualTo(FailureCode.PATH_ESCAPES_ROOT));
      assertThatThrownBy(() -> archive.fetch("in/a.json", folder, 3))
          .hasMessageContaining("at most 3 are read");
    }
  }

  @Test
  void saysThatThereIsNoSuchBucket() {
    assertThatThrownBy(() -> names("s3://reelbeam-nowhere/in/"))
        .isInstanceOf(StageException.class)
        .hasMessageContaining("there is no bucket 'reelbeam-nowhere'");
    assertThatThrownBy(() -> names("s3:///in/")).hasMessageContaining("names no bucket");
  }

  private static List<String> names(String address) throws StageException {
    List<String> names = new ArrayList<>();
    try (S3Archive archive = open(address)) {
      archive.list(names::add);
    }
    return names;
  }

  private static S3Archive open(String address) throws StageException {
    return S3Archive.open(TestServers.s3(BUCKET), address);
  }
}
