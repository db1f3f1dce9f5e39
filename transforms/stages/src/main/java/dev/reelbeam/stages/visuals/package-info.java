/** Choosing what is seen while something is said. */
@NullMarked
package dev.reelbeam.stages.visuals;

import org.jspecify.annotations.NullMarked;
