package dev.reelbeam.clients.ledger;

import static org.assertj.core.api.Assertions.assertThat;

import dev.reelbeam.clients.TestServers;
import dev.reelbeam.clients.database.Database;
import dev.reelbeam.model.engagement.Counter;
import dev.reelbeam.model.engagement.Dimension;
import dev.reelbeam.model.engagement.LateSnapshot;
import dev.reelbeam.model.engagement.Measures;
import dev.reelbeam.model.engagement.VideoFacts;
import dev.reelbeam.model.engagement.WindowKind;
import dev.reelbeam.model.engagement.WindowRow;
import java.time.Instant;
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
import org.junit.jupiter.api.Test;

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
    measures[Measures.ENGAGEMENTS] = 40;
    measures[Measures.ENGAGEMENT_VIEWS] = 800;
    measures[Measures.ESTIMATED_REVENUE_MICROS] = 21_000;
    measures[Measures.COST_MICROS] = 5_000;
    put(row);
    assertThat(
            select(
                "select trunc(engagement_rate, 3) || ' ' || coalesce(click_through_rate::text,"
                    + " 'none') || ' ' || revenue_micros || ' ' || revenue_kind || ' '"
                    + " || trunc(cost_micros_per_thousand_views) || ' '"
                    + " || coalesce(views_per_credit::text, 'none')"
                    + " from engagement_figures where key = ?",
                video))
        .containsExactly("0.050 none 21000 estimated 5000 none");
  }

  @Test
  void slidingWindowsRollUpFromDays() {
    long day = START / 86400 * 86400;
    for (int i = 0; i < 30; i++) {
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
  void lateOnesAreKeptOnceAndSettled() {
    try (PostgresEngagement tables = PostgresEngagement.open(TestServers.postgres())) {
      LateSnapshot late = new LateSnapshot(video, START * 1000, 77, "{\"views\":3}");
      tables.putLate(List.of(late));
      tables.putLate(List.of(late));
      assertThat(
              select(
                  "select times || ' ' || too_late_s from engagement_late where video_key = ?",
                  video))
          .containsExactly("2 77");
      assertThat(tables.settleLate(System.currentTimeMillis() + 60_000)).isPositive();
      assertThat(
              select(
                  "select count(*)::text from engagement_late where video_key = ?"
                      + " and applied_at is null",
                  video))
          .containsExactly("0");
    }
  }

  @Test
  void importedVideosAreFoundAndMarkedWhenTheyAreGone() {
    String id = video.substring(video.indexOf('/') + 1);
    VideoFacts facts =
        new VideoFacts(
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
    try (PostgresVideoCatalog catalog = PostgresVideoCatalog.open(TestServers.postgres());
        PostgresEngagement tables = PostgresEngagement.open(TestServers.postgres())) {
      catalog.put(List.of(facts));
      catalog.put(List.of(facts));
      assertThat(catalog.find(List.of(video, "tiktok/" + id, "youtube/none")))
          .isEqualTo(Map.of(video, facts));
      tables.markRemoved(video, START * 1000);
      assertThat(
              select(
                  "select (removed_at is not null)::text from imported_video where video_id = ?",
                  id))
          .containsExactly("true");
    }
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

  private static List<String> select(String sql, String key) {
    try (Database database = Database.open(TestServers.postgres())) {
      return database.with(
          handle -> handle.createQuery(sql).bind(0, key).mapTo(String.class).list());
    }
  }
}
