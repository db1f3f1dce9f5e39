/** Settings of the clients as records, read once in the wiring; secrets travel as references. */
@NullMarked
package dev.reelbeam.clients.config;

import org.jspecify.annotations.NullMarked;
