/** Cut, dispatch, render, join, assemble, check. */
@NullMarked
package dev.reelbeam.stages.render;

import org.jspecify.annotations.NullMarked;
