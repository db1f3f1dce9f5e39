package dev.reelbeam.media.frame;

/**
 * A picture prepared for one camera move: converted, framed and scaled once, so that every frame of
 * the shot is a resampling at nearly its own resolution.
 *
 * <p>Immutable and safe to share between threads.
 */
public final class Plate {
  private final ColumnPlane luma;
  private final ColumnPlane u;
  private final ColumnPlane v;
  private final Window from;
  private final Window to;

  /**
   * @param pixels the picture; not kept
   * @param from what the first visible frame shows
   * @param to what the last visible frame shows
   */
  public Plate(YuvFrame pixels, Window from, Window to) {
    this.luma = ColumnPlane.of(pixels.luma());
    this.u = ColumnPlane.of(pixels.u());
    this.v = ColumnPlane.of(pixels.v());
    this.from = from;
    this.to = to;
  }

  public ColumnPlane luma() {
    return luma;
  }

  public ColumnPlane u() {
    return u;
  }

  public ColumnPlane v() {
    return v;
  }

  public Window from() {
    return from;
  }

  public Window to() {
    return to;
  }

  /** Bytes of memory held. */
  public long sizeBytes() {
    return luma.sizeBytes() + u.sizeBytes() + v.sizeBytes();
  }
}
