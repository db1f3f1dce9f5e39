package dev.reelbeam.connectors;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.tuple;

import dev.reelbeam.clients.ledger.PostgresProgress;
import dev.reelbeam.model.failure.FailureCode;
import dev.reelbeam.model.port.StoreException;
import dev.reelbeam.model.project.ProgressEvent;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.Map;
import java.util.OptionalInt;
import java.util.concurrent.atomic.AtomicInteger;
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
    List<ProgressEvent> shown = new ArrayList<>();
    List<ProgressEvent> untold =
        PendingProgress.tell(
            List.of(away, refused, fine),
            event -> {
              if (event != fine) {
                throw failure(
                    event == away ? FailureCode.DATABASE_UNAVAILABLE : FailureCode.VALUE_REFUSED);
              }
              shown.add(event);
            });
    assertThat(untold).containsExactly(away);
    assertThat(shown).containsExactly(fine);
  }

  @Test
  void whatATopicDidNotGetIsSaidOnceMore() {
    List<ProgressEvent> sent = new ArrayList<>();
    StoreException away = failure(FailureCode.KAFKA_UNAVAILABLE);
    ProgressEvent last = event("p", 1, "completed", 100);
    assertThatThrownBy(
            () ->
                PendingProgress.say(
                    List.of(last),
                    sent::add,
                    () -> {
                      throw away;
                    }))
        .isSameAs(away);
    assertThat(sent).containsExactly(last);
  }

  /** A right that is missing would have all of it said again twice a second, for ever. */
  @Test
  void whatATopicRefusesIsGivenUpAndTheOthersAreSaid() {
    ProgressEvent first = event("p", 1, "completed", 100);
    ProgressEvent second = event("q", 1, "completed", 100);
    for (FailureCode code :
        List.of(
            FailureCode.KAFKA_REFUSED, FailureCode.TOPIC_MISSING, FailureCode.MESSAGE_TOO_LARGE)) {
      List<ProgressEvent> sent = new ArrayList<>();
      PendingProgress.say(
          List.of(first, second),
          event -> {
            if (event == first) {
              throw failure(code);
            }
            sent.add(event);
          },
          () -> {
            throw failure(code);
          });
      assertThat(sent).containsExactly(second);
    }
  }

  /** Two rounds' worth, a worker that is at it, and a broker that stumbles: none is the end. */
  @Test
  void theLastWorkerTellsUntilNothingIsLeft() {
    Deque<OptionalInt> rounds =
        new ArrayDeque<>(
            List.of(
                OptionalInt.empty(),
                OptionalInt.of(PostgresProgress.MOST_TOLD),
                OptionalInt.empty(),
                OptionalInt.of(3)));
    PendingProgress.tellRest(rounds::remove, Duration.ofSeconds(60));
    assertThat(rounds).isEmpty();
  }

  @Test
  void whatNobodyTakesIsTriedForAWhileOnly() {
    AtomicInteger rounds = new AtomicInteger();
    PendingProgress.tellRest(
        () -> {
          rounds.incrementAndGet();
          return OptionalInt.empty();
        },
        Duration.ofMillis(300));
    assertThat(rounds.get()).isGreaterThan(1);
  }

  private static StoreException failure(FailureCode code) {
    return new StoreException(code, "no", new IOException());
  }

  @Test
  void whatIsKeptForAServiceThatIsAwayIsBounded() {
    for (int i = 0; i <= PendingProgress.MOST_KEPT; i++) {
      pending.putBack(event("p" + i, 1, "rendering", 60));
      pending.add(event("q" + i, 1, "rendering", 60));
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
