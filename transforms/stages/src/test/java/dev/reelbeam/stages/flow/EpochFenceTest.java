package dev.reelbeam.stages.flow;

import static org.assertj.core.api.Assertions.assertThat;

import dev.reelbeam.model.port.ProjectLedger;
import java.lang.reflect.Proxy;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;

class EpochFenceTest {
  private final AtomicLong nowMs = new AtomicLong(5_000);
  private final AtomicLong epoch = new AtomicLong(1);
  private final List<String> asked = new ArrayList<>();

  /** A ledger of these books; each worker opens one of its own. */
  private ProjectLedger ledger(Object books) {
    return (ProjectLedger)
        Proxy.newProxyInstance(
            ProjectLedger.class.getClassLoader(),
            new Class<?>[] {ProjectLedger.class},
            (proxy, method, arguments) -> {
              if (method.getName().equals("identity")) {
                return books;
              }
              asked.add(method.getName() + " of " + arguments[0]);
              return epoch.get();
            });
  }

  @Test
  void allFencesOfAProcessAskTheSameBooksOnceASecond() {
    try (EpochFence one = EpochFence.open(ledger("books"), nowMs::get);
        EpochFence two = EpochFence.open(ledger("books"), nowMs::get);
        EpochFence other = EpochFence.open(ledger("other books"), nowMs::get)) {
      assertThat(one.isOver("p", 1)).isFalse();
      assertThat(two.isOver("p", 1)).isFalse();
      assertThat(asked).hasSize(1);
      assertThat(other.isOver("p", 1)).isFalse();
      assertThat(asked).hasSize(2);

      epoch.set(2);
      nowMs.addAndGet(EpochFence.CACHE_MS);
      assertThat(two.isOver("p", 1)).isTrue();
      assertThat(one.isOver("p", 1)).isTrue();
      assertThat(asked).hasSize(3);
    }
  }

  @Test
  void whatWasAnsweredIsForgottenWithTheLastFence() {
    EpochFence one = EpochFence.open(ledger("books"), nowMs::get);
    try (EpochFence two = EpochFence.open(ledger("books"), nowMs::get)) {
      assertThat(one.isOver("p", 1)).isFalse();
      one.close();
      one.close(); // Once more is no other's.
      assertThat(two.isOver("p", 1)).isFalse();
      assertThat(asked).hasSize(1);
    }
    try (EpochFence three = EpochFence.open(ledger("books"), nowMs::get)) {
      assertThat(three.isOver("p", 1)).isFalse();
      assertThat(asked).hasSize(2);
    }
  }
}
