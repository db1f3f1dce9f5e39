/** Coders of records. */
@NullMarked
package dev.reelbeam.stages.coder;

import org.jspecify.annotations.NullMarked;
