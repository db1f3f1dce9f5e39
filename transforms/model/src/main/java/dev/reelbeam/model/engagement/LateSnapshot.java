package dev.reelbeam.model.engagement;

import java.io.Serializable;

/**
 * A snapshot that came too late for a running job. It is kept and counted; the replay of the whole
 * history applies it.
 *
 * @param videoKey platform and id
 * @param fetchedAtMs when the counters were read, ms since 1970 UTC
 * @param tooLateS by how much it came later than is allowed
 * @param snapshotJson the snapshot
 */
public record LateSnapshot(String videoKey, long fetchedAtMs, long tooLateS, String snapshotJson)
    implements Serializable {}
