/** The native codecs: the only packages that touch FFmpeg are this one and {@code media.probe}. */
@NullMarked
package dev.reelbeam.media.codec;

import org.jspecify.annotations.NullMarked;
