/** Captions: which words stand together when, how they are drawn, and the files that carry them. */
@NullMarked
package dev.reelbeam.media.caption;

import org.jspecify.annotations.NullMarked;
