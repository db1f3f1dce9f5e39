/**
 * Pictures on their way in: decoded safely, made upright sRGB, described, and framed for a canvas.
 */
@NullMarked
package dev.reelbeam.media.picture;

import org.jspecify.annotations.NullMarked;
