package dev.reelbeam.model.speech;

/**
 * A word as an engine or a transcription reports it. Nothing is promised of the times.
 *
 * @param startUs from the start of the audio
 */
public record HeardWord(String text, long startUs, long endUs) {}
