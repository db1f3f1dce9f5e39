package dev.reelbeam.media.effect;

import dev.reelbeam.media.frame.YuvFrame;

/** The old picture opens in the middle like a pair of soft doors. */
public final class Split implements TransitionEffect {
  /** Width of each soft edge, in 1/16 of the way to the frame's edge. */
  private static final int EDGE = 6;

  private final Direction direction;
  private final SoftEdge edge = new SoftEdge();

  /**
   * @param direction the way in which the doors go apart, this one and its opposite
   */
  public Split(Direction direction) {
    this.direction = direction;
  }

  @Override
  public void mix(YuvFrame frame, YuvFrame incoming, Progress progress) {
    // In half pixels, half of the way across is its length in pixels.
    int middle = direction.across(frame.width(), frame.height());
    int soft = Math.max(1, middle * EDGE / 16);
    int front = (int) ((middle + soft) * progress.eased() + 0.5);
    boolean sideways = direction.sideways();
    edge.mix(
        frame,
        incoming,
        (y, firstX, stepX, weights, count) -> {
          int weight = SoftEdge.weight(front - Math.abs(y - middle), soft);
          for (int i = 0; i < count; i++) {
            weights[i] =
                sideways
                    ? SoftEdge.weight(front - Math.abs(firstX + i * stepX - middle), soft)
                    : weight;
          }
        });
  }
}
