package dev.reelbeam.model.engagement;

import java.io.Serializable;
import org.jspecify.annotations.Nullable;

/**
 * A video on a platform, as far as one has to know it to ask for its counters.
 *
 * @param videoId as in {@link EngagementSnapshot}
 * @param platformVideoId the platform's own id of it
 * @param account whose token may read it: a channel, a user, a page, an organisation
 * @param publishedAtMs ms since 1970 UTC
 */
public record PublishedPost(
    String videoId,
    String platform,
    String platformVideoId,
    @Nullable String siteId,
    String account,
    long publishedAtMs)
    implements Serializable {}
