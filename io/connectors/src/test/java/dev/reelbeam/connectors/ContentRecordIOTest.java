package dev.reelbeam.connectors;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.reelbeam.model.content.RawRecord;
import dev.reelbeam.model.failure.DeadLetter;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.apache.beam.sdk.testing.PAssert;
import org.apache.beam.sdk.testing.TestPipeline;
import org.apache.beam.sdk.testing.TestPipelineExtension;
import org.apache.beam.sdk.values.PCollection;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;

@ExtendWith(TestPipelineExtension.class)
class ContentRecordIOTest {
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
  void aSourceWithoutALaneIsRefusedWhenTheGraphIsBuilt(TestPipeline pipeline) {
    pipeline.enableAbandonedNodeEnforcement(false);
    assertThatThrownBy(() -> pipeline.apply(ContentRecordIO.read(List.of(folder))))
        .isInstanceOf(NullPointerException.class)
        .hasMessageContaining("withDeadLetters");
  }
}
