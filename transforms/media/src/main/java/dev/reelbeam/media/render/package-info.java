/** The door of the engine: cut a timeline into segments, render a segment, assemble the video. */
@NullMarked
package dev.reelbeam.media.render;

import org.jspecify.annotations.NullMarked;
