package dev.reelbeam.pipelines.watch;

import java.util.Locale;

/** Figures as people read them. */
public final class Amounts {
  private Amounts() {}

  /** {@code 45.2 s} below two minutes, then {@code 3:05}, then {@code 1:02:03}. */
  public static String time(long ms) {
    if (ms < 120_000) {
      return String.format(Locale.ROOT, "%d.%d s", ms / 1000, ms % 1000 / 100);
    }
    return clock(ms);
  }

  /** {@code 0:32}, {@code 1:02:03}. */
  public static String clock(long ms) {
    long seconds = ms / 1000;
    return seconds < 3600
        ? String.format(Locale.ROOT, "%d:%02d", seconds / 60, seconds % 60)
        : String.format(
            Locale.ROOT, "%d:%02d:%02d", seconds / 3600, seconds / 60 % 60, seconds % 60);
  }

  /** {@code 812 B}, {@code 12.4 kB}, {@code 9.8 MB}, {@code 1.2 GB}; powers of ten. */
  public static String bytes(long bytes) {
    if (bytes < 1000) {
      return bytes + " B";
    }
    String[] units = {"kB", "MB", "GB", "TB"};
    long unit = 1000;
    int index = 0;
    // 999.95 kB would be printed as 1000.0 kB.
    while (index < units.length - 1 && bytes >= unit * 1000 - unit / 20) {
      unit *= 1000;
      index++;
    }
    return String.format(Locale.ROOT, "%.1f %s", (double) bytes / unit, units[index]);
  }

  /** {@code 1 video}, {@code 3 videos}. */
  public static String count(long number, String noun) {
    return number + " " + noun + (number == 1 ? "" : "s");
  }
}
