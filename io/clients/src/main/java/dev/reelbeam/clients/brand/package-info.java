/** Brands from small YAML files. */
@NullMarked
package dev.reelbeam.clients.brand;

import org.jspecify.annotations.NullMarked;
