package dev.reelbeam.clients.http;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.UUID;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(30)
class TurnLineTest {
  private final AtomicLong nowNs = new AtomicLong();
  private final UUID early = UUID.randomUUID();
  private final UUID late = UUID.randomUUID();

  private CallPolicy limits = CallPolicy.DEFAULT;

  private TurnLine line(int perMinute, int atOnce) {
    limits = CallPolicy.DEFAULT.withRates(perMinute, atOnce);
    return new TurnLine(nowNs::get);
  }

  private void pass(Duration time) {
    nowNs.addAndGet(time.toNanos());
  }

  private TurnLine.Answer asks(TurnLine line, UUID place) throws InterruptedException {
    return line.take(place, limits, Duration.ZERO);
  }

  private UUID calls(TurnLine line) throws InterruptedException {
    UUID place = UUID.randomUUID();
    assertThat(asks(line, place)).isEqualTo(TurnLine.Answer.GIVEN);
    return place;
  }

  @Test
  void noMoreAreOutAtOnceThanAllowed() throws InterruptedException {
    TurnLine line = line(100, 2);
    UUID first = calls(line);
    calls(line);
    assertThat(asks(line, early)).isEqualTo(TurnLine.Answer.TOO_MANY_AT_ONCE);

    line.giveBack(first);

    assertThat(asks(line, early)).isEqualTo(TurnLine.Answer.GIVEN);
  }

  @Test
  void noMoreAreBegunInAnyMinuteThanAllowed() throws InterruptedException {
    TurnLine line = line(2, 100);
    line.giveBack(calls(line));
    pass(Duration.ofSeconds(40));
    line.giveBack(calls(line));
    pass(Duration.ofSeconds(19));
    assertThat(asks(line, early)).isEqualTo(TurnLine.Answer.TOO_MANY_IN_A_MINUTE);

    pass(Duration.ofSeconds(1));

    assertThat(asks(line, early)).isEqualTo(TurnLine.Answer.GIVEN);
    assertThat(asks(line, late)).isEqualTo(TurnLine.Answer.TOO_MANY_IN_A_MINUTE);
  }

  /** Two entries of the settings with one key: each keeps to its own limit, counting both. */
  @Test
  void whoMayLessCountsTheOthersToo() throws InterruptedException {
    TurnLine line = line(100, 3);
    calls(line);
    calls(line);
    CallPolicy two = CallPolicy.DEFAULT.withRates(100, 2);

    assertThat(line.take(early, two, Duration.ZERO)).isEqualTo(TurnLine.Answer.TOO_MANY_AT_ONCE);
    line.leave(early);
    assertThat(asks(line, late)).isEqualTo(TurnLine.Answer.GIVEN);
  }

  @Test
  void whoGotNoTurnInTimeStandsWhereItStood() throws InterruptedException {
    TurnLine line = line(100, 1);
    UUID busy = calls(line);
    asks(line, early);
    asks(line, late);
    line.giveBack(busy);
    pass(Duration.ofSeconds(5));

    assertThat(asks(line, late)).isEqualTo(TurnLine.Answer.TOO_MANY_AT_ONCE);
    assertThat(asks(line, early)).isEqualTo(TurnLine.Answer.GIVEN);
  }

  @Test
  void nobodyWaitsLongForWhoDoesNotReturnButItsRankIsRemembered() throws InterruptedException {
    TurnLine line = line(100, 1);
    UUID busy = calls(line);
    asks(line, early);
    asks(line, late);
    line.giveBack(busy);
    pass(TurnLine.LATE.plusMillis(1));
    UUID last = UUID.randomUUID();
    assertThat(asks(line, late)).isEqualTo(TurnLine.Answer.GIVEN);
    asks(line, last);
    assertThat(asks(line, early)).isEqualTo(TurnLine.Answer.TOO_MANY_AT_ONCE);
    line.giveBack(late);

    assertThat(asks(line, last)).isEqualTo(TurnLine.Answer.TOO_MANY_AT_ONCE);
    assertThat(asks(line, early)).isEqualTo(TurnLine.Answer.GIVEN);
  }

  @Test
  void aRankIsForgottenAfterAnHour() throws InterruptedException {
    TurnLine line = line(100, 1);
    UUID busy = calls(line);
    asks(line, early);
    pass(TurnLine.REMEMBERED.plus(TurnLine.LATE).plusMillis(1));
    asks(line, late);
    asks(line, early);
    line.giveBack(busy);

    assertThat(asks(line, early)).isEqualTo(TurnLine.Answer.TOO_MANY_AT_ONCE);
    assertThat(asks(line, late)).isEqualTo(TurnLine.Answer.GIVEN);
  }

  @Test
  void aPauseOfTheProviderChangesNoOrder() throws InterruptedException {
    TurnLine line = line(100, 1);
    UUID busy = calls(line);
    asks(line, early);
    line.closedFor(Duration.ofMinutes(4));
    line.enter(late, Duration.ofMinutes(4));
    line.giveBack(busy);
    pass(Duration.ofMinutes(4));

    assertThat(asks(line, UUID.randomUUID())).isEqualTo(TurnLine.Answer.TOO_MANY_AT_ONCE);
    assertThat(asks(line, late)).isEqualTo(TurnLine.Answer.TOO_MANY_AT_ONCE);
    assertThat(asks(line, early)).isEqualTo(TurnLine.Answer.GIVEN);
  }

  @Test
  void aTurnInWhichNobodyWasCalledIsNotCounted() throws InterruptedException {
    TurnLine line = line(1, 1);
    assertThat(asks(line, early)).isEqualTo(TurnLine.Answer.GIVEN);
    asks(line, late);
    line.giveBackUnused(early);

    // Its place is before this one's.
    assertThat(asks(line, late)).isNotEqualTo(TurnLine.Answer.GIVEN);
    assertThat(asks(line, early)).isEqualTo(TurnLine.Answer.GIVEN);
  }

  @Test
  void whoLeavesHoldsNobodyUp() throws InterruptedException {
    TurnLine line = line(100, 1);
    UUID busy = calls(line);
    asks(line, early);
    asks(line, late);
    line.giveBack(busy);
    line.leave(early);

    assertThat(asks(line, late)).isEqualTo(TurnLine.Answer.GIVEN);
  }

  /** Many threads behind one turn: each gets it, one at a time, in the order of their coming. */
  @Test
  void threadsThatWaitHaveTheirTurnsInOrder() throws InterruptedException {
    limits = CallPolicy.DEFAULT.withRates(1_000, 1);
    TurnLine line = new TurnLine();
    UUID busy = calls(line);
    List<Integer> order = Collections.synchronizedList(new ArrayList<>());
    List<Thread> threads = new ArrayList<>();
    for (int i = 0; i < 20; i++) {
      int number = i;
      UUID place = UUID.randomUUID();
      line.enter(place, Duration.ofSeconds(20));
      Thread thread =
          new Thread(
              () -> {
                try {
                  if (line.take(place, limits, Duration.ofSeconds(20)) == TurnLine.Answer.GIVEN) {
                    order.add(number);
                    line.giveBack(place);
                  }
                } catch (InterruptedException e) {
                  Thread.currentThread().interrupt();
                }
              });
      threads.add(thread);
    }
    Collections.shuffle(threads);
    threads.forEach(Thread::start);
    line.giveBack(busy);
    for (Thread thread : threads) {
      thread.join();
    }

    assertThat(order).hasSize(20).isSorted();
  }
}
