package dev.reelbeam.media.effect;

/** Which way things travel across the frame: going left, the new picture comes from the right. */
public enum Direction {
  LEFT(-1, 0),
  RIGHT(1, 0),
  UP(0, -1),
  DOWN(0, 1);

  private final int x;
  private final int y;

  Direction(int x, int y) {
    this.x = x;
    this.y = y;
  }

  /** −1, 0 or 1: how far right one step goes. */
  int x() {
    return x;
  }

  /** −1, 0 or 1: how far down one step goes. */
  int y() {
    return y;
  }

  boolean sideways() {
    return y == 0;
  }

  /** Length of the way across a frame, in its pixels. */
  int across(int width, int height) {
    return sideways() ? width : height;
  }

  /** The way that leads along a canvas' longer side: up a portrait, left along a landscape. */
  public static Direction along(int width, int height) {
    return height > width ? UP : LEFT;
  }
}
