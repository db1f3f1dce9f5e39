package dev.reelbeam.voices;

/**
 * A voice an engine offers.
 *
 * @param engine {@code marytts} or {@code espeak}
 * @param voice the engine's own name of the voice
 * @param name what people read
 * @param language BCP 47 tag
 * @param licence licence of engine and voice, SPDX where there is an identifier
 */
record VoiceInfo(String engine, String voice, String name, String language, String licence) {}
