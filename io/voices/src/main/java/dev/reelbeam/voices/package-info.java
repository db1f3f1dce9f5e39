/** The speech child process: one request per line in, one answer per line out, audio in files. */
@NullMarked
package dev.reelbeam.voices;

import org.jspecify.annotations.NullMarked;
