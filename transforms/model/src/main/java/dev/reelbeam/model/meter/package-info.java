/** What work amounted to, summed where it is done and counted where somebody looks. */
@NullMarked
package dev.reelbeam.model.meter;

import org.jspecify.annotations.NullMarked;
