package dev.reelbeam.stages.flow;

import static org.assertj.core.api.Assertions.assertThat;

import dev.reelbeam.model.port.ProjectLedger;
import java.lang.reflect.Proxy;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.AtomicReference;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;

class EpochFenceTest {
  private final AtomicLong nowMs = new AtomicLong(5_000);
  private final AtomicLong epoch = new AtomicLong(1);
  private final List<String> asked = new ArrayList<>();

  /** What happens while the ledger answers. */
  private final AtomicReference<Runnable> meanwhile = new AtomicReference<>(() -> {});

  /** A ledger of these books; each worker opens one of its own. */
  @SuppressWarnings("unchecked") // The only argument is a collection of ids.
  private ProjectLedger ledger(Object books) {
    return (ProjectLedger)
        Proxy.newProxyInstance(
            ProjectLedger.class.getClassLoader(),
            new Class<?>[] {ProjectLedger.class},
            (proxy, method, arguments) -> {
              if (method.getName().equals("identity")) {
                return books;
              }
              assertThat(method.getName()).isEqualTo("epochs");
              Collection<String> projects = (Collection<String>) arguments[0];
              asked.add(String.join(",", projects));
              long answer = epoch.get();
              meanwhile.getAndSet(() -> {}).run();
              return projects.stream().collect(Collectors.toMap(one -> one, one -> answer));
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
  void anAnswerThatWasOvertakenIsNotBelieved() {
    try (EpochFence slow = EpochFence.open(ledger("books"), nowMs::get);
        EpochFence quick = EpochFence.open(ledger("books"), nowMs::get)) {
      meanwhile.set(
          () -> {
            epoch.set(2);
            assertThat(quick.isOver("p", 1)).isTrue();
          });
      assertThat(slow.isOver("p", 1)).isTrue();
    }
  }

  /** At a gate that a thousand projects pass together, each would else be a question a second. */
  @Test
  void whoIsAskedAboutTogetherIsOneQuestion() {
    try (EpochFence fence = EpochFence.open(ledger("books"), nowMs::get)) {
      for (int i = 0; i < 1_000; i++) {
        assertThat(fence.isOver("p" + i, 1)).isFalse();
      }
      asked.clear();
      epoch.set(2);
      nowMs.addAndGet(EpochFence.CACHE_MS);
      for (int i = 0; i < 1_000; i++) {
        assertThat(fence.isOver("p" + i, 1)).isTrue();
      }
      assertThat(asked).hasSize(1);

      // Whom nobody asks about any more is left out.
      asked.clear();
      nowMs.addAndGet(EpochFence.LATELY_MS);
      assertThat(fence.isOver("p7", 2)).isFalse();
      assertThat(asked).containsExactly("p7");
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
