/** Which pool of workers a transform runs on. */
@NullMarked
package dev.reelbeam.stages.pool;

import org.jspecify.annotations.NullMarked;
