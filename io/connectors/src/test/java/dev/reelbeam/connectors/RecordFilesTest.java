package dev.reelbeam.connectors;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import dev.reelbeam.model.content.RawRecord;
import dev.reelbeam.model.failure.FailureCode;
import dev.reelbeam.model.failure.StageException;
import dev.reelbeam.model.json.RecordJson;
import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class RecordFilesTest {
  @TempDir Path folder;

  private final List<RawRecord> records = new ArrayList<>();
  private final Map<String, StageException> refused = new LinkedHashMap<>();

  private void read(Path input) {
    RecordFiles.read(input, records::add, refused::put);
  }

  private Path write(String name, String text) throws IOException {
    Path file = folder.resolve(name);
    Files.createDirectories(file.getParent());
    return Files.writeString(file, text);
  }

  private JsonNode json(int index) throws IOException {
    return RecordJson.readTree(records.get(index).json());
  }

  @Test
  void readsAPageWithItsFields() throws IOException {
    Path page =
        write(
            "posts/bread.html",
            "<!DOCTYPE html><html lang='fr'><head><title>Du pain | Le site</title>"
                + "<meta name='description' content='Simple.'>"
                + "<meta name='keywords' content='pain, farine'></head>"
                + "<body><article><h1>Du pain</h1><p>Texte.</p></article></body></html>");

    read(page);

    assertThat(refused).isEmpty();
    assertThat(records).hasSize(1);
    assertThat(records.get(0).position()).isEqualTo(page.toString());
    assertThat(records.get(0).baseUri()).isEqualTo(page.getParent().toUri().toString());
    assertThat(json(0).path("record_id").asText()).isEqualTo("bread");
    assertThat(json(0).path("title").asText()).isEqualTo("Du pain");
    assertThat(json(0).path("language").asText()).isEqualTo("fr");
    assertThat(json(0).path("meta_description").asText()).isEqualTo("Simple.");
    assertThat(json(0).path("keywords").findValuesAsText("")).isEmpty();
    assertThat(json(0).path("keywords").get(1).asText()).isEqualTo("farine");
    assertThat(json(0).path("content_html").asText()).contains("<p>Texte.</p>");
  }

  @Test
  void readsAPageInItsOwnEncoding() throws IOException {
    Path page = folder.resolve("old.html");
    Files.write(
        page,
        "<meta charset=\"iso-8859-1\"><title>Café</title><p>Déjà vu.</p>"
            .getBytes(StandardCharsets.ISO_8859_1));

    read(page);

    assertThat(json(0).path("title").asText()).isEqualTo("Café");
    assertThat(json(0).path("content_html").asText()).contains("Déjà vu.");
  }

  @Test
  void readsMarkdownWithFrontMatterTablesAndCode() throws IOException {
    Path file =
        write(
            "guide/article.md",
            "---\n"
                + "title: \"A: B\"\n"
                + "description: \"Short.\"\n"
                + "keywords: [one, two]\n"
                + "language: de\n"
                + "---\n\n"
                + "# A: B\n\n"
                + "Text with *marks*.\n\n"
                + "```java\n"
                + "int a;\n"
                + "```\n\n"
                + "| x | y |\n"
                + "|---|---|\n"
                + "| 1 | 2 |\n\n"
                + "![alt](p.png \"Caption\")\n");

    read(file);

    assertThat(json(0).path("record_id").asText()).isEqualTo("guide");
    assertThat(json(0).path("title").asText()).isEqualTo("A: B");
    assertThat(json(0).path("language").asText()).isEqualTo("de");
    assertThat(json(0).path("keywords")).hasSize(2);
    assertThat(json(0).path("content_html").asText())
        .contains("<em>marks</em>", "class=\"language-java\"", "<table>", "title=\"Caption\"")
        .doesNotContain("language: de");
  }

  @Test
  void takesTheTitleOfMarkdownFromItsFirstHeading() throws IOException {
    read(write("plain.md", "# Only a *heading*\n\nText."));

    assertThat(json(0).path("title").asText()).isEqualTo("Only a heading");
  }

  @Test
  void readsEveryGoodLineAndNamesTheBadOnes() throws IOException {
    Path file =
        write(
            "r.jsonl",
            "{\"record_id\":\"a\"}\n\n{\"record_id\": oops}\n[1]\n{\"record_id\":\"b\"}\r\n{}");

    read(file);

    assertThat(records).extracting(RawRecord::position).containsExactly(file + ":1", file + ":5");
    assertThat(refused.keySet()).containsExactly(file + ":3", file + ":4", file + ":6");
    assertThat(refused.get(file + ":3").code()).isEqualTo(FailureCode.RECORD_INVALID);
    assertThat(refused.get(file + ":3"))
        .hasMessageContaining("line 3")
        .hasMessageContaining("oops");
    assertThat(refused.get(file + ":6").code()).isEqualTo(FailureCode.RECORD_EMPTY);
  }

  @Test
  void namesTheLineOfBrokenJson() throws IOException {
    Path file = write("record.json", "{\n  \"title\": \"x\",\n  \"images\": [}\n}");

    read(file);

    assertThat(refused.get(file.toString()).code()).isEqualTo(FailureCode.RECORD_INVALID);
    assertThat(refused.get(file.toString())).hasMessageContaining("line 3");
  }

  @Test
  void readsAListOfRecords() throws IOException {
    Path file = write("all.json", "[{\"record_id\":\"a\"}, 7, {\"record_id\":\"b\"}]");

    read(file);

    assertThat(records).hasSize(2);
    assertThat(refused.keySet()).containsExactly(file + "[1]");
  }

  @Test
  void aRecordMayLeaveItsTextToTheArticleBesideIt() throws IOException {
    write("one/record.json", "{\"record_id\":\"x\",\"title\":\"Mine\"}");
    write("one/article.md", "# Other\n\nText of the article.");

    read(folder.resolve("one"));

    assertThat(records).hasSize(1);
    assertThat(json(0).path("title").asText()).isEqualTo("Mine");
    assertThat(json(0).path("content_html").asText()).contains("Text of the article.");
  }

  @Test
  void readsAFolderOfFoldersAndFilesByName() throws IOException {
    write("b/article.html", "<title>B</title><p>b</p>");
    write("a/deep/post.md", "# A");
    write("c.jsonl", "{\"record_id\":\"c\"}");
    write("brand/brand.yaml", "name: x");
    write("b/images/readme.md", "not a record of its own");
    write(".hidden/x.md", "# hidden");

    read(folder);

    assertThat(refused).isEmpty();
    List<String> ids = new ArrayList<>();
    for (int i = 0; i < records.size(); i++) {
      ids.add(json(i).path("record_id").asText());
    }
    assertThat(ids).containsExactly("a-deep-post", "b", "c");
  }

  @Test
  void refusesWhatIsNotThereOrNotARecord() throws IOException {
    Path missing = folder.resolve("missing.html");
    Path other = write("notes.txt", "x");
    Path empty = write("empty.html", " \n");
    Path bare = Files.createDirectory(folder.resolve("bare"));
    Path binary = folder.resolve("binary.md");
    Files.write(binary, new byte[] {(byte) 0xff, (byte) 0xfe, 0, (byte) 0xc3, 0x28});

    List.of(missing, other, empty, bare, binary).forEach(this::read);

    assertThat(records).isEmpty();
    assertThat(refused.get(missing.toString()).code()).isEqualTo(FailureCode.INPUT_UNREADABLE);
    assertThat(refused.get(other.toString()).code()).isEqualTo(FailureCode.INPUT_UNREADABLE);
    assertThat(refused.get(empty.toString()).code()).isEqualTo(FailureCode.RECORD_EMPTY);
    assertThat(refused.get(bare.toString()).code()).isEqualTo(FailureCode.INPUT_UNREADABLE);
    assertThat(refused.get(binary.toString()).code()).isEqualTo(FailureCode.RECORD_INVALID);
  }

  @Test
  void refusesAFileOverTheLimitBeforeReadingIt() throws IOException {
    Path file = folder.resolve("huge.html");
    try (RandomAccessFile sparse = new RandomAccessFile(file.toFile(), "rw")) {
      sparse.setLength(3_000_000_000L);
    }

    read(file);

    assertThat(refused.get(file.toString()).code()).isEqualTo(FailureCode.RECORD_TOO_LARGE);
  }

  @Test
  void aLineOverTheLimitDoesNotKeepTheNextOne() throws IOException {
    Path file =
        write(
            "long.jsonl",
            "{\"a\":\""
                + "x".repeat(RecordFiles.MAX_RECORD_BYTES)
                + "\"}\n{\"record_id\":\"b\"}\n");

    read(file);

    assertThat(refused.get(file + ":1").code()).isEqualTo(FailureCode.RECORD_TOO_LARGE);
    assertThat(records).extracting(RawRecord::position).containsExactly(file + ":2");
  }

  @Test
  void markdownOfAnyDepthIsReadOrRefusedByNumber() throws IOException {
    Path file = write("deep.md", "> ".repeat(3_000) + "text\n\n" + "*".repeat(5_000) + "x");

    read(file);

    assertThat(records.size() + refused.size()).isEqualTo(1);
    refused.values().forEach(e -> assertThat(e.code()).isEqualTo(FailureCode.MARKUP_TOO_DEEP));
  }
}
