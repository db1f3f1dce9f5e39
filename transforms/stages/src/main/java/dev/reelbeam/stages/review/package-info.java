/** Gates where people decide. */
@NullMarked
package dev.reelbeam.stages.review;

import org.jspecify.annotations.NullMarked;
