package dev.reelbeam.stages.coder;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import dev.reelbeam.model.json.RecordJson;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Iterator;
import java.util.Map;
import org.apache.beam.sdk.coders.ByteArrayCoder;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * Savepoints hold elements and state as they were written by the version that took them. The golden
 * files are such bytes of earlier versions: they are added to (name-2.json) and never changed. A
 * type that is new gets its first one with {@code -Dgolden.write=true}.
 *
 * <p>That every type of both jobs is in this list is for the job's own tests to see.
 */
class GoldenRecordsTest {
  private static final Path RESOURCES =
      Path.of("src/test/resources/dev/reelbeam/stages/coder/golden");

  @ParameterizedTest
  @ValueSource(
      strings = {
        "model.content.Delivery",
        "model.content.RawRecord",
        "model.engagement.LateSnapshot",
        "model.engagement.OperationsAlert",
        "model.engagement.OperationsEvent",
        "model.engagement.Trend",
        "model.project.ControlEvent",
        "model.project.WaitingArtifact",
        "stages.engagement.WatchOperations$Quarter",
        "stages.flow.AssembledVideo",
        "stages.flow.CheckedVideo",
        "stages.flow.Deliveries",
        "stages.flow.IllustratedVideo",
        "stages.flow.JoinedRender",
        "stages.flow.LaidOutVideo",
        "stages.flow.NarratedVideo",
        "stages.flow.ParsedRecord",
        "stages.flow.PlannedRecord",
        "stages.flow.PlannedVideo",
        "stages.flow.RenderOrder",
        "stages.flow.RenderPlan",
        "stages.flow.SegmentRequest",
        "stages.flow.SegmentResult",
        "stages.project.Known",
        "stages.project.Places",
        "stages.project.Undecided",
        "stages.render.DispatchQueue",
        "stages.flow.JoinInput",
        "stages.review.EarlyEvents",
        "stages.step.Tries"
      })
  void whatAnEarlierVersionWroteIsReadAndNothingOfItIsLost(String name)
      throws IOException, ClassNotFoundException {
    Class<? extends Record> type = Class.forName("dev.reelbeam." + name).asSubclass(Record.class);
    if (Boolean.getBoolean("golden.write") && golden(type, 1) == null) {
      Files.write(
          RESOURCES.resolve(file(type, 1)), RecordJson.canonicalBytes(RecordSamples.of(type)));
      return; // It is read from the next build on.
    }
    int version = 1;
    for (byte[] golden = golden(type, version); golden != null; golden = golden(type, ++version)) {
      Record read = RecordCoder.of(type).decode(new ByteArrayInputStream(encoded(golden)));
      assertHolds(
          RecordJson.readTree(RecordJson.canonical(read)),
          RecordJson.readTree(new String(golden, StandardCharsets.UTF_8)),
          type + ":");
    }
    assertThat(version).as("golden files of " + type).isGreaterThan(1);
  }

  /** Everything in {@code old} is in {@code now}, which may have more. */
  private static void assertHolds(JsonNode now, JsonNode old, String path) {
    if (!old.isObject()) {
      if (old.isArray()) {
        assertThat(now).as(path).hasSameSizeAs(old);
        for (int i = 0; i < old.size(); i++) {
          assertHolds(now.path(i), old.path(i), path + "/" + i);
        }
        return;
      }
      assertThat(now).as(path).isEqualTo(old);
      return;
    }
    for (Iterator<Map.Entry<String, JsonNode>> fields = old.fields(); fields.hasNext(); ) {
      Map.Entry<String, JsonNode> field = fields.next();
      assertHolds(now.path(field.getKey()), field.getValue(), path + "/" + field.getKey());
    }
  }

  private static byte[] encoded(byte[] json) throws IOException {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    ByteArrayCoder.of().encode(json, bytes);
    return bytes.toByteArray();
  }

  private static byte[] golden(Class<?> type, int version) throws IOException {
    try (InputStream bytes =
        GoldenRecordsTest.class.getResourceAsStream("golden/" + file(type, version))) {
      return bytes == null ? null : bytes.readAllBytes();
    }
  }

  private static String file(Class<?> type, int version) {
    return type.getSimpleName() + "-" + version + ".json";
  }
}
