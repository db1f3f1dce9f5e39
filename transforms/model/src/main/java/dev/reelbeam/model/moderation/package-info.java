/** What may be shown, what a person has to look at, and what may not be shown. */
@NullMarked
package dev.reelbeam.model.moderation;

import org.jspecify.annotations.NullMarked;
