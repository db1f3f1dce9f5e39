/** Looks of moderators at single pictures, wherever they come from. */
@NullMarked
package dev.reelbeam.stages.guard;

import org.jspecify.annotations.NullMarked;
