package dev.reelbeam.stages.engagement;

import dev.reelbeam.model.engagement.Dimension;
import dev.reelbeam.model.engagement.EngagementSnapshot;
import dev.reelbeam.model.engagement.Measures;
import dev.reelbeam.model.engagement.Packed;
import dev.reelbeam.model.engagement.VideoFacts;
import dev.reelbeam.model.engagement.WindowKind;
import dev.reelbeam.model.engagement.WindowRow;
import java.util.Collection;

/** The first seven days of one video, from all of its snapshots at once. */
public final class FirstWeek {
  private FirstWeek() {}

  /** As a job would tell it; provisional while no snapshot is older than the week. */
  public static WindowRow of(VideoFacts facts, Collection<EngagementSnapshot> snapshots) {
    Packed.Writer rows = new Packed.Writer(1024);
    for (EngagementSnapshot snapshot : snapshots) {
      SnapshotRow.write(snapshot, rows);
    }
    VideoHistory history = SnapshotRow.history(new Packed.Reader(rows.toBytes()));
    Curves curves = new Curves(facts, history, 0);
    long[] measures = new long[Measures.SIZE];
    if (!curves.isEmpty()) {
      curves.first(7 * SiteDays.DAY_S, measures);
    }
    return new WindowRow(
        Dimension.VIDEO, facts.videoKey(), WindowKind.FIRST_7D, curves.published(), measures);
  }
}
