/** Deterministic in-memory twins of the ports: the stages run on them without any provider. */
@NullMarked
package dev.reelbeam.fakes;

import org.jspecify.annotations.NullMarked;
