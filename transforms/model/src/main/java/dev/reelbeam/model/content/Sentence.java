package dev.reelbeam.model.content;

import java.io.Serializable;

/**
 * One spoken sentence as it is displayed; numbers and units are still written as a reader expects.
 *
 * @param sourceBlock index into {@link ContentRecord#blocks} of the block it rests on, -1 for none
 */
public record Sentence(String text, int sourceBlock) implements Serializable {}
