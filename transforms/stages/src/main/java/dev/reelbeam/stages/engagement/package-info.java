/** Engagement: snapshots of counters become windows, right in whatever order they come. */
@NullMarked
package dev.reelbeam.stages.engagement;

import org.jspecify.annotations.NullMarked;
