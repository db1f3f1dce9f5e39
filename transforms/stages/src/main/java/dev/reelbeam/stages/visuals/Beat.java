package dev.reelbeam.stages.visuals;

import dev.reelbeam.model.speech.WordTiming;
import java.util.List;

/**
 * One stretch of speech that gets one visual.
 *
 * @param section of the script
 * @param block of the source that its sentence rests on, -1 for none
 * @param partOfSentence whether it is less than a whole sentence, or was joined with such a one
 */
record Beat(
    long startUs,
    long endUs,
    int section,
    String text,
    int block,
    List<WordTiming> words,
    boolean partOfSentence) {
  /** The same, seen from one moment to another. */
  Beat during(long fromUs, long untilUs) {
    return new Beat(fromUs, untilUs, section, text, block, words, partOfSentence);
  }
}
