package dev.reelbeam.embedded.speech;

import java.util.List;

/**
 * A displayed text and what the voice is told instead.
 *
 * @param text what the voice is told
 * @param pieces the parts of it in order, each with the displayed words that it stands for
 */
record SpokenText(String text, List<Piece> pieces) {
  SpokenText {
    pieces = List.copyOf(pieces);
  }

  /**
   * A part of the spoken text.
   *
   * @param charStart first character in the spoken text
   * @param charEnd one past the last
   * @param displayed the displayed words that it stands for, in order, at least one
   */
  record Piece(int charStart, int charEnd, List<DisplayToken> displayed) {
    Piece {
      displayed = List.copyOf(displayed);
    }
  }

  /** A word as it stands between spaces, punctuation included; offsets into the displayed text. */
  record DisplayToken(String text, int charStart, int charEnd) {}
}
