package dev.reelbeam.media.audio;

import java.nio.file.Path;

/**
 * One spoken piece of a narration, usually a sentence.
 *
 * @param sound audio file of any rate
 * @param pauseAfterUs silence that follows it; not written after the last piece when 0
 */
public record NarrationPiece(Path sound, long pauseAfterUs) {
  /** Refuses negative pauses. */
  public NarrationPiece {
    if (pauseAfterUs < 0) {
      throw new IllegalArgumentException("a pause of " + pauseAfterUs + " us");
    }
  }
}
