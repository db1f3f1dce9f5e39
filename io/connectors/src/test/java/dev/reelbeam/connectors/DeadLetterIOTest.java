package dev.reelbeam.connectors;

import static org.assertj.core.api.Assertions.assertThat;

import dev.reelbeam.model.failure.DeadLetter;
import dev.reelbeam.model.failure.FailureCode;
import dev.reelbeam.model.json.RecordJson;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.apache.beam.sdk.testing.TestPipeline;
import org.apache.beam.sdk.testing.TestPipelineExtension;
import org.apache.beam.sdk.transforms.Create;
import org.apache.beam.sdk.transforms.errorhandling.BadRecord;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;

@ExtendWith(TestPipelineExtension.class)
class DeadLetterIOTest {
  @TempDir Path folder;

  @Test
  void everyLetterIsOneFileHoweverOftenItIsWritten(TestPipeline pipeline) throws IOException {
    DeadLetter first = letter("1a", "blog-1", "tiktok");
    DeadLetter second = letter("2b", "blog-2", null);
    BadRecord foreign = foreign();
    try (var handler = pipeline.registerBadRecordErrorHandler(DeadLetterIO.write(folder))) {
      handler.addErrorCollection(
          pipeline.apply(
              Create.of(
                  DeadLetterIO.badRecord(first),
                  DeadLetterIO.badRecord(first),
                  DeadLetterIO.badRecord(second),
                  foreign)));
    }
    pipeline.run().waitUntilFinish();

    List<DeadLetter> letters = DeadLetterIO.read(folder);
    assertThat(letters).hasSize(3).contains(first, second);
    assertThat(letters)
        .filteredOn(letter -> letter.recordId().equals("connector"))
        .singleElement()
        .satisfies(letter -> assertThat(letter.code()).isEqualTo("UNEXPECTED"));
    assertThat(Files.readString(DeadLetterIO.fileOf(folder, first)))
        .contains("\"number\" : 1010")
        .contains("\"remedy\" : \"Add text");
  }

  @Test
  void aLetterAboutALargeInputIsAMessageThatEveryBrokerTakes() {
    DeadLetter small = letter("1a", "blog-1", null);
    assertThat(RecordJson.read(DeadLetterIO.message(small), DeadLetter.class)).isEqualTo(small);
    String quotes = "\"".repeat(4_500_000);
    DeadLetter large =
        new DeadLetter(
            "2b",
            "blog-2",
            1,
            null,
            "parse",
            "KIND_UNSUPPORTED",
            1003,
            "no",
            "Send another.",
            false,
            quotes,
            null);

    byte[] message = DeadLetterIO.message(large);

    assertThat(message.length).isLessThan(900_000);
    DeadLetter told = RecordJson.read(message, DeadLetter.class);
    assertThat(told.id()).isEqualTo("2b");
    assertThat(told.detail()).contains("4500000", "dead-letters show 2b");
  }

  @Test
  void onlyWhatIsResolvedIsRemoved() throws IOException {
    DeadLetter resolved = letter("1a", "blog-1", "tiktok");
    DeadLetter open = letter("2b", "blog-2", null);
    for (DeadLetter letter : List.of(resolved, open)) {
      Files.writeString(
          DeadLetterIO.fileOf(folder, letter), dev.reelbeam.model.json.RecordJson.pretty(letter));
    }
    Files.writeString(folder.resolve("notes.json"), "{\"mine\":true}");
    Files.writeString(folder.resolve("broken.json"), "{");

    assertThat(DeadLetterIO.removeResolved(folder, letter -> letter.recordId().equals("blog-1")))
        .containsExactly(resolved);
    assertThat(DeadLetterIO.read(folder)).containsExactly(open);
    assertThat(folder.resolve("notes.json")).exists();
    assertThat(folder.resolve("broken.json")).exists();
  }

  @Test
  void aFolderThatIsNotThereHoldsNoLetters() {
    assertThat(DeadLetterIO.read(folder.resolve("none"))).isEmpty();
  }

  private static BadRecord foreign() {
    return BadRecord.builder()
        .setRecord(
            BadRecord.Record.builder()
                .setEncodedRecord("row".getBytes(StandardCharsets.UTF_8))
                .setCoder("bytes")
                .build())
        .setFailure(
            BadRecord.Failure.builder()
                .setDescription("a connector could not read a row")
                .setException("java.io.IOException: row")
                .build())
        .build();
  }

  static DeadLetter letter(String id, String record, String preset) {
    FailureCode code = FailureCode.SOURCE_TOO_THIN;
    return new DeadLetter(
        id,
        record,
        1,
        preset,
        "fit-narration",
        code.name(),
        code.number(),
        "12 s of text",
        code.remedy(),
        code.replayable(),
        "{\"title\":\"T\"}",
        null);
  }
}
