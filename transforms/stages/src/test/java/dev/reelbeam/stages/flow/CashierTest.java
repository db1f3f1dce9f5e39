package dev.reelbeam.stages.flow;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowable;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import dev.reelbeam.fakes.FakeObjectStore;
import dev.reelbeam.model.content.RecordKey;
import dev.reelbeam.model.content.Tracked;
import dev.reelbeam.model.cost.Charge;
import dev.reelbeam.model.cost.CostItem;
import dev.reelbeam.model.failure.FailureCode;
import dev.reelbeam.model.failure.StageException;
import dev.reelbeam.model.meter.WorkMeter;
import dev.reelbeam.model.port.LostCallException;
import dev.reelbeam.model.port.Purse;
import dev.reelbeam.model.port.Spending;
import dev.reelbeam.model.port.StoreException;
import dev.reelbeam.model.store.MediaRef;
import dev.reelbeam.model.store.StepKey;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class CashierTest {
  private static final List<Charge> PRICE =
      List.of(new Charge("painter", "m", Charge.Unit.PICTURE, 1));
  private static final Tracked ELEMENT =
      new Tracked() {
        @Override
        public RecordKey recordKey() {
          return new RecordKey("r", 1);
        }

        @Override
        public List<String> presets() {
          return List.of("tiktok");
        }
      };

  @TempDir Path folder;

  private final List<Charge> told = new ArrayList<>();
  private LooseBills loose;
  private Cashier cashier;

  @BeforeEach
  void open() {
    Artifacts artifacts = new Artifacts(new FakeObjectStore(folder), Progress.NONE);
    loose = new LooseBills(artifacts);
    cashier =
        new Cashier(
            new NoSpending(),
            artifacts,
            new Progress() {
              @Override
              public void spent(Tracked element, CostItem item, List<Charge> charges) {
                told.addAll(charges);
              }
            });
  }

  private String buy(Cashier.Till till) throws StageException {
    return till.buy("painter", PRICE, () -> "picture", unused -> PRICE);
  }

  @Test
  void whatWasMadeCarriesItsBillAndNobodyElseDoes() throws StageException {
    List<Charge> bill =
        cashier.pay(
            ELEMENT,
            null,
            CostItem.VISUALS,
            till -> {
              String unused = buy(till);
              return till.bill();
            });

    assertThat(bill).isEqualTo(PRICE);
    assertThat(told).isEqualTo(PRICE);
    assertThat(loose.of(ELEMENT.recordKey(), "v")).isEmpty();
  }

  @Test
  void whatCameToNothingIsToldAndKeptWithTheRecordEachTime() {
    for (int time = 1; time <= 2; time++) {
      assertThat(
              catchThrowableOfType(
                  StageException.class,
                  () ->
                      cashier.pay(
                          ELEMENT,
                          null,
                          CostItem.VISUALS,
                          till -> {
                            String unused = buy(till);
                            throw new StageException(FailureCode.CLIP_UNFIT, "nothing moves");
                          })))
          .isNotNull();
    }

    assertThat(told).hasSize(2);
    assertThat(loose.of(ELEMENT.recordKey(), "v"))
        .isEqualTo(
            Map.of(CostItem.VISUALS, List.of(new Charge("painter", "m", Charge.Unit.PICTURE, 2))));
    assertThat(loose.of(new RecordKey("r", 2), "v")).isEmpty();
  }

  @Test
  void whatWasInterruptedIsToldAndKept() {
    Thread.currentThread().interrupt();
    LostCallException lost =
        catchThrowableOfType(
            LostCallException.class,
            () ->
                cashier.pay(
                    ELEMENT,
                    null,
                    CostItem.SPEECH,
                    till ->
                        till.buy(
                            "painter",
                            PRICE,
                            () -> {
                              throw new LostCallException("cancelled");
                            },
                            unused -> PRICE)));
    assertThat(Thread.interrupted()).isTrue();

    assertThat(lost).isNotNull();
    assertThat(told).isEqualTo(PRICE);
    assertThat(loose.of(ELEMENT.recordKey(), "v")).isEqualTo(Map.of(CostItem.SPEECH, PRICE));
  }

  /** A storyboard that is planned anew has bought nothing anew. */
  @Test
  void theBillOfOneThingIsKeptOnce() {
    for (String what : List.of("a", "a", "b")) {
      loose.keepOnce(ELEMENT.recordKey(), CostItem.VISUALS, what, PRICE);
    }

    assertThat(loose.of(ELEMENT.recordKey(), "v"))
        .isEqualTo(
            Map.of(CostItem.VISUALS, List.of(new Charge("painter", "m", Charge.Unit.PICTURE, 2))));
  }

  @Test
  void aBillWhoseKeepingWasCutShortIsKeptByWhoComesNext() {
    AtomicInteger marks = new AtomicInteger();
    FakeObjectStore store =
        new FakeObjectStore(folder) {
          @Override
          public MediaRef putIfAbsent(StepKey key, MediaRef value) {
            if (marks.incrementAndGet() == 2) {
              throw new StoreException(FailureCode.STORAGE_UNAVAILABLE, "away", null);
            }
            return super.putIfAbsent(key, value);
          }
        };
    LooseBills cutShort = new LooseBills(new Artifacts(store, Progress.NONE));

    Throwable away =
        catchThrowable(() -> cutShort.keepOnce(ELEMENT.recordKey(), CostItem.VISUALS, "a", PRICE));
    assertThat(away).isInstanceOf(StoreException.class);
    for (int i = 0; i < 2; i++) {
      cutShort.keepOnce(ELEMENT.recordKey(), CostItem.VISUALS, "a", PRICE);
    }

    assertThat(cutShort.of(ELEMENT.recordKey(), "v")).isEqualTo(Map.of(CostItem.VISUALS, PRICE));
  }

  @Test
  void whatCanKeepNoBillLeavesItWithTheRecord() throws StageException {
    assertThat(cashier.payLoose(ELEMENT, null, CostItem.MODERATION, this::buy))
        .isEqualTo("picture");

    assertThat(told).isEqualTo(PRICE);
    assertThat(loose.of(ELEMENT.recordKey(), "v")).isEqualTo(Map.of(CostItem.MODERATION, PRICE));
  }

  /** A budget that has room for one price and not for two. */
  private static final class Narrow implements Spending {
    private static final int PRICE = 10;
    private final CountDownLatch refused = new CountDownLatch(1);
    private int left = 15;

    @Override
    public synchronized Purse purse(RecordKey key, @Nullable String site, CostItem item) {
      return (provider, price) -> reserve();
    }

    private synchronized Purse.Hold reserve() throws StageException {
      if (left < PRICE) {
        refused.countDown();
        throw new StageException(FailureCode.BUDGET_SPENT, "nothing left");
      }
      left -= PRICE;
      return new Purse.Hold() {
        @Override
        public void settle(List<Charge> billed) {
          give(PRICE - (int) billed.get(0).quantity());
        }

        @Override
        public void release() {
          give(PRICE);
        }
      };
    }

    private synchronized void give(int back) {
      left += back;
    }

    @Override
    public void close() {}
  }

  /**
   * What one bill leaves room for is bought after it; 0 for a call that nobody knows the end of.
   */
  @ParameterizedTest
  @CsvSource({"4, true", "6, false", "0, false"})
  void aPriceWaitsForTheBillsOfTheSameRecordAndIsRefusedOnlyThen(int bill, boolean room)
      throws Exception {
    Narrow budget = new Narrow();
    Cashier narrow =
        new Cashier(
            budget, new Artifacts(new FakeObjectStore(folder), Progress.NONE), Progress.NONE);
    List<Charge> price = List.of(new Charge("card", "m", Charge.Unit.GPU_SECOND, Narrow.PRICE));
    CountDownLatch working = new CountDownLatch(1);
    Purse.Call<String> longCall =
        () -> {
          working.countDown();
          try {
            assertThat(budget.refused.await(60, TimeUnit.SECONDS)).isTrue();
          } catch (InterruptedException e) {
            throw new IllegalStateException(e);
          }
          if (bill == 0) {
            WorkMeter.called("card", /* failed= */ true);
            throw new IllegalStateException("killed");
          }
          return "clip";
        };
    List<Charge> billed = List.of(new Charge("card", "m", Charge.Unit.GPU_SECOND, bill));
    ExecutorService pool = Executors.newFixedThreadPool(2);
    try {
      Future<String> first =
          pool.submit(
              () ->
                  narrow.pay(
                      ELEMENT,
                      null,
                      CostItem.VISUALS,
                      till -> till.buy("card", price, longCall, unused -> billed)));
      assertThat(working.await(60, TimeUnit.SECONDS)).isTrue();
      Future<String> second =
          pool.submit(
              () ->
                  narrow.pay(
                      ELEMENT,
                      null,
                      CostItem.VISUALS,
                      till -> till.buy("card", price, () -> "clip", unused -> price)));

      if (room) {
        assertThat(second.get(60, TimeUnit.SECONDS)).isEqualTo("clip");
      } else {
        assertThat(catchThrowable(() -> second.get(60, TimeUnit.SECONDS)))
            .hasCauseInstanceOf(StageException.class)
            .hasMessageContaining("nothing left");
      }
      if (bill > 0) {
        assertThat(first.get(60, TimeUnit.SECONDS)).isEqualTo("clip");
      }
    } finally {
      pool.shutdownNow();
    }
  }
}
