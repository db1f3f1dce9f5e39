package dev.reelbeam.model.speech;

import java.io.Serializable;

/**
 * When a word of the text sounds.
 *
 * @param charStart offset of the displayed word in the text, inclusive
 * @param charEnd offset behind the displayed word
 * @param startUs first sample of the word, in microseconds from the start of the audio
 * @param endUs end of the word, after {@code startUs}
 */
public record WordTiming(String text, int charStart, int charEnd, long startUs, long endUs)
    implements Serializable {}
