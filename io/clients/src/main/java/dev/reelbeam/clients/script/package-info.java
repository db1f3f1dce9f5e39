/** Script writers that ask a language model, and the chain in which they stand. */
@NullMarked
package dev.reelbeam.clients.script;

import org.jspecify.annotations.NullMarked;
