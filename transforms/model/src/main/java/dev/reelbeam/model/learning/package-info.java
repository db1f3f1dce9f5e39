/** What earlier videos teach the next one: arms, what they earned, and which is drawn. */
@NullMarked
package dev.reelbeam.model.learning;

import org.jspecify.annotations.NullMarked;
