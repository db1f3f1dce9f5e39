package dev.reelbeam.connectors;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.tuple;

import dev.reelbeam.model.failure.FailureCode;
import dev.reelbeam.model.port.StoreException;
import dev.reelbeam.model.project.ProgressEvent;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class PendingProgressTest {
  private final PendingProgress pending = new PendingProgress();

  @Test
  void whatCouldNotBeToldIsToldInTheNextRoundAlthoughNothingFollows() {
    pending.add(event("p", 1, "completed", 100));
    ProgressEvent last = pending.take().get(0);
    assertThat(pending.isEmpty()).isTrue();

    pending.putBack(last);
    assertThat(pending.take()).containsExactly(last);
  }

  @Test
  void whatIsPutBackDoesNotHideWhatCameSince() {
    pending.add(event("p", 1, "rendering", 60));
    List<ProgressEvent> taken = pending.take();
    pending.add(event("p", 1, "completed", 100));
    taken.forEach(pending::putBack);
    assertThat(pending.take())
        .extracting(ProgressEvent::status, ProgressEvent::progress)
        .containsExactly(tuple("completed", 100));

    pending.add(event("p", 2, "draft", 0));
    pending.putBack(event("p", 1, "completed", 100));
    assertThat(pending.take()).extracting(ProgressEvent::epoch).containsExactly(2L);
  }

  @Test
  void whatAServiceThatIsAwayDoesNotTakeIsToldOnceMoreAndWhatItRefusesIsNot() {
    ProgressEvent away = event("away", 1, "completed", 100);
    ProgressEvent refused = event("refused", 1, "completed", 100);
    ProgressEvent fine = event("fine", 1, "completed", 100);
    List<ProgressEvent> sent = new ArrayList<>();
    List<ProgressEvent> untold =
        PendingProgress.tell(
            List.of(away, refused, fine),
            event -> {
              if (event != fine) {
                throw new StoreException(
                    event == away ? FailureCode.DATABASE_UNAVAILABLE : FailureCode.VALUE_REFUSED,
                    "no",
                    new IOException());
              }
              return Optional.of(event);
            },
            sent::add,
            () -> {});
    assertThat(untold).containsExactly(away);
    assertThat(sent).containsExactly(fine);
  }

  @Test
  void whatATopicDidNotGetIsToldOnceMore() {
    ProgressEvent last = event("p", 1, "completed", 100);
    List<ProgressEvent> untold =
        PendingProgress.tell(
            List.of(last),
            Optional::of,
            event -> {},
            () -> {
              throw new StoreException(FailureCode.KAFKA_UNAVAILABLE, "away", new IOException());
            });
    assertThat(untold).containsExactly(last);
  }

  @Test
  void whatIsKeptForAServiceThatIsAwayIsBounded() {
    for (int i = 0; i <= PendingProgress.MOST_KEPT; i++) {
      pending.putBack(event("p" + i, 1, "rendering", 60));
    }
    assertThat(pending.take()).hasSize(PendingProgress.MOST_KEPT);
  }

  private static ProgressEvent event(String project, long epoch, String status, int percent) {
    return new ProgressEvent(
        project,
        1,
        epoch,
        status,
        "deliver",
        percent,
        Map.of("tiktok", percent),
        null,
        null,
        Map.of(),
        null,
        1_000L + percent);
  }
}
