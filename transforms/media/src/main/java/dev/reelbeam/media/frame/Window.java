package dev.reelbeam.media.frame;

/**
 * A rectangle of a plate that becomes the whole frame, in plate pixels, where pixel {@code i}
 * covers {@code [i, i + 1)}.
 */
public record Window(double left, double top, double width, double height) {

  /** The window part of the way to another; 0 gives this one, 1 the other. */
  public Window towards(Window other, double share) {
    return new Window(
        left + (other.left - left) * share,
        top + (other.top - top) * share,
        width + (other.width - width) * share,
        height + (other.height - height) * share);
  }
}
