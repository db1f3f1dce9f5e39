/** Parsing and validating content records. */
@NullMarked
package dev.reelbeam.stages.ingest;

import org.jspecify.annotations.NullMarked;
