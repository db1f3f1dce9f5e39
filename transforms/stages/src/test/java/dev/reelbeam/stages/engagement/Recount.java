package dev.reelbeam.stages.engagement;

import dev.reelbeam.model.engagement.Counter;
import dev.reelbeam.model.engagement.EngagementSnapshot;
import dev.reelbeam.model.engagement.Measures;
import dev.reelbeam.model.engagement.VideoFacts;
import dev.reelbeam.model.engagement.WindowKind;
import java.math.BigInteger;
import java.time.Instant;
import java.time.LocalDate;
import java.time.ZoneId;
import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/**
 * The slow reference: every window of a video, anew from all of its snapshots, in the plainest way
 * that the README's definitions allow. No history, no differences, no order.
 */
final class Recount {
  record Window(WindowKind kind, long start) {}

  private final VideoFacts facts;
  private final long published;
  private final long rate;
  private final List<TreeMap<Long, Long>> points = new ArrayList<>();
  private long frontier = Long.MIN_VALUE;

  Recount(VideoFacts facts, long rate, Collection<EngagementSnapshot> snapshots) {
    this.facts = facts;
    this.published = facts.publishedAtMs() / 1000;
    this.rate = rate;
    for (int i = 0; i < Counter.COUNT; i++) {
      points.add(new TreeMap<>());
    }
    for (EngagementSnapshot snapshot : snapshots) {
      long second = snapshot.fetchedAtMs() / 1000;
      Long[] values = {
        snapshot.views(),
        snapshot.likes(),
        snapshot.comments(),
        snapshot.shares(),
        snapshot.watchTimeSeconds(),
        snapshot.impressions(),
        snapshot.clicks(),
        snapshot.revenueMicros()
      };
      for (int i = 0; i < values.length; i++) {
        if (values[i] != null) {
          points.get(i).merge(second, values[i], Math::max);
          frontier = Math.max(frontier, second);
        }
      }
    }
  }

  /** Every window that has anything, of any kind. */
  Map<Window, long[]> windows() {
    Map<Window, long[]> windows = new LinkedHashMap<>();
    if (frontier == Long.MIN_VALUE) {
      return windows;
    }
    long end = Math.max(frontier, published);
    for (long hour = published / 3600; hour * 3600 <= end; hour++) {
      put(windows, WindowKind.HOUR, hour * 3600, hour * 3600, (hour + 1) * 3600);
    }
    ZoneId zone = ZoneId.of(facts.timeZone());
    LocalDate day = Instant.ofEpochSecond(published).atZone(zone).toLocalDate();
    while (day.atStartOfDay(zone).toEpochSecond() <= end) {
      put(
          windows,
          WindowKind.DAY,
          day.toEpochDay() * 86400,
          day.atStartOfDay(zone).toEpochSecond(),
          day.plusDays(1).atStartOfDay(zone).toEpochSecond());
      day = day.plusDays(1);
    }
    put(windows, WindowKind.FIRST_24H, published, published, published + 86400);
    put(windows, WindowKind.FIRST_7D, published, published, published + 7 * 86400);
    return windows;
  }

  private void put(Map<Window, long[]> windows, WindowKind kind, long label, long start, long end) {
    long[] measures = window(start, end);
    if (!Measures.isZero(measures)) {
      windows.put(new Window(kind, label), measures);
    }
  }

  private long[] window(long start, long end) {
    long[] sums = new long[Measures.SIZE];
    boolean[] covered = new boolean[Counter.COUNT];
    boolean any = false;
    for (int i = 0; i < Counter.COUNT; i++) {
      covered[i] = end > published && covers(points.get(i), start, end);
      if (covered[i]) {
        any = true;
        sums[i] = at(points.get(i), end) - at(points.get(i), start);
        sums[Measures.KNOWN + i] = 1;
        sums[Measures.VERSION] += support(points.get(i), start) + support(points.get(i), end);
      }
    }
    if (!any) {
      return sums;
    }
    if (covered[0] && (covered[1] || covered[2] || covered[3])) {
      sums[Measures.ENGAGEMENTS] = sums[1] + sums[2] + sums[3];
      sums[Measures.ENGAGEMENT_VIEWS] = sums[0];
    }
    if (covered[0] && covered[4]) {
      sums[Measures.WATCHED_SECONDS] = sums[4];
      sums[Measures.WATCHED_VIEWS] = sums[0];
    }
    if (covered[5] && covered[6]) {
      sums[Measures.CLICKED] = sums[6];
      sums[Measures.CLICK_IMPRESSIONS] = sums[5];
    }
    if (covered[0] && !covered[7]) {
      sums[Measures.ESTIMATED_REVENUE_MICROS] =
          earned(at(points.get(0), end)) - earned(at(points.get(0), start));
    }
    if (start <= published && published < end) {
      sums[Measures.COST_MICROS] = facts.costMicros();
      sums[Measures.CREDITS] = facts.credits();
      // All or nothing: a video either tells views or doesn't.
      sums[Measures.VIEWED_COST_MICROS] = sums[Measures.KNOWN] * facts.costMicros();
      sums[Measures.VIEWED_CREDITS] = sums[Measures.KNOWN] * facts.credits();
    }
    sums[Measures.VIDEOS] = 1;
    sums[Measures.PROVISIONAL] = frontier < end ? 1 : 0;
    return sums;
  }

  private boolean covers(TreeMap<Long, Long> counter, long start, long end) {
    if (counter.isEmpty()) {
      return false;
    }
    boolean holdsOne = counter.subMap(start, false, end, false).size() > 0;
    Long next = counter.ceilingKey(end);
    boolean onALine = next != null && next - start <= Curves.REACH_S;
    if (isShy(counter) && end <= counter.firstKey()) {
      return false;
    }
    boolean atPublishing = start <= published && counter.firstKey() <= published;
    return holdsOne || onALine || atPublishing;
  }

  private long at(TreeMap<Long, Long> counter, long moment) {
    if (counter.isEmpty()) {
      return 0;
    }
    if (isShy(counter) && moment <= counter.firstKey()) {
      return counter.firstEntry().getValue();
    }
    if (moment <= published) {
      return 0;
    }
    if (counter.containsKey(moment)) {
      return counter.get(moment);
    }
    Map.Entry<Long, Long> last = counter.lowerEntry(moment);
    Map.Entry<Long, Long> next = counter.higherEntry(moment);
    long base = last == null ? 0 : last.getValue();
    long from = last == null ? published : Math.max(published, last.getKey());
    if (next == null || next.getKey() - moment > Curves.REACH_S) {
      return base;
    }
    return base
        + BigInteger.valueOf(next.getValue() - base)
            .multiply(BigInteger.valueOf(moment - from))
            .divide(BigInteger.valueOf(next.getKey() - from))
            .longValueExact();
  }

  /** Told for the first time only long after publishing: begins where it is told. */
  private boolean isShy(TreeMap<Long, Long> counter) {
    return counter.firstKey() - published > Curves.SHY_S;
  }

  private long earned(long views) {
    return BigInteger.valueOf(Math.min(views, 1L << 38))
        .multiply(BigInteger.valueOf(rate))
        .divide(BigInteger.valueOf(1000))
        .longValueExact();
  }

  private long support(TreeMap<Long, Long> counter, long moment) {
    if (isShy(counter) && moment <= counter.firstKey()) {
      return 0;
    }
    if (moment <= published || counter.containsKey(moment)) {
      return 1L << 32;
    }
    Long last = counter.lowerKey(moment);
    Long next = counter.higherKey(moment);
    long from = last == null ? published : Math.max(published, last);
    return next == null || next - moment > Curves.REACH_S
        ? from - published
        : (1L << 32) - (next - from);
  }
}
