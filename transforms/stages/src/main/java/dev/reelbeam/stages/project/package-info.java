/** Projects near the source: revisions, edits, epochs, admission. */
@NullMarked
package dev.reelbeam.stages.project;

import org.jspecify.annotations.NullMarked;
