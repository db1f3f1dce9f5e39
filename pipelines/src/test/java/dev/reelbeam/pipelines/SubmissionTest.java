package dev.reelbeam.pipelines;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.reelbeam.model.content.ContentRecord;
import dev.reelbeam.model.content.RawRecord;
import dev.reelbeam.model.failure.FailureCode;
import dev.reelbeam.model.failure.StageException;
import dev.reelbeam.model.json.RecordJson;
import dev.reelbeam.model.project.ProjectEntry;
import dev.reelbeam.model.store.MediaRef;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
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

  @Test
  void anotherPictureUnderTheSameRevisionIsRefusedBeforeItIsSent() throws Exception {
    ContentRecord shown = withPictures(2);
    ProjectEntry known =
        new ProjectEntry(
            shown.key(),
            new MediaRef("0".repeat(64), 9, "application/json"),
            shown.title(),
            null,
            null,
            shown.project(),
            "test");
    Submission.Files files = image -> Path.of(image.url());
    Submission.checkPictures(known, shown, files, (image, file) -> false);

    StageException refused =
        catchThrowableOfType(
            StageException.class,
            () ->
                Submission.checkPictures(
                    known, shown, files, (image, file) -> file.endsWith("b.jpg")));
    assertThat(refused.code()).isEqualTo(FailureCode.REVISION_CONFLICT);
    assertThat(refused).hasMessageContaining("another 'b.jpg'").hasMessageContaining("--new-rev");

    // The next revision has a folder of its own; a picture that cannot be read is not sent.
    Submission.checkPictures(known, withPictures(3), files, (image, file) -> true);
    Submission.checkPictures(
        known,
        shown,
        image -> {
          throw new StageException(FailureCode.INPUT_UNREADABLE, "gone");
        },
        (image, file) -> true);
  }

  private static ContentRecord withPictures(int revision) throws Exception {
    ObjectNode json = (ObjectNode) RecordJson.readTree(raw(revision, "Warm light.").json());
    for (String url : List.of("a.jpg", "b.jpg")) {
      json.withArray("images").addObject().put("url", url);
    }
    return Submission.checked(new RawRecord("test", "file:///archive/", json.toString()));
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
