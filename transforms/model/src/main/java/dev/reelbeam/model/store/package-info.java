/** References to stored bytes and the keys under which results are found again. */
@NullMarked
package dev.reelbeam.model.store;

import org.jspecify.annotations.NullMarked;
