/** Numbered failure codes, the one checked exception that crosses a port, and dead letters. */
@NullMarked
package dev.reelbeam.model.failure;

import org.jspecify.annotations.NullMarked;
