package dev.reelbeam.clients.provider;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import com.fasterxml.jackson.dataformat.yaml.YAMLMapper;
import dev.reelbeam.clients.ledger.FileSpendLedger;
import dev.reelbeam.model.content.RecordKey;
import dev.reelbeam.model.cost.Budgets;
import dev.reelbeam.model.cost.Charge;
import dev.reelbeam.model.cost.CostItem;
import dev.reelbeam.model.cost.RateCard;
import dev.reelbeam.model.failure.FailureCode;
import dev.reelbeam.model.failure.StageException;
import dev.reelbeam.model.port.Purse;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

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

  private Purse purse(String rates, long budget) throws Exception {
    RateCard card =
        RateCardFile.read(
            folder.resolve("reelbeam.yaml"),
            new YAMLMapper().readTree("{date: 2026-11-29, rates: [" + rates + "]}"));
    return new BudgetedSpending(
            FileSpendLedger.open(folder.resolve("spending")),
            card,
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
                throw new StageException(FailureCode.PROVIDER_OUTCOME_UNKNOWN, "cut off");
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
