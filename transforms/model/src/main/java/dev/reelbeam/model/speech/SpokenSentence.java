package dev.reelbeam.model.speech;

import dev.reelbeam.model.store.MediaRef;
import java.io.Serializable;
import java.util.List;

/**
 * A sentence of the script as it sounds in the narration.
 *
 * @param section index of its section in the script
 * @param sentence index of the sentence in the section
 * @param wav its audio, 16 bit mono
 * @param samples number of samples at {@code sampleRate}
 * @param startUs where its audio starts in the video
 * @param endUs where its audio ends in the video
 * @param words times of its words, from the start of the video
 */
public record SpokenSentence(
    int section,
    int sentence,
    String text,
    MediaRef wav,
    int samples,
    int sampleRate,
    long startUs,
    long endUs,
    List<WordTiming> words)
    implements Serializable {}
