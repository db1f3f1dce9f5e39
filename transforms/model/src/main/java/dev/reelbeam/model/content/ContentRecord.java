package dev.reelbeam.model.content;

import java.io.Serializable;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A validated content record: the text as blocks, the pictures it names, and what is wanted of it.
 *
 * @param language BCP 47 primary tag, lower case, for example {@code en}
 * @param blocks the text in document order; never empty for an article
 * @param images every picture of the record, in document order, without repeats
 * @param listing of a listing, else null
 * @param baseUri where relative paths resolve: a folder or bucket prefix that they may not leave
 */
public record ContentRecord(
    RecordKey key,
    @Nullable String siteId,
    @Nullable String userId,
    ContentKind kind,
    String language,
    String title,
    @Nullable String description,
    List<String> keywords,
    List<SourceBlock> blocks,
    List<ContentImage> images,
    @Nullable Listing listing,
    ProjectRequest project,
    String baseUri)
    implements Serializable {}
