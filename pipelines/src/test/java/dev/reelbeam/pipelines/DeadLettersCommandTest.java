package dev.reelbeam.pipelines;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.JsonNode;
import dev.reelbeam.fakes.FakeProjectLedger;
import dev.reelbeam.model.content.Delivery;
import dev.reelbeam.model.content.ProjectRequest;
import dev.reelbeam.model.content.RawRecord;
import dev.reelbeam.model.content.RecordKey;
import dev.reelbeam.model.content.ReviewPolicy;
import dev.reelbeam.model.content.VideoSettings;
import dev.reelbeam.model.failure.DeadLetter;
import dev.reelbeam.model.failure.FailureCode;
import dev.reelbeam.model.failure.Stage;
import dev.reelbeam.model.failure.StageException;
import dev.reelbeam.model.json.RecordJson;
import dev.reelbeam.model.port.ProjectLedger;
import dev.reelbeam.model.project.ControlEvent;
import dev.reelbeam.model.project.ControlType;
import dev.reelbeam.model.project.DeliveryOutcome;
import dev.reelbeam.model.project.DeliveryState;
import dev.reelbeam.model.project.ProjectEdits;
import dev.reelbeam.model.project.ProjectEntry;
import dev.reelbeam.model.project.ProjectStatus;
import dev.reelbeam.model.store.MediaRef;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class DeadLettersCommandTest {
  private static final RecordKey KEY = new RecordKey("p", 1);
  private static final Delivery VIDEO =
      new Delivery(KEY, "tiktok", "v", "Title", 1, 0, 1, Map.of());

  private final ProjectLedger ledger = new FakeProjectLedger();

  @BeforeEach
  void deliver() {
    ledger.admit(
        new ProjectEntry(
            KEY,
            new MediaRef("0".repeat(64), 2, "application/json"),
            "title",
            "acme",
            "u7",
            new ProjectRequest(
                null,
                List.of("tiktok"),
                VideoSettings.DEFAULT,
                ReviewPolicy.AUTO,
                "normal",
                /* watermark= */ true),
            "test"));
    settle(1, DeliveryState.COMPLETED, VIDEO.withEpoch(1), null);
  }

  @Test
  void anEditThatDiedIsReplayedThoughTheVideoBeforeItStands() {
    DeadLetter letter = letter(Stage.FIT_NARRATION, "{}");
    retry(2);
    settle(2, DeliveryState.DEAD, null, letter.id());
    assertThat(ledger.outcomes("p"))
        .extracting(DeliveryOutcome::state)
        .containsExactly(DeliveryState.COMPLETED);

    assertThat(DeadLettersCommand.isOver(ledger, letter)).isFalse();

    // And when it was made after all, it is dead no longer.
    retry(3);
    assertThat(DeadLettersCommand.isOver(ledger, letter)).isTrue();
    settle(3, DeliveryState.COMPLETED, VIDEO.withEpoch(3), null);
    assertThat(DeadLettersCommand.isOver(ledger, letter)).isTrue();
  }

  @Test
  void aCopyThatFailedIsReplayedThoughItsVideoIsInTheStore() {
    DeadLetter copy = letter(Stage.DELIVER, RecordJson.canonical(VIDEO.withEpoch(1)));
    assertThat(DeadLettersCommand.isOver(ledger, copy)).isFalse();
    assertThat(DeadLettersCommand.isOver(ledger, letter(Stage.DELIVER, "{}"))).isTrue();

    retry(2);
    settle(2, DeliveryState.COMPLETED, VIDEO.withEpoch(2), null);
    assertThat(DeadLettersCommand.isOver(ledger, copy)).isTrue();
  }

  @Test
  void aRecordThatCouldNotBeParsedComesAgainWithWhereItsPicturesLie() throws Exception {
    String json = "{\"record_id\":\"lamp\",\"images\":[{\"url\":\"images/lamp.jpg\"}]}";
    String base = "s3://bucket/assets/0123456789abcdef01234567/";
    DeadLetter letter =
        letter(
            Stage.PARSE, RecordJson.canonical(new RawRecord("reelbeam.content-0@7", base, json)));

    JsonNode again = RecordJson.readTree(DeadLettersCommand.original(letter));

    assertThat(again.path("base_uri").asText()).isEqualTo(base);
    assertThat(again.path("images").path(0).path("url").asText()).isEqualTo("images/lamp.jpg");
    assertThat(again.path("record_id").asText()).isEqualTo("lamp");
  }

  @Test
  void aMessageThatCouldNotBeReadComesAgainAsItWas() throws Exception {
    String message = "{\"record_id\":\"lamp\",\"base_uri\":\"s3://other/\"}";
    DeadLetter letter =
        letter(
            Stage.READ,
            RecordJson.canonical(Map.of("position", "reelbeam.content-0@7", "json", message)));

    assertThat(DeadLettersCommand.original(letter)).isEqualTo(message);
    assertThatThrownBy(() -> DeadLettersCommand.original(letter(Stage.READ, "{}")))
        .isInstanceOf(StageException.class)
        .hasMessageContaining("is no record");
  }

  private void retry(long epoch) {
    ledger.apply(
        ControlEvent.of("retry-" + epoch, ControlType.RETRY, "p", "ann", epoch),
        epoch - 1,
        ProjectEdits.NONE,
        ProjectStatus.SCRIPTING);
    ledger.expect(KEY, epoch, List.of("tiktok"));
  }

  private void settle(
      long epoch, DeliveryState state, @Nullable Delivery delivery, @Nullable String detail) {
    ledger.settle(new DeliveryOutcome(KEY, "tiktok", epoch, state, delivery, detail));
  }

  private static DeadLetter letter(Stage stage, String payload) {
    FailureCode code = FailureCode.PROVIDER_UNREACHABLE;
    return new DeadLetter(
        "0123456789abcdef01234567",
        "p",
        1,
        "tiktok",
        stage.label(),
        code.name(),
        code.number(),
        "away",
        code.remedy(),
        code.replayable(),
        payload,
        null);
  }
}
