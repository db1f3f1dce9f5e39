package dev.reelbeam.clients.ledger;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.reelbeam.clients.TestServers;
import dev.reelbeam.clients.config.PostgresSettings;
import dev.reelbeam.clients.config.SecretRef;
import dev.reelbeam.clients.database.Database;
import dev.reelbeam.clients.database.Migrations;
import dev.reelbeam.clients.store.PostgresResultKeys;
import dev.reelbeam.fakes.FakeProjectLedger;
import dev.reelbeam.model.content.Delivery;
import dev.reelbeam.model.content.ProjectRequest;
import dev.reelbeam.model.content.RecordKey;
import dev.reelbeam.model.content.ReviewPolicy;
import dev.reelbeam.model.content.Script;
import dev.reelbeam.model.content.ScriptSection;
import dev.reelbeam.model.content.SectionRole;
import dev.reelbeam.model.content.Sentence;
import dev.reelbeam.model.content.VideoSettings;
import dev.reelbeam.model.failure.DeadLetter;
import dev.reelbeam.model.failure.FailureCode;
import dev.reelbeam.model.json.RecordJson;
import dev.reelbeam.model.port.DeadLetterBox;
import dev.reelbeam.model.port.DeadLetterBox.Query;
import dev.reelbeam.model.port.LeaseStore;
import dev.reelbeam.model.port.ProjectLedger;
import dev.reelbeam.model.port.StepLease;
import dev.reelbeam.model.port.StoreException;
import dev.reelbeam.model.project.AuditEntry;
import dev.reelbeam.model.project.Begun;
import dev.reelbeam.model.project.DeliveryOutcome;
import dev.reelbeam.model.project.DeliveryState;
import dev.reelbeam.model.project.MadeVideo;
import dev.reelbeam.model.project.ProgressEvent;
import dev.reelbeam.model.project.ProjectEntry;
import dev.reelbeam.model.project.ProjectRow;
import dev.reelbeam.model.project.ProjectStatus;
import dev.reelbeam.model.store.MediaRef;
import dev.reelbeam.model.store.StepKey;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.OptionalInt;
import java.util.Random;
import java.util.UUID;
import java.util.concurrent.Callable;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Consumer;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** One contract for each ledger, on real Postgres and on its twins. */
class LedgersTest {
  @Nested
  class ProjectsInMemory extends ProjectLedgerContract {
    private final FakeProjectLedger ledger = new FakeProjectLedger();

    @Override
    ProjectLedger open() {
      return ledger;
    }
  }

  @Nested
  class ProjectsInFiles extends ProjectLedgerContract {
    @TempDir Path folder;

    @Override
    ProjectLedger open() {
      return FileProjectLedger.open(folder.resolve("projects"));
    }
  }

  @Nested
  class ProjectsInPostgres extends ProjectLedgerContract {
    @Override
    ProjectLedger open() {
      return PostgresProjectLedger.open(TestServers.postgres());
    }

    @Test
    void earlyDecisionsAreThoseOfWhichNothingElseCame() {
      try (PostgresProjectLedger ledger = PostgresProjectLedger.open(TestServers.postgres())) {
        String id = UUID.randomUUID().toString();
        AuditEntry kept = line(id, "e1", "early");
        ledger.audit(kept);
        ledger.audit(line(id, "e1", "repeated"));
        ledger.audit(line(id, "e2", "early"));
        ledger.audit(line(id, "e2", "approved"));
        ledger.audit(line(id, "e3", "rejected"));

        assertThat(ledger.early()).filteredOn(e -> e.project().equals(id)).containsExactly(kept);
      }
    }

    /** The log only grows, and is looked through while a job that has lost its state waits. */
    @Test
    void earlyDecisionsAreFoundWithoutReadingTheWholeLog() {
      try (Database database = Database.open(TestServers.postgres())) {
        List<String> plan =
            database.inTransaction(
                handle -> {
                  // A table of a test is read faster as a whole.
                  handle.execute("set local enable_seqscan = off");
                  return handle
                      .createQuery("explain " + PostgresProjectLedger.EARLY)
                      .mapTo(String.class)
                      .list();
                });
        assertThat(plan)
            .anyMatch(step -> step.contains("audit_log_early"))
            .noneMatch(step -> step.contains("Seq Scan"));
      }
    }

    private static AuditEntry line(String project, String event, String decision) {
      String id = project + event + decision;
      return new AuditEntry(
          id, project, "script", event, "approved", "ann", 7, "s1", 1, decision, null);
    }
  }

  abstract static class LeaseContract {
    private final StepKey key = StepKey.of("lease", 1, UUID.randomUUID().toString());

    abstract LeaseStore open();

    @Test
    void oneHoldsALeaseAndItsOwnerKeepsItsToken() {
      try (LeaseStore leases = open()) {
        StepLease lease = leases.acquire(key, "a", Duration.ofMinutes(1)).orElseThrow();
        assertThat(leases.acquire(key, "b", Duration.ofMinutes(1))).isEmpty();
        StepLease again = leases.acquire(key, "a", Duration.ofMinutes(1)).orElseThrow();
        assertThat(again.token()).isEqualTo(lease.token());
        assertThat(leases.renew(lease, Duration.ofMinutes(1))).isTrue();
        leases.release(lease);
        StepLease next = leases.acquire(key, "b", Duration.ofMinutes(1)).orElseThrow();
        assertThat(next.token()).isGreaterThan(lease.token());
        assertThat(leases.renew(lease, Duration.ofMinutes(1))).isFalse();
        leases.release(lease);
        assertThat(leases.acquire(key, "c", Duration.ofMinutes(1))).isEmpty();
      }
    }

    @Test
    void aLeaseThatIsOverGoesToTheNextOneWithALargerToken() {
      try (LeaseStore leases = open()) {
        StepLease zombie = leases.acquire(key, "a", Duration.ZERO).orElseThrow();
        StepLease next = leases.acquire(key, "b", Duration.ofMinutes(1)).orElseThrow();
        assertThat(next.token()).isGreaterThan(zombie.token());
        assertThat(leases.renew(zombie, Duration.ofMinutes(1))).isFalse();
      }
    }

    @Test
    void workersThatAreLostAreCountedUntilOneGivesTheLeaseBack() {
      try (LeaseStore leases = open()) {
        StepLease first = leases.acquire(key, "a", Duration.ZERO).orElseThrow();
        assertThat(first.lost()).isZero();
        StepLease second = leases.acquire(key, "b", Duration.ZERO).orElseThrow();
        assertThat(second.lost()).isEqualTo(1);
        StepLease third = leases.acquire(key, "c", Duration.ZERO).orElseThrow();
        assertThat(third.lost()).isEqualTo(2);
        // The third had not begun, the fourth has.
        StepLease fourth = leases.acquire(key, "d", Duration.ZERO).orElseThrow();
        assertThat(fourth.lost()).isEqualTo(2);
        leases.work(fourth);
        StepLease fifth = leases.acquire(key, "e", Duration.ofMinutes(1)).orElseThrow();
        assertThat(fifth.lost()).isEqualTo(3);
        leases.release(fifth);
        assertThat(leases.acquire(key, "f", Duration.ZERO).orElseThrow().lost()).isZero();
      }
    }

    @Test
    void whatHasGoneOnForLongEndsNobody() {
      try (LeaseStore leases = open()) {
        StepLease unused = leases.acquire(key, "a", Duration.ZERO).orElseThrow();
        StepLease second = leases.acquire(key, "b", Duration.ZERO).orElseThrow();
        assertThat(second.lost()).isEqualTo(1);
        leases.clear(second);
        StepLease third = leases.acquire(key, "c", Duration.ZERO).orElseThrow();
        assertThat(third.lost()).isZero();
        leases.clear(second); // It was overtaken.
        assertThat(leases.acquire(key, "d", Duration.ZERO).orElseThrow().lost()).isEqualTo(1);
      }
    }

    @Test
    void aLeaseOfAnOwnerThatHasEndedGoesToTheNextOneAndIsCounted() {
      try (LeaseStore leases = open()) {
        StepLease first = leases.acquire(key, "a", Duration.ofMinutes(1)).orElseThrow();
        leases.endIf(key, "b"::equals);
        assertThat(leases.acquire(key, "b", Duration.ofMinutes(1))).isEmpty();
        assertThat(leases.renew(first, Duration.ofMinutes(1))).isTrue();

        leases.endIf(key, "a"::equals);
        assertThat(leases.renew(first, Duration.ofMinutes(1))).isFalse();
        StepLease second = leases.acquire(key, "b", Duration.ofMinutes(1)).orElseThrow();
        assertThat(second.token()).isGreaterThan(first.token());
        assertThat(second.lost()).isEqualTo(1);

        leases.release(second);
        leases.endIf(key, owner -> true); // Nobody holds it.
        assertThat(leases.acquire(key, "c", Duration.ofMinutes(1)).orElseThrow().lost()).isZero();
      }
    }

    @Test
    void ofManyWhoWantALeaseOneGetsIt() throws Exception {
      try (LeaseStore leases = open()) {
        var executor = Executors.newFixedThreadPool(6);
        long given =
            IntStream.range(0, 12)
                .mapToObj(
                    i ->
                        executor.submit(
                            () -> leases.acquire(key, "w" + i, Duration.ofMinutes(1)).isPresent()))
                .toList()
                .stream()
                .filter(
                    future -> {
                      try {
                        return future.get();
                      } catch (Exception e) {
                        throw new IllegalStateException(e);
                      }
                    })
                .count();
        executor.shutdown();
        assertThat(given).isEqualTo(1);
      }
    }
  }

  @Nested
  class LeasesInPostgres extends LeaseContract {
    @Override
    LeaseStore open() {
      return PostgresLeaseStore.open(TestServers.postgres());
    }
  }

  @Nested
  class LeasesInFiles extends LeaseContract {
    @TempDir Path folder;

    @Override
    LeaseStore open() {
      return FileLeaseStore.open(folder);
    }
  }

  @Test
  void migrationsRunOnceHoweverManyStartThem() throws Exception {
    PostgresSettings settings = TestServers.postgres();
    try (Database database = Database.open(settings)) {
      String name = "m" + UUID.randomUUID().toString().replace("-", "");
      database.with(handle -> handle.execute("create database " + name));
      PostgresSettings fresh =
          new PostgresSettings(
              settings.url().replaceAll("/postgres(\\?|$)", "/" + name + "$1"),
              settings.user(),
              settings.password(),
              2,
              5);
      var executor = Executors.newFixedThreadPool(4);
      List<Integer> applied =
          executor
              .invokeAll(
                  java.util.Collections.<Callable<Integer>>nCopies(3, () -> Migrations.run(fresh)))
              .stream()
              .map(ProjectLedgerContract::join)
              .toList();
      executor.shutdown();
      // Who starts first need not do all of them: the lock is given back between two.
      assertThat(applied.stream().mapToInt(Integer::intValue).sum()).isEqualTo(applied(fresh));
      assertThat(Migrations.run(fresh)).isZero();
    }
  }

  private static int applied(PostgresSettings settings) {
    try (Database database = Database.open(settings)) {
      return database.with(
          handle ->
              handle
                  .createQuery(
                      "select count(*) from schema_history where success and version is not null")
                  .mapTo(Integer.class)
                  .one());
    }
  }

  @Test
  void aValueThatAConstraintForbidsIsOneElementsFault() {
    try (Database database = Database.open(TestServers.postgres())) {
      assertThatThrownBy(
              () ->
                  database.with(
                      handle ->
                          handle.execute(
                              "insert into lease (step_key, owner, token, until)"
                                  + " values ('k', null, 1, now())")))
          .isInstanceOfSatisfying(
              StoreException.class,
              e -> {
                assertThat(e.code()).isEqualTo(FailureCode.VALUE_REFUSED);
                assertThat(e.isOfOneElement()).isTrue();
              });
    }
  }

  /** Two workers put the same row there; the second one looks again and finds it. */
  @Test
  void aRaceWithAnotherWorkerIsNoValuesFault() {
    StepKey key = StepKey.of("raced", 1, UUID.randomUUID().toString());
    String insert =
        "insert into lease (step_key, owner, token, until) values ('"
            + key.hex()
            + "', 'a', 1, now())";
    try (Database database = Database.open(TestServers.postgres())) {
      database.with(handle -> handle.execute(insert));
      AtomicInteger looks = new AtomicInteger();
      assertThat(
              database.<Integer>with(
                  handle -> looks.incrementAndGet() > 1 ? 0 : handle.execute(insert)))
          .isZero();
      assertThatThrownBy(() -> database.with(handle -> handle.execute(insert)))
          .isInstanceOfSatisfying(
              StoreException.class, e -> assertThat(e.isOfOneElement()).isFalse());
    }
  }

  @Test
  void aDatabaseThatIsAwayRefusesOrLacksTablesHasANumber() {
    PostgresSettings there = TestServers.postgres();
    // Side by side: the pool waits five seconds for a connection before it says that there is none.
    var executor = Executors.newFixedThreadPool(3);
    List<FailureCode> codes =
        Stream.of(
                "jdbc:postgresql://127.0.0.1:1/x",
                there.url().replaceAll("/postgres(\\?|$)", "/nowhere$1"),
                there.url().replaceAll("/postgres(\\?|$)", "/template1$1"))
            .map(url -> executor.submit(() -> codeOf(url, there)))
            .toList()
            .stream()
            .map(ProjectLedgerContract::join)
            .toList();
    executor.shutdown();
    assertThat(codes)
        .containsExactly(
            FailureCode.DATABASE_UNAVAILABLE,
            FailureCode.DATABASE_REFUSED,
            FailureCode.DATABASE_SCHEMA);
  }

  private static FailureCode codeOf(String url, PostgresSettings there) {
    PostgresSettings settings =
        new PostgresSettings(url, there.user(), SecretRef.value("hush"), 1, 0);
    StoreException[] caught = new StoreException[1];
    try (ProjectLedger ledger = PostgresProjectLedger.open(settings)) {
      assertThatThrownBy(() -> ledger.epoch("p"))
          .hasMessageNotContaining("hush")
          .isInstanceOfSatisfying(StoreException.class, e -> caught[0] = e);
    }
    return caught[0].code();
  }

  @Test
  void progressNeverFallsWithinAnEpochAndAnOlderEpochIsNotSeen() {
    String project = "p-" + UUID.randomUUID();
    try (ProjectLedger ledger = PostgresProjectLedger.open(TestServers.postgres());
        PostgresProgress progress = PostgresProgress.open(TestServers.postgres())) {
      assertThat(progress.take(event(project, 1, 10))).isEmpty();
      ledger.admit(entry(new RecordKey(project, 1), null, "tiktok"));
      ledger.expect(new RecordKey(project, 1), 1, List.of("tiktok"));
      progress.take(event(project, 1, 40));
      progress.take(event(project, 1, 20));
      assertThat(progress.find(project).orElseThrow().progress()).isEqualTo(40);
      ProgressEvent next = event(project, 2, 5);
      progress.take(next);
      progress.take(event(project, 1, 90));
      assertThat(progress.find(project)).contains(next);
    }
  }

  /** One worker stands before its broker with what was, while another one goes on. */
  @Test
  void whatIsHeardOfAProjectNeverFallsThoughOneWorkerIsSlow() throws Exception {
    String project = "p-" + UUID.randomUUID();
    List<Integer> heard = Collections.synchronizedList(new ArrayList<>());
    List<Long> versions = Collections.synchronizedList(new ArrayList<>());
    Consumer<List<PostgresProgress.Standing>> topic =
        standing ->
            standing.stream()
                .filter(one -> one.event().project().equals(project))
                .forEach(
                    one -> {
                      heard.add(one.event().progress());
                      versions.add(one.version());
                    });
    CountDownLatch looked = new CountDownLatch(1);
    CountDownLatch goOn = new CountDownLatch(1);
    try (ProjectLedger ledger = PostgresProjectLedger.open(TestServers.postgres());
        PostgresProgress slow = PostgresProgress.open(TestServers.postgres());
        PostgresProgress quick = PostgresProgress.open(TestServers.postgres())) {
      ledger.admit(entry(new RecordKey(project, 1), null, "tiktok"));
      while (quick.tell(topic).orElse(1) > 0) {} // What other tests have left.
      slow.take(event(project, 1, 62));
      ExecutorService thread = Executors.newSingleThreadExecutor();
      Future<OptionalInt> telling =
          thread.submit(
              () ->
                  slow.tell(
                      events -> {
                        looked.countDown();
                        await(goOn);
                        topic.accept(events);
                      }));
      await(looked);
      quick.take(event(project, 1, 100));
      assertThat(quick.tell(topic)).isEmpty();
      goOn.countDown();
      assertThat(telling.get()).isPresent();
      thread.shutdown();

      assertThat(quick.tell(topic)).isPresent();
      assertThat(heard).containsExactly(62, 100);
      assertThat(versions.get(0)).isLessThan(versions.get(1));
      assertThat(slow.tell(topic)).isPresent();
      assertThat(heard).as("what was told is told once").hasSize(2);
    }
  }

  @Test
  void whatDidNotArriveIsToldAgainByWhoeverComesNext() {
    String project = "p-" + UUID.randomUUID();
    List<ProgressEvent> heard = new ArrayList<>();
    Consumer<List<PostgresProgress.Standing>> topic =
        standing ->
            standing.stream()
                .map(PostgresProgress.Standing::event)
                .filter(event -> event.project().equals(project))
                .forEach(heard::add);
    try (ProjectLedger ledger = PostgresProjectLedger.open(TestServers.postgres());
        PostgresProgress progress = PostgresProgress.open(TestServers.postgres())) {
      ledger.admit(entry(new RecordKey(project, 1), null, "tiktok"));
      while (progress.tell(events -> {}).orElse(1) > 0) {}
      ProgressEvent shown = progress.take(event(project, 1, 62)).orElseThrow();
      progress.take(event(project, 1, 40)); // Changes nothing, so there is nothing more to tell.
      StoreException away =
          new StoreException(FailureCode.KAFKA_UNAVAILABLE, "away", new IllegalStateException());
      assertThatThrownBy(
              () ->
                  progress.tell(
                      events -> {
                        throw away;
                      }))
          .isSameAs(away);
      assertThat(progress.tell(topic)).isPresent();
      assertThat(heard).containsExactly(shown);
    }
  }

  private static void await(CountDownLatch latch) {
    try {
      assertThat(latch.await(20, TimeUnit.SECONDS)).isTrue();
    } catch (InterruptedException e) {
      throw new IllegalStateException(e);
    }
  }

  @Test
  void anEndThatNobodyToldOfIsFoundOnce() {
    PostgresSettings settings = TestServers.postgres();
    String project = "p-" + UUID.randomUUID();
    RecordKey key = new RecordKey(project, 1);
    try (ProjectLedger ledger = PostgresProjectLedger.open(settings);
        PostgresProgress progress = PostgresProgress.open(settings)) {
      ledger.admit(entry(key, null, "tiktok"));
      ledger.expect(key, 1, List.of("tiktok"));
      progress.take(event(project, 1, "rendering", "deliver", 97));
      assertThat(untold(progress, project)).isEmpty();

      // The worker dies after it has settled the delivery and before it tells of it.
      ledger.settle(new DeliveryOutcome(key, "tiktok", 1, DeliveryState.COMPLETED, null, null));
      ProgressEvent end = untold(progress, project).get(0);
      assertThat(end.status()).isEqualTo("completed");
      assertThat(end.deliveries()).isEqualTo(Map.of("tiktok", 100));

      // The same where a late word of a stage has met the end already.
      progress.take(event(project, 1, "rendering", "deliver", 97));
      assertThat(progress.find(project).orElseThrow().status()).isEqualTo("completed");
      assertThat(untold(progress, project)).hasSize(1);

      assertThat(progress.take(end).orElseThrow().progress()).isEqualTo(100);
      assertThat(untold(progress, project)).isEmpty();
    }
  }

  private static List<ProgressEvent> untold(PostgresProgress progress, String project) {
    return progress.untoldEnds(5_000).stream()
        .filter(event -> event.project().equals(project))
        .toList();
  }

  @Test
  void aProjectOfWhichNothingWasHeardForHoursIsIdleUntilItIsBegunAgain() {
    PostgresSettings settings = TestServers.postgres();
    String project = "p-" + UUID.randomUUID();
    RecordKey key = new RecordKey(project, 1);
    Duration hour = Duration.ofHours(1);
    try (ProjectLedger ledger = PostgresProjectLedger.open(settings);
        PostgresProgress progress = PostgresProgress.open(settings);
        Database database = Database.open(settings)) {
      ledger.admit(entry(key, null, "tiktok"));
      ledger.begin(project, 1, new Begun("hand", 1));
      ledger.status(project, 1, ProjectStatus.RENDERING);
      progress.take(event(project, 1, 40));
      assertThat(ledger.idle(List.of(project), hour)).isEmpty();
      Runnable hoursPass =
          () ->
              database.change(
                  handle -> {
                    for (String statement :
                        List.of(
                            "update video_project set updated_at = updated_at - interval '2 hours'"
                                + " where record_id = ?",
                            "update project_progress set at = at - interval '2 hours' where"
                                + " project_id = (select id from video_project where record_id ="
                                + " ?)",
                            "update delivery set updated_at = updated_at - interval '2 hours' where"
                                + " project_id = (select id from video_project where record_id ="
                                + " ?)")) {
                      handle.execute(statement, project);
                    }
                  });
      hoursPass.run();
      assertThat(ledger.idle(List.of(project, "nobody"), hour))
          .extracting(ProjectRow::project)
          .containsExactly(project);
      assertThat(ledger.idle(List.of(), hour)).isEmpty();

      ProgressEvent word = event(project, 1, "rendering", "render", 50);
      progress.take(withTime(word, System.currentTimeMillis()));
      assertThat(ledger.idle(List.of(project), hour)).as("it goes on").isEmpty();
      hoursPass.run();
      assertThat(ledger.idle(List.of(project), hour)).hasSize(1);
      ledger.begin(project, 1, new Begun("hand", 2));
      assertThat(ledger.idle(List.of(project), hour)).as("it was begun again").isEmpty();
      hoursPass.run();
      ledger.status(project, 1, ProjectStatus.REVIEW);
      hoursPass.run();
      assertThat(ledger.idle(List.of(project), hour)).as("it holds no place").isEmpty();
    }
  }

  private static ProgressEvent withTime(ProgressEvent event, long atMs) {
    return new ProgressEvent(
        event.project(),
        event.revision(),
        event.epoch(),
        event.status(),
        event.currentStage(),
        event.progress(),
        event.deliveries(),
        null,
        null,
        Map.of(),
        null,
        atMs);
  }

  @Test
  void aVideoIsQueuedUntilItsSegmentsAreRenderedAndARejectionIsShown() {
    PostgresSettings settings = TestServers.postgres();
    String project = "p-" + UUID.randomUUID();
    RecordKey key = new RecordKey(project, 1);
    try (ProjectLedger ledger = PostgresProjectLedger.open(settings);
        PostgresProgress progress = PostgresProgress.open(settings);
        Database database = Database.open(settings)) {
      ledger.admit(entry(key, null, "tiktok"));
      ledger.expect(key, 1, List.of("tiktok"));
      progress.take(event(project, 1, "review", "gate", 15));
      assertThat(rendered(database, project)).isEqualTo("queued 0 false");
      progress.take(event(project, 1, "rendering", "render", 60));
      assertThat(rendered(database, project)).isEqualTo("rendering 50 true");

      ledger.settle(new DeliveryOutcome(key, "tiktok", 1, DeliveryState.REJECTED, null, "dull"));
      progress.take(event(project, 1, "rejected", "gate", 0));
      assertThat(progress.find(project).orElseThrow().status()).isEqualTo("rejected");
      assertThat(progress.find(project).orElseThrow().ended()).containsExactly("tiktok");
      // A late word of a stage does not take it back.
      progress.take(event(project, 1, "rendering", "render", 90));
      assertThat(progress.find(project).orElseThrow().status()).isEqualTo("rejected");
    }
  }

  @Test
  void aRetryThatDiesLeavesTheTimeOfTheVideoThatStands() {
    PostgresSettings settings = TestServers.postgres();
    String project = "p-" + UUID.randomUUID();
    RecordKey key = new RecordKey(project, 1);
    MediaRef video = new MediaRef("ab".repeat(32), 1_000, "video/mp4");
    Delivery delivery =
        new Delivery(key, "tiktok", "v", "Title", 1, 0, 1, Map.of("video.mp4", video), 1);
    try (ProjectLedger ledger = PostgresProjectLedger.open(settings);
        PostgresProgress progress = PostgresProgress.open(settings);
        Database database = Database.open(settings)) {
      ledger.admit(entry(key, null, "tiktok"));
      ledger.settle(new DeliveryOutcome(key, "tiktok", 1, DeliveryState.COMPLETED, delivery, null));
      String before = completedAt(database, project);
      ledger.expect(key, 2, List.of("tiktok"));
      progress.take(event(project, 2, "rendering", "render", 60));
      assertThat(rendered(database, project)).startsWith("rendering");

      ledger.settle(new DeliveryOutcome(key, "tiktok", 2, DeliveryState.DEAD, null, "letter"));

      assertThat(rendered(database, project)).startsWith("completed");
      assertThat(completedAt(database, project)).isEqualTo(before);
    }
  }

  private static String completedAt(Database database, String project) {
    return database.with(
        handle ->
            handle
                .createQuery(
                    "select cast(render_completed_at as text) from rendered_video r join"
                        + " video_project p on p.id = r.project_id where p.record_id = :project")
                .bind("project", project)
                .mapTo(String.class)
                .one());
  }

  @Test
  void whatAVideoIsMadeOfStandsInTablesOnce() {
    PostgresSettings settings = TestServers.postgres();
    String project = "p-" + UUID.randomUUID();
    RecordKey key = new RecordKey(project, 1);
    StepKey step = StepKey.of("deliver", 1, project);
    MediaRef video =
        new MediaRef(
            RecordJson.sha256(project.getBytes(StandardCharsets.UTF_8)), 1_000, "video/mp4");
    MediaRef picture = new MediaRef("cd".repeat(32), 10, "image/png");
    Script script =
        new Script(
            List.of(
                new ScriptSection(
                    SectionRole.HOOK, List.of(new Sentence("Look.", -1)), "", "", "", 900),
                new ScriptSection(
                    SectionRole.POINT, List.of(new Sentence("Warm light.", 0)), "", "", "", 1_500)),
            "en",
            2,
            "ann");
    MadeVideo made =
        new MadeVideo(
            key,
            1,
            "1080x1920",
            script,
            List.of(),
            List.of(
                new MadeVideo.Asset(
                    MadeVideo.AssetType.IMAGE,
                    MadeVideo.AssetSource.ARTICLE_IMAGE,
                    picture,
                    "lamp.png",
                    0,
                    1,
                    null,
                    "Ann")),
            List.of(),
            List.of(video),
            Map.of("tiktok", "https://videos.example.org/p/tiktok/video.mp4"),
            List.of(
                new MadeVideo.Booking("composed-" + project, "video_composition", 5),
                new MadeVideo.Booking("spoken-" + project, "video_tts_selfhosted", 2)));
    try (ProjectLedger ledger = PostgresProjectLedger.open(settings);
        PostgresResultKeys keys = PostgresResultKeys.open(settings);
        Database database = Database.open(settings)) {
      ledger.admit(entry(key, "acme", "tiktok"));
      ledger.expect(key, 1, List.of("tiktok"));
      assertThat(keys.putIfAbsent(step, video)).isEqualTo(video);
      String name = "backfill-" + project;
      try (PostgresBackfill backfill = PostgresBackfill.open(settings, name, "archive")) {
        backfill.add(key, 1, 9);
        assertThat(backfill.booked()).isEqualTo(new PostgresBackfill.Booked(0, 0));
        ledger.describe(made);
        ledger.describe(made);
        backfill.add(new RecordKey(project, 2), 1, 9);
        assertThat(backfill.credits()).isEqualTo(18);
        assertThat(backfill.booked())
            .as("each once, however often it was told and in how many revisions it was sent")
            .isEqualTo(new PostgresBackfill.Booked(7, 0));
      }
      String of = " from video_project p where p.record_id = :project";
      assertThat(
              told(
                  database,
                  project,
                  "select (select s.hook || '|' || s.version || '|' || s.total_estimated_duration"
                      + " from video_script s where s.project_id = p.id)"
                      + of))
          .isEqualTo("Look.|2|2400");
      assertThat(
              told(
                  database,
                  project,
                  "select (select string_agg(a.source || '|' || a.credit, ',') from video_asset a"
                      + " where a.project_id = p.id)"
                      + of))
          .isEqualTo("article_image|Ann");
      assertThat(
              told(
                  database,
                  project,
                  "select (select a.class || '|' || a.site_id from artifact a where a.project_id ="
                      + " p.id)"
                      + of))
          .isEqualTo("final|acme");
      // Said once more it is no change: rows that many videos share are not written each time.
      String version =
          "select (select a.xmin::text from artifact a where a.project_id = p.id)" + of;
      String before = told(database, project, version);
      ledger.describe(made);
      assertThat(told(database, project, version)).isEqualTo(before);
      assertThat(
              told(
                  database,
                  project,
                  "select (select v.file_url from rendered_video v where v.project_id = p.id)"
                      + of))
          .isEqualTo("https://videos.example.org/p/tiktok/video.mp4");
    }
  }

  private static String told(Database database, String project, String query) {
    return database.with(
        handle -> handle.createQuery(query).bind("project", project).mapTo(String.class).one());
  }

  private static String rendered(Database database, String project) {
    return database.with(
        handle ->
            handle
                .createQuery(
                    "select v.status || ' ' || v.progress || ' ' || (render_started_at is not null)"
                        + " from rendered_video v join video_project p on p.id = v.project_id"
                        + " where p.record_id = :project")
                .bind("project", project)
                .mapTo(String.class)
                .one());
  }

  private static ProjectEntry entry(RecordKey key, @Nullable String site, String... presets) {
    return new ProjectEntry(
        key,
        new MediaRef("ab".repeat(32), 1, "application/json"),
        "Title",
        site,
        null,
        new ProjectRequest(
            null, List.of(presets), VideoSettings.DEFAULT, ReviewPolicy.AUTO, "normal", true),
        "here");
  }

  private static ProgressEvent event(
      String project, long epoch, String status, String stage, int percent) {
    return new ProgressEvent(
        project,
        1,
        epoch,
        status,
        stage,
        percent,
        Map.of("tiktok", percent),
        null,
        null,
        Map.of(),
        null,
        1_000L + percent);
  }

  private static ProgressEvent event(String project, long epoch, int percent) {
    return new ProgressEvent(
        project,
        1,
        epoch,
        "rendering",
        "render",
        percent,
        Map.of("tiktok", percent),
        3,
        77L,
        Map.of("script.json", new MediaRef("ab".repeat(32), 1, "application/json")),
        null,
        1_000L + percent);
  }

  @Test
  void theBooksOfDeliveriesNameWhatIsMissingAndWhatWasNeverAccepted() {
    PostgresSettings settings = TestServers.postgres();
    String project = "p-" + UUID.randomUUID();
    try (ProjectLedger ledger = PostgresProjectLedger.open(settings);
        PostgresAudit audit = PostgresAudit.open(settings);
        Database database = Database.open(settings)) {
      long before = audit.look().accepted();
      ledger.admit(entry(new RecordKey(project, 1), null, "tiktok", "youtube_short"));
      assertThat(audit.look().accepted()).isEqualTo(before + 2);
      assertThat(of(project, audit)).isEmpty();

      database.with(
          handle ->
              handle.execute(
                  "delete from delivery where preset = 'tiktok' and project_id ="
                      + " (select id from video_project where record_id = ?)",
                  project));
      assertThat(of(project, audit))
          .containsExactly(project + "@1/tiktok was accepted and is in no state");

      ledger.settle(
          new DeliveryOutcome(
              new RecordKey(project, 1), "landscape", 1, DeliveryState.WAITING, null, null));
      assertThat(of(project, audit))
          .contains(project + "@1/landscape is waiting and was never accepted");
    }
  }

  private static List<String> of(String project, PostgresAudit audit) {
    return audit.look().violations().stream()
        .filter(violation -> violation.startsWith(project))
        .toList();
  }

  @Test
  void aLetterIsKeptOnceCountsItsAttemptsAndIsFoundByTheBeginningOfItsId() {
    String id = UUID.randomUUID().toString().replace("-", "").substring(0, 24);
    DeadLetter letter =
        new DeadLetter(
            id,
            "r-" + id,
            2,
            "tiktok",
            "render",
            "SEGMENT_FAILED",
            3031,
            "it\0 failed",
            "Replay.",
            true,
            "{\"a\":1}",
            null);
    try (DeadLetterBox box = PostgresDeadLetters.open(TestServers.postgres())) {
      box.put(letter);
      box.settle(id, DeadLetterBox.State.REPLAYED);
      assertThat(box.list(new Query(DeadLetterBox.State.OPEN, letter.recordId(), null, null, 9)))
          .isEmpty();
      box.put(letter);
      assertThat(box.list(new Query(null, letter.recordId(), "render", 3031, 9)))
          .singleElement()
          .satisfies(
              kept -> {
                assertThat(kept.attempts()).isEqualTo(2);
                assertThat(kept.state()).isEqualTo(DeadLetterBox.State.OPEN);
                assertThat(kept.letter().message()).isEqualTo("it\uFFFD failed");
              });
      assertThat(box.find(id.substring(0, 8))).isPresent();
      assertThat(box.find(id.substring(0, 3))).isEmpty();
    }
  }

  /** What is replayed may die again before all were looked at. */
  @Test
  void allLettersAreVisitedOnceHoweverManyThereAreAndThoughTheyComeAgain() {
    String record = "many-" + UUID.randomUUID();
    try (DeadLetterBox box = PostgresDeadLetters.open(TestServers.postgres())) {
      IntStream.range(0, 7).forEach(i -> box.put(letter(record, i)));
      List<String> seen = new ArrayList<>();
      box.forEach(
          new Query(DeadLetterBox.State.OPEN, record, null, null, 3),
          kept -> {
            seen.add(kept.letter().message());
            box.settle(kept.letter().id(), DeadLetterBox.State.REPLAYED);
            if (seen.size() % 2 == 0) {
              box.put(kept.letter());
              box.put(letter(record, 100 + seen.size()));
            }
          });
      assertThat(seen).containsExactly("6", "5", "4", "3", "2", "1", "0");
      assertThat(box.list(new Query(DeadLetterBox.State.OPEN, record, null, null, 99))).hasSize(6);
    }
  }

  private static DeadLetter letter(String record, int number) {
    return new DeadLetter(
        UUID.randomUUID().toString(),
        record,
        1,
        null,
        "render",
        "SEGMENT_FAILED",
        3031,
        String.valueOf(number),
        "Replay.",
        true,
        "{}",
        null);
  }

  @Test
  void everyListOfLettersAndEveryBeginningOfAnIdIsReadFromAnIndexInItsOrder() {
    DeadLetterBox.State open = DeadLetterBox.State.OPEN;
    List<Query> queries =
        List.of(
            new Query(null, null, null, null, 9),
            Query.open(9),
            new Query(DeadLetterBox.State.REPLAYED, null, null, null, 9),
            new Query(open, null, "render", null, 9),
            new Query(open, null, null, 3031, 9));
    try (Database database = Database.open(TestServers.postgres())) {
      for (Query query : queries) {
        String plan = plan(database, PostgresDeadLetters.listSql(query));
        assertThat(plan).as(query.toString()).contains("Index Scan").doesNotContain("Sort");
      }
      assertThat(plan(database, PostgresDeadLetters.listSql(new Query(null, "r", null, null, 9))))
          .contains("dead_letter_record");
      assertThat(plan(database, PostgresDeadLetters.BY_PREFIX))
          .contains("Index Cond")
          .contains("dead_letter_id_bytes")
          .doesNotContain("Sort");
    }
  }

  /** How a query is carried out whose table is too long to be read. */
  private static String plan(Database database, String sql) {
    return database.with(
        handle -> {
          List<String> shortcuts = List.of("enable_seqscan", "enable_bitmapscan");
          shortcuts.forEach(shortcut -> handle.execute("set " + shortcut + " = off"));
          try {
            var query = handle.createQuery("explain " + sql);
            for (String name : List.of("id", "record", "stage")) {
              if (sql.contains(":" + name)) {
                query.bind(name, "abcdef");
              }
            }
            for (String name : List.of("number", "limit")) {
              if (sql.contains(":" + name)) {
                query.bind(name, 9);
              }
            }
            return String.join("\n", query.mapTo(String.class).list());
          } finally {
            shortcuts.forEach(shortcut -> handle.execute("reset " + shortcut));
          }
        });
  }

  @Test
  void aLetterWhoseIdNoIndexHoldsIsKeptUnderItsBeginning() {
    String id = UUID.randomUUID().toString().replace("-", "").substring(0, 24);
    // Three bytes each, and nothing to compress.
    String record =
        new Random(7)
            .ints(1_000, 0x4E00, 0x9FFF)
            .collect(StringBuilder::new, StringBuilder::appendCodePoint, StringBuilder::append)
            .insert(798, "\uD83D\uDE00")
            .toString();
    DeadLetter letter =
        new DeadLetter(
            id, record, 0, null, "measure", "VIDEO_UNKNOWN", 4204, "no", "", true, "{}", null);
    try (DeadLetterBox box = PostgresDeadLetters.open(TestServers.postgres())) {
      box.put(letter);
      assertThat(box.list(new Query(null, record, "measure", null, 9)))
          .extracting(kept -> kept.letter().recordId())
          .containsExactly(record.substring(0, 798) + "…");
    }
  }

  @Test
  void ticketsComeBackOnceAndAreForgotten() {
    String one = "t-" + UUID.randomUUID();
    String two = "t-" + UUID.randomUUID();
    PostgresSettings settings = TestServers.postgres();
    try (PostgresRenderCredits credits = PostgresRenderCredits.open(settings)) {
      credits.giveBack(one);
      credits.giveBack(one);
      assertThat(credits.givenBack(List.of(one, two))).containsExactly(one);
    }
    try (Database database = Database.open(settings);
        PostgresRenderCredits later = PostgresRenderCredits.open(settings)) {
      database.with(
          handle ->
              handle.execute(
                  "update render_ticket set given_back_at = now() - interval '61 minutes' where"
                      + " ticket = ?",
                  one));
      later.giveBack(two);
      assertThat(later.givenBack(List.of(one, two))).containsExactly(two);
    }
  }
}
