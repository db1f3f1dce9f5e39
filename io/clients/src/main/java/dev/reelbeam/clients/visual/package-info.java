/** Pictures and clips by providers: found in stock, or made. */
@NullMarked
package dev.reelbeam.clients.visual;

import org.jspecify.annotations.NullMarked;
