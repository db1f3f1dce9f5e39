/** What leaves the graph for each delivery. */
@NullMarked
package dev.reelbeam.stages.deliver;

import org.jspecify.annotations.NullMarked;
