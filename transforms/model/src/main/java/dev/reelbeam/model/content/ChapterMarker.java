package dev.reelbeam.model.content;

import java.io.Serializable;

/** A chapter's start, in ms from the start of the video, and its title. */
public record ChapterMarker(int timeMs, String title) implements Serializable {}
