/** What platforms count about published videos, and the windows it is summed up in. */
@NullMarked
package dev.reelbeam.model.engagement;

import org.jspecify.annotations.NullMarked;
