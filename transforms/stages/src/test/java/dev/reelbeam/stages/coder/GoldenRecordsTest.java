package dev.reelbeam.stages.coder;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import dev.reelbeam.model.content.Delivery;
import dev.reelbeam.model.content.RawRecord;
import dev.reelbeam.model.json.RecordJson;
import dev.reelbeam.stages.flow.AssembledVideo;
import dev.reelbeam.stages.flow.CheckedVideo;
import dev.reelbeam.stages.flow.IllustratedVideo;
import dev.reelbeam.stages.flow.JoinedRender;
import dev.reelbeam.stages.flow.LaidOutVideo;
import dev.reelbeam.stages.flow.NarratedVideo;
import dev.reelbeam.stages.flow.ParsedRecord;
import dev.reelbeam.stages.flow.PlannedRecord;
import dev.reelbeam.stages.flow.PlannedVideo;
import dev.reelbeam.stages.flow.RenderPlan;
import dev.reelbeam.stages.flow.SegmentRequest;
import dev.reelbeam.stages.flow.SegmentResult;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.Iterator;
import java.util.Map;
import org.apache.beam.sdk.coders.ByteArrayCoder;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * Savepoints hold elements as they were written by the version that took them. The golden files are
 * such bytes of earlier versions: they are added to (name-2.json) and never changed.
 */
class GoldenRecordsTest {
  @ParameterizedTest
  @ValueSource(
      classes = {
        RawRecord.class,
        ParsedRecord.class,
        PlannedRecord.class,
        PlannedVideo.class,
        NarratedVideo.class,
        IllustratedVideo.class,
        LaidOutVideo.class,
        RenderPlan.class,
        SegmentRequest.class,
        SegmentResult.class,
        JoinedRender.class,
        AssembledVideo.class,
        CheckedVideo.class,
        Delivery.class
      })
  <T extends Record> void whatAnEarlierVersionWroteIsReadAndNothingOfItIsLost(Class<T> type)
      throws IOException {
    int version = 1;
    for (byte[] golden = golden(type, version); golden != null; golden = golden(type, ++version)) {
      T read = RecordCoder.of(type).decode(new ByteArrayInputStream(encoded(golden)));
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
    String name = "golden/" + type.getSimpleName() + "-" + version + ".json";
    try (InputStream bytes = GoldenRecordsTest.class.getResourceAsStream(name)) {
      return bytes == null ? null : bytes.readAllBytes();
    }
  }
}
