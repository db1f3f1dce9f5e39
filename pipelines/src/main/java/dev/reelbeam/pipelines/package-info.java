/** The command line and the graphs that it runs: where stages, providers and people meet. */
@NullMarked
package dev.reelbeam.pipelines;

import org.jspecify.annotations.NullMarked;
