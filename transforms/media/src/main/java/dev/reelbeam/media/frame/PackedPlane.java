package dev.reelbeam.media.frame;

/**
 * A plane laid out for resampling: each {@code long} holds four samples, one above the other, in
 * lanes of 16 bits. One multiplication then weights four rows at once.
 *
 * <p>Immutable once built. The last column and the last row are repeated, so that a neighbour
 * always exists.
 */
public final class PackedPlane {
  /** Rows per group. */
  public static final int LANES = 4;

  private final int width;
  private final int height;
  private final int groupStride;
  private final long[] groups;

  private PackedPlane(int width, int height, int groupStride, long[] groups) {
    this.width = width;
    this.height = height;
    this.groupStride = groupStride;
    this.groups = groups;
  }

  /** Packs a plane. */
  public static PackedPlane of(Plane plane) {
    int width = plane.width();
    int height = plane.height();
    int groupStride = width + 1;
    // One row more than there is: the lower neighbour of the last row.
    int groupCount = height / LANES + 1;
    long[] groups = new long[groupStride * groupCount];
    byte[] bytes = plane.bytes();
    for (int group = 0; group < groupCount; group++) {
      int target = group * groupStride;
      for (int lane = 0; lane < LANES; lane++) {
        int row = Math.min(group * LANES + lane, height - 1) * plane.stride();
        int shift = 16 * lane;
        for (int x = 0; x < width; x++) {
          groups[target + x] |= (bytes[row + x] & 0xFFL) << shift;
        }
      }
      groups[target + width] = groups[target + width - 1];
    }
    return new PackedPlane(width, height, groupStride, groups);
  }

  public int width() {
    return width;
  }

  public int height() {
    return height;
  }

  /** Distance of two groups in longs. */
  public int groupStride() {
    return groupStride;
  }

  /** The groups, row group after row group. */
  public long[] groups() {
    return groups;
  }

  /** Bytes of memory held. */
  public long sizeBytes() {
    return 8L * groups.length;
  }
}
