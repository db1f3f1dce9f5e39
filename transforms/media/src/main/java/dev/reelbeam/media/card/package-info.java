/** Designed still pictures: cards that fill the canvas and overlays that lie on a picture. */
@NullMarked
package dev.reelbeam.media.card;

import org.jspecify.annotations.NullMarked;
