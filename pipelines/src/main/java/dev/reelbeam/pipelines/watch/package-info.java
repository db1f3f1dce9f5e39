/** What people see of a run: live progress, the summary, time and memory. */
@NullMarked
package dev.reelbeam.pipelines.watch;

import org.jspecify.annotations.NullMarked;
