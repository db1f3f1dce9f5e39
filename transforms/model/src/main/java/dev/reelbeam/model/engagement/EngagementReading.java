package dev.reelbeam.model.engagement;

import java.util.List;

/**
 * What a platform answered about some videos.
 *
 * @param snapshots one for each video that was asked for, in the same order
 * @param raw every answer of the platform as it came, in one JSON document; without tokens
 */
public record EngagementReading(List<EngagementSnapshot> snapshots, byte[] raw) {
  public EngagementReading {
    snapshots = List.copyOf(snapshots);
  }
}
