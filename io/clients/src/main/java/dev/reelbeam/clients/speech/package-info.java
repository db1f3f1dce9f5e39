/** Speech by providers: engines, the alignment of words to their audio, and the chain of voices. */
@NullMarked
package dev.reelbeam.clients.speech;

import org.jspecify.annotations.NullMarked;
