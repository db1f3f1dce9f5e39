/** From storyboard to timeline: whole frames and rasters. */
@NullMarked
package dev.reelbeam.stages.layout;

import org.jspecify.annotations.NullMarked;
