package dev.reelbeam.media.caption;

/**
 * A word and when it is heard.
 *
 * @param text as displayed, with its punctuation; not blank
 * @param startUs first moment of the word, in microseconds from the start of the audio
 * @param endUs moment behind its end, not before {@code startUs}
 * @param endsSentence whether a sentence ends with it
 */
public record CaptionWord(String text, long startUs, long endUs, boolean endsSentence) {
  public CaptionWord {
    if (text.isBlank() || startUs < 0 || endUs < startUs) {
      throw new IllegalArgumentException("not a timed word: " + text + " " + startUs + "-" + endUs);
    }
  }
}
