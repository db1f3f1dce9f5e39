/** The streaming job on a Flink cluster, and what prepares the cluster for it. */
@NullMarked
package dev.reelbeam.pipelines.job;

import org.jspecify.annotations.NullMarked;
