package dev.reelbeam.media.frame;

/**
 * A plane laid out for resampling: column after column, each {@code int} holding four samples, one
 * below the other, the topmost in the lowest byte.
 *
 * <p>Interpolating between two columns is then a plain loop over two arrays, which the JVM turns
 * into vector instructions; between two columns of a row-major plane it would be a gather, sample
 * by sample. One byte a sample also keeps a plate in the cache that two would push out of it.
 *
 * <p>Immutable once built. The last column and the last row are repeated, so that a neighbour
 * always exists.
 */
public final class ColumnPlane {
  /** Samples in one {@code int}. */
  public static final int LANES = 4;

  /** Columns that are filled together: a cache line of each row. */
  private static final int BLOCK = 64;

  private final int width;
  private final int height;
  private final int[][] columns;

  private ColumnPlane(int width, int height, int[][] columns) {
    this.width = width;
    this.height = height;
    this.columns = columns;
  }

  /** Turns a plane. */
  public static ColumnPlane of(Plane plane) {
    int width = plane.width();
    int height = plane.height();
    int stride = plane.stride();
    byte[] bytes = plane.bytes();
    // One row more than there is: the lower neighbour of the last row.
    int length = height / LANES + 1;
    int[][] columns = new int[width + 1][];
    for (int x = 0; x < width; x++) {
      columns[x] = new int[length];
    }
    columns[width] = columns[width - 1];
    for (int block = 0; block < width; block += BLOCK) {
      int end = Math.min(width, block + BLOCK);
      for (int i = 0; i < length; i++) {
        int row0 = Math.min(LANES * i, height - 1) * stride;
        int row1 = Math.min(LANES * i + 1, height - 1) * stride;
        int row2 = Math.min(LANES * i + 2, height - 1) * stride;
        int row3 = Math.min(LANES * i + 3, height - 1) * stride;
        for (int x = block; x < end; x++) {
          columns[x][i] =
              (bytes[row0 + x] & 0xFF)
                  | (bytes[row1 + x] & 0xFF) << 8
                  | (bytes[row2 + x] & 0xFF) << 16
                  | bytes[row3 + x] << 24;
        }
      }
    }
    return new ColumnPlane(width, height, columns);
  }

  public int width() {
    return width;
  }

  public int height() {
    return height;
  }

  /** The columns, from left to right, and the last one once more. */
  public int[][] columns() {
    return columns;
  }

  /** Bytes of memory held. */
  public long sizeBytes() {
    return 4L * width * (height / LANES + 1);
  }
}
