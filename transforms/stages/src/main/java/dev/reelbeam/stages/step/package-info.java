/** Steps and the one DoFn around them. */
@NullMarked
package dev.reelbeam.stages.step;

import org.jspecify.annotations.NullMarked;
