/** What the stages need from the outside world, as interfaces; providers implement them. */
@NullMarked
package dev.reelbeam.model.port;

import org.jspecify.annotations.NullMarked;
