package dev.reelbeam.connectors;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.tuple;

import dev.reelbeam.model.project.ProgressEvent;
import java.util.List;
import java.util.Map;
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
