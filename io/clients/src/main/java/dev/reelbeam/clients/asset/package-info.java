/** Reading the pictures and tracks that records name, confined and bounded. */
@NullMarked
package dev.reelbeam.clients.asset;

import org.jspecify.annotations.NullMarked;
