package dev.reelbeam.model.project;

import dev.reelbeam.model.store.MediaRef;
import java.io.Serializable;

/**
 * Payload of {@code asset_swapped}.
 *
 * @param url the picture as the content record names it
 * @param asset the stored bytes that take its place
 */
public record AssetSwap(String url, MediaRef asset) implements Serializable {}
