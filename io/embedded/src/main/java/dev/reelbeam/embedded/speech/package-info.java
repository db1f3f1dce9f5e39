/** Speech without an account: the spoken form of a text, the voices' process, and word times. */
@NullMarked
package dev.reelbeam.embedded.speech;

import org.jspecify.annotations.NullMarked;
