/** Thumbnails: the best picture and a few words that can be read at 200 pixels. */
@NullMarked
package dev.reelbeam.media.thumbnail;

import org.jspecify.annotations.NullMarked;
