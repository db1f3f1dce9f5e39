package dev.reelbeam.model.port;

import dev.reelbeam.model.engagement.EngagementSnapshot;
import dev.reelbeam.model.engagement.LateSnapshot;
import dev.reelbeam.model.engagement.WindowRow;
import java.util.List;

/** Where windows of engagement are kept for readers. Thread-safe. */
public interface EngagementTables extends AutoCloseable {
  /**
   * Writes rows whole. A row whose stored form is of a later generation, or of the same one and has
   * a higher version, stays as it is; so writing the same again, or an older form, changes nothing.
   * Either all of them are there or none.
   */
  void put(List<WindowRow> rows);

  /**
   * Keeps snapshots of videos that are known, for replays; those of others are left out. Of the
   * same moment counter by counter the larger is kept, so the same again changes nothing.
   */
  void keep(List<EngagementSnapshot> snapshots);

  /** Keeps what came too late; the same again is the same row. */
  void putLate(List<LateSnapshot> late);

  /**
   * Notes that a platform no longer knows a video.
   *
   * @param videoKey platform and id
   * @param atMs when it was noticed, ms since 1970 UTC
   */
  void markRemoved(String videoKey, long atMs);

  /**
   * Notes that a platform knows a video again that was marked as removed before that moment.
   *
   * @param atMs when it was seen, ms since 1970 UTC
   */
  void markReturned(String videoKey, long atMs);

  @Override
  void close();
}
