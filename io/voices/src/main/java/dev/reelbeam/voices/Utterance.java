package dev.reelbeam.voices;

import java.util.List;

/**
 * What an engine made of one text.
 *
 * @param samples mono 16-bit samples, the first {@code sampleCount} of the array
 * @param sampleCount number of valid samples
 * @param sampleRate samples per second
 * @param words the spoken words in order, not overlapping
 */
record Utterance(short[] samples, int sampleCount, int sampleRate, List<TimedWord> words) {
  Utterance {
    words = List.copyOf(words);
  }
}
