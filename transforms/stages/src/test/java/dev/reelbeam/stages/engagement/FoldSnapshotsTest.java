package dev.reelbeam.stages.engagement;

import static org.assertj.core.api.Assertions.assertThat;

import dev.reelbeam.model.engagement.EngagementSnapshot;
import dev.reelbeam.model.engagement.Measures;
import dev.reelbeam.model.engagement.Packed;
import dev.reelbeam.model.engagement.VideoFacts;
import dev.reelbeam.model.engagement.WindowKind;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import org.junit.jupiter.api.Test;

class FoldSnapshotsTest {
  private static final long HOUR = 3600;
  private static final long DAY = 24 * HOUR;
  private static final long RATE = 37;
  private static final String[] ZONES = {
    "UTC",
    "Europe/Berlin",
    "America/St_Johns",
    "Asia/Kathmandu",
    "Pacific/Apia",
    "Australia/Lord_Howe"
  };

  /** Collects what a fold tells, as tables and dimension windows would hold it. */
  static final class Books implements FoldSnapshots.Output {
    final Map<Recount.Window, long[]> rows = new HashMap<>();
    final Map<List<Long>, long[]> sums = new HashMap<>();
    final List<Long> late = new ArrayList<>();
    final List<Long> early = new ArrayList<>();
    final List<Long> removed = new ArrayList<>();
    boolean versionsGrow = true;
    int writes;

    @Override
    public void video(WindowKind kind, long startS, long[] measures) {
      writes++;
      long[] before = rows.put(new Recount.Window(kind, startS), measures.clone());
      versionsGrow &= before == null || before[Measures.VERSION] <= measures[Measures.VERSION];
    }

    @Override
    public void changed(long day, int slot, long[] difference) {
      Measures.add(
          sums.computeIfAbsent(List.of(day, (long) slot), key -> new long[Measures.SIZE]),
          difference,
          1);
    }

    @Override
    public void late(long time, int mask, long[] counters, long tooLateS) {
      late.add(tooLateS);
    }

    @Override
    public void early(long time, int mask, long[] counters) {
      early.add(time);
    }

    @Override
    public void removed(long time) {
      removed.add(time);
    }
  }

  /** One video on its way through folds of some snapshots each, its history encoded in between. */
  static final class Video {
    final VideoFacts facts;
    final Books books = new Books();
    private final FoldSnapshots fold;
    byte[] history = new byte[] {0};

    Video(VideoFacts facts, long latenessS) {
      this.facts = facts;
      this.fold = new FoldSnapshots(latenessS);
    }

    void fold(List<EngagementSnapshot> snapshots) {
      Packed.Writer pending = new Packed.Writer(256);
      snapshots.forEach(snapshot -> SnapshotRow.write(snapshot, pending));
      VideoHistory read = VideoHistory.read(new Packed.Reader(history));
      fold.fold(facts, read, new Packed.Reader(pending.toBytes()), RATE, books);
      Packed.Writer writer = new Packed.Writer(256);
      read.write(writer);
      history = writer.toBytes();
    }
  }

  static VideoFacts facts(String zone, long publishedS) {
    return new VideoFacts(
        "v1",
        "youtube",
        "youtube_short",
        "acme",
        zone,
        "question",
        "anna",
        "short",
        "pumps",
        "blog-42",
        publishedS * 1000,
        1234,
        17);
  }

  static EngagementSnapshot snapshot(long second, Long... counters) {
    Long[] all = new Long[8];
    System.arraycopy(counters, 0, all, 0, counters.length);
    return new EngagementSnapshot(
        "v1",
        "youtube",
        "acme",
        second * 1000,
        all[0],
        all[1],
        all[2],
        all[3],
        all[4],
        all[5],
        all[6],
        null,
        all[7],
        null,
        false);
  }

  /** Snapshots with gaps, corrections, resets, duplicates, missing counters, equal seconds. */
  private static List<EngagementSnapshot> course(Random random, long published, int count) {
    List<EngagementSnapshot> snapshots = new ArrayList<>();
    long second = published - random.nextInt(3) * HOUR;
    long[] counters = new long[8];
    boolean[] silent = new boolean[8];
    for (int i = 0; i < count; i++) {
      int kind = random.nextInt(20);
      long step =
          kind == 0
              ? 0
              : kind == 1
                  ? 20 * DAY + random.nextInt(45 * (int) DAY)
                  : kind < 5
                      ? random.nextInt(5 * (int) DAY)
                      : kind < 10 ? HOUR * random.nextInt(12) : random.nextInt(12 * (int) HOUR);
      second += step;
      for (int j = 0; j < 8; j++) {
        int change = random.nextInt(30);
        long rise = (long) (Math.pow(10, random.nextInt(j == 0 ? 15 : 6)) * random.nextDouble());
        counters[j] =
            change == 0 ? 0 : change < 4 ? Math.max(0, counters[j] - rise) : counters[j] + rise;
        if (random.nextInt(15) == 0) {
          silent[j] = !silent[j];
        }
      }
      Long[] told = new Long[8];
      for (int j = 0; j < 8; j++) {
        told[j] = silent[j] || random.nextInt(10) == 0 ? null : counters[j];
      }
      snapshots.add(snapshot(second, told));
      if (random.nextInt(20) == 0) {
        snapshots.add(snapshots.get(random.nextInt(snapshots.size())));
      }
    }
    return snapshots;
  }

  /** An order in which nothing comes later than a week behind the newest. */
  private static List<EngagementSnapshot> delayed(List<EngagementSnapshot> course, Random random) {
    record Arrival(EngagementSnapshot snapshot, long at) {}
    List<Arrival> arrivals = new ArrayList<>();
    for (EngagementSnapshot snapshot : course) {
      int kind = random.nextInt(4);
      long delay =
          kind == 0 ? 0 : kind == 1 ? random.nextInt(7 * (int) DAY) : random.nextInt(48) * HOUR;
      arrivals.add(new Arrival(snapshot, snapshot.fetchedAtMs() / 1000 + delay));
    }
    Collections.shuffle(arrivals, random);
    arrivals.sort(Comparator.comparingLong(Arrival::at));
    return arrivals.stream().map(Arrival::snapshot).toList();
  }

  private static void check(Video video, List<EngagementSnapshot> snapshots) {
    Map<Recount.Window, long[]> expected = new Recount(video.facts, RATE, snapshots).windows();
    expected.forEach(
        (window, measures) ->
            assertThat(video.books.rows.get(window)).as(window.toString()).isEqualTo(measures));
    assertThat(video.books.rows.keySet()).isEqualTo(expected.keySet());
    Map<List<Long>, long[]> sums = new HashMap<>();
    SiteDays days = SiteDays.of(video.facts.timeZone());
    expected.forEach(
        (window, measures) -> {
          long start = window.start();
          List<Long> slot =
              switch (window.kind()) {
                case HOUR -> List.of(Math.floorDiv(start, DAY), Math.floorMod(start, DAY) / HOUR);
                case DAY -> List.of(start / DAY, 24L);
                case FIRST_24H -> List.of(days.dayOf(start), 25L);
                case FIRST_7D -> List.of(days.dayOf(start), 26L);
              };
          sums.put(slot, measures);
        });
    video.books.sums.values().removeIf(Measures::isZero);
    assertThat(video.books.sums.keySet()).isEqualTo(sums.keySet());
    sums.forEach(
        (slot, measures) ->
            assertThat(video.books.sums.get(slot)).as(slot.toString()).isEqualTo(measures));
  }

  @Property(tries = 150)
  void everyOrderWithinTheLatenessGivesWhatARecountOfAllSnapshotsGives(
      @ForAll long seed, @ForAll @IntRange(min = 1, max = 60) int count) {
    Random random = new Random(seed);
    long published =
        Instant.parse("2026-01-01T00:00:00Z").getEpochSecond()
            + random.nextInt(300 * (int) DAY)
            - (random.nextBoolean() ? 0 : random.nextInt(2));
    VideoFacts facts = facts(ZONES[random.nextInt(ZONES.length)], published);
    List<EngagementSnapshot> course = course(random, published, count);
    Video streamed = new Video(facts, FoldSnapshots.LATENESS_S);
    List<EngagementSnapshot> arrivals = delayed(course, random);
    for (int at = 0; at < arrivals.size(); ) {
      int some = Math.min(arrivals.size(), at + 1 + random.nextInt(5));
      streamed.fold(arrivals.subList(at, some));
      at = some;
    }
    assertThat(streamed.books.late).isEmpty();
    check(streamed, course);
    assertThat(streamed.books.versionsGrow).as("versions never fall").isTrue();

    List<EngagementSnapshot> anyOrder = new ArrayList<>(course);
    Collections.shuffle(anyOrder, random);
    Video batch = new Video(facts, FoldSnapshots.NO_LATENESS);
    batch.fold(anyOrder.subList(0, anyOrder.size() / 2));
    batch.fold(anyOrder.subList(anyOrder.size() / 2, anyOrder.size()));
    check(batch, course);
  }

  @Test
  void aDeltaIsSpreadEvenlyAndNothingIsLostToRounding() {
    long published = Instant.parse("2026-03-01T00:30:00Z").getEpochSecond();
    Video video = new Video(facts("UTC", published), FoldSnapshots.LATENESS_S);
    video.fold(List.of(snapshot(published + 3 * HOUR, 10L)));
    // 10 views in 3 hours: 1.67, 3.33, 3.33, 1.67, rounded towards the past.
    assertThat(views(video, published - 1800, 4)).containsExactly(1L, 4L, 3L, 2L);
    video.fold(List.of(snapshot(published + 5 * HOUR, 7L)));
    assertThat(views(video, published - 1800, 6)).containsExactly(1L, 4L, 3L, 2L, -2L, -1L);
    assertThat(
            video
                .books
                .rows
                .get(new Recount.Window(WindowKind.HOUR, published + 5 * HOUR - 1800))[
                Measures.PROVISIONAL])
        .isOne();
  }

  @Test
  void aVideoThatLacksOneSideOfARatioIsInNeither() {
    long published = Instant.parse("2026-03-01T10:00:00Z").getEpochSecond();
    long[] complete = firstDay(published, 1000L, 30L, null, null, 5000L, 400L, 20L);
    long[] withoutViews = firstDay(published, null, 50L, null, null, 7000L, null, 9L);
    long[] sums = complete.clone();
    Measures.add(sums, withoutViews, 1);
    // 30 of 1000, not 80 of 1000.
    assertThat(sums[Measures.ENGAGEMENTS]).isEqualTo(30);
    assertThat(sums[Measures.ENGAGEMENT_VIEWS]).isEqualTo(1000);
    assertThat(sums[Measures.WATCHED_SECONDS]).isEqualTo(5000);
    assertThat(sums[Measures.WATCHED_VIEWS]).isEqualTo(1000);
    assertThat(sums[Measures.CLICKED]).isEqualTo(20);
    assertThat(sums[Measures.CLICK_IMPRESSIONS]).isEqualTo(400);
    // Half of the cost was for views that nobody knows.
    assertThat(sums[Measures.VIEWED_COST_MICROS])
        .isEqualTo(complete[Measures.COST_MICROS])
        .isEqualTo(sums[Measures.COST_MICROS] / 2)
        .isPositive();
    assertThat(sums[Measures.VIEWED_CREDITS])
        .isEqualTo(complete[Measures.CREDITS])
        .isEqualTo(sums[Measures.CREDITS] / 2)
        .isPositive();
    // What platforms told is there all the same.
    assertThat(sums[1]).isEqualTo(80);
    assertThat(sums[4]).isEqualTo(12_000);
    assertThat(sums[6]).isEqualTo(29);
  }

  @Test
  void nothingIsEstimatedWhereThePlatformTellsRevenue() {
    long published = Instant.parse("2026-03-01T10:00:00Z").getEpochSecond();
    long[] told = firstDay(published, 100_000L, null, null, null, null, null, null, 1_000_000L);
    assertThat(told[Measures.ESTIMATED_REVENUE_MICROS]).isZero();
    long[] untold = firstDay(published, 100_000L);
    assertThat(untold[Measures.ESTIMATED_REVENUE_MICROS]).isEqualTo(100 * RATE);
  }

  private static long[] firstDay(long published, Long... counters) {
    Video video = new Video(facts("UTC", published), FoldSnapshots.LATENESS_S);
    video.fold(List.of(snapshot(published + DAY, counters)));
    return video.books.rows.get(new Recount.Window(WindowKind.FIRST_24H, published));
  }

  @Test
  void theFirst24HoursHoldTheInterpolatedShare() {
    long published = Instant.parse("2026-03-01T10:00:00Z").getEpochSecond();
    Video video = new Video(facts("UTC", published), FoldSnapshots.LATENESS_S);
    video.fold(List.of(snapshot(published + 12 * HOUR, 100L)));
    Recount.Window first = new Recount.Window(WindowKind.FIRST_24H, published);
    assertThat(video.books.rows.get(first)[0]).isEqualTo(100);
    assertThat(video.books.rows.get(first)[Measures.PROVISIONAL]).isOne();
    video.fold(List.of(snapshot(published + 36 * HOUR, 300L)));
    assertThat(video.books.rows.get(first)[0]).isEqualTo(200);
    assertThat(video.books.rows.get(first)[Measures.PROVISIONAL]).isZero();
    // A late one between the two bends both sides.
    video.fold(List.of(snapshot(published + 20 * HOUR, 180L)));
    assertThat(video.books.rows.get(first)[0]).isEqualTo(180 + 120 * 4 / 16);
  }

  @Test
  void daysFollowTheSitesClockOverItsChanges() {
    // 2026-03-29 has 23 hours in Berlin, 2026-10-25 has 25.
    for (String[] day :
        new String[][] {{"2026-03-28T23:00:00Z", "23"}, {"2026-10-24T22:00:00Z", "25"}}) {
      long begin = Instant.parse(day[0]).getEpochSecond();
      long hours = Long.parseLong(day[1]);
      Video video = new Video(facts("Europe/Berlin", begin - 10 * HOUR), FoldSnapshots.LATENESS_S);
      video.fold(List.of(snapshot(begin, 1000L), snapshot(begin + 40 * HOUR, 1400L)));
      long label = (begin + 12 * HOUR) / DAY * DAY;
      assertThat(video.books.rows.get(new Recount.Window(WindowKind.DAY, label))[0])
          .isEqualTo(10 * hours);
    }
  }

  @Test
  void whatComesTooLateIsToldAndChangesNothing() {
    long published = Instant.parse("2026-03-01T10:00:00Z").getEpochSecond();
    Video video = new Video(facts("UTC", published), FoldSnapshots.LATENESS_S);
    video.fold(List.of(snapshot(published + DAY, 100L), snapshot(published + 20 * DAY, 300L)));
    Map<Recount.Window, long[]> before = new HashMap<>(video.books.rows);
    video.fold(List.of(snapshot(published + 12 * DAY, 250L)));
    assertThat(video.books.late).containsExactly(DAY);
    assertThat(video.books.rows).isEqualTo(before);
    video.fold(List.of(snapshot(published - 2 * DAY, 250L)));
    assertThat(video.books.early).hasSize(1);
    video.fold(List.of(EngagementSnapshot.removed("v1", "youtube", null, published * 1000)));
    assertThat(video.books.removed).containsExactly(published);
    assertThat(video.books.rows).isEqualTo(before);
  }

  @Test
  void aGapOf30DaysIsToldAndOneOfAYearIsNot() {
    long published = Instant.parse("2025-03-01T00:00:00Z").getEpochSecond();
    Video video = new Video(facts("UTC", published), FoldSnapshots.LATENESS_S);
    video.fold(List.of(snapshot(published + DAY, 100L)));
    video.fold(List.of(snapshot(published + 31 * DAY, 100L + 720)));
    long[] hours = views(video, published + DAY, 30 * 24);
    assertThat(hours).containsOnly(1);
    video.fold(List.of(snapshot(published + 396 * DAY, 820L + 365 * 24)));
    Map<Recount.Window, long[]> rows = video.books.rows;
    assertThat(rows.get(new Recount.Window(WindowKind.HOUR, published + 395 * DAY))[0]).isOne();
    assertThat(rows).doesNotContainKey(new Recount.Window(WindowKind.HOUR, published + 200 * DAY));
  }

  @Test
  void aVideosHistoryStaysSmallHoweverLongItIsFollowed() {
    long published = Instant.parse("2025-03-01T00:00:00Z").getEpochSecond();
    Video video = new Video(facts("Europe/Berlin", published), FoldSnapshots.LATENESS_S);
    int largest = 0;
    for (long i = 1; i <= 2 * 400; i++) {
      long views = 1000 * i + i % 7;
      video.fold(
          List.of(
              snapshot(
                  published + i * 12 * HOUR,
                  views,
                  views / 20,
                  views / 300,
                  views / 500,
                  views * 26,
                  views * 8,
                  views / 3,
                  views * 1500)));
      largest = Math.max(largest, video.history.length);
    }
    // A week and a day or two of two snapshots a day, all eight counters.
    assertThat(largest).isLessThan(480);
  }

  private static long[] views(Video video, long start, int hours) {
    long[] views = new long[hours];
    for (int i = 0; i < hours; i++) {
      views[i] = video.books.rows.get(new Recount.Window(WindowKind.HOUR, start + i * HOUR))[0];
    }
    return views;
  }
}
