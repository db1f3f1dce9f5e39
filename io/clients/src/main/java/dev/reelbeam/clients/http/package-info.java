/**
 * The one way in which providers are called: bounded in time and size, retried by the kind of
 * error, throttled per key, cut off while a provider is down, and silent about secrets.
 */
@NullMarked
package dev.reelbeam.clients.http;

import org.jspecify.annotations.NullMarked;
