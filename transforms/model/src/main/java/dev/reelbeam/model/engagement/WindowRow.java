package dev.reelbeam.model.engagement;

import java.io.Serializable;
import java.util.Arrays;

/**
 * One row of engagement: a window of one key, whole.
 *
 * @param key the video's key, the platform, …
 * @param startS seconds since 1970: for {@link WindowKind#HOUR} and a video's first windows the
 *     moment in UTC; for {@link WindowKind#DAY}, and for the first windows of other dimensions, the
 *     site's date (of publishing) as if it began in UTC
 * @param generation of whoever counted it, see {@link dev.reelbeam.model.port.EngagementHistory}
 * @param measures in the places of {@link Measures}; not to be changed
 */
public record WindowRow(
    Dimension dimension, String key, WindowKind kind, long startS, long generation, long[] measures)
    implements Serializable {
  /** A row of the first generation. */
  public WindowRow(Dimension dimension, String key, WindowKind kind, long startS, long[] measures) {
    this(dimension, key, kind, startS, 0, measures);
  }

  /** See {@link Measures#VERSION}. */
  public long version() {
    return measures[Measures.VERSION];
  }

  /** Whether it may take the other form's place: a newer generation's, or one that knows more. */
  public boolean replaces(WindowRow other) {
    return generation > other.generation
        || (generation == other.generation && version() >= other.version());
  }

  /** Whether both are forms of the same row. */
  public boolean isOf(WindowRow other) {
    return startS == other.startS
        && kind == other.kind
        && dimension == other.dimension
        && key.equals(other.key);
  }

  @Override
  public boolean equals(Object other) {
    return other instanceof WindowRow row
        && isOf(row)
        && generation == row.generation
        && Arrays.equals(measures, row.measures);
  }

  @Override
  public int hashCode() {
    return (key.hashCode() * 31 + Long.hashCode(startS)) * 31 + kind.hashCode();
  }

  @Override
  public String toString() {
    return dimension.label()
        + " "
        + key
        + " "
        + kind.label()
        + " "
        + startS
        + " "
        + Arrays.toString(measures);
  }
}
