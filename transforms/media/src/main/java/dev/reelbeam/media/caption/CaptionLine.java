package dev.reelbeam.media.caption;

import java.util.List;
import java.util.stream.Collectors;

/** The words of one line, in reading order. */
public record CaptionLine(List<CaptionWord> words) {
  public CaptionLine {
    words = List.copyOf(words);
  }

  /** The words joined by spaces. */
  public String text() {
    return words.stream().map(CaptionWord::text).collect(Collectors.joining(" "));
  }
}
