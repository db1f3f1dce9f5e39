/** Presets, variants, brands and deliveries: what a video has to be. */
@NullMarked
package dev.reelbeam.model.video;

import org.jspecify.annotations.NullMarked;
