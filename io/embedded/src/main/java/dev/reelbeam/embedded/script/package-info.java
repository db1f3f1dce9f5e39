/**
 * The extractive script writer: narration and platform texts made of the source's own sentences.
 */
@NullMarked
package dev.reelbeam.embedded.script;

import org.jspecify.annotations.NullMarked;
