package dev.reelbeam.model.speech;

import java.io.Serializable;

/**
 * One piece of text to be spoken.
 *
 * @param voiceId a voice's id, or {@code default} for the best one of the language
 * @param speedPermille 1000 = the voice's natural pace
 */
public record SpeechRequest(String text, String language, String voiceId, int speedPermille)
    implements Serializable {}
