package dev.reelbeam.stages.coder;

import static org.assertj.core.api.Assertions.assertThat;

import dev.reelbeam.model.content.RecordKey;
import dev.reelbeam.model.store.MediaRef;
import dev.reelbeam.stages.flow.SegmentRequest;
import dev.reelbeam.stages.flow.SegmentResult;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.util.List;
import org.apache.beam.sdk.coders.ByteArrayCoder;
import org.apache.beam.sdk.testing.CoderProperties;
import org.junit.jupiter.api.Test;

class RecordCoderTest {
  private static final MediaRef REF = new MediaRef("ab".repeat(32), 7, "image/png");

  @Test
  void recordsSurviveTheRoundTripDeterministically() throws Exception {
    RecordCoder<SegmentRequest> coder = RecordCoder.of(SegmentRequest.class);
    SegmentRequest request =
        new SegmentRequest(new RecordKey("blog-42", 1), "r", 3, "key", REF, 90, "{}");
    CoderProperties.coderDecodeEncodeEqual(coder, request);
    CoderProperties.coderDeterministic(coder, request, request);
    CoderProperties.coderSerializable(coder);
  }

  @Test
  void nullComponentsStayNull() throws Exception {
    RecordCoder<SegmentResult> coder = RecordCoder.of(SegmentResult.class);
    for (SegmentResult result :
        List.of(
            new SegmentResult("r", 0, REF, true, null, null),
            new SegmentResult("r", 1, null, false, "SEGMENT_FAILED", "no"))) {
      CoderProperties.coderDecodeEncodeEqual(coder, result);
    }
  }

  @Test
  void bytesOfANewerReleaseAreStillRead() throws Exception {
    ByteArrayOutputStream newer = new ByteArrayOutputStream();
    ByteArrayCoder.of()
        .encode(
            "{\"render_id\":\"r\",\"index\":2,\"found\":true,\"new_field\":[1]}"
                .getBytes(StandardCharsets.UTF_8),
            newer);
    assertThat(
            RecordCoder.of(SegmentResult.class)
                .decode(new ByteArrayInputStream(newer.toByteArray()))
                .index())
        .isEqualTo(2);
  }
}
