package dev.reelbeam.clients.ledger;

import static org.assertj.core.api.Assertions.assertThat;

import dev.reelbeam.clients.TestServers;
import dev.reelbeam.clients.provider.BudgetedSpending;
import dev.reelbeam.model.content.ProjectRequest;
import dev.reelbeam.model.content.RecordKey;
import dev.reelbeam.model.content.ReviewPolicy;
import dev.reelbeam.model.content.VideoSettings;
import dev.reelbeam.model.cost.Budgets;
import dev.reelbeam.model.cost.Charge;
import dev.reelbeam.model.cost.CostItem;
import dev.reelbeam.model.cost.Priced;
import dev.reelbeam.model.cost.Purchase;
import dev.reelbeam.model.cost.RateCard;
import dev.reelbeam.model.engagement.OperationsEvent;
import dev.reelbeam.model.failure.FailureCode;
import dev.reelbeam.model.failure.StageException;
import dev.reelbeam.model.json.RecordJson;
import dev.reelbeam.model.port.OperationsBooks;
import dev.reelbeam.model.port.ProjectLedger;
import dev.reelbeam.model.port.Purse;
import dev.reelbeam.model.port.SpendLedger;
import dev.reelbeam.model.project.ProjectEntry;
import dev.reelbeam.model.store.MediaRef;
import dev.reelbeam.model.video.VideoType;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import org.assertj.core.api.Assertions;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** One contract for what counts money, on files and on real Postgres. */
class SpendLedgersTest {
  abstract static class SpendContract {
    private static final long NO_LIMIT = Long.MAX_VALUE;

    /** Names of their own, so that a database may be shared by all tests. */
    private final String run = "run-" + UUID.randomUUID();

    private final String site = "site-" + UUID.randomUUID();

    abstract SpendLedger open();

    /** A project that the ledger's neighbours know. */
    String project() {
      return "p-" + UUID.randomUUID();
    }

    private Purchase purchase(String project, long microDollars) {
      return new Purchase(
          UUID.randomUUID().toString(), run, project, site, CostItem.SPEECH, "voice", microDollars);
    }

    private static List<Priced> bill(long microDollars) {
      return List.of(new Priced(new Charge("voice", "m", Charge.Unit.CHARACTER, 10), microDollars));
    }

    @Test
    void whatIsSetAsideAndWhatIsSpentLeavesLessForTheNextOne() {
      Budgets budgets = new Budgets(100, NO_LIMIT, NO_LIMIT, NO_LIMIT);
      String project = project();
      try (SpendLedger ledger = open()) {
        Purchase first = purchase(project, 60);
        assertThat(ledger.reserve(first, budgets)).isEmpty();
        assertThat(ledger.reserve(purchase(project, 50), budgets))
            .contains(new SpendLedger.Full("run", 60, 100));
        // The bill is smaller than the price, and counts once.
        ledger.settle(first, bill(30));
        ledger.settle(first, bill(30));
        Purchase second = purchase(project, 70);
        assertThat(ledger.reserve(second, budgets)).isEmpty();
        ledger.release(second);
        assertThat(ledger.reserve(purchase(project, 70), budgets)).isEmpty();
        assertThat(ledger.reserve(purchase(project, 1), budgets))
            .contains(new SpendLedger.Full("run", 100, 100));
      }
    }

    @Test
    void everyBudgetCountsItsOwn() {
      String one = project();
      String other = project();
      try (SpendLedger ledger = open()) {
        Purchase bought = purchase(one, 40);
        assertThat(ledger.reserve(bought, Budgets.NONE)).isEmpty();
        ledger.settle(bought, bill(40));

        assertThat(ledger.reserve(purchase(one, 20), new Budgets(NO_LIMIT, 50, NO_LIMIT, NO_LIMIT)))
            .map(SpendLedger.Full::budget)
            .contains("project");
        assertThat(
                ledger.reserve(purchase(other, 20), new Budgets(NO_LIMIT, 50, NO_LIMIT, NO_LIMIT)))
            .isEmpty();
        assertThat(
                ledger.reserve(purchase(other, 20), new Budgets(NO_LIMIT, NO_LIMIT, 70, NO_LIMIT)))
            .contains(new SpendLedger.Full("site", 60, 70));
        // Others may have bought on this day, too.
        assertThat(
                ledger.reserve(purchase(other, 20), new Budgets(NO_LIMIT, NO_LIMIT, NO_LIMIT, 70)))
            .map(SpendLedger.Full::budget)
            .contains("day");
      }
    }

    @Test
    void ofManyAtOnceNoMoreAreServedThanThereIsRoomFor() throws Exception {
      Budgets budgets = new Budgets(100, NO_LIMIT, NO_LIMIT, NO_LIMIT);
      String project = project();
      ExecutorService executor = Executors.newFixedThreadPool(6);
      try (SpendLedger ledger = open()) {
        List<Future<Optional<SpendLedger.Full>>> asked = new ArrayList<>();
        for (int i = 0; i < 12; i++) {
          asked.add(executor.submit(() -> ledger.reserve(purchase(project, 30), budgets)));
        }
        int served = 0;
        for (Future<Optional<SpendLedger.Full>> answer : asked) {
          served += answer.get().isEmpty() ? 1 : 0;
        }
        assertThat(served).isEqualTo(3);
      } finally {
        executor.shutdownNow();
      }
    }

    @Test
    void aCapStopsBeforeTheCallAndWhatFailsIsGivenBack() throws Exception {
      RateCard card =
          new RateCard(
              "2026-11-28",
              List.of(new RateCard.Rate("voice", "m", Charge.Unit.CHARACTER, 1_000_000)));
      Budgets budgets = new Budgets(NO_LIMIT, 25, NO_LIMIT, NO_LIMIT);
      List<Charge> price = List.of(new Charge("voice", "m", Charge.Unit.CHARACTER, 10));
      List<String> calls = new ArrayList<>();
      try (BudgetedSpending spending = new BudgetedSpending(open(), card, budgets, run)) {
        Purse purse = spending.purse(new RecordKey(project(), 1), site, CostItem.SPEECH);
        for (int i = 0; i < 5; i++) {
          StageException refused =
              Assertions.catchThrowableOfType(
                  StageException.class,
                  () -> purse.buy("voice", price, () -> fail(calls), bought -> price));
          assertThat(refused.code()).isEqualTo(FailureCode.PROVIDER_REFUSED);
        }
        assertThat(purse.buy("voice", price, () -> "one", bought -> price)).isEqualTo("one");
        assertThat(purse.buy("voice", price, () -> "two", bought -> price)).isEqualTo("two");
        StageException full =
            Assertions.catchThrowableOfType(
                StageException.class,
                () -> purse.buy("voice", price, () -> fail(calls), bought -> price));
        assertThat(full.code()).isEqualTo(FailureCode.BUDGET_SPENT);
        assertThat(full.getMessage()).contains("for the project");
        assertThat(calls).hasSize(5);
      }
    }

    private static String fail(List<String> calls) throws StageException {
      calls.add("call");
      throw new StageException(FailureCode.PROVIDER_REFUSED, "no");
    }
  }

  /** Spends a micro-dollar again and again, as a process of its own. */
  static final class Spender {
    static final int BILLS = 60;

    private Spender() {}

    public static void main(String[] arguments) throws Exception {
      ExecutorService executor = Executors.newFixedThreadPool(2);
      try (SpendLedger ledger = FileSpendLedger.open(Path.of(arguments[0]))) {
        List<Future<?>> bills = new ArrayList<>();
        for (int i = 0; i < BILLS; i++) {
          bills.add(
              executor.submit(
                  () -> {
                    String id = UUID.randomUUID().toString();
                    Purchase bought = new Purchase(id, "r", "p", "s", CostItem.SCRIPT, "x", 1);
                    if (ledger.reserve(bought, Budgets.NONE).isPresent()) {
                      throw new IllegalStateException("there is no budget");
                    }
                    ledger.settle(bought, SpendContract.bill(1));
                  }));
        }
        for (Future<?> bill : bills) {
          bill.get();
        }
      } finally {
        executor.shutdownNow();
      }
    }
  }

  @Nested
  class InFiles extends SpendContract {
    private static final Instant NOW = Instant.parse("2026-11-28T12:00:00Z");

    @TempDir Path folder;

    @Override
    SpendLedger open() {
      return FileSpendLedger.open(folder);
    }

    @Test
    void whatNobodySettlesIsFreeAgainAfterAWhileAndADayEndsAtMidnight() {
      Instant evening = Instant.parse("2026-11-28T23:00:00Z");
      Budgets day = new Budgets(Long.MAX_VALUE, Long.MAX_VALUE, Long.MAX_VALUE, 10);
      Purchase lost = new Purchase("a", "r", "p", "s", CostItem.SCRIPT, "x", 10);
      Purchase next = new Purchase("b", "r", "p", "s", CostItem.SCRIPT, "x", 10);
      assertThat(at(evening).reserve(lost, day)).isEmpty();
      assertThat(at(evening).reserve(next, day)).isPresent();

      Instant later = evening.plus(Duration.ofMinutes(31));
      assertThat(at(later).reserve(next, day)).isEmpty();
      at(later).settle(next, SpendContract.bill(10));
      assertThat(at(later).reserve(lost, day)).isPresent();
      assertThat(at(Instant.parse("2026-11-29T00:00:01Z")).reserve(lost, day)).isEmpty();
    }

    @Test
    void aBillWhoseWriterWasKilledHalfWayCountsOnceAndInFull() throws Exception {
      Purchase bought = new Purchase("a", "r", "p", "s", CostItem.SCRIPT, "x", 60);
      try (SpendLedger ledger = at(NOW)) {
        assertThat(ledger.reserve(bought, Budgets.NONE)).isEmpty();
        ledger.settle(bought, SpendContract.bill(60));
        // As if it had come no further than to the first of its four sums.
        for (String sum : List.of(sumOf("project", "p"), sumOf("site", "s " + today()))) {
          Files.delete(folder.resolve(sum));
        }
      }

      try (SpendLedger ledger = at(NOW)) {
        ledger.settle(bought, SpendContract.bill(60));
        Purchase next = new Purchase("b", "r", "p", "s", CostItem.SCRIPT, "x", 50);
        for (Budgets one :
            List.of(
                new Budgets(100, Long.MAX_VALUE, Long.MAX_VALUE, Long.MAX_VALUE),
                new Budgets(Long.MAX_VALUE, 100, Long.MAX_VALUE, Long.MAX_VALUE),
                new Budgets(Long.MAX_VALUE, Long.MAX_VALUE, 100, Long.MAX_VALUE),
                new Budgets(Long.MAX_VALUE, Long.MAX_VALUE, Long.MAX_VALUE, 100))) {
          assertThat(ledger.reserve(next, one).orElseThrow().spent()).isEqualTo(60);
        }
      }
    }

    private String today() {
      return NOW.toString().substring(0, 10);
    }

    private String sumOf(String budget, String subject) {
      return budget + "-" + RecordJson.sha256(subject).substring(0, 24) + ".json";
    }

    @Test
    void whatIsRememberedOfBillsIsBounded() throws Exception {
      try (SpendLedger ledger = open()) {
        for (int i = 0; i < FileSpendLedger.MOST_SETTLED + 20; i++) {
          Purchase bought = new Purchase("a" + i, "r", "p", "s", CostItem.SCRIPT, "x", 1);
          assertThat(ledger.reserve(bought, Budgets.NONE)).isEmpty();
          ledger.settle(bought, SpendContract.bill(1));
        }
        Purchase next = new Purchase("b", "r", "p", "s", CostItem.SCRIPT, "x", 1);
        assertThat(
                ledger
                    .reserve(next, new Budgets(0, Long.MAX_VALUE, Long.MAX_VALUE, Long.MAX_VALUE))
                    .orElseThrow()
                    .spent())
            .isEqualTo(FileSpendLedger.MOST_SETTLED + 20);
      }
      assertThat(
              RecordJson.read(
                      Files.readAllBytes(folder.resolve("held.json")), FileSpendLedger.Holds.class)
                  .holds())
          .hasSize(FileSpendLedger.MOST_SETTLED);
    }

    /** Two JVMs and two threads each, on one folder. */
    @Test
    void twoProcessesCountEveryBillOnce() throws Exception {
      List<Process> others = new ArrayList<>();
      for (int i = 0; i < 2; i++) {
        others.add(
            new ProcessBuilder(
                    Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                    "-cp",
                    System.getProperty("java.class.path"),
                    Spender.class.getName(),
                    folder.toString())
                .inheritIO()
                .start());
      }
      for (Process other : others) {
        assertThat(other.waitFor(300, TimeUnit.SECONDS)).isTrue();
        assertThat(other.exitValue()).isZero();
      }
      try (SpendLedger ledger = open()) {
        Purchase next = new Purchase("z", "r", "p", "s", CostItem.SCRIPT, "x", 1);
        assertThat(
                ledger
                    .reserve(next, new Budgets(0, Long.MAX_VALUE, Long.MAX_VALUE, Long.MAX_VALUE))
                    .orElseThrow()
                    .spent())
            .isEqualTo(2L * Spender.BILLS);
      }
    }

    private SpendLedger at(Instant now) {
      return FileSpendLedger.open(folder, Clock.fixed(now, ZoneOffset.UTC));
    }
  }

  @Nested
  class InPostgres extends SpendContract {
    @Override
    SpendLedger open() {
      return PostgresSpendLedger.open(TestServers.postgres());
    }

    @Test
    void theQuarterOfAnHourKnowsWhatItsSitesSpent() {
      long before = System.currentTimeMillis();
      String site = "site-" + UUID.randomUUID();
      try (SpendLedger ledger = open();
          OperationsBooks books = PostgresOperationsBooks.open(TestServers.postgres())) {
        for (int call = 0; call < 2; call++) {
          Purchase bought =
              new Purchase(
                  UUID.randomUUID().toString(), "r", project(), site, CostItem.SPEECH, "v", 40);
          assertThat(ledger.reserve(bought, Budgets.NONE)).isEmpty();
          ledger.settle(bought, SpendContract.bill(40));
        }
        // The quarter may have changed between the two.
        assertThat(books.look(System.currentTimeMillis()))
            .filteredOn(event -> event.name().equals(site))
            .allMatch(event -> event.kind() == OperationsEvent.Kind.COST)
            .extracting(OperationsEvent::value)
            .satisfies(
                sums -> assertThat(sums.stream().mapToLong(Long::longValue).sum()).isEqualTo(80));
        assertThat(books.look(System.currentTimeMillis()))
            .anyMatch(
                event ->
                    event.kind() == OperationsEvent.Kind.COST
                        && event.name().equals(OperationsBooks.ALL)
                        && event.value() >= 80);
        // Whether nobody looks for an hour or its clock is behind: other quarters are not told.
        for (Duration away : List.of(Duration.ofHours(1), Duration.ofHours(-1))) {
          assertThat(books.look(before + away.toMillis()))
              .noneMatch(event -> event.kind() == OperationsEvent.Kind.COST);
        }
      }
    }

    @Override
    String project() {
      String project = super.project();
      try (ProjectLedger ledger = PostgresProjectLedger.open(TestServers.postgres())) {
        ledger.admit(
            new ProjectEntry(
                new RecordKey(project, 1),
                new MediaRef("ab".repeat(32), 3, "application/json"),
                "Title",
                null,
                null,
                new ProjectRequest(
                    VideoType.SHORT,
                    List.of("preview"),
                    VideoSettings.DEFAULT,
                    ReviewPolicy.AUTO,
                    "normal",
                    true),
                "x"));
      }
      return project;
    }
  }
}
