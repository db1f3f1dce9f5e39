package dev.reelbeam.model.speech;

import dev.reelbeam.model.cost.Charge;
import java.io.Serializable;
import java.util.List;

/**
 * A spoken script: every sentence with its place in the video.
 *
 * @param sentences in order, not overlapping
 * @param voiceId the voice that speaks
 * @param speedPermille speed that was asked of the voice
 * @param rounds how often the script was written until the length was hit
 * @param durationMs length of the video, lead-in and tail included; a whole number of frames at
 *     every frame rate that divides 1000 ms is not promised, the layout rounds to frames
 * @param timesFrom how exact the times of the words are, by the least exact sentence
 * @param charges what drafts and speech were billed as when they were made; none for what runs on
 *     the user's own machine
 */
public record Narration(
    List<SpokenSentence> sentences,
    String voiceId,
    int speedPermille,
    int rounds,
    int durationMs,
    TimesOrigin timesFrom,
    List<Charge> charges)
    implements Serializable {
  public Narration {
    // The JSON of earlier releases does not say it.
    timesFrom = timesFrom == null ? TimesOrigin.ENGINE : timesFrom;
    charges = charges == null ? List.of() : List.copyOf(charges);
  }

  /** A narration that nobody bills. */
  public Narration(
      List<SpokenSentence> sentences,
      String voiceId,
      int speedPermille,
      int rounds,
      int durationMs,
      TimesOrigin timesFrom) {
    this(sentences, voiceId, speedPermille, rounds, durationMs, timesFrom, List.of());
  }

  /** The same, billed as this. */
  public Narration withCharges(List<Charge> newCharges) {
    return new Narration(
        sentences, voiceId, speedPermille, rounds, durationMs, timesFrom, newCharges);
  }

  /** A narration by an engine that times its words itself. */
  public Narration(
      List<SpokenSentence> sentences,
      String voiceId,
      int speedPermille,
      int rounds,
      int durationMs) {
    this(sentences, voiceId, speedPermille, rounds, durationMs, TimesOrigin.ENGINE);
  }
}
