package dev.reelbeam.clients.learning;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import dev.reelbeam.clients.TestServers;
import dev.reelbeam.clients.config.PostgresSettings;
import dev.reelbeam.clients.config.SecretRef;
import dev.reelbeam.clients.database.Database;
import dev.reelbeam.clients.ledger.PostgresVideoCatalog;
import dev.reelbeam.model.content.RecordKey;
import dev.reelbeam.model.engagement.Dimension;
import dev.reelbeam.model.engagement.Measures;
import dev.reelbeam.model.engagement.VideoFacts;
import dev.reelbeam.model.engagement.WindowKind;
import dev.reelbeam.model.engagement.WindowRow;
import dev.reelbeam.model.learning.ArmChoice;
import dev.reelbeam.model.learning.ArmEvidence;
import dev.reelbeam.model.learning.ArmKind;
import dev.reelbeam.model.learning.ArmQuestion;
import dev.reelbeam.model.learning.ArmReward;
import dev.reelbeam.model.learning.LearningSettings;
import dev.reelbeam.model.learning.ThompsonSampling;
import dev.reelbeam.model.port.ArmLedger;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.Callable;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Executors;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What both ledgers of arms promise, and how the chooser lives with one that is away. */
class ArmLedgerTest {
  private static final long DAY = 86_400_000L;
  private static final long NOW = 1_780_000_000_000L;
  private static final List<String> OPTIONS = List.of("question", "number", "story");

  private static ArmQuestion question(String record) {
    return new ArmQuestion(
        ArmKind.HOOK_STYLE,
        new RecordKey(record, 1),
        "v1",
        "acme",
        List.of("tiktok", "youtube"),
        OPTIONS);
  }

  private static ArmReward reward(
      String site, String platform, String video, String arm, long views, long age, long version) {
    return new ArmReward(
        ArmKind.HOOK_STYLE,
        arm,
        site,
        platform,
        video,
        views / 20,
        views,
        NOW - age * DAY,
        version);
  }

  abstract static class Contract {
    /** A platform of its own, so that ledgers that live on do not mix the tests. */
    final String platform = "p" + UUID.randomUUID();

    private final ArmLedger ledger = open();

    abstract ArmLedger open();

    @AfterEach
    void close() {
      ledger.close();
    }

    /** Evidence of this test alone, printed: sums by site and arm. */
    private double weightOf(int halfLifeDays, long nowMs) {
      return only(ledger.evidence(ArmKind.HOOK_STYLE, halfLifeDays, nowMs));
    }

    abstract double only(ArmEvidence evidence);

    @Test
    void theFirstChoiceOfARecordStaysHoweverManyKeepOneAtOnce() throws Exception {
      String record = "r-" + UUID.randomUUID();
      AtomicInteger next = new AtomicInteger();
      var executor = Executors.newFixedThreadPool(4);
      Callable<ArmChoice> keep =
          () -> {
            ArmChoice drawn = ThompsonSampling.choose(question(record), ArmEvidence.EMPTY, 100);
            int other = next.getAndIncrement() % OPTIONS.size();
            return ledger.keep(
                new ArmChoice(
                    drawn.kind(),
                    drawn.key(),
                    drawn.variant(),
                    drawn.site(),
                    drawn.platforms(),
                    drawn.options(),
                    OPTIONS.get(other),
                    333_333,
                    other == 0));
          };
      List<ArmChoice> kept = new ArrayList<>();
      for (var one : executor.invokeAll(Collections.nCopies(12, keep))) {
        kept.add(one.get());
      }
      executor.shutdown();

      assertThat(kept).containsOnly(kept.get(0));
      assertThat(ledger.choices(new RecordKey(record, 1))).containsExactly(kept.get(0));
      assertThat(ledger.choices(new RecordKey(record, 2))).isEmpty();
    }

    @Test
    void aRewardIsTakenOnceAndANewerOneTakesItsPlaceButNeverAnOlderOne() {
      ledger.reward(List.of(reward("acme", platform, "v", "story", 1_000, 0, 5)));
      double once = weightOf(90, NOW);
      ledger.reward(List.of(reward("acme", platform, "v", "story", 1_000, 0, 5)));
      assertThat(weightOf(90, NOW)).isEqualTo(once);

      ledger.reward(List.of(reward("acme", platform, "v", "story", 90_000, 0, 9)));
      double newer = weightOf(90, NOW);
      assertThat(newer).isGreaterThan(once);

      ledger.reward(List.of(reward("acme", platform, "v", "story", 10, 0, 7)));
      assertThat(weightOf(90, NOW)).isEqualTo(newer);
    }

    @Test
    void whatIsOldFadesByItsHalfLife() {
      ledger.reward(
          List.of(
              reward("acme", platform, "new", "story", 5_000, 0, 1),
              reward("acme", platform, "old", "story", 5_000, 30, 1)));
      double each = reward("a", "b", "c", "d", 5_000, 0, 1).weight();

      assertThat(weightOf(30, NOW)).isCloseTo(1.5 * each, within(1e-9));
      assertThat(weightOf(30, NOW + 30 * DAY)).isCloseTo(0.75 * each, within(1e-9));
    }

    @Test
    void bothLedgersSumUpToWhatTheVideosSay() {
      List<ArmReward> rewards = new ArrayList<>();
      for (int i = 0; i < 60; i++) {
        rewards.add(
            reward("s" + i % 2, platform, "v" + i, OPTIONS.get(i % 3), 100 + 70L * i, i, 1));
      }
      ledger.reward(rewards);

      ArmEvidence expected = ArmEvidence.of(rewards, 45, NOW);
      ArmEvidence found = ledger.evidence(ArmKind.HOOK_STYLE, 45, NOW);
      assertThat(only(found)).isCloseTo(expected.weight(), within(1e-9));
      for (String site : List.of("s0", "s1")) {
        ArmQuestion asked =
            new ArmQuestion(
                ArmKind.HOOK_STYLE, new RecordKey("r", 1), "v", site, List.of(platform), OPTIONS);
        assertThat(ThompsonSampling.choose(asked, onlyHere(found), 0).arm())
            .isEqualTo(ThompsonSampling.choose(asked, expected, 0).arm());
      }
    }

    /** The evidence without that of other tests. */
    abstract ArmEvidence onlyHere(ArmEvidence evidence);
  }

  @Nested
  class InFiles extends Contract {
    @TempDir static Path folder;

    @Override
    ArmLedger open() {
      return FileArms.open(folder.resolve(platform));
    }

    @Override
    double only(ArmEvidence evidence) {
      return evidence.weight();
    }

    @Override
    ArmEvidence onlyHere(ArmEvidence evidence) {
      return evidence;
    }
  }

  @Nested
  class InPostgres extends Contract {
    @Override
    ArmLedger open() {
      return PostgresArms.open(TestServers.postgres());
    }

    @Override
    double only(ArmEvidence evidence) {
      return onlyHere(evidence).weight();
    }

    @Override
    ArmEvidence onlyHere(ArmEvidence evidence) {
      return evidence.on(platform);
    }
  }

  @Test
  void engagementOfAPublishedVideoIsPutDownToTheArmThatItTook() {
    PostgresSettings settings = TestServers.postgres();
    String record = "r-" + UUID.randomUUID();
    String platform = "p" + UUID.randomUUID();
    String video = UUID.randomUUID().toString();
    try (Database database = Database.open(settings);
        ArmLedger ledger = PostgresArms.open(settings);
        RewardFeed feed = RewardFeed.open(settings)) {
      ledger.keep(ThompsonSampling.choose(question(record), ArmEvidence.EMPTY, 100));
      String arm = ledger.choices(new RecordKey(record, 1)).get(0).arm();
      database.change(
          handle -> {
            handle.execute(
                "insert into video_project (record_id, revision, title, target_platforms, settings,"
                    + " status, lane, priority, epoch, entry, edits) values (?, 1, 't', '{}', '{}',"
                    + " 'published', 'live', 1, 1, '{}', '{}')",
                record);
            handle.execute(
                "insert into rendered_video (project_id, revision, preset, variant, epoch, status)"
                    + " select id, 1, 'tiktok', 'v1', 1, 'completed' from video_project"
                    + " where record_id = ?",
                record);
            handle.execute(
                "insert into published_video (public_id, rendered_video_id, platform, title,"
                    + " description, status, published_at) select ?::uuid, r.id, ?, 't', 'd',"
                    + " 'published', now() from rendered_video r join video_project p"
                    + " on p.id = r.project_id where p.record_id = ?",
                video,
                platform,
                record);
          });

      feed.teach(List.of(week(video, platform, 2, 5_000L), week("x", platform, 2, 5_000L)));
      feed.teach(List.of(week(video, platform, 1, 1_000L)));

      ArmReward expected =
          new ArmReward(ArmKind.HOOK_STYLE, arm, "acme", platform, video, 500, 5_000, 0, 2);
      ArmEvidence learned =
          ledger.evidence(ArmKind.HOOK_STYLE, 90, System.currentTimeMillis()).on(platform);
      assertThat(learned.weight()).isCloseTo(expected.weight(), within(1e-3));
    }
  }

  @Test
  void aTitleIsPaidForWhatItShowsAndAnHourForWhenTheVideoWasPublishedByTheSitesClock() {
    PostgresSettings settings = TestServers.postgres();
    String record = "r-" + UUID.randomUUID();
    String platform = "p" + UUID.randomUUID();
    String site = "s" + UUID.randomUUID();
    String[] videos = {UUID.randomUUID().toString(), UUID.randomUUID().toString()};
    try (Database database = Database.open(settings);
        ArmLedger ledger = PostgresArms.open(settings);
        RewardFeed feed = RewardFeed.open(settings)) {
      ledger.keep(
          new ArmChoice(
              ArmKind.TITLE_STYLE,
              new RecordKey(record, 1),
              "v1",
              site,
              List.of(platform),
              List.of("plain", "question"),
              "question",
              500_000,
              false));
      database.change(
          handle -> {
            handle.execute(
                "insert into site_time_zone (site_id, time_zone) values (?, 'Europe/Berlin')",
                site);
            handle.execute(
                "insert into video_project (record_id, revision, title, target_platforms, settings,"
                    + " site_id, status, lane, priority, epoch, entry, edits) values (?, 1, 't',"
                    + " '{}', '{}', ?, 'published', 'live', 1, 1, '{}', '{}')",
                record,
                site);
            handle.execute(
                "insert into rendered_video (project_id, revision, preset, variant, epoch, status)"
                    + " select id, 1, 'tiktok', 'v1', 1, 'completed' from video_project"
                    + " where record_id = ?",
                record);
            // One as it was drawn, one whose title somebody wrote.
            for (int i = 0; i < 2; i++) {
              handle.execute(
                  "insert into published_video (public_id, rendered_video_id, platform, title,"
                      + " description, status, published_at, title_style) select ?::uuid, r.id, ?,"
                      + " 't', 'd', 'published', '2026-06-01T17:30:00Z', ? from rendered_video r"
                      + " join video_project p on p.id = r.project_id where p.record_id = ?",
                  videos[i],
                  platform,
                  i == 0 ? null : "",
                  record);
            }
          });

      feed.teach(
          List.of(week(videos[0], platform, 2, 5_000L), week(videos[1], platform, 2, 5_000L)));

      assertThat(rewards(database, platform))
          .containsExactlyInAnyOrder(
              "title_style question " + videos[0],
              "posting_hour 18-21 " + videos[0],
              "posting_hour 18-21 " + videos[1]);
      assertThat(ledger.zones()).containsEntry(site, ZoneId.of("Europe/Berlin"));
    }
  }

  private static List<String> rewards(Database database, String platform) {
    return database.with(
        handle ->
            handle
                .createQuery(
                    "select kind || ' ' || arm || ' ' || video_id from arm_reward"
                        + " where platform = :platform")
                .bind("platform", platform)
                .mapTo(String.class)
                .list());
  }

  /** A first week of which the platform told everything. */
  private static WindowRow week(String video, String platform, long version, long views) {
    long[] measures = new long[Measures.SIZE];
    measures[Measures.KNOWN] = 1;
    measures[Measures.KNOWN + 1] = 1;
    measures[Measures.ENGAGEMENTS] = views / 10;
    measures[Measures.ENGAGEMENT_VIEWS] = views;
    measures[Measures.VERSION] = version;
    return new WindowRow(Dimension.VIDEO, platform + "/" + video, WindowKind.FIRST_7D, 0, measures);
  }

  @Test
  void anArmThatTheVideoDoesNotShowIsNotPaid() {
    PostgresSettings settings = TestServers.postgres();
    String record = "r-" + UUID.randomUUID();
    String platform = "p" + UUID.randomUUID();
    String[] videos = {UUID.randomUUID().toString(), UUID.randomUUID().toString()};
    try (Database database = Database.open(settings);
        ArmLedger ledger = PostgresArms.open(settings);
        RewardFeed feed = RewardFeed.open(settings)) {
      for (String variant : List.of("v1", "v2")) {
        for (ArmKind kind : List.of(ArmKind.HOOK_STYLE, ArmKind.VOICE, ArmKind.DURATION)) {
          ledger.keep(
              new ArmChoice(
                  kind,
                  new RecordKey(record, 1),
                  variant,
                  "acme",
                  List.of(platform),
                  List.of("one", "two"),
                  "one",
                  500_000,
                  false));
        }
      }
      database.change(
          handle -> {
            // Somebody wrote the second variant's script.
            handle.execute(
                "insert into video_project (record_id, revision, title, target_platforms, settings,"
                    + " status, lane, priority, epoch, entry, edits) values (?, 1, 't', '{}', '{}',"
                    + " 'published', 'live', 1, 1, '{}', '{\"scripts\":{\"v2\":{}}}')",
                record);
            for (int i = 0; i < 2; i++) {
              handle.execute(
                  "insert into rendered_video (project_id, revision, preset, variant, epoch,"
                      + " status) select id, 1, ?, ?, 1, 'completed' from video_project"
                      + " where record_id = ?",
                  i == 0 ? "tiktok" : "instagram_reel",
                  "v" + (i + 1),
                  record);
              // The voice that was drawn was away.
              handle.execute(
                  "insert into published_video (public_id, rendered_video_id, platform, title,"
                      + " description, status, voice) select ?::uuid, r.id, ?, 't', 'd',"
                      + " 'published', ? from rendered_video r join video_project p"
                      + " on p.id = r.project_id where p.record_id = ? and r.variant = ?",
                  videos[i],
                  platform,
                  i == 0 ? "default" : null,
                  record,
                  "v" + (i + 1));
            }
          });

      feed.teach(
          List.of(week(videos[0], platform, 2, 5_000L), week(videos[1], platform, 2, 5_000L)));

      assertThat(rewards(database, platform))
          .containsExactlyInAnyOrder(
              "hook_style one " + videos[0],
              "voice default " + videos[0],
              "duration one " + videos[0]);
    }
  }

  @Test
  void videosOfAListTeachWhatTheListSaysOfThem() {
    PostgresSettings settings = TestServers.postgres();
    String platform = "p" + UUID.randomUUID();
    VideoFacts facts =
        new VideoFacts(
            "clip/7",
            platform,
            "tiktok",
            "acme",
            "Europe/Berlin",
            "story",
            "anna",
            "short",
            null,
            "p",
            Instant.parse("2026-06-01T17:30:00Z").toEpochMilli(),
            0,
            0);
    try (Database database = Database.open(settings);
        PostgresVideoCatalog catalog = PostgresVideoCatalog.open(settings);
        RewardFeed feed = RewardFeed.open(settings)) {
      catalog.put(List.of(facts), Map.of(facts.videoKey(), "question"));

      feed.teach(List.of(week("clip/7", platform, 2, 5_000L)));

      assertThat(rewards(database, platform))
          .containsExactlyInAnyOrder(
              "hook_style story clip/7",
              "voice anna clip/7",
              "title_style question clip/7",
              "posting_hour 18-21 clip/7");
    }
  }

  @Test
  void aChoiceThatCouldNotBeWrittenIsWrittenLaterAndEvidenceDoesNotWaitForIt() throws Exception {
    AtomicInteger attempts = new AtomicInteger();
    CountDownLatch written = new CountDownLatch(2);
    CountDownLatch writing = new CountDownLatch(1);
    ArmLedger ledger =
        new RefusingLedger() {
          @Override
          public ArmChoice keep(ArmChoice choice) {
            if (attempts.getAndIncrement() == 0) {
              try {
                writing.await();
              } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
              }
              return super.keep(choice);
            }
            written.countDown();
            return choice;
          }

          @Override
          public ArmEvidence evidence(ArmKind kind, int halfLifeDays, long nowMs) {
            return ArmEvidence.EMPTY;
          }
        };
    try (LearnedArms arms =
        new LearnedArms(
            ledger,
            LearningSettings.DEFAULT,
            Clock.systemUTC(),
            Duration.ofSeconds(20),
            Duration.ofMillis(1))) {
      ArmChoice first = ThompsonSampling.choose(question("r1"), ArmEvidence.EMPTY, 100);
      arms.keep(first);
      arms.keep(ThompsonSampling.choose(question("r2"), ArmEvidence.EMPTY, 100));
      // Answered while the other one is still being written.
      assertThat(arms.choose(question("r3"))).isPresent();
      writing.countDown();
      written.await();
    }
    assertThat(attempts.get()).isEqualTo(3);
  }

  @Test
  void aDatabaseThatIsAwayHoldsNobodyUpAndAllArmsAreAlike() {
    PostgresSettings nowhere =
        new PostgresSettings(
            "jdbc:postgresql://127.0.0.1:1/x", "u", SecretRef.value("hush"), 1, 3_600);
    try (LearnedArms arms =
        new LearnedArms(
            PostgresArms.open(nowhere),
            LearningSettings.DEFAULT,
            Clock.systemUTC(),
            Duration.ofMillis(50))) {
      ArmChoice choice = arms.choose(question("r1")).orElseThrow();
      arms.keep(choice);

      assertThat(choice).isEqualTo(ThompsonSampling.choose(question("r1"), ArmEvidence.EMPTY, 100));
    }
  }

  @Test
  void evidenceIsReadInTheBackgroundAndTheLastKnownIsUsedWhileTheLedgerIsAway() throws Exception {
    CountDownLatch asked = new CountDownLatch(2);
    List<ArmReward> learned = new ArrayList<>();
    for (int i = 0; i < 300; i++) {
      String arm = OPTIONS.get(i % 3);
      long interactions = arm.equals("story") ? 900 : 300;
      learned.add(
          new ArmReward(
              ArmKind.HOOK_STYLE, arm, "acme", "tiktok", "v" + i, interactions, 10_000, NOW, 1));
    }
    MovableClock clock = new MovableClock();
    ArmLedger ledger =
        new RefusingLedger() {
          @Override
          public ArmEvidence evidence(ArmKind kind, int halfLifeDays, long nowMs) {
            asked.countDown();
            if (asked.getCount() == 0) {
              return super.evidence(kind, halfLifeDays, nowMs);
            }
            return ArmEvidence.of(learned, halfLifeDays, nowMs);
          }
        };
    try (LearnedArms arms =
        new LearnedArms(
            ledger,
            new LearningSettings(0, 90, false, List.of(), false, false, ZoneOffset.UTC),
            clock,
            Duration.ofSeconds(20))) {
      assertThat(arms.choose(question("r1")).orElseThrow().arm()).isEqualTo("story");

      clock.ms += LearnedArms.FRESH.toMillis();
      arms.choose(question("r2"));
      asked.await();
      assertThat(arms.choose(question("r3")).orElseThrow().arm()).isEqualTo("story");
    }
  }

  /** A clock that a test turns. */
  private static final class MovableClock extends Clock {
    private volatile long ms = NOW;

    @Override
    public long millis() {
      return ms;
    }

    @Override
    public java.time.Instant instant() {
      return java.time.Instant.ofEpochMilli(ms);
    }

    @Override
    public java.time.ZoneId getZone() {
      return java.time.ZoneOffset.UTC;
    }

    @Override
    public Clock withZone(java.time.ZoneId zone) {
      return this;
    }
  }

  /** A ledger that is away. */
  private static class RefusingLedger implements ArmLedger {
    private static dev.reelbeam.model.port.StoreException away() {
      return new dev.reelbeam.model.port.StoreException(
          dev.reelbeam.model.failure.FailureCode.DATABASE_UNAVAILABLE, "away", null);
    }

    @Override
    public ArmChoice keep(ArmChoice choice) {
      throw away();
    }

    @Override
    public List<ArmChoice> choices(RecordKey key) {
      throw away();
    }

    @Override
    public void reward(Collection<ArmReward> rewards) {
      throw away();
    }

    @Override
    public ArmEvidence evidence(ArmKind kind, int halfLifeDays, long nowMs) {
      throw away();
    }

    @Override
    public void close() {
      // Nothing is open.
    }
  }
}
