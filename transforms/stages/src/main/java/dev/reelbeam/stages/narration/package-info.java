/** Fitting the narration: draft, synthesize, measure, refit. */
@NullMarked
package dev.reelbeam.stages.narration;

import org.jspecify.annotations.NullMarked;
