package dev.reelbeam.stages.step;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import dev.reelbeam.fakes.FakeObjectStore;
import dev.reelbeam.model.cost.Charge;
import dev.reelbeam.model.failure.FailureCode;
import dev.reelbeam.model.failure.Stage;
import dev.reelbeam.model.failure.StageException;
import dev.reelbeam.model.port.Fence;
import dev.reelbeam.model.port.Lease;
import dev.reelbeam.model.port.ObjectStore;
import dev.reelbeam.model.port.Purse;
import dev.reelbeam.model.store.StepKey;
import dev.reelbeam.stages.flow.Artifacts;
import dev.reelbeam.stages.flow.Progress;
import java.lang.reflect.Proxy;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class FencedCallsTest {
  private static final List<Charge> PRICE =
      List.of(new Charge("painter", "model", Charge.Unit.PICTURE, 1));
  private static final StepKey KEY = StepKey.of("fenced", 1, "picture");

  @TempDir Path folder;
  private final AtomicBoolean held = new AtomicBoolean(true);
  private final AtomicInteger created = new AtomicInteger();

  private Lease lease() {
    return new Lease() {
      @Override
      public boolean held() {
        return held.get();
      }

      @Override
      public void close() {
        held.set(false);
      }
    };
  }

  private Artifacts artifacts() {
    FakeObjectStore store = new FakeObjectStore(folder);
    ObjectStore leased =
        (ObjectStore)
            Proxy.newProxyInstance(
                ObjectStore.class.getClassLoader(),
                new Class<?>[] {ObjectStore.class},
                (proxy, method, arguments) ->
                    method.getName().equals("lease") ? lease() : method.invoke(store, arguments));
    return new Artifacts(leased, Progress.NONE);
  }

  private String buy() throws StageException {
    return Purse.OPEN.buy(
        "painter", PRICE, () -> "picture " + created.incrementAndGet(), made -> PRICE);
  }

  @Test
  void whoHasLostItsLeaseMeanwhileBuysNothingAndKeepsNothing() {
    Artifacts artifacts = artifacts();

    StageException failure =
        catchThrowableOfType(
            StageException.class,
            () ->
                artifacts.record(
                    Stage.PLAN_VISUALS,
                    "picture",
                    KEY,
                    String.class,
                    () -> {
                      // A pause as long as a lease: somebody else has taken the step.
                      held.set(false);
                      return buy();
                    }));

    assertThat(failure.code()).isEqualTo(FailureCode.LEASE_LOST);
    assertThat(created).hasValue(0);
    assertThat(artifacts.store().find(KEY)).isEmpty();
  }

  @Test
  void whoHoldsItBuysAlsoInThreadsOfItsOwnUntilItIsLost() throws StageException {
    ExecutorService pool = SideBySide.pool(2, "fenced");
    try {
      List<Callable<String>> calls = List.of(this::buy, this::buy);
      AtomicInteger refused = new AtomicInteger();
      String made =
          artifacts()
              .record(
                  Stage.PLAN_VISUALS,
                  "picture",
                  KEY,
                  String.class,
                  () -> {
                    SideBySide.all(calls, pool).get(0).get();
                    held.set(false);
                    SideBySide.all(calls, pool)
                        .forEach(
                            result -> {
                              StageException failure = result.failure();
                              if (failure != null && failure.code() == FailureCode.LEASE_LOST) {
                                refused.incrementAndGet();
                              }
                            });
                    return "made";
                  })
              .value();

      assertThat(made).isEqualTo("made");
      assertThat(created).hasValue(2);
      assertThat(refused).hasValue(2);
      // Nobody's lease: the pool's threads, and this one, are free again.
      assertThat(SideBySide.all(List.<Callable<String>>of(this::buy), pool).get(0).get())
          .isEqualTo("picture 3");
      assertThat(buy()).isEqualTo("picture 4");
    } finally {
      pool.shutdownNow();
    }
  }

  @Test
  void whatCostsNothingIsMadeWithoutALease() throws StageException {
    try (Lease none = Fence.within(Lease.NONE)) {
      assertThat(none.held()).isFalse();
      assertThat(Purse.OPEN.buy("own", List.of(), () -> "made", made -> List.of()))
          .isEqualTo("made");
    }
  }
}
