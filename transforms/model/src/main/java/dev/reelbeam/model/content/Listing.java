package dev.reelbeam.model.content;

import java.io.Serializable;
import org.jspecify.annotations.Nullable;

/**
 * What a product listing has beyond a title and a text.
 *
 * @param price plain decimal text, for example {@code 18500} or {@code 12.50}
 * @param currency ISO 4217 code, for example {@code USD}
 */
public record Listing(@Nullable String price, @Nullable String currency, @Nullable String category)
    implements Serializable {}
