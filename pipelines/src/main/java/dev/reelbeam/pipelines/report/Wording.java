package dev.reelbeam.pipelines.report;

import java.math.BigDecimal;
import java.math.RoundingMode;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.Locale;

/** Numbers, times and names as the page words them. */
final class Wording {
  private static final DateTimeFormatter MADE =
      DateTimeFormatter.ofPattern("d MMMM yyyy, HH:mm 'UTC'", Locale.ENGLISH)
          .withZone(ZoneOffset.UTC);

  private Wording() {}

  /** Minutes, seconds and tenths: {@code 1:04.5}. */
  static String clock(long us) {
    long tenths = (us + 50_000) / 100_000;
    return String.format(Locale.ROOT, "%d:%02d.%d", tenths / 600, tenths / 10 % 60, tenths % 10);
  }

  /** Minutes and seconds, as platforms write chapters: {@code 1:04}. */
  static String minutes(long us) {
    long seconds = us / 1_000_000;
    return String.format(Locale.ROOT, "%d:%02d", seconds / 60, seconds % 60);
  }

  /** Seconds with milliseconds, for scripts: {@code 64.500}. */
  static String seconds(long us) {
    return BigDecimal.valueOf(us, 6).setScale(3, RoundingMode.HALF_UP).toPlainString();
  }

  /** Seconds with one decimal and unit: {@code 64.5 s}. */
  static String length(long us) {
    return BigDecimal.valueOf(us, 6).setScale(1, RoundingMode.HALF_UP).toPlainString() + " s";
  }

  /** {@code 10.3 MB}; a megabyte has a million bytes, as in the platforms' limits. */
  static String size(long bytes) {
    if (bytes < 1000) {
      return bytes + " B";
    }
    if (bytes < 1_000_000) {
      return BigDecimal.valueOf(bytes, 3).setScale(bytes < 10_000 ? 1 : 0, RoundingMode.HALF_UP)
          + " kB";
    }
    return BigDecimal.valueOf(bytes, 6).setScale(1, RoundingMode.HALF_UP) + " MB";
  }

  /** {@code $0.0125}. */
  static String money(long microDollars) {
    BigDecimal dollars = BigDecimal.valueOf(microDollars, 6).stripTrailingZeros();
    return "$" + dollars.setScale(Math.max(2, dollars.scale()), RoundingMode.UNNECESSARY);
  }

  static String made(Instant instant) {
    return MADE.format(instant);
  }

  /** {@code 1 video}, {@code 3 videos}. */
  static String count(long number, String noun) {
    return count(number, noun, noun + "s");
  }

  /** {@code 1 delivery}, {@code 3 deliveries}. */
  static String count(long number, String one, String several) {
    return number + " " + (number == 1 ? one : several);
  }

  /** A constant as a word: {@code LOWER_THIRD} becomes {@code lower third}. */
  static String plain(String constant) {
    return constant.toLowerCase(Locale.ROOT).replace('_', ' ');
  }

  /** A share of the whole in percent, for positions: {@code 12.345}. */
  static String percent(long part, long whole) {
    return BigDecimal.valueOf(100 * Math.max(0, Math.min(part, whole)))
        .divide(BigDecimal.valueOf(Math.max(1, whole)), 3, RoundingMode.HALF_UP)
        .toPlainString();
  }

  /** A relative link to a file, from the names on the way to it. */
  static String link(String... names) {
    StringBuilder link = new StringBuilder();
    for (String name : names) {
      link.append(link.isEmpty() ? "" : "/")
          .append(URLEncoder.encode(name, StandardCharsets.UTF_8).replace("+", "%20"));
    }
    return link.toString();
  }
}
