/** Every picture effect as a small pure function of pixels and whole frames. */
@NullMarked
package dev.reelbeam.media.effect;

import org.jspecify.annotations.NullMarked;
