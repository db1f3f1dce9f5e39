package dev.reelbeam.media.effect;

import dev.reelbeam.media.frame.YuvFrame;
import java.util.Arrays;

/** The mask of a straight soft edge that goes across the frame. */
final class Front implements SoftEdge.Mask {
  private final Direction direction;
  private final int width;
  private final int height;
  private final int slantSixteenths;
  private final int edge;
  private final int front;

  private Front(
      Direction direction, int width, int height, int slantSixteenths, int edge, int front) {
    this.direction = direction;
    this.width = width;
    this.height = height;
    this.slantSixteenths = slantSixteenths;
    this.edge = edge;
    this.front = front;
  }

  /**
   * @param slantSixteenths how far the edge lags behind along its own length
   * @param edgeSixteenths width of the soft edge, in shares of the whole way
   */
  static Front of(
      YuvFrame frame,
      Direction direction,
      int slantSixteenths,
      int edgeSixteenths,
      Progress progress) {
    int across = 2 * direction.across(frame.width(), frame.height());
    int beside = 2 * direction.across(frame.height(), frame.width());
    int way = across + beside * slantSixteenths / 16;
    int edge = Math.max(1, way * edgeSixteenths / 16);
    int front = (int) ((way + edge) * progress.eased() + 0.5);
    return new Front(
        direction, 2 * frame.width(), 2 * frame.height(), slantSixteenths, edge, front);
  }

  @Override
  public void row(int y, int firstX, int stepX, int[] weights, int count) {
    boolean sideways = direction.sideways();
    int fromTop = direction == Direction.UP || sideways ? height - y : y;
    if (!sideways && slantSixteenths == 0) {
      Arrays.fill(weights, 0, count, SoftEdge.weight(front - fromTop, edge));
      return;
    }
    for (int i = 0; i < count; i++) {
      int x = firstX + i * stepX;
      int fromSide = direction == Direction.RIGHT ? x : width - x;
      int way =
          sideways
              ? fromSide + (fromTop * slantSixteenths >> 4)
              : fromTop + (fromSide * slantSixteenths >> 4);
      weights[i] = SoftEdge.weight(front - way, edge);
    }
  }
}
