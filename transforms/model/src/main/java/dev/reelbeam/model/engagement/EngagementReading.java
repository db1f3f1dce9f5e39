package dev.reelbeam.model.engagement;

import java.util.List;

/**
 * What a platform answered about some videos.
 *
 * @param snapshots one for each video that was asked for, in the same order
 * @param reports what was told beside it and speaks of an earlier moment, in no order
 * @param raw every answer of the platform as it came, in one JSON document; without tokens
 * @param units of the platform's quota that it took; more than was foreseen where something had to
 *     be asked again
 */
public record EngagementReading(
    List<EngagementSnapshot> snapshots, List<EngagementSnapshot> reports, byte[] raw, int units) {
  public EngagementReading {
    snapshots = List.copyOf(snapshots);
    reports = List.copyOf(reports);
  }

  /** One whose snapshots all are of the moment of the reading. */
  public EngagementReading(List<EngagementSnapshot> snapshots, byte[] raw, int units) {
    this(snapshots, List.of(), raw, units);
  }
}
