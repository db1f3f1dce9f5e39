package dev.reelbeam.pipelines;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.reelbeam.model.engagement.EngagementSnapshot;
import dev.reelbeam.model.failure.DeadLetter;
import dev.reelbeam.model.failure.FailureCode;
import dev.reelbeam.model.failure.Stage;
import dev.reelbeam.model.failure.StageException;
import dev.reelbeam.model.json.EngagementJson;
import dev.reelbeam.stages.deadletter.DeadLetters;
import org.junit.jupiter.api.Test;

class ReplayedTest {
  private static final EngagementSnapshot SNAPSHOT =
      new EngagementSnapshot(
          "v1",
          "tiktok",
          null,
          1_793_000_000_000L,
          12L,
          null,
          null,
          null,
          null,
          null,
          null,
          null,
          null,
          "sha256/aa",
          false);

  @Test
  void aSnapshotOfAVideoThatNobodyKnewGoesBackAsTheMessageThatItWas() throws StageException {
    DeadLetter letter =
        letter(
            Stage.MEASURE, "tiktok/v1", EngagementJson.text(SNAPSHOT), FailureCode.VIDEO_UNKNOWN);
    assertThat(letter.replayable()).isTrue();
    assertThat(Replayed.isSnapshot(letter)).isTrue();
    Replayed message = Replayed.snapshot(letter);
    assertThat(message.key()).isEqualTo("tiktok/v1");
    assertThat(EngagementJson.readSnapshot(message.value())).isEqualTo(SNAPSHOT);
  }

  @Test
  void whatNeverWasASnapshotIsRefusedAndARecordIsNone() {
    DeadLetter noise =
        letter(Stage.MEASURE, "reelbeam.engagement-0@7", "{", FailureCode.SNAPSHOT_UNREADABLE);
    assertThatThrownBy(() -> Replayed.snapshot(noise))
        .isInstanceOf(StageException.class)
        .hasMessageContaining("reelbeam.engagement-0@7 is no snapshot");
    assertThat(Replayed.isSnapshot(letter(Stage.PARSE, "r", "{}", FailureCode.RECORD_INVALID)))
        .isFalse();
  }

  @Test
  void aRevisionThatCameWithTwoContentsIsNotMadeAgainAsIfThatHelped() throws StageException {
    DeadLetter conflict = letter(Stage.PARSE, "blog-42", "{}", FailureCode.REVISION_CONFLICT);
    assertThatThrownBy(() -> DeadLettersCommand.refuseConflict(conflict))
        .isInstanceOfSatisfying(
            StageException.class,
            e -> assertThat(e.code()).isEqualTo(FailureCode.REVISION_CONFLICT))
        .hasMessageContaining("of blog-42 again as it is known")
        .hasMessageContaining("submit --new-revision");
    DeadLettersCommand.refuseConflict(
        letter(Stage.PARSE, "blog-42", "{}", FailureCode.RECORD_INVALID));
  }

  private static DeadLetter letter(Stage stage, String name, String payload, FailureCode code) {
    return DeadLetters.ofInput(stage, name, payload, new StageException(code, "why"));
  }
}
