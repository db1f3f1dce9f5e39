/** Voices, spoken sentences and word times. */
@NullMarked
package dev.reelbeam.model.speech;

import org.jspecify.annotations.NullMarked;
