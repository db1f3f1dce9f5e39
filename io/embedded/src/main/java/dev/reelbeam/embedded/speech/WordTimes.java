package dev.reelbeam.embedded.speech;

import dev.reelbeam.embedded.speech.SpokenText.DisplayToken;
import dev.reelbeam.embedded.speech.SpokenText.Piece;
import dev.reelbeam.model.speech.WordTiming;
import java.util.ArrayList;
import java.util.List;

/** Carries the engine's word times over to the displayed words. */
final class WordTimes {
  /** No displayed word is shorter: a caption highlights it for at least a moment. */
  private static final long SHORTEST_US = 1_000;

  private WordTimes() {}

  /**
   * One timing per displayed word that is spoken, in order, not overlapping, inside the audio.
   *
   * <p>A piece takes the time from its first engine word to its last. Where the engine reports
   * several pieces as one word ("of the"), or a piece stands for several displayed words, the time
   * is shared by length.
   *
   * @param cutUs what was cut from the start of the audio
   * @param audioUs length of the audio after the cut
   */
  static List<WordTiming> of(
      SpokenText spoken, List<EngineWord> engineWords, long cutUs, long audioUs) {
    List<WordTiming> timings = new ArrayList<>();
    List<Run> runs = runs(spoken.pieces(), engineWords, cutUs, audioUs);
    long clockUs = 0;
    int remaining = spoken.pieces().stream().mapToInt(piece -> piece.displayed().size()).sum();
    for (Run run : runs) {
      int weightLeft = run.weight();
      long cursorUs = Math.max(clockUs, run.startUs);
      long endUs = Math.max(cursorUs, run.endUs);
      for (Piece piece : run.pieces) {
        int pieceWeight = weight(piece);
        int displayedLeft =
            piece.displayed().stream().mapToInt(token -> token.text().length()).sum();
        for (DisplayToken token : piece.displayed()) {
          // The piece's share of the run, and in it the token's share by its displayed length.
          double share = (double) pieceWeight * token.text().length() / displayedLeft / weightLeft;
          long tokenEndUs = cursorUs + Math.round((endUs - cursorUs) * Math.min(1, share));
          remaining--;
          long latestEndUs = audioUs - remaining * SHORTEST_US;
          tokenEndUs = Math.min(Math.max(tokenEndUs, cursorUs + SHORTEST_US), latestEndUs);
          long tokenStartUs = Math.min(cursorUs, tokenEndUs - SHORTEST_US);
          timings.add(
              new WordTiming(
                  token.text(), token.charStart(), token.charEnd(), tokenStartUs, tokenEndUs));
          int used = (int) Math.round((double) pieceWeight * token.text().length() / displayedLeft);
          displayedLeft -= token.text().length();
          pieceWeight -= used;
          weightLeft = Math.max(1, weightLeft - used);
          cursorUs = tokenEndUs;
        }
      }
      clockUs = cursorUs;
    }
    return timings;
  }

  private static int weight(Piece piece) {
    return Math.max(1, piece.charEnd() - piece.charStart());
  }

  /** Groups pieces so that each group has an engine time of its own. */
  private static List<Run> runs(
      List<Piece> pieces, List<EngineWord> words, long cutUs, long audioUs) {
    List<Run> runs = new ArrayList<>();
    int next = 0;
    for (Piece piece : pieces) {
      long startUs = Long.MAX_VALUE;
      long endUs = Long.MIN_VALUE;
      while (next < words.size() && words.get(next).charStart() < piece.charEnd()) {
        EngineWord word = words.get(next);
        if (word.charEnd() > piece.charStart()) {
          startUs = Math.min(startUs, word.startUs());
          endUs = Math.max(endUs, word.endUs());
        }
        next++;
      }
      Run last = runs.isEmpty() ? null : runs.get(runs.size() - 1);
      if (startUs < endUs) {
        long inAudioUs = Math.max(0, Math.min(audioUs, startUs - cutUs));
        Run run = new Run(inAudioUs, Math.max(inAudioUs, Math.min(audioUs, endUs - cutUs)));
        if (last != null && !last.timed) {
          // Nothing timed came before: the first pieces share the time of this one.
          run.pieces.addAll(last.pieces);
          runs.remove(runs.size() - 1);
        }
        run.pieces.add(piece);
        runs.add(run);
      } else if (last != null) {
        last.pieces.add(piece);
      } else {
        Run untimed = new Run(0, audioUs);
        untimed.timed = false;
        untimed.pieces.add(piece);
        runs.add(untimed);
      }
    }
    return runs;
  }

  private static final class Run {
    final long startUs;
    final long endUs;
    final List<Piece> pieces = new ArrayList<>();
    boolean timed = true;

    Run(long startUs, long endUs) {
      this.startUs = startUs;
      this.endUs = endUs;
    }

    int weight() {
      return pieces.stream().mapToInt(WordTimes::weight).sum();
    }
  }
}
