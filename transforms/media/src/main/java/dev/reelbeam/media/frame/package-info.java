/** Pixels in memory: planar frames, picture plates, overlay rasters, and the colour arithmetic. */
@NullMarked
package dev.reelbeam.media.frame;

import org.jspecify.annotations.NullMarked;
