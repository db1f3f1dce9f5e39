/** Where choices of arms and what they earned are kept, and the chooser that workers ask. */
@NullMarked
package dev.reelbeam.clients.learning;

import org.jspecify.annotations.NullMarked;
