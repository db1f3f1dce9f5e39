/** Content records, their source blocks, and the scripts written from them. */
@NullMarked
package dev.reelbeam.model.content;

import org.jspecify.annotations.NullMarked;
