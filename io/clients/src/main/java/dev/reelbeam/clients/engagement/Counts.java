package dev.reelbeam.clients.engagement;

import dev.reelbeam.model.engagement.EngagementSnapshot;
import dev.reelbeam.model.engagement.PublishedPost;
import org.jspecify.annotations.Nullable;

/** Counters of one video while they are being collected; null is what was not told. */
final class Counts {
  private final PublishedPost post;
  private final long nowMs;
  @Nullable Long views;
  @Nullable Long likes;
  @Nullable Long comments;
  @Nullable Long shares;
  @Nullable Long watchTimeSeconds;
  @Nullable Long impressions;
  @Nullable Long clicks;
  @Nullable Long avgViewDurationMs;
  @Nullable Long revenueMicros;

  Counts(PublishedPost post, long nowMs) {
    this.post = post;
    this.nowMs = nowMs;
  }

  EngagementSnapshot snapshot() {
    return new EngagementSnapshot(
        post.videoId(),
        post.platform(),
        post.siteId(),
        nowMs,
        views,
        likes,
        comments,
        shares,
        watchTimeSeconds,
        impressions,
        clicks,
        avgViewDurationMs,
        revenueMicros,
        /* rawRef= */ null,
        /* removed= */ false);
  }

  static EngagementSnapshot removed(PublishedPost post, long nowMs) {
    return EngagementSnapshot.removed(post.videoId(), post.platform(), post.siteId(), nowMs);
  }

  /** A sum of what is known; null when neither is. */
  static @Nullable Long plus(@Nullable Long one, @Nullable Long other) {
    return one == null ? other : other == null ? one : Long.valueOf(one + other);
  }

  static @Nullable Long times(@Nullable Long value, long factor) {
    return value == null ? null : Long.valueOf(value * factor);
  }
}
