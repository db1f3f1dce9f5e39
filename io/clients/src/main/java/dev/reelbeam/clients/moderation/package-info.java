/** Moderation by providers, and all moderators of the settings together. */
@NullMarked
package dev.reelbeam.clients.moderation;

import org.jspecify.annotations.NullMarked;
