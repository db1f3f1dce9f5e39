package dev.reelbeam.stages.engagement;

import java.time.DateTimeException;
import java.time.LocalDate;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;

/**
 * Where the days of a time zone begin, daylight-saving changes included: a day has 23, 24 or 25
 * hours. Thread-safe.
 */
final class SiteDays {
  static final long HOUR_S = 3600;
  static final long DAY_S = 24 * HOUR_S;

  private static final Map<String, SiteDays> ZONES = new ConcurrentHashMap<>();

  private final ZoneId zone;
  private final Map<Long, Long> starts = new ConcurrentHashMap<>();

  private SiteDays(ZoneId zone) {
    this.zone = zone;
  }

  /** The days of an IANA id; those of UTC when it names no zone. */
  static SiteDays of(String timeZone) {
    return ZONES.computeIfAbsent(timeZone, SiteDays::open);
  }

  private static SiteDays open(String timeZone) {
    try {
      return new SiteDays(ZoneId.of(timeZone));
    } catch (DateTimeException e) {
      return new SiteDays(ZoneOffset.UTC);
    }
  }

  /** The local date of a moment, as days since 1970. */
  long dayOf(long second) {
    // Right but for some hours at the edges of days: the date line is at most 14 hours away.
    long day = Math.floorDiv(second, DAY_S);
    while (start(day) > second) {
      day--;
    }
    while (start(day + 1) <= second) {
      day++;
    }
    return day;
  }

  /** The second at which a local date begins. */
  long start(long day) {
    Long known = starts.get(day);
    if (known != null) {
      return known;
    }
    long start = LocalDate.ofEpochDay(day).atStartOfDay(zone).toEpochSecond();
    // Dates of real videos are few; those of odd input must not pile up.
    if (starts.size() < 4000) {
      starts.put(day, start);
    }
    return start;
  }

  /** The earlier of the begin of a moment's day and of its hour, which may begin before its day. */
  long startOfDayAndHour(long second) {
    return Math.min(Math.floorDiv(second, HOUR_S) * HOUR_S, start(dayOf(second)));
  }
}
