package dev.reelbeam.connectors;

import static org.assertj.core.api.Assertions.assertThat;

import dev.reelbeam.model.engagement.SnapshotMessage;
import java.io.IOException;
import java.io.Serializable;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.StreamSupport;
import org.apache.beam.sdk.coders.SerializableCoder;
import org.apache.beam.sdk.testing.PAssert;
import org.apache.beam.sdk.testing.TestPipeline;
import org.apache.beam.sdk.testing.TestPipelineExtension;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;

@ExtendWith(TestPipelineExtension.class)
class EngagementIOTest implements Serializable {
  private static final long serialVersionUID = 1L;

  @TempDir transient Path folder;

  @Test
  void eachLineIsKnownByItsFileAndNumber(TestPipeline pipeline) throws IOException {
    Files.writeString(folder.resolve("a.jsonl"), "{\"a\":1}\n\n{\"a\":3}\r\n");
    Files.writeString(folder.resolve("b.jsonl"), "  \n{\"b\":2}");
    Files.writeString(folder.resolve("notes.txt"), "no snapshot");
    String home = folder.toString();

    PAssert.that(
            pipeline
                .apply(EngagementIO.readLines(folder.resolve("*.jsonl").toString()))
                .setCoder(SerializableCoder.of(SnapshotMessage.class)))
        .satisfies(
            messages -> {
              assertThat(told(messages))
                  .containsExactlyInAnyOrder(
                      home + "/a.jsonl@1 {\"a\":1}",
                      home + "/a.jsonl@3 {\"a\":3}",
                      home + "/b.jsonl@2 {\"b\":2}");
              return null;
            });
    pipeline.run().waitUntilFinish();
  }

  @Test
  void ofALineWithoutAnEndTheBeginningIsTold(TestPipeline pipeline) throws IOException {
    Files.writeString(folder.resolve("a.jsonl"), "x".repeat(300_000) + "\n{\"a\":2}\n");

    PAssert.that(
            pipeline
                .apply(EngagementIO.readLines(folder.resolve("*.jsonl").toString()))
                .setCoder(SerializableCoder.of(SnapshotMessage.class)))
        .satisfies(
            messages -> {
              List<SnapshotMessage> all = all(messages);
              assertThat(all).extracting(SnapshotMessage::offset).containsExactlyInAnyOrder(1L, 2L);
              assertThat(all).allMatch(message -> message.bytes().length <= 100_000);
              return null;
            });
    pipeline.run().waitUntilFinish();
  }

  private static List<SnapshotMessage> all(Iterable<SnapshotMessage> messages) {
    return StreamSupport.stream(messages.spliterator(), /* parallel= */ false).toList();
  }

  private static List<String> told(Iterable<SnapshotMessage> messages) {
    return all(messages).stream()
        .map(
            message ->
                message.position()
                    + " "
                    + new String(message.bytes(), StandardCharsets.UTF_8).strip())
        .toList();
  }
}
