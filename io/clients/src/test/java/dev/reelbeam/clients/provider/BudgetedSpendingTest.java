package dev.reelbeam.clients.provider;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import com.fasterxml.jackson.dataformat.yaml.YAMLMapper;
import dev.reelbeam.clients.ledger.FileSpendLedger;
import dev.reelbeam.model.content.RecordKey;
import dev.reelbeam.model.cost.Budgets;
import dev.reelbeam.model.cost.Charge;
import dev.reelbeam.model.cost.CostItem;
import dev.reelbeam.model.cost.Priced;
import dev.reelbeam.model.cost.Purchase;
import dev.reelbeam.model.cost.RateCard;
import dev.reelbeam.model.failure.FailureCode;
import dev.reelbeam.model.failure.StageException;
import dev.reelbeam.model.meter.WorkMeter;
import dev.reelbeam.model.port.LostCallException;
import dev.reelbeam.model.port.Purse;
import dev.reelbeam.model.port.SpendLedger;
import dev.reelbeam.model.port.StoreException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CancellationException;
import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class BudgetedSpendingTest {
  private static final String BY_PICTURE = "{provider: painter, unit: picture, dollars: 0.04}";
  private static final String BY_TOKENS =
      "{provider: painter, unit: output_token, dollars_per_million: 30}";

  /** A call is told in every unit in which it may be billed. */
  private static final List<Charge> A_PICTURE =
      List.of(
          new Charge("painter", "m", Charge.Unit.PICTURE, 1),
          new Charge("painter", "m", Charge.Unit.OUTPUT_TOKEN, 1_000));

  @TempDir Path folder;

  private RateCard card(String rates) throws Exception {
    return RateCardFile.read(
        folder.resolve("reelbeam.yaml"),
        new YAMLMapper().readTree("{date: 2026-11-29, rates: [" + rates + "]}"));
  }

  private Purse purse(String rates, long budget) throws Exception {
    return new BudgetedSpending(
            FileSpendLedger.open(folder.resolve("spending")),
            card(rates),
            new Budgets(budget, Long.MAX_VALUE, Long.MAX_VALUE, Long.MAX_VALUE),
            "run")
        .purse(new RecordKey("r", 1), null, CostItem.VISUALS);
  }

  /** In thousandths of a dollar: what is set aside, and what is paid. */
  @ParameterizedTest
  @CsvSource({"true, false, 40, 40", "false, true, 30, 30", "true, true, 40, 30"})
  void theDearerWayIsSetAsideAndTheCountedOneIsPaid(
      boolean byPicture, boolean byTokens, int held, int paid) throws Exception {
    String rates =
        (byPicture ? BY_PICTURE : "")
            + (byPicture && byTokens ? ", " : "")
            + (byTokens ? BY_TOKENS : "");
    StageException none =
        catchThrowableOfType(
            StageException.class,
            () -> purse(rates, 1_000L * held - 1).reserve("painter", A_PICTURE));
    assertThat(none.code()).isEqualTo(FailureCode.BUDGET_SPENT);

    purse(rates, 1_000L * held).reserve("painter", A_PICTURE).settle(A_PICTURE);

    // What is left takes a second one, and not a micro-dollar less.
    Purse.Hold unused = purse(rates, 1_000L * (paid + held)).reserve("painter", A_PICTURE);
    unused.release();
    StageException spent =
        catchThrowableOfType(
            StageException.class,
            () -> purse(rates, 1_000L * (paid + held) - 1).reserve("painter", A_PICTURE));
    assertThat(spent.code()).isEqualTo(FailureCode.BUDGET_SPENT);
  }

  /** Whether a ledger that is there takes no bill. */
  private boolean refusing;

  /** What a ledger that may be away has booked. */
  private final List<Priced> booked = new ArrayList<>();

  /** A ledger that cannot be written to while it is away. */
  private final class Away implements SpendLedger {
    private final SpendLedger ledger;
    private final AtomicBoolean away;

    Away(SpendLedger ledger, AtomicBoolean away) {
      this.ledger = ledger;
      this.away = away;
    }

    private void here() {
      if (away.get()) {
        throw new StoreException(FailureCode.DATABASE_UNAVAILABLE, "away", null);
      }
    }

    @Override
    public Optional<Full> reserve(Purchase purchase, Budgets budgets) {
      here();
      return ledger.reserve(purchase, budgets);
    }

    @Override
    public void settle(Purchase purchase, List<Priced> billed) {
      here();
      if (refusing) {
        throw new StoreException(FailureCode.VALUE_REFUSED, "out of range", null);
      }
      ledger.settle(purchase, billed);
      booked.addAll(billed);
    }

    @Override
    public void release(Purchase purchase) {
      here();
      ledger.release(purchase);
    }

    @Override
    public void close() {
      ledger.close();
    }
  }

  @Test
  void aBillThatTheLedgerCannotTakeIsBookedByWhoSpendsForTheRunNext() throws Exception {
    AtomicBoolean away = new AtomicBoolean();
    BudgetedSpending first = spending(away);
    String made =
        purse(first)
            .buy(
                "painter",
                A_PICTURE,
                () -> {
                  away.set(true);
                  return "picture";
                },
                unused -> A_PICTURE);
    assertThat(made).describedAs("what was bought is kept").isEqualTo("picture");
    // Nothing is bought on credit.
    Purse beside = purse(first);
    assertThat(catchThrowableOfType(StoreException.class, () -> beside.reserve("p", A_PICTURE)))
        .isNotNull();
    first.close();
    assertThat(booked).isEmpty();

    away.set(false);
    try (BudgetedSpending second = spending(away)) {
      Purse purse = purse(second);
      purse.reserve("painter", A_PICTURE).release();
      assertThat(booked)
          .singleElement()
          .satisfies(bill -> assertThat(bill.microDollars()).isEqualTo(40_000));
      StageException full =
          catchThrowableOfType(
              StageException.class,
              () -> {
                purse.reserve("painter", A_PICTURE);
                purse.reserve("painter", A_PICTURE);
              });
      assertThat(full).hasMessageContaining("0.0800 USD are spent");
    }
  }

  /** Also when it waited for a ledger that was away. */
  @ParameterizedTest
  @ValueSource(booleans = {false, true})
  void aBillThatIsRefusedForGoodHoldsUpNobody(boolean awayBefore) throws Exception {
    AtomicBoolean away = new AtomicBoolean();
    try (BudgetedSpending spending = spending(away)) {
      Purse purse = purse(spending);
      Purse.Hold hold = purse.reserve("painter", A_PICTURE);
      refusing = true;
      away.set(awayBefore);
      hold.settle(A_PICTURE);
      away.set(false);

      purse.reserve("painter", A_PICTURE).release();

      refusing = false;
      purse.reserve("painter", A_PICTURE).settle(A_PICTURE);
      assertThat(booked).describedAs("the later one alone").hasSize(1);
    }
  }

  /** Room for one picture. */
  @ParameterizedTest
  @ValueSource(booleans = {false, true})
  void anOutageReleasesThePriceUnlessSomethingWasSent(boolean sent) throws Exception {
    Purse purse = purse(BY_PICTURE, 40_000);
    StoreException outage = new StoreException(FailureCode.DATABASE_UNAVAILABLE, "away", null);
    Purse.Call<String> call =
        () -> {
          if (sent) {
            WorkMeter.called("painter", /* failed= */ true);
          }
          throw outage;
        };

    assertThat(
            catchThrowableOfType(
                StoreException.class,
                () -> purse.buy("painter", A_PICTURE, call, unused -> A_PICTURE)))
        .isSameAs(outage);

    StageException full =
        catchThrowableOfType(StageException.class, () -> purse.reserve("painter", A_PICTURE));
    if (sent) {
      assertThat(full.code()).isEqualTo(FailureCode.BUDGET_SPENT);
    } else {
      assertThat(full).isNull();
    }
  }

  private BudgetedSpending spending(AtomicBoolean away) throws Exception {
    return new BudgetedSpending(
        new Away(FileSpendLedger.open(folder.resolve("spending")), away),
        card(BY_PICTURE),
        new Budgets(100_000, Long.MAX_VALUE, Long.MAX_VALUE, Long.MAX_VALUE),
        "run of " + folder);
  }

  private static Purse purse(BudgetedSpending spending) {
    return spending.purse(new RecordKey("r", 1), null, CostItem.VISUALS);
  }

  @Test
  void whatWasInterruptedAfterItWasSentIsBookedAtOnce() throws Exception {
    AtomicBoolean away = new AtomicBoolean();
    Purse purse = purse(spending(away));

    try {
      assertThat(
              catchThrowableOfType(
                  CancellationException.class,
                  () ->
                      purse.buy(
                          "painter",
                          A_PICTURE,
                          () -> {
                            Thread.currentThread().interrupt();
                            throw new LostCallException("calling painter was cancelled");
                          },
                          unused -> A_PICTURE)))
          .isNotNull();
      assertThat(Thread.currentThread().isInterrupted()).isTrue();
    } finally {
      assertThat(Thread.interrupted()).isTrue();
    }

    assertThat(booked).extracting(Priced::microDollars).containsExactly(40_000L);
  }

  @Test
  void whatTookTooLongIsNotBoughtOnceMore() throws Exception {
    Purse purse = purse(BY_PICTURE, 100_000);
    int[] calls = new int[1];

    StageException failure =
        catchThrowableOfType(
            StageException.class,
            () ->
                purse.buyOnceMore(
                    "painter",
                    A_PICTURE,
                    () -> {
                      calls[0]++;
                      throw new StageException(
                              FailureCode.PROVIDER_OUTCOME_UNKNOWN,
                              "nobody knows",
                              new StageException(FailureCode.PROVIDER_TIMEOUT, "silence"))
                          .withOnceMore(true);
                    },
                    unused -> A_PICTURE,
                    lost -> {}));

    assertThat(calls[0]).isEqualTo(1);
    assertThat(failure.charges()).isEqualTo(A_PICTURE);
  }

  @Test
  void whatNobodyAllowedIsNotBoughtOnceMore() throws Exception {
    Purse purse = purse(BY_PICTURE, 100_000);
    int[] calls = new int[1];

    StageException failure =
        catchThrowableOfType(
            StageException.class,
            () ->
                purse.buyOnceMore(
                    "painter",
                    A_PICTURE,
                    () -> {
                      calls[0]++;
                      throw new StageException(FailureCode.PROVIDER_OUTCOME_UNKNOWN, "cut off");
                    },
                    unused -> A_PICTURE,
                    lost -> {}));

    assertThat(calls[0]).isEqualTo(1);
    assertThat(failure.charges()).isEqualTo(A_PICTURE);
  }

  @Test
  void whatNobodyKnowsTheEndOfCountsAsBoughtAndASecondTryIsSetAside() throws Exception {
    Purse purse = purse(BY_PICTURE, 100_000);
    int[] calls = new int[1];

    String made =
        purse.buyOnceMore(
            "painter",
            A_PICTURE,
            () -> {
              if (calls[0]++ == 0) {
                throw new StageException(FailureCode.PROVIDER_OUTCOME_UNKNOWN, "cut off")
                    .withOnceMore(true);
              }
              return "picture";
            },
            unused -> A_PICTURE,
            lost -> assertThat(lost).isEqualTo(A_PICTURE));

    assertThat(made).isEqualTo("picture");
    StageException third =
        catchThrowableOfType(StageException.class, () -> purse.reserve("painter", A_PICTURE));
    assertThat(third).hasMessageContaining("0.0800 USD are spent");
  }
}
