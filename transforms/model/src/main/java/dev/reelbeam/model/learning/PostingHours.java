package dev.reelbeam.model.learning;

import dev.reelbeam.model.json.RecordJson;
import java.time.DateTimeException;
import java.time.Instant;
import java.time.LocalDate;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.time.ZonedDateTime;
import java.util.List;
import java.util.Locale;

/**
 * The hours of a day as arms: eight parts of three hours each by the site's clock, named by their
 * first and last hour, for example {@code 18-21}.
 */
public final class PostingHours {
  /** What is suggested: from six in the morning on. Who posts at night teaches about the night. */
  public static final List<String> SUGGESTED =
      List.of("06-09", "09-12", "12-15", "15-18", "18-21", "21-24");

  private static final int PART_HOURS = 3;
  private static final int PART_MINUTES = PART_HOURS * 60;

  private PostingHours() {}

  /** The clock of an IANA id; UTC when it names none. */
  public static ZoneId zone(String id) {
    try {
      return ZoneId.of(id);
    } catch (DateTimeException e) {
      return ZoneOffset.UTC;
    }
  }

  /** The part of the day that a moment falls into. */
  public static String of(long ms, ZoneId zone) {
    int begin = Instant.ofEpochMilli(ms).atZone(zone).getHour() / PART_HOURS * PART_HOURS;
    return String.format(Locale.ROOT, "%02d-%02d", begin, begin + PART_HOURS);
  }

  /**
   * The next moment of a part of the day that a video may be posted at. The minute within the part
   * is that of the seed, so that not all of a site's videos come at once, and the same video always
   * comes at the same.
   *
   * @param part one of {@link #SUGGESTED}
   * @param notBefore it lies after this moment, a day after at the most
   * @param seed what is posted
   */
  public static ZonedDateTime next(String part, ZoneId zone, Instant notBefore, List<?> seed) {
    int begin = Integer.parseInt(part.substring(0, 2)) * 60;
    int minute =
        begin + Integer.parseInt(RecordJson.sha256(seed).substring(0, 6), 16) % PART_MINUTES;
    LocalDate today = notBefore.atZone(zone).toLocalDate();
    ZonedDateTime at = today.atTime(minute / 60, minute % 60).atZone(zone);
    return at.toInstant().isAfter(notBefore)
        ? at
        : today.plusDays(1).atTime(minute / 60, minute % 60).atZone(zone);
  }
}
