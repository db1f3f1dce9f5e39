package dev.reelbeam.media.caption;

import java.util.List;

/**
 * One cue of a subtitle file.
 *
 * @param startMs when it appears, from the start of the video
 * @param endMs when it leaves, after {@code startMs}
 * @param lines one or more lines of plain text, none blank
 */
public record SubtitleCue(long startMs, long endMs, List<String> lines) {
  public SubtitleCue {
    lines = List.copyOf(lines);
    if (startMs < 0 || endMs <= startMs || lines.isEmpty()) {
      throw new IllegalArgumentException("not a cue: " + startMs + "-" + endMs + " " + lines);
    }
  }

  /** The lines joined by spaces. */
  public String text() {
    return String.join(" ", lines);
  }
}
