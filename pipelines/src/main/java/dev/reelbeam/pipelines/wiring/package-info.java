/** Opens the ports for the stages: which store, which writer, which voices. */
@NullMarked
package dev.reelbeam.pipelines.wiring;

import org.jspecify.annotations.NullMarked;
