package dev.reelbeam.stages.narration;

import dev.reelbeam.media.caption.CaptionWord;
import dev.reelbeam.model.speech.Narration;
import dev.reelbeam.model.speech.SpokenSentence;
import dev.reelbeam.model.speech.WordTiming;
import java.util.ArrayList;
import java.util.List;

/** The words of a narration as captions show them: the displayed text at the engine's own times. */
public final class CaptionWords {
  private CaptionWords() {}

  /** Every spoken word in order; the last of a sentence ends it. */
  public static List<CaptionWord> of(Narration narration) {
    List<CaptionWord> words = new ArrayList<>();
    for (SpokenSentence sentence : narration.sentences()) {
      for (int i = 0; i < sentence.words().size(); i++) {
        WordTiming word = sentence.words().get(i);
        if (!word.text().isBlank()) {
          words.add(
              new CaptionWord(
                  word.text(),
                  word.startUs(),
                  Math.max(word.startUs() + 1, word.endUs()),
                  i == sentence.words().size() - 1));
        }
      }
    }
    return words;
  }
}
