package dev.reelbeam.model.content;

import java.io.Serializable;
import org.jspecify.annotations.Nullable;

/**
 * A picture that a record names.
 *
 * @param url as written: a path relative to the record's base, or an absolute URL
 */
public record ContentImage(
    String url,
    @Nullable String alt,
    @Nullable String caption,
    @Nullable String credit,
    @Nullable String license)
    implements Serializable {}
