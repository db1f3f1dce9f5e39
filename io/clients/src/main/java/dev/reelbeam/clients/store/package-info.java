/** Where bytes and results are kept: the local folder store. */
@NullMarked
package dev.reelbeam.clients.store;

import org.jspecify.annotations.NullMarked;
