package dev.reelbeam.embedded.script;

import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * A sentence of the source that may be spoken, with what its place demands.
 *
 * @param index place among the candidates, in source order
 * @param block the source block it comes from
 * @param section the source section
 * @param follows index of the candidate right before it in the source, -1 when there is none
 * @param needsPrevious whether it says nothing without that candidate
 * @param alone one or two sentences, as they are spoken without the candidate before
 * @param running the same as they are spoken right after the candidate before
 * @param shorter a shorter form of {@code alone}, if one can be made safely
 * @param stems stems of its content words
 * @param score how much it is worth saying
 */
record Candidate(
    int index,
    int block,
    int section,
    int follows,
    boolean needsPrevious,
    List<String> alone,
    List<String> running,
    @Nullable List<String> shorter,
    Set<String> stems,
    double score) {

  Candidate withScore(double newScore) {
    return new Candidate(
        index, block, section, follows, needsPrevious, alone, running, shorter, stems, newScore);
  }

  static int words(List<String> sentences) {
    return sentences.stream().mapToInt(SpokenText::words).sum();
  }
}
