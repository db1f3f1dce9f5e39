package dev.reelbeam.model.store;

import java.io.Serializable;

/**
 * Names stored bytes by their content; elements of the graph carry references, never bytes.
 *
 * @param sha256 lower-case hex digest of the bytes
 * @param sizeBytes number of bytes
 * @param contentType media type, for example {@code image/png}
 */
public record MediaRef(String sha256, long sizeBytes, String contentType) implements Serializable {}
