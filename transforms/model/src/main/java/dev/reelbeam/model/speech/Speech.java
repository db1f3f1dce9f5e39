package dev.reelbeam.model.speech;

import dev.reelbeam.model.failure.StageException;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A spoken text.
 *
 * @param wav RIFF file, 16 bit mono at {@code sampleRate}
 * @param samples number of samples
 * @param words times of the displayed words, monotone, not overlapping, inside the audio
 * @param voiceId the voice that spoke
 * @param timesFrom how exact {@code words} are
 * @param untimed why whoever was to time the words could not, where they could at another time;
 *     null if nobody was, or nobody ever will
 */
@SuppressWarnings("ArrayRecordComponent") // Handed over once, never compared.
public record Speech(
    byte[] wav,
    int sampleRate,
    int samples,
    List<WordTiming> words,
    String voiceId,
    TimesOrigin timesFrom,
    @Nullable StageException untimed) {
  /** Speech by an engine that times its words itself. */
  public Speech(byte[] wav, int sampleRate, int samples, List<WordTiming> words, String voiceId) {
    this(wav, sampleRate, samples, words, voiceId, TimesOrigin.ENGINE);
  }

  /** Speech whose words are timed as well as they ever will be. */
  public Speech(
      byte[] wav,
      int sampleRate,
      int samples,
      List<WordTiming> words,
      String voiceId,
      TimesOrigin timesFrom) {
    this(wav, sampleRate, samples, words, voiceId, timesFrom, null);
  }
}
