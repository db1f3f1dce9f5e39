/** Dead letters: failures set aside with number, remedy and payload. */
@NullMarked
package dev.reelbeam.stages.deadletter;

import org.jspecify.annotations.NullMarked;
