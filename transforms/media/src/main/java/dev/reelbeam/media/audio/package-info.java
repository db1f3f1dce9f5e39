/** Narration, music and their mix: from spoken sentences to one finished sound track. */
@NullMarked
package dev.reelbeam.media.audio;

import org.jspecify.annotations.NullMarked;
