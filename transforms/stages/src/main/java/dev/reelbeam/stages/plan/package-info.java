/** Grouping a record's targets into variants. */
@NullMarked
package dev.reelbeam.stages.plan;

import org.jspecify.annotations.NullMarked;
