/** What a video shows, as data: canvas, shots, motion, transitions, overlays, encoding settings. */
@NullMarked
package dev.reelbeam.media.composition;

import org.jspecify.annotations.NullMarked;
