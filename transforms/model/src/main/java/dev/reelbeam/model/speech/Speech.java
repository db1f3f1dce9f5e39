package dev.reelbeam.model.speech;

import java.util.List;

/**
 * A spoken text.
 *
 * @param wav RIFF file, 16 bit mono at {@code sampleRate}
 * @param samples number of samples
 * @param words times of the displayed words, monotone, not overlapping, inside the audio
 * @param voiceId the voice that spoke
 * @param timesFrom how exact {@code words} are
 */
@SuppressWarnings("ArrayRecordComponent") // Handed over once, never compared.
public record Speech(
    byte[] wav,
    int sampleRate,
    int samples,
    List<WordTiming> words,
    String voiceId,
    TimesOrigin timesFrom) {
  /** Speech by an engine that times its words itself. */
  public Speech(byte[] wav, int sampleRate, int samples, List<WordTiming> words, String voiceId) {
    this(wav, sampleRate, samples, words, voiceId, TimesOrigin.ENGINE);
  }
}
