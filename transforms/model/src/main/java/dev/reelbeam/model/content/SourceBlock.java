package dev.reelbeam.model.content;

import java.io.Serializable;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * One block of a source document, in document order.
 *
 * @param kind what it is
 * @param level heading level 1-6, else 0
 * @param text plain text: of a heading, paragraph, quote; the code itself with its line breaks; the
 *     caption or alternative text of a picture
 * @param items of a list: its entries; of a table: one entry per row, cells joined by " | "
 * @param language of code, when the source names it
 * @param imageIndex index into {@link ContentRecord#images} for a picture, else -1
 */
public record SourceBlock(
    BlockKind kind,
    int level,
    String text,
    List<String> items,
    @Nullable String language,
    int imageIndex)
    implements Serializable {}
