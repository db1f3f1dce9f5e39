package dev.reelbeam.model.speech;

import java.io.Serializable;
import org.jspecify.annotations.Nullable;

/**
 * One piece of text to be spoken.
 *
 * @param voiceId a voice's id, or {@code default} for the best one of the language
 * @param speedPermille 1000 = the voice's natural pace
 * @param emotion mood in a few words, for those who {@link
 *     dev.reelbeam.model.port.SpeechSynthesizer#takes take} it; null for none in particular
 */
public record SpeechRequest(
    String text, String language, String voiceId, int speedPermille, @Nullable String emotion)
    implements Serializable {
  /** In no mood in particular. */
  public SpeechRequest(String text, String language, String voiceId, int speedPermille) {
    this(text, language, voiceId, speedPermille, null);
  }
}
