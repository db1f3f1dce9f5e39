/** The one canonical JSON form of records; the only place where Jackson is visible in the model. */
@NullMarked
package dev.reelbeam.model.json;

import org.jspecify.annotations.NullMarked;
