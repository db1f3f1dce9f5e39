/**
 * Servers that speak the wire protocols of providers: their answers, their limits and their faults.
 * For tests, demonstrations and load runs; nothing here knows our own code.
 */
@NullMarked
package dev.reelbeam.simulators;

import org.jspecify.annotations.NullMarked;
