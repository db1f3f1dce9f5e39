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
import dev.reelbeam.model.port.LostCallException;
import dev.reelbeam.model.port.StoreException;
import dev.reelbeam.model.store.MediaRef;
import dev.reelbeam.model.store.StepKey;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

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
}
