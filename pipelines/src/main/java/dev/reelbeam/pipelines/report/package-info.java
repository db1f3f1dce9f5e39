/** The contact sheet of a record: everything that was made of it, on one page to look at. */
@NullMarked
package dev.reelbeam.pipelines.report;

import org.jspecify.annotations.NullMarked;
