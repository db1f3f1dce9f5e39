/** What the workers of one JVM have together. */
@NullMarked
package dev.reelbeam.clients.shared;

import org.jspecify.annotations.NullMarked;
