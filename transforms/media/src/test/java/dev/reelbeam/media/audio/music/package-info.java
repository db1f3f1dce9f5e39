/**
 * The composer of the built-in music: a small synthesizer, three pieces, and a main that writes
 * them.
 *
 * <p>It lives beside the tests because nobody needs it to make a video: the pieces are committed as
 * encoded files. It is kept so that they can be changed, and so that their origin is plain.
 */
@NullMarked
package dev.reelbeam.media.audio.music;

import org.jspecify.annotations.NullMarked;
