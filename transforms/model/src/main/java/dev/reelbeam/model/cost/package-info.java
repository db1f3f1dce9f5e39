/** What was used of paid providers, and what that costs. */
@NullMarked
package dev.reelbeam.model.cost;

import org.jspecify.annotations.NullMarked;
