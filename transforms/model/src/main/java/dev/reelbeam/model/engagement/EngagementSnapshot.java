package dev.reelbeam.model.engagement;

import java.io.Serializable;
import org.jspecify.annotations.Nullable;

/**
 * What a platform's counters of one published video showed at one moment.
 *
 * <p>Counters are cumulative since publishing; platforms correct them, downwards too. Null: the
 * platform did not tell, which is not zero. On the wire it is JSON ({@code
 * model.json.EngagementJson}) or binary ({@link SnapshotCodec}).
 *
 * @param videoId id of the published video: {@code published_video.public_id}, or that of an
 *     imported list. Opaque; unique together with the platform, not alone
 * @param platform id of a {@link dev.reelbeam.model.video.Platform}
 * @param siteId the site that published it, null when the sender does not know
 * @param fetchedAtMs when the counters were read, ms since 1970 UTC
 * @param watchTimeSeconds watched by all viewers together
 * @param clicks on the video's card or thumbnail, out of {@code impressions}
 * @param avgViewDurationMs as the platform tells it; stands in for watch time where that is missing
 * @param revenueMicros in micro-dollars
 * @param rawRef where the platform's answer is kept, null when it is not
 * @param removed the platform no longer knows the video; the counters are null then
 */
public record EngagementSnapshot(
    String videoId,
    String platform,
    @Nullable String siteId,
    long fetchedAtMs,
    @Nullable Long views,
    @Nullable Long likes,
    @Nullable Long comments,
    @Nullable Long shares,
    @Nullable Long watchTimeSeconds,
    @Nullable Long impressions,
    @Nullable Long clicks,
    @Nullable Long avgViewDurationMs,
    @Nullable Long revenueMicros,
    @Nullable String rawRef,
    boolean removed)
    implements Serializable {
  /** A video that the platform no longer returns. */
  public static EngagementSnapshot removed(
      String videoId, String platform, @Nullable String siteId, long fetchedAtMs) {
    return new EngagementSnapshot(
        videoId,
        platform,
        siteId,
        fetchedAtMs,
        null,
        null,
        null,
        null,
        null,
        null,
        null,
        null,
        null,
        null,
        true);
  }

  /** Names the video among those of all platforms: ids may repeat across platforms. */
  public String videoKey() {
    return videoKey(platform, videoId);
  }

  /** {@link #videoKey()} of these parts. */
  public static String videoKey(String platform, String videoId) {
    return platform + "/" + videoId;
  }
}
