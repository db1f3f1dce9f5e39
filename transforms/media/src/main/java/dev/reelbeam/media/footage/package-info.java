/** Taking in clips of strangers: what they are, how much of them is usable, what they look like. */
@NullMarked
package dev.reelbeam.media.footage;

import org.jspecify.annotations.NullMarked;
