package dev.reelbeam.media.frame;

/**
 * A picture in planar YUV 4:2:0, 8 bits, BT.709, limited range, chroma sited left.
 *
 * <p>Rows are padded to a multiple of {@value #ROW_ALIGNMENT} bytes, so loops may write whole
 * machine words past the last column; padding has no meaning. Mutable and not thread-safe, except
 * for reading by several threads once it is filled.
 */
public final class YuvFrame {
  static final int ROW_ALIGNMENT = 64;

  private final int width;
  private final int height;
  private final Plane luma;
  private final Plane u;
  private final Plane v;

  /**
   * A black-and-green frame to be filled.
   *
   * @param width even, in pixels
   * @param height even, in pixels
   */
  public YuvFrame(int width, int height) {
    if (width < 2 || height < 2 || (width & 1) != 0 || (height & 1) != 0) {
      throw new IllegalArgumentException("frame sides must be even: " + width + "x" + height);
    }
    this.width = width;
    this.height = height;
    luma = new Plane(width, height);
    u = new Plane(width / 2, height / 2);
    v = new Plane(width / 2, height / 2);
  }

  public int width() {
    return width;
  }

  public int height() {
    return height;
  }

  public Plane luma() {
    return luma;
  }

  public Plane u() {
    return u;
  }

  public Plane v() {
    return v;
  }

  /** Planes in the order Y, U, V. */
  public Plane plane(int index) {
    return switch (index) {
      case 0 -> luma;
      case 1 -> u;
      case 2 -> v;
      default -> throw new IndexOutOfBoundsException(index);
    };
  }

  /** Takes over all pixels of a frame of the same size. */
  public void copyFrom(YuvFrame source) {
    luma.copyFrom(source.luma);
    u.copyFrom(source.u);
    v.copyFrom(source.v);
  }

  /** Bytes of memory held. */
  public long sizeBytes() {
    return (long) luma.bytes().length + u.bytes().length + v.bytes().length;
  }
}
