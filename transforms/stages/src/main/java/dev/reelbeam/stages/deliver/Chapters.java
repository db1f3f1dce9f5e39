package dev.reelbeam.stages.deliver;

import dev.reelbeam.model.content.ChapterMarker;
import java.util.List;
import java.util.Locale;

/**
 * Chapter times in a description: the first at 0:00, at least three, ascending, each at least ten
 * seconds long, as YouTube asks.
 */
final class Chapters {
  private Chapters() {}

  /** The description with the chapters behind it; shortened at a line so that both fit. */
  static String append(String description, List<ChapterMarker> chapters, int limit) {
    if (chapters.size() < 3) {
      return description;
    }
    StringBuilder stamps = new StringBuilder("\n\n");
    for (ChapterMarker chapter : chapters) {
      stamps.append(stamp(chapter.timeMs())).append(' ').append(chapter.title()).append('\n');
    }
    String list = stamps.toString().stripTrailing();
    // The chapters say what a plain list of headings would say again.
    String text = description.replaceAll("\\n\\n(?:• [^\\n]*\\n?)+", "\n").stripTrailing();
    String hashtags = "";
    int lastLine = text.lastIndexOf("\n#");
    if (lastLine >= 0) {
      hashtags = text.substring(lastLine);
      text = text.substring(0, lastLine).stripTrailing();
    }
    int room = limit - list.length() - hashtags.length();
    if (room <= 0) {
      return description;
    }
    if (text.length() > room) {
      int cut = Math.max(text.lastIndexOf('\n', room), text.lastIndexOf(' ', room));
      text = text.substring(0, Math.max(0, cut)).stripTrailing();
    }
    return text + list + hashtags;
  }

  private static String stamp(int timeMs) {
    int seconds = timeMs / 1000;
    return seconds >= 3600
        ? String.format(
            Locale.ROOT, "%d:%02d:%02d", seconds / 3600, seconds / 60 % 60, seconds % 60)
        : String.format(Locale.ROOT, "%d:%02d", seconds / 60, seconds % 60);
  }
}
