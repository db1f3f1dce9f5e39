package dev.reelbeam.model.content;

import java.io.Serializable;
import java.util.List;

/** Title, description, tags and category for one platform, within its limits. */
public record SeoMetadata(String title, String description, List<String> tags, String category)
    implements Serializable {}
