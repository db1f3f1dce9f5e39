/** Projects under way: control events, reviews, progress, and what became of each delivery. */
@NullMarked
package dev.reelbeam.model.project;

import org.jspecify.annotations.NullMarked;
