package dev.reelbeam.pipelines;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import dev.reelbeam.model.content.ContentRecord;
import dev.reelbeam.model.content.RawRecord;
import dev.reelbeam.model.failure.FailureCode;
import dev.reelbeam.model.failure.StageException;
import dev.reelbeam.model.json.RecordJson;
import dev.reelbeam.model.project.ProjectEntry;
import dev.reelbeam.model.store.MediaRef;
import java.nio.charset.StandardCharsets;
import java.util.List;
import org.junit.jupiter.api.Test;

class SubmissionTest {
  @Test
  void aRecordThatTheJobWouldNotReadIsRefusedBeforeItIsSent() throws Exception {
    RawRecord large = raw(1, "x".repeat(5_000_001));
    StageException refused =
        catchThrowableOfType(
            StageException.class, () -> Submission.message(large, null, List.of(), null));
    assertThat(refused.code()).isEqualTo(FailureCode.MESSAGE_TOO_LARGE);

    byte[] message =
        Submission.message(raw(1, "short"), "s3://bucket/a/", List.of("tiktok"), "low");
    assertThat(new String(message, StandardCharsets.UTF_8))
        .contains("\"base_uri\":\"s3://bucket/a/\"", "[\"tiktok\"]", "\"priority\":\"low\"");
  }

  @Test
  void aChangedTextUnderTheSameRevisionIsRefusedAndIsTheNextOneWhenThatIsAskedFor()
      throws Exception {
    ContentRecord first = Submission.checked(raw(2, "Warm light."));
    ProjectEntry known =
        new ProjectEntry(
            first.key(),
            new MediaRef(
                RecordJson.sha256(RecordJson.canonicalBytes(first)), 9, "application/json"),
            first.title(),
            null,
            null,
            first.project(),
            "test");
    assertThat(Submission.conflict(known, Submission.checked(raw(2, "Warm light.")))).isNull();
    assertThat(Submission.conflict(known, Submission.checked(raw(2, "Cold light."))))
        .contains("known with other content");
    assertThat(Submission.conflict(known, Submission.checked(raw(1, "Warm light."))))
        .contains("revision 2 of it is known already");

    RawRecord next = Submission.inRevision(raw(2, "Cold light."), 3);
    assertThat(Submission.checked(next).key()).hasToString("lamp@3");
    assertThat(Submission.conflict(known, Submission.checked(next))).isNull();
  }

  private static RawRecord raw(int revision, String text) {
    return new RawRecord(
        "test",
        "s3://bucket/",
        RecordJson.newObject()
            .put("record_id", "lamp")
            .put("revision", revision)
            .put("title", "Lamps")
            .put("content_html", "<p>" + text + "</p>")
            .toString());
  }
}
