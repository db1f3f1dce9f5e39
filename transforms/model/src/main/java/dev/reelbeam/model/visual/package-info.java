/** Scenes that need a picture, and the pictures and clips that providers have for them. */
@NullMarked
package dev.reelbeam.model.visual;

import org.jspecify.annotations.NullMarked;
