/** The records that travel between the stages. */
@NullMarked
package dev.reelbeam.stages.flow;

import org.jspecify.annotations.NullMarked;
