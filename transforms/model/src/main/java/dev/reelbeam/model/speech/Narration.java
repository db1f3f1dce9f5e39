package dev.reelbeam.model.speech;

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
 */
public record Narration(
    List<SpokenSentence> sentences, String voiceId, int speedPermille, int rounds, int durationMs)
    implements Serializable {}
