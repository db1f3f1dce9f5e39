/** Where bytes and results are kept: a local folder, or a bucket of S3. */
@NullMarked
package dev.reelbeam.clients.store;

import org.jspecify.annotations.NullMarked;
