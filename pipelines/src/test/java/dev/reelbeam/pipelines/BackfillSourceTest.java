package dev.reelbeam.pipelines;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.reelbeam.clients.store.S3Archive;
import dev.reelbeam.model.failure.FailureCode;
import dev.reelbeam.model.failure.StageException;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.io.UncheckedIOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;

class BackfillSourceTest {
  private static final String RECORD =
      "{\"record_id\":\"%s\",\"revision\":1,\"kind\":\"article\",\"title\":\"Rain\","
          + "\"content_html\":\"<p>Rain barrels reward patience.</p>\","
          + "\"images\":[{\"url\":\"%s\",\"alt\":\"A barrel\"}]}";

  private final Map<String, String> bucket =
      new TreeMap<>(
          Map.of(
              "2026/a.json", RECORD.formatted("a", "a.png"),
              "2026/a.png", "picture of a",
              "2026/b.json", RECORD.formatted("b", "b.png"),
              "2026/b.png", "picture of b",
              "2026/notes.txt", "no record"));
  private final List<String> asked = new ArrayList<>();
  private final List<Path> folders = new ArrayList<>();

  @Test
  void picturesOfWhatNobodyWantsStayInTheBucket() throws Exception {
    source(/* keepsFetched= */ false)
        .read(
            found -> {
              if (found.raw().json().contains("\"b\"")) {
                Path picture = Path.of(URI.create(found.fetched().baseUri())).resolve("b.png");
                assertThat(picture).hasContent("picture of b");
              }
            },
            this::refuse);

    assertThat(asked).containsExactly("2026/a.json", "2026/b.json", "2026/b.png");
  }

  @Test
  void whatWasSentLeavesNothingAmongTheTemporaryFiles() throws Exception {
    source(/* keepsFetched= */ false).read(found -> found.fetched(), this::refuse);

    assertThat(folders).hasSize(2).allSatisfy(folder -> assertThat(folder).doesNotExist());
  }

  @Test
  void whatIsMadeAtTheEndIsKeptUntilThenAndNothingElse() throws Exception {
    source(/* keepsFetched= */ true)
        .read(
            found -> {
              if (found.raw().json().contains("\"a\"")) {
                found.fetched();
                throw new BackfillSource.Enough();
              }
            },
            this::refuse);

    assertThat(folders).hasSize(1);
    assertThat(folders.get(0).resolve("2026/a.png")).hasContent("picture of a");
    assertThat(TemporaryFolder.remove(folders.get(0))).isTrue();
  }

  @Test
  void aPasswordInTheAddressIsInNoMessage() {
    for (String address :
        List.of(
            "jdbc:nosuch://ann:geheim@db/cms?password=geheim",
            "jdbc:postgresql://db:port/cms?user=ann&password=geheim")) {
      assertThatThrownBy(
              () ->
                  new BackfillSource(address, "select 1", name -> null, /* keepsFetched= */ false)
                      .read(found -> {}, this::refuse))
          .isInstanceOfSatisfying(
              StageException.class,
              e -> {
                assertThat(e.code()).isEqualTo(FailureCode.SOURCE_UNREADABLE);
                StringWriter trace = new StringWriter();
                e.printStackTrace(new PrintWriter(trace));
                assertThat(trace.toString()).contains("db").doesNotContain("geheim");
              });
    }
  }

  @Test
  void anObjectThatCannotBeReadKeepsNoOther() throws Exception {
    bucket.put("2026/a.json", "{");
    List<String> refused = new ArrayList<>();
    List<String> read = new ArrayList<>();
    source(/* keepsFetched= */ false)
        .read(
            found -> read.add(found.raw().json()),
            (position, failure) -> refused.add(failure.code() + " " + position));

    assertThat(read).singleElement().asString().contains("\"b\"");
    assertThat(refused)
        .singleElement()
        .asString()
        .startsWith(FailureCode.RECORD_INVALID + " ")
        .endsWith("2026/a.json");
  }

  private BackfillSource source(boolean keepsFetched) {
    return new BackfillSource("s3://archive/2026/", null, address -> objects(), keepsFetched);
  }

  private BackfillSource.Objects objects() {
    return new BackfillSource.Objects() {
      @Override
      public void list(S3Archive.Listener listener) throws StageException {
        for (String name : bucket.keySet()) {
          listener.hear(name);
        }
      }

      @Override
      public Optional<Path> fetch(String name, Path folder, long maxBytes) {
        asked.add(name);
        if (!folders.contains(folder)) {
          folders.add(folder);
        }
        try {
          Path file = folder.resolve(name);
          Files.createDirectories(file.getParent());
          return Optional.of(Files.writeString(file, bucket.get(name)));
        } catch (IOException e) {
          throw new UncheckedIOException(e);
        }
      }

      @Override
      public void close() {
        // Holds nothing.
      }
    };
  }

  private void refuse(String position, StageException failure) {
    throw new AssertionError(position + ": " + failure.describe());
  }
}
