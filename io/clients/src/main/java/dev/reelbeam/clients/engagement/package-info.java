/** Readers of platforms' counters, and the poller that asks them on a schedule. */
@NullMarked
package dev.reelbeam.clients.engagement;

import org.jspecify.annotations.NullMarked;
