/** Beam IO families at the edge of the graph: records in, deliveries and dead letters out. */
@NullMarked
package dev.reelbeam.connectors;

import org.jspecify.annotations.NullMarked;
