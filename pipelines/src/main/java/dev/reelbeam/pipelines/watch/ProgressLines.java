package dev.reelbeam.pipelines.watch;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/** Words and bars for a run that goes on. Pure: what is known in, lines out. */
final class ProgressLines {
  private static final int BAR_CELLS = 20;
  private static final int NARROW = 100;
  private static final int LONGEST_NAME = 28;

  private ProgressLines() {}

  /**
   * The block that a terminal shows: a line per active video, a total below when there are more.
   */
  static List<String> block(
      List<VideoStatus> videos,
      int dead,
      int maxLines,
      int width,
      long elapsedMs,
      @Nullable Long remainingMs,
      boolean colour) {
    List<VideoStatus> active =
        videos.stream().filter(video -> video.state() == VideoStatus.State.WORKING).toList();
    long done = videos.stream().filter(video -> video.state() == VideoStatus.State.DONE).count();
    List<String> lines = new ArrayList<>();
    // Those that render come first: their figures move.
    List<VideoStatus> shown = new ArrayList<>(active);
    shown.sort((a, b) -> Boolean.compare(b.frames() > 0, a.frames() > 0));
    int room = Math.max(1, maxLines - 1);
    int nameWidth =
        Math.min(
            LONGEST_NAME,
            shown.stream().mapToInt(video -> TextTable.width(video.record())).max().orElse(0));
    for (VideoStatus video : shown.subList(0, Math.min(room, shown.size()))) {
      lines.add(TextTable.fit(line(video, nameWidth, width), width - 1));
    }
    StringBuilder total = new StringBuilder(Amounts.clock(elapsedMs));
    if (active.isEmpty() && done == 0) {
      total.append("  reading");
    } else if (active.isEmpty()) {
      total.append("  writing");
    }
    if (active.size() > room) {
      total.append("  and ").append(Amounts.count(active.size() - room, "more video"));
    }
    if (done > 0) {
      total.append("  ").append(Amounts.count(done, "video")).append(" done");
    }
    if (dead > 0) {
      total.append("  ").append(Amounts.count(dead, "dead letter"));
    }
    if (remainingMs != null) {
      total.append("  about ").append(Amounts.clock(remainingMs + 999)).append(" to render");
    }
    lines.add(TextTable.fit(total.toString(), width - 1));
    return colour ? coloured(lines) : lines;
  }

  /** One line of a log about one video. */
  static String plain(VideoStatus video, @Nullable Long remainingMs) {
    StringBuilder line = new StringBuilder(video.record());
    line.append(" (").append(String.join(", ", video.presets())).append("): ");
    line.append(words(video));
    if (rendering(video) && remainingMs != null) {
      line.append(", about ").append(Amounts.clock(remainingMs + 999)).append(" to render");
    }
    return line.toString();
  }

  private static String line(VideoStatus video, int nameWidth, int width) {
    String name = TextTable.fit(video.record(), nameWidth);
    String padded = name + " ".repeat(Math.max(0, nameWidth - TextTable.width(name)));
    String presets = presets(video, width);
    if (!rendering(video)) {
      return padded + "  " + presets + "  " + words(video);
    }
    int cells = video.percent() * BAR_CELLS / 100;
    String bar = "\u2588".repeat(cells) + "\u2591".repeat(BAR_CELLS - cells);
    return String.format(
        Locale.ROOT,
        "%s  %s  %s %3d %%  %d/%d segments  %d/%d frames",
        padded,
        presets,
        bar,
        video.percent(),
        video.segmentsReady(),
        video.segments(),
        video.framesReady(),
        video.frames());
  }

  private static String presets(VideoStatus video, int width) {
    String first = video.presets().isEmpty() ? "" : video.presets().get(0);
    if (width < NARROW || video.presets().size() > 1) {
      int more = video.presets().size() - 1;
      return more > 0 ? first + " +" + more : first;
    }
    return first;
  }

  private static boolean rendering(VideoStatus video) {
    return video.frames() > 0
        && (video.segmentsReady() < video.segments() || video.framesReady() < video.frames());
  }

  private static String words(VideoStatus video) {
    if (video.state() == VideoStatus.State.DONE) {
      return "done";
    }
    if (video.state() == VideoStatus.State.DEAD) {
      return "set aside";
    }
    if (video.state() == VideoStatus.State.ASKED) {
      return "at a gate";
    }
    if (rendering(video)) {
      return String.format(
          Locale.ROOT,
          "render %d %%, %d/%d segments, %d/%d frames",
          video.percent(),
          video.segmentsReady(),
          video.segments(),
          video.framesReady(),
          video.frames());
    }
    return video.stage().replace('-', ' ');
  }

  private static List<String> coloured(List<String> lines) {
    return lines.stream()
        .map(line -> line.replaceAll("(\u2588+)", "\u001b[32m$1\u001b[0m"))
        .map(line -> line.replaceAll("(\u2591+)", "\u001b[2m$1\u001b[0m"))
        .toList();
  }
}
