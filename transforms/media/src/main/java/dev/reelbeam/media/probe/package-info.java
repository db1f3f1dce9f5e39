/** Decodes a finished video once and measures what a platform, or an eye, would object to. */
@NullMarked
package dev.reelbeam.media.probe;

import org.jspecify.annotations.NullMarked;
