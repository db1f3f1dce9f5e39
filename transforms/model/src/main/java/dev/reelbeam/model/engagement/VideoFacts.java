package dev.reelbeam.model.engagement;

import java.io.Serializable;
import org.jspecify.annotations.Nullable;

/**
 * What is known about a published video besides its counters: by these its engagement is grouped.
 *
 * @param videoId as in {@link EngagementSnapshot}
 * @param platform id of a {@link dev.reelbeam.model.video.Platform}
 * @param preset the delivery's preset
 * @param timeZone IANA id of the site's time zone: its days begin and end there
 * @param hookStyle style of the script's hook, null when unknown
 * @param voice voice id, null when nobody speaks or it is unknown
 * @param durationClass {@code teaser}, {@code short}, {@code medium} or {@code long}
 * @param topic what it is about, null when unknown
 * @param project id of the project, the same for all of its videos
 * @param publishedAtMs when its counters began at zero, ms since 1970 UTC
 * @param costMicros what making it cost, in micro-dollars
 * @param credits what making it cost, in credits
 */
public record VideoFacts(
    String videoId,
    String platform,
    String preset,
    String siteId,
    String timeZone,
    @Nullable String hookStyle,
    @Nullable String voice,
    @Nullable String durationClass,
    @Nullable String topic,
    String project,
    long publishedAtMs,
    long costMicros,
    long credits)
    implements Serializable {
  /** Names the video among those of all platforms. */
  public String videoKey() {
    return EngagementSnapshot.videoKey(platform, videoId);
  }
}
