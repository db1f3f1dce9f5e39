package dev.reelbeam.media.caption;

import java.util.List;
import java.util.stream.Collectors;

/**
 * What stands on screen at one time.
 *
 * @param lines one or two
 * @param startUs when it appears, up to 80 ms before its first word
 * @param endUs when it leaves, after {@code startUs} and not after the next page appears
 */
public record CaptionPage(List<CaptionLine> lines, long startUs, long endUs) {
  public CaptionPage {
    lines = List.copyOf(lines);
  }

  /** All words in reading order. */
  public List<CaptionWord> words() {
    return lines.stream().flatMap(line -> line.words().stream()).toList();
  }

  /** The lines joined by spaces. */
  public String text() {
    return lines.stream().map(CaptionLine::text).collect(Collectors.joining(" "));
  }
}
