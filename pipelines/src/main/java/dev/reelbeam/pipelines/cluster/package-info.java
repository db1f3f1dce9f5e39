/**
 * A whole cluster on one machine: its services as processes of their own, and its one settings
 * file.
 */
@NullMarked
package dev.reelbeam.pipelines.cluster;

import org.jspecify.annotations.NullMarked;
