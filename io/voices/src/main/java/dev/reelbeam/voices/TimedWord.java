package dev.reelbeam.voices;

/**
 * One word as the engine spoke it.
 *
 * @param text the word as it stands in the request's text
 * @param charStart first character in the request's text, in UTF-16 units
 * @param charEnd one past the last character
 * @param startUs start in the audio, in microseconds
 * @param endUs end in the audio, in microseconds
 */
record TimedWord(String text, int charStart, int charEnd, long startUs, long endUs) {}
