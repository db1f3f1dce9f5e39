package dev.reelbeam.stages.engagement;

import dev.reelbeam.model.engagement.EngagementSnapshot;
import dev.reelbeam.model.engagement.SnapshotCodec;
import dev.reelbeam.model.engagement.SnapshotMessage;
import dev.reelbeam.model.failure.FailureCode;
import dev.reelbeam.model.failure.StageException;
import dev.reelbeam.model.json.EngagementJson;
import dev.reelbeam.model.video.Platform;
import java.time.Instant;
import java.util.Arrays;
import java.util.Set;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** Reads snapshots, and refuses those that would spoil a figure. */
public final class SnapshotChecks {
  /** The largest count: beyond 2^53 JSON readers of many languages round. */
  static final long LARGEST = 1L << 53;

  /** Clocks differ by less. */
  static final long AHEAD_MS = 10 * 60 * 1000;

  /** Before there was any platform: clocks that were never set say 1970. */
  static final long EARLIEST_MS = Instant.parse("2005-01-01T00:00:00Z").toEpochMilli();

  private static final Set<String> PLATFORMS =
      Arrays.stream(Platform.values()).map(Platform::id).collect(Collectors.toUnmodifiableSet());

  private SnapshotChecks() {}

  /**
   * Reads a message.
   *
   * @param nowMs what time it is
   * @throws StageException 42xx, saying what is wrong with it
   */
  static EngagementSnapshot read(SnapshotMessage message, long nowMs) throws StageException {
    EngagementSnapshot snapshot;
    try {
      snapshot =
          SnapshotCodec.isBinary(message.bytes())
              ? SnapshotCodec.decode(message.bytes())
              : EngagementJson.readSnapshot(message.bytes());
    } catch (IllegalArgumentException e) {
      throw new StageException(
          FailureCode.SNAPSHOT_UNREADABLE, message.position() + ": " + e.getMessage(), e);
    }
    try {
      check(snapshot, nowMs);
    } catch (StageException e) {
      if (e.code() != FailureCode.SNAPSHOT_UNREADABLE) {
        throw e;
      }
      throw new StageException(e.code(), message.position() + ": " + e.getMessage(), e);
    }
    return snapshot;
  }

  /**
   * Checks one that was read.
   *
   * @param nowMs what time it is
   * @throws StageException 42xx, saying what is wrong with it
   */
  public static void check(EngagementSnapshot snapshot, long nowMs) throws StageException {
    // The binary form says nothing about texts, JSON says the same.
    text("video_id", snapshot.videoId());
    text("site_id", snapshot.siteId());
    text("raw_ref", snapshot.rawRef());
    if (!PLATFORMS.contains(snapshot.platform())) {
      throw new StageException(
          FailureCode.PLATFORM_UNKNOWN,
          "video " + snapshot.videoId() + " is said to be on '" + shown(snapshot.platform()) + "'");
    }
    if (snapshot.fetchedAtMs() > nowMs + AHEAD_MS) {
      throw new StageException(
          FailureCode.SNAPSHOT_AHEAD,
          snapshot.videoKey() + " was read at " + Instant.ofEpochMilli(snapshot.fetchedAtMs()));
    }
    if (snapshot.fetchedAtMs() < EARLIEST_MS) {
      throw new StageException(
          FailureCode.SNAPSHOT_BEFORE_VIDEO,
          snapshot.videoKey() + " was read at " + Instant.ofEpochMilli(snapshot.fetchedAtMs()));
    }
    check(snapshot, "views", snapshot.views());
    check(snapshot, "likes", snapshot.likes());
    check(snapshot, "comments", snapshot.comments());
    check(snapshot, "shares", snapshot.shares());
    check(snapshot, "watch_time_seconds", snapshot.watchTimeSeconds());
    check(snapshot, "impressions", snapshot.impressions());
    check(snapshot, "clicks", snapshot.clicks());
    check(snapshot, "avg_view_duration_ms", snapshot.avgViewDurationMs());
    check(snapshot, "revenue_micros", snapshot.revenueMicros());
  }

  private static void text(String name, @Nullable String text) throws StageException {
    if (text == null || (!text.isEmpty() && EngagementJson.isText(text))) {
      return;
    }
    throw new StageException(
        FailureCode.SNAPSHOT_UNREADABLE, name + " is empty, too long or holds a NUL");
  }

  private static String shown(String text) {
    return text.length() > 40 ? text.substring(0, 40) + "…" : text;
  }

  private static void check(EngagementSnapshot snapshot, String name, @Nullable Long count)
      throws StageException {
    if (count == null) {
      return;
    }
    if (count < 0) {
      throw new StageException(
          FailureCode.COUNT_NEGATIVE, snapshot.videoKey() + " has " + count + " " + name);
    }
    if (count > LARGEST) {
      throw new StageException(
          FailureCode.COUNT_TOO_LARGE, snapshot.videoKey() + " has " + count + " " + name);
    }
  }
}
