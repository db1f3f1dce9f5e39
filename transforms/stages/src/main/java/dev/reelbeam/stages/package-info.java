/** The composite {@link dev.reelbeam.stages.ProduceVideos}: the whole way of a record. */
@NullMarked
package dev.reelbeam.stages;

import org.jspecify.annotations.NullMarked;
