/** Type for moving pictures: bundled fonts, shaping with fallback, wrapping, fitting, colours. */
@NullMarked
package dev.reelbeam.media.text;

import org.jspecify.annotations.NullMarked;
