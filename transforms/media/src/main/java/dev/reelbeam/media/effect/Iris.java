package dev.reelbeam.media.effect;

import dev.reelbeam.media.frame.YuvFrame;

/** A circle with a soft rim opens from the middle of the frame. */
public final class Iris implements TransitionEffect {
  private final SoftEdge edge = new SoftEdge();

  @Override
  public void mix(YuvFrame frame, YuvFrame incoming, Progress progress) {
    int width = frame.width();
    int height = frame.height();
    // All lengths in half pixels.
    int rim = Math.max(4, Math.min(width, height) / 4);
    int reach = (int) Math.sqrt((double) width * width + (double) height * height) + 2;
    int front = (int) ((reach + rim) * progress.eased() + 0.5);
    long inside = (long) Math.max(0, front - rim) * Math.max(0, front - rim);
    long outside = (long) front * front;
    edge.mix(
        frame,
        incoming,
        (y, firstX, stepX, weights, count) -> {
          long down = (long) (y - height) * (y - height);
          for (int i = 0; i < count; i++) {
            long right = firstX + (long) i * stepX - width;
            long square = right * right + down;
            if (square >= outside) {
              weights[i] = 0;
            } else if (square < inside) {
              weights[i] = 256;
            } else {
              // Square roots are exactly rounded on every machine.
              weights[i] = SoftEdge.weight(front - (int) Math.sqrt((double) square), rim);
            }
          }
        });
  }
}
