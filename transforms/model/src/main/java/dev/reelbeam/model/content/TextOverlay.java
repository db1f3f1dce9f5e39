package dev.reelbeam.model.content;

import java.io.Serializable;

/**
 * Words that somebody wants to be read at a time, whatever is said.
 *
 * @param startMs from the start of the video
 * @param endMs likewise, later than {@code startMs}
 */
public record TextOverlay(int startMs, int endMs, String text) implements Serializable {}
