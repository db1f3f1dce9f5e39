package dev.reelbeam.media.probe;

import java.io.Serializable;

/**
 * What decoding a sound stream showed.
 *
 * @param sha256 of the decoder's configuration and the packets, each after its length
 * @param report figures; start and bit rate are those of the file in which it was heard
 */
public record HeardSound(String sha256, AudioReport report) implements Serializable {}
