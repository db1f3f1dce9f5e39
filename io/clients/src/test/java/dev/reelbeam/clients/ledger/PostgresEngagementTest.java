package dev.reelbeam.clients.ledger;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.reelbeam.clients.TestServers;
import dev.reelbeam.clients.database.Database;
import dev.reelbeam.model.engagement.Counter;
import dev.reelbeam.model.engagement.Dimension;
import dev.reelbeam.model.engagement.EngagementSnapshot;
import dev.reelbeam.model.engagement.LateSnapshot;
import dev.reelbeam.model.engagement.Measures;
import dev.reelbeam.model.engagement.SnapshotCodec;
import dev.reelbeam.model.engagement.VideoFacts;
import dev.reelbeam.model.engagement.WindowKind;
import dev.reelbeam.model.engagement.WindowRow;
import dev.reelbeam.model.json.EngagementJson;
import dev.reelbeam.model.port.EngagementHistory;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.DayOfWeek;
import java.time.Instant;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.time.temporal.ChronoUnit;
import java.time.temporal.TemporalAdjusters;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.UUID;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.jdbi.v3.core.Handle;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class PostgresEngagementTest {
  private static final long START = Instant.parse("2026-03-01T10:00:00Z").getEpochSecond();
  private final String video = "youtube/" + UUID.randomUUID();

  @Test
  void aRowIsWholeAndAnOlderFormNeverWins() {
    put(row(WindowKind.HOUR, START, 5, 100));
    put(row(WindowKind.HOUR, START, 7, 250));
    put(row(WindowKind.HOUR, START, 6, 180));
    assertThat(select("select views from engagement_window where key = ?", video))
        .containsExactly("250");
    // The same version again: what was told last stays.
    put(row(WindowKind.HOUR, START, 7, 251), row(WindowKind.HOUR, START, 7, 252));
    assertThat(select("select views from engagement_window where key = ?", video))
        .containsExactly("252");
    assertThat(
            select(
                "select window_start::text || ' ' || coalesce(likes::text, 'missing') || ' '"
                    + " || provisional from engagement_window where key = ?",
                video))
        .containsExactly("2026-03-01 10:00:00 missing true");
  }

  @Test
  void manyWritersInAnyOrderEndWithTheNewestForms() throws Exception {
    List<WindowRow> rows = new ArrayList<>();
    for (int hour = 0; hour < 50; hour++) {
      for (int version = 1; version <= 10; version++) {
        rows.add(row(WindowKind.HOUR, START + hour * 3600L, version, version * 10L));
      }
    }
    ExecutorService writers = Executors.newFixedThreadPool(4);
    try {
      List<Callable<Boolean>> work = new ArrayList<>();
      for (int writer = 0; writer < 4; writer++) {
        List<WindowRow> own = new ArrayList<>(rows);
        Collections.shuffle(own, new Random(writer));
        work.add(
            () -> {
              for (int i = 0; i < own.size(); i += 100) {
                put(own.subList(i, i + 100).toArray(new WindowRow[0]));
              }
              return true;
            });
      }
      for (Future<Boolean> done : writers.invokeAll(work)) {
        assertThat(done.get()).isTrue();
      }
    } finally {
      writers.shutdown();
    }
    assertThat(
            select(
                "select count(*) || ' ' || min(views) || ' ' || max(views) from engagement_window"
                    + " where key = ?",
                video))
        .containsExactly("50 100 100");
  }

  @Test
  void ratiosAreDividedByTheViewAndAMissingCounterIsNotZero() {
    WindowRow row = row(WindowKind.DAY, START / 86400 * 86400, 9, 1000);
    long[] measures = row.measures();
    measures[Counter.LIKES.ordinal()] = 40;
    measures[Measures.KNOWN + Counter.LIKES.ordinal()] = 1;
    measures[Counter.CLICKS.ordinal()] = 9;
    measures[Measures.KNOWN + Counter.CLICKS.ordinal()] = 1;
    measures[Measures.WATCHED_SECONDS] = 3_000;
    measures[Measures.WATCHED_VIEWS] = 200;
    measures[Measures.ENGAGEMENTS] = 40;
    measures[Measures.ENGAGEMENT_VIEWS] = 800;
    measures[Measures.ESTIMATED_REVENUE_MICROS] = 21_000;
    // A platform that tells no views has its share of the cost, and none of the views.
    measures[Measures.COST_MICROS] = 9_000;
    measures[Measures.CREDITS] = 12;
    measures[Measures.VIEWED_COST_MICROS] = 5_000;
    measures[Measures.VIEWED_CREDITS] = 4;
    put(row, dayOfAll(START / 86400 * 86400));
    assertThat(
            select(
                "select trunc(engagement_rate, 3) || ' ' || coalesce(click_through_rate::text,"
                    + " 'none') || ' ' || revenue_micros || ' ' || revenue_kind || ' '"
                    + " || trunc(avg_view_duration_seconds) || ' '"
                    + " || trunc(cost_micros_per_thousand_views) || ' '"
                    + " || trunc(views_per_credit) || ' ' || cost_micros || ' ' || credits"
                    + " from engagement_figures where key = ?",
                video))
        .containsExactly("0.050 none 21000 estimated 15 5000 250 9000 12");
    assertThat(
            select(
                "select trunc(cost_micros_per_thousand_views) || ' ' || trunc(views_per_credit)"
                    + " || ' ' || cost_micros || ' ' || credits from engagement_sliding"
                    + " where key = ? and days = 7",
                video))
        .containsExactly("5000 250 9000 12");
  }

  @Test
  void slidingWindowsRollUpFromDays() {
    long day = START / 86400 * 86400;
    for (int i = 0; i < 30; i++) {
      put(dayOfAll(day + i * 86400L));
      if (i != 3) {
        put(row(WindowKind.DAY, day + i * 86400L, 1, 10 + i));
      }
    }
    // Days 23 to 29; days 2 to 29 without the third, which nobody told of.
    assertThat(
            select(
                "select days || ' ' || views from engagement_sliding where key = ? and last_day ="
                    + " timestamp '2026-03-30' order by days",
                video))
        .containsExactly("7 " + 7 * (10 + 26), "28 " + (27 * 10 + 434 - 3 - 2 + 2));
  }

  @Test
  void aSlidingWindowEndsWithAQuietDayToo() {
    long day = START / 86400 * 86400;
    for (int i = 0; i < 40; i++) {
      put(dayOfAll(day + i * 86400L));
    }
    put(row(WindowKind.DAY, day, 1, 100), row(WindowKind.DAY, day + 5 * 86400L, 1, 7));
    assertThat(
            select(
                "select days || ' ' || min(last_day)::date || ' ' || max(last_day)::date || ' '"
                    + " || count(*) from engagement_sliding where key = ? group by days"
                    + " order by days",
                video))
        .containsExactly("7 2026-03-01 2026-03-12 12", "28 2026-03-01 2026-04-02 33");
    assertThat(
            select(
                "select days || ' ' || views from engagement_sliding where key = ? and last_day ="
                    + " timestamp '2026-03-08' order by days",
                video))
        .containsExactly("7 7", "28 107");
  }

  @Test
  void lateOnesAreKeptOnceAndSettled() {
    try (PostgresEngagement tables = PostgresEngagement.open(TestServers.postgres());
        PostgresEngagementHistory history =
            PostgresEngagementHistory.open(TestServers.postgres())) {
      String id = video.substring(video.indexOf('/') + 1);
      String json = EngagementJson.text(snapshot(id, START * 1000, 3, null, null));
      LateSnapshot late = new LateSnapshot(video, START * 1000, 77, json);
      tables.putLate(List.of(late));
      tables.putLate(List.of(late));
      assertThat(
              select(
                  "select times || ' ' || too_late_s from engagement_late where video_key = ?",
                  video))
          .containsExactly("2 77");
      // What comes while a replay reads may not be in it: it waits for the next one.
      String during = "youtube/" + UUID.randomUUID();
      long generation = history.raise("");
      tables.putLate(List.of(new LateSnapshot(during, START * 1000, 77, json)));
      assertThat(tables.settle(generation)).isPositive();
      String waiting =
          "select count(*)::text from engagement_late where video_key = ? and applied_at is null";
      assertThat(select(waiting, video)).containsExactly("0");
      assertThat(select(waiting, during)).containsExactly("1");
      assertThat(history.generation("")).isGreaterThanOrEqualTo(generation);
    }
  }

  @Test
  void otherRatesBeginAGenerationOnce() {
    String rates = "tiktok=" + (1 + new Random().nextInt(1_000_000));
    try (PostgresEngagementHistory history =
        PostgresEngagementHistory.open(TestServers.postgres())) {
      long before = history.raise("");
      long now = history.generation(rates);
      assertThat(now).isGreaterThan(before);
      assertThat(history.generation(rates)).isEqualTo(now);
      assertThat(history.raise(rates)).isGreaterThan(now);
      assertThat(history.generation("")).isGreaterThan(now + 1);
    }
  }

  @Test
  void aLaterGenerationCountsWhateverItsVersionsAndWhatItDoesNotWriteGoes() {
    String other = "youtube/" + UUID.randomUUID();
    try (PostgresEngagement tables = PostgresEngagement.open(TestServers.postgres());
        PostgresEngagementHistory history =
            PostgresEngagementHistory.open(TestServers.postgres())) {
      long before = history.raise("");
      long now = history.raise("");
      tables.put(List.of(row(video, before, 900, 5), row(other, before, 900, 6)));
      tables.put(List.of(row(video, now, 3, 7)));
      tables.put(List.of(row(video, before, 1_000, 8)));
      tables.put(List.of(row(video, now, 2, 9), row(video, before, 2_000, 10)));
      String views = "select views from engagement_window where key = ?";
      assertThat(select(views, video)).containsExactly("7");
      assertThat(select(views, other)).containsExactly("6");
      tables.settle(now);
      assertThat(select(views, video)).containsExactly("7");
      assertThat(select(views, other)).isEmpty();
    }
  }

  private static WindowRow row(String key, long generation, long version, long views) {
    long[] measures = new long[Measures.SIZE];
    measures[Counter.VIEWS.ordinal()] = views;
    measures[Measures.KNOWN + Counter.VIEWS.ordinal()] = 1;
    measures[Measures.VERSION] = version;
    return new WindowRow(Dimension.VIDEO, key, WindowKind.HOUR, START, generation, measures);
  }

  @Test
  void theWholeHistoryIsReadInPagesLateOnesIncluded() {
    String id = video.substring(video.indexOf('/') + 1);
    try (PostgresVideoCatalog catalog = PostgresVideoCatalog.open(TestServers.postgres());
        PostgresEngagement tables = PostgresEngagement.open(TestServers.postgres());
        PostgresEngagementHistory history =
            PostgresEngagementHistory.open(TestServers.postgres())) {
      catalog.put(List.of(facts(id)));
      List<EngagementSnapshot> kept = new ArrayList<>();
      for (int i = 0; i < 7; i++) {
        kept.add(snapshot(id, START * 1000 + i * 3_600_000L, i, null, null));
      }
      tables.keep(kept);
      EngagementSnapshot late = snapshot(id, START * 1000 + 1_000, 3, null, null);
      tables.putLate(
          List.of(new LateSnapshot(video, late.fetchedAtMs(), 7, EngagementJson.text(late))));
      List<EngagementSnapshot> read = new ArrayList<>();
      String place = EngagementHistory.BEGIN;
      while (place != null) {
        EngagementHistory.Page page = history.read(place, 3);
        read.addAll(page.snapshots());
        place = page.next();
      }
      assertThat(read)
          .filteredOn(each -> each.videoKey().equals(video))
          .hasSize(8)
          .containsAll(kept)
          .contains(late);
      assertThat(history.of(List.of(video))).containsExactlyInAnyOrderElementsOf(kept);
    }
  }

  @Test
  void aVideosShareOfTheCostDoesNotDependOnWhenItIsAskedFor() {
    String record = "r-" + UUID.randomUUID();
    List<String> videos = new ArrayList<>();
    List<Long> costs = new ArrayList<>();
    try (Database database = Database.open(TestServers.postgres());
        PostgresVideoCatalog catalog = PostgresVideoCatalog.open(TestServers.postgres())) {
      database.change(
          handle -> {
            handle.execute(
                "insert into video_project (record_id, revision, title, target_platforms, settings,"
                    + " status, lane, priority, epoch, entry, edits) values (?, 1, 't', '{}', '{}',"
                    + " 'published', 'live', 1, 1, '{}', '{}')",
                record);
            for (String preset : List.of("youtube_short", "tiktok", "instagram_reel")) {
              plan(handle, record, 1, preset, "2026-03-01T08:00:00Z");
            }
            charge(handle, record, 90, "2026-03-01T08:30:00Z");
          });
      for (String hour : List.of("10", "12", "14")) {
        String id = UUID.randomUUID().toString();
        String preset = List.of("youtube_short", "tiktok", "instagram_reel").get(videos.size());
        database.change(
            handle -> publish(handle, record, 1, preset, id, "2026-03-01T" + hour + ":00:00Z"));
        videos.add("youtube/" + id);
        costs.add(catalog.find(List.of("youtube/" + id)).get("youtube/" + id).costMicros());
      }
      assertThat(costs).as("asked one by one").containsExactly(30L, 30L, 30L);
      // A newer revision: its own costs are its own videos'.
      database.change(
          handle -> {
            plan(handle, record, 2, "tiktok", "2026-03-02T08:00:00Z");
            charge(handle, record, 50, "2026-03-02T08:30:00Z");
          });
      String newer = UUID.randomUUID().toString();
      database.change(
          handle -> publish(handle, record, 2, "tiktok", newer, "2026-03-02T10:00:00Z"));
      assertThat(videos.stream().map(key -> catalog.find(videos).get(key).costMicros()))
          .as("asked again")
          .containsExactly(30L, 30L, 30L);
      String key = "youtube/" + newer;
      assertThat(catalog.find(List.of(key)).get(key).costMicros()).isEqualTo(50);
    }
  }

  private static void plan(Handle handle, String record, int revision, String preset, String at) {
    handle.execute(
        "insert into rendered_video (project_id, revision, preset, variant, epoch, status)"
            + " select id, ?, ?, 'v1', 1, 'completed' from video_project where record_id = ?",
        revision,
        preset,
        record);
    handle.execute(
        "insert into delivery (project_id, revision, preset, epoch, state, created_at)"
            + " select id, ?, ?, 1, 'completed', ?::timestamptz from video_project"
            + " where record_id = ?",
        revision,
        preset,
        at,
        record);
  }

  private static void charge(Handle handle, String record, long micros, String at) {
    handle.execute(
        "insert into cost_entry (entry_key, project_id, kind, quantity, unit, money_micros,"
            + " credits, state, at) select ?, id, 'tts', 1, 'x', ?, 0, 'charged', ?::timestamptz"
            + " from video_project where record_id = ?",
        UUID.randomUUID().toString(),
        micros,
        at,
        record);
  }

  private static void publish(
      Handle handle, String record, int revision, String preset, String id, String at) {
    handle.execute(
        "insert into published_video (public_id, rendered_video_id, platform, title, description,"
            + " status, published_at) select ?::uuid, r.id, 'youtube', 't', 'd', 'published',"
            + " ?::timestamptz from rendered_video r join video_project p on p.id = r.project_id"
            + " where p.record_id = ? and r.revision = ? and r.preset = ?",
        id,
        at,
        record,
        revision,
        preset);
  }

  @Test
  void snapshotsOfKnownVideosAreKeptOnceAndComeBackAsTheyWere() {
    String id = video.substring(video.indexOf('/') + 1);
    EngagementSnapshot first = snapshot(id, START * 1000 + 250, 10, 12_345L, "sha256/aa");
    EngagementSnapshot corrected = snapshot(id, START * 1000 + 250, 12, null, null);
    EngagementSnapshot later = snapshot(id, START * 1000 + 90_000, 30, null, null);
    EngagementSnapshot stranger =
        snapshot(UUID.randomUUID().toString(), START * 1000, 1, null, null);
    try (PostgresVideoCatalog catalog = PostgresVideoCatalog.open(TestServers.postgres());
        PostgresEngagement tables = PostgresEngagement.open(TestServers.postgres())) {
      catalog.put(List.of(facts(id)));
      tables.keep(List.of(later, first, first, stranger));
      tables.keep(List.of(corrected));
      tables.keep(List.of(first));
    }
    List<EngagementSnapshot> kept = new ArrayList<>();
    try (PostgresEngagementHistory history =
        PostgresEngagementHistory.open(TestServers.postgres())) {
      history.read(bytes -> kept.add(SnapshotCodec.decode(bytes)));
    }
    assertThat(kept).extracting(EngagementSnapshot::videoId).doesNotContain(stranger.videoId());
    assertThat(kept)
        .filteredOn(snapshot -> snapshot.videoId().equals(id))
        .containsExactlyInAnyOrder(later, snapshot(id, START * 1000 + 250, 12, 12_345L, null));
    assertThat(
            select(
                "select raw_ref from video_engagement where video_key = ? and raw_ref is not null",
                video))
        .containsExactly("sha256/aa");
  }

  @Test
  void notebooksGetVideosAndTheirDaysAsCsv(@TempDir Path folder) throws Exception {
    String id = video.substring(video.indexOf('/') + 1);
    Instant published = Instant.now().truncatedTo(ChronoUnit.DAYS).minus(3, ChronoUnit.DAYS);
    try (PostgresVideoCatalog catalog = PostgresVideoCatalog.open(TestServers.postgres());
        PostgresTableExport export = PostgresTableExport.open(TestServers.postgres())) {
      catalog.put(
          List.of(
              new VideoFacts(
                  id,
                  "youtube",
                  "youtube_short",
                  "acme",
                  "UTC",
                  "question",
                  null,
                  "short",
                  null,
                  "p",
                  published.toEpochMilli(),
                  12,
                  3)));
      put(row(WindowKind.DAY, published.getEpochSecond(), 3, 100));
      put(row(WindowKind.DAY, published.getEpochSecond() + 86400, 3, 50));
      assertThat(export.write(folder)).containsKeys("videos", "engagement_day", "cost_entry");
    }
    assertThat(Files.readAllLines(folder.resolve("videos.csv")))
        .first()
        .isEqualTo(
            "video,platform,site,hook_style,holdout,published_on,week,views,interactions,"
                + "engagement_views,watch_s,cost_micros");
    String week = published.isBefore(monday()) ? "10" : "11";
    // Nobody told likes or watch time: that is not zero.
    assertThat(Files.readAllLines(folder.resolve("videos.csv")))
        .contains(
            id
                + ",youtube,acme,question,,"
                + published.toString().substring(0, 10)
                + ","
                + week
                + ",150,,,,12");
    assertThat(Files.readAllLines(folder.resolve("engagement_day.csv")))
        .contains(id + ",youtube," + week + ",0,100", id + ",youtube," + week + ",1,50");
  }

  /** A list of 2040, so that no other test's videos are among them. */
  @Test
  void whatIsNotToldIsEmptyAndWeeksStayWithinTwelve(@TempDir Path folder) throws Exception {
    String prefix = video.substring(video.indexOf('/') + 1, video.indexOf('/') + 9);
    // Monday morning in Kiritimati, still Sunday in UTC.
    Instant now = Instant.parse("2040-04-08T11:00:00Z");
    try (PostgresVideoCatalog catalog = PostgresVideoCatalog.open(TestServers.postgres());
        PostgresTableExport export = PostgresTableExport.open(TestServers.postgres())) {
      catalog.put(
          List.of(
              facts(prefix + "-east", "Pacific/Kiritimati", Instant.parse("2040-04-08T10:30:00Z")),
              facts(prefix + "-utc", "UTC", Instant.parse("2040-04-08T10:30:00Z")),
              facts(prefix + "-oldest", "UTC", Instant.parse("2040-01-23T00:00:00Z")),
              facts(prefix + "-too-old", "UTC", Instant.parse("2040-01-22T23:59:59Z")),
              // Planned, or by a clock that is ahead.
              facts(prefix + "-future", "UTC", Instant.parse("2040-04-20T00:00:00Z"))));
      long day = Instant.parse("2040-04-08T00:00:00Z").getEpochSecond();
      WindowRow blind = row(WindowKind.DAY, day, 1, 0);
      long[] measures = blind.measures();
      measures[Measures.KNOWN + Counter.VIEWS.ordinal()] = 0;
      measures[Counter.LIKES.ordinal()] = 40;
      measures[Measures.KNOWN + Counter.LIKES.ordinal()] = 1;
      WindowRow seen = row(WindowKind.DAY, day + 86_400, 1, 900);
      measures = seen.measures();
      measures[Counter.LIKES.ordinal()] = 30;
      measures[Measures.KNOWN + Counter.LIKES.ordinal()] = 1;
      measures[Measures.ENGAGEMENTS] = 30;
      measures[Measures.ENGAGEMENT_VIEWS] = 900;
      String east = "youtube/" + prefix + "-east";
      String utc = "youtube/" + prefix + "-utc";
      put(
          new WindowRow(Dimension.VIDEO, utc, blind.kind(), day, blind.measures()),
          new WindowRow(Dimension.VIDEO, east, seen.kind(), day + 86_400, seen.measures()));
      export.write(folder, now);
    }
    assertThat(lines(folder.resolve("videos.csv"), prefix))
        .containsExactlyInAnyOrder(
            "-east,youtube,acme,question,,2040-04-09,11,900,30,900,,12",
            "-utc,youtube,acme,question,,2040-04-08,10,,,,,12",
            "-oldest,youtube,acme,question,,2040-01-23,0,,,,,12");
    assertThat(lines(folder.resolve("engagement_day.csv"), prefix))
        .as("a day without views is no line")
        .containsExactly("-east,youtube,11,0,900");
  }

  private static List<String> lines(Path file, String prefix) throws IOException {
    return Files.readAllLines(file).stream()
        .filter(line -> line.startsWith(prefix))
        .map(line -> line.substring(prefix.length()))
        .toList();
  }

  private static VideoFacts facts(String id, String zone, Instant published) {
    return new VideoFacts(
        id,
        "youtube",
        "youtube_short",
        "acme",
        zone,
        "question",
        null,
        "short",
        null,
        "p",
        published.toEpochMilli(),
        12,
        3);
  }

  /** Of the week that has begun somewhere. */
  private static Instant monday() {
    return LocalDate.now(ZoneOffset.ofHours(14))
        .with(TemporalAdjusters.previousOrSame(DayOfWeek.MONDAY))
        .atStartOfDay(ZoneOffset.UTC)
        .toInstant();
  }

  private static EngagementSnapshot snapshot(
      String id, long atMs, long views, @Nullable Long averageMs, @Nullable String rawRef) {
    return new EngagementSnapshot(
        id, "youtube", null, atMs, views, null, null, null, null, null, null, averageMs, 7L, rawRef,
        false);
  }

  @Test
  void importedVideosAreFoundAndMarkedWhenTheyAreGone() {
    String id = video.substring(video.indexOf('/') + 1);
    VideoFacts facts = facts(id);
    try (PostgresVideoCatalog catalog = PostgresVideoCatalog.open(TestServers.postgres());
        PostgresEngagement tables = PostgresEngagement.open(TestServers.postgres())) {
      catalog.put(List.of(facts));
      catalog.put(List.of(facts));
      assertThat(catalog.find(List.of(video, "tiktok/" + id, "youtube/none")))
          .isEqualTo(Map.of(video, facts));
      tables.markRemoved(video, START * 1000);
      String gone = "select (removed_at is not null)::text from imported_video where video_id = ?";
      assertThat(select(gone, id)).containsExactly("true");
      tables.markReturned(video, START * 1000);
      assertThat(select(gone, id)).as("not by what is older").containsExactly("true");
      tables.markReturned(video, START * 1000 + 1);
      assertThat(select(gone, id)).containsExactly("false");
    }
  }

  @Test
  void aNameThatIsAsLongAsMayBeImportedIsTheKeyOfARow() {
    String id = video.substring(video.indexOf('/') + 1);
    StringBuilder topic = new StringBuilder();
    new Random(5).ints(170, 0x4E00, 0x9FFF).forEach(topic::appendCodePoint);
    topic.append("ab");
    String line =
        new String(EngagementJson.write(facts(id)), StandardCharsets.UTF_8)
            .replace("pumps", topic.toString());
    VideoFacts facts = EngagementJson.readFacts(line.getBytes(StandardCharsets.UTF_8));
    String longer = line.replace(topic.toString(), topic + "c");
    assertThatThrownBy(() -> EngagementJson.readFacts(longer.getBytes(StandardCharsets.UTF_8)))
        .hasMessage("topic is longer than 512 bytes or holds a NUL");
    try (PostgresVideoCatalog catalog = PostgresVideoCatalog.open(TestServers.postgres())) {
      catalog.put(List.of(facts));
    }
    WindowRow row = row(WindowKind.DAY, START / 86400 * 86400, 1, 100);
    String key = String.valueOf(facts.topic());
    put(new WindowRow(Dimension.TOPIC, key, row.kind(), row.startS(), row.measures()));
    assertThat(select("select views from engagement_window where key = ?", key))
        .containsExactly("100");
  }

  private static VideoFacts facts(String id) {
    return new VideoFacts(
        id,
        "youtube",
        "youtube_short",
        "acme",
        "Europe/Berlin",
        "question",
        null,
        "short",
        "pumps",
        "blog-42",
        START * 1000,
        12,
        3);
  }

  private void put(WindowRow... rows) {
    try (PostgresEngagement tables = PostgresEngagement.open(TestServers.postgres())) {
      tables.put(List.of(rows));
    }
  }

  private WindowRow row(WindowKind kind, long startS, long version, long views) {
    long[] measures = new long[Measures.SIZE];
    measures[Counter.VIEWS.ordinal()] = views;
    measures[Measures.KNOWN + Counter.VIEWS.ordinal()] = 1;
    measures[Measures.VIDEOS] = 1;
    measures[Measures.PROVISIONAL] = 1;
    measures[Measures.VERSION] = version;
    return new WindowRow(Dimension.VIDEO, video, kind, startS, measures);
  }

  /** A day on which a video of some platform told something. */
  private static WindowRow dayOfAll(long startS) {
    return new WindowRow(
        Dimension.PLATFORM, "youtube", WindowKind.DAY, startS, new long[Measures.SIZE]);
  }

  private static List<String> select(String sql, String key) {
    try (Database database = Database.open(TestServers.postgres())) {
      return database.with(
          handle -> handle.createQuery(sql).bind(0, key).mapTo(String.class).list());
    }
  }
}
