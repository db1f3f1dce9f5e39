/** Moderation by lists of words and by rules, without an account. */
@NullMarked
package dev.reelbeam.embedded.moderation;

import org.jspecify.annotations.NullMarked;
