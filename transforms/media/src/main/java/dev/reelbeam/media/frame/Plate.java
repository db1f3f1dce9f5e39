package dev.reelbeam.media.frame;

/**
 * A picture prepared for one camera move: converted, framed and scaled once, so that every frame of
 * the shot is a resampling at nearly its own resolution.
 *
 * <p>Immutable and safe to share between threads.
 */
public final class Plate {
  private final PackedPlane luma;
  private final PackedPlane u;
  private final PackedPlane v;
  private final Window from;
  private final Window to;

  /**
   * @param pixels the picture; not kept
   * @param from what the first visible frame shows
   * @param to what the last visible frame shows
   */
  public Plate(YuvFrame pixels, Window from, Window to) {
    this.luma = PackedPlane.of(pixels.luma());
    this.u = PackedPlane.of(pixels.u());
    this.v = PackedPlane.of(pixels.v());
    this.from = from;
    this.to = to;
  }

  public PackedPlane luma() {
    return luma;
  }

  public PackedPlane u() {
    return u;
  }

  public PackedPlane v() {
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
