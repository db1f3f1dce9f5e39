package dev.reelbeam.connectors;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import dev.reelbeam.model.content.RawRecord;
import dev.reelbeam.model.failure.DeadLetter;
import dev.reelbeam.model.failure.FailureCode;
import dev.reelbeam.model.failure.StageException;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.apache.beam.sdk.testing.PAssert;
import org.apache.beam.sdk.testing.TestPipeline;
import org.apache.beam.sdk.testing.TestPipelineExtension;
import org.apache.beam.sdk.values.PCollection;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;

@ExtendWith(TestPipelineExtension.class)
class ContentRecordIOTest {
  private static final String BASE = "s3://b/in/";

  @TempDir Path folder;

  @Test
  void recordsAreReadAndWhatCannotBeReadIsALetterByItsPosition(TestPipeline pipeline)
      throws IOException {
    Path input = Files.createDirectory(folder.resolve("input"));
    Files.writeString(
        input.resolve("many.jsonl"),
        "{\"record_id\":\"a\",\"title\":\"A\"}\n{broken\n{\"record_id\":\"b\",\"title\":\"B\"}\n");
    Path missing = folder.resolve("missing.json");
    Path letters = folder.resolve("letters");
    try (var handler = pipeline.registerBadRecordErrorHandler(DeadLetterIO.write(letters))) {
      PCollection<RawRecord> records =
          pipeline.apply(ContentRecordIO.read(List.of(input, missing)).withDeadLetters(handler));
      PAssert.that(records)
          .satisfies(
              all -> {
                assertThat(all)
                    .extracting(RawRecord::json)
                    .anyMatch(json -> json.contains("\"A\""))
                    .anyMatch(json -> json.contains("\"B\""));
                return null;
              });
    }
    pipeline.run().waitUntilFinish();

    List<DeadLetter> dead = DeadLetterIO.read(letters);
    assertThat(dead)
        .anySatisfy(
            letter -> {
              assertThat(letter.recordId()).isEqualTo(missing.toString());
              assertThat(letter.code()).isEqualTo("INPUT_UNREADABLE");
              assertThat(letter.stage()).isEqualTo("read");
            });
  }

  @Test
  void aFolderThatHoldsNoRecordsIsALetter() {
    List<String> refused = new java.util.ArrayList<>();
    ContentRecordIO.readNow(
        folder, record -> {}, (position, failure) -> refused.add(failure.code().label()));
    assertThat(refused).containsExactly("1020 INPUT_UNREADABLE");
  }

  @Test
  void aMessageThatIsNoRecordSaysWhyByItsNumber() {
    assertRefused(null, FailureCode.RECORD_EMPTY);
    assertRefused(bytes(""), FailureCode.RECORD_EMPTY);
    assertRefused(bytes("{\"record_id\": \"a\", "), FailureCode.RECORD_INVALID);
    assertRefused(bytes("[1]"), FailureCode.RECORD_INVALID);
    assertRefused(bytes("\"text\""), FailureCode.RECORD_INVALID);
    assertRefused(new byte[] {'{', '"', (byte) 0xc3, '"', '}'}, FailureCode.RECORD_INVALID);
    assertRefused(bytes("{\"schema_version\": 2}"), FailureCode.SCHEMA_NEWER);
    assertRefused(bytes("{\"schema_version\": \"x\"}"), FailureCode.SCHEMA_NEWER);
    assertRefused(
        bytes("{\"title\": \"" + "x".repeat(20_000_000) + "\"}"), FailureCode.MESSAGE_TOO_LARGE);
    assertRefused(bytes("{\"base_uri\": \"s3://other/\"}"), FailureCode.PATH_ESCAPES_ROOT);
    assertRefused(bytes("{\"base_uri\": \"s3://b/in/../../\"}"), FailureCode.PATH_ESCAPES_ROOT);
  }

  @Test
  void whatComesByTheLowLaneIsOfLowPriority() throws StageException {
    byte[] message = bytes("{\"schema_version\": 1, \"project\": {\"priority\": \"high\"}}");
    assertThat(ContentRecordIO.opened(message, "t-0@1", BASE, /* low= */ false).json())
        .contains("\"high\"");
    assertThat(ContentRecordIO.opened(message, "t-0@1", BASE, /* low= */ true).json())
        .contains("\"low\"")
        .doesNotContain("\"high\"");
    assertThat(ContentRecordIO.opened(bytes("{}"), "t-0@1", BASE, /* low= */ true).json())
        .contains("\"low\"");
  }

  @Test
  void aLetterKeepsSoMuchOfAMessageAsCanBeRead() {
    byte[] message = bytes("{\"title\": \"" + "x".repeat(20_000_000) + "\"}");
    StageException tooLarge = refusal(message);
    DeadLetter letter = ContentRecordIO.letter("t-0@1", tooLarge, Message.excerpt(message));
    assertThat(letter.payloadJson()).hasSizeBetween(90_000, 110_000);
    assertThat(letter.number()).isEqualTo(FailureCode.MESSAGE_TOO_LARGE.number());
    assertThat(letter.remedy()).isEqualTo(FailureCode.MESSAGE_TOO_LARGE.remedy());
  }

  private static void assertRefused(byte @Nullable [] message, FailureCode code) {
    StageException refusal = refusal(message);
    assertThat(refusal.code()).isEqualTo(code);
    assertThat(refusal).hasMessageContaining("t-0@1");
  }

  private static StageException refusal(byte @Nullable [] message) {
    return catchThrowableOfType(
        StageException.class, () -> ContentRecordIO.opened(message, "t-0@1", BASE, false));
  }

  private static byte[] bytes(String text) {
    return text.getBytes(StandardCharsets.UTF_8);
  }

  @Test
  void aSourceWithoutALaneIsRefusedWhenTheGraphIsBuilt(TestPipeline pipeline) {
    pipeline.enableAbandonedNodeEnforcement(false);
    assertThatThrownBy(() -> pipeline.apply(ContentRecordIO.read(List.of(folder))))
        .isInstanceOf(NullPointerException.class)
        .hasMessageContaining("withDeadLetters");
  }
}
