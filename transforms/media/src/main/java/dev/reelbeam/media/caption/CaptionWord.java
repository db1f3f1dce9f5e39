package dev.reelbeam.media.caption;

import dev.reelbeam.media.text.WordBinding;
import dev.reelbeam.model.speech.WordTiming;

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

  /** A word of a piece of speech that begins {@code offsetUs} after the start of the video. */
  public static CaptionWord of(WordTiming timing, long offsetUs) {
    return new CaptionWord(
        timing.text().strip(),
        timing.startUs() + offsetUs,
        timing.endUs() + offsetUs,
        WordBinding.endsSentence(timing.text().strip()));
  }
}
