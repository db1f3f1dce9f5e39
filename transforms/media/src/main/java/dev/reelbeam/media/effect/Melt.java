package dev.reelbeam.media.effect;

import dev.reelbeam.media.frame.Plane;
import dev.reelbeam.media.frame.YuvFrame;

/** The new picture comes in by its light: what is bright in it first, what is dark last. */
public final class Melt implements TransitionEffect {
  /** Levels of brightness over which the picture comes in at one moment. */
  private static final int SOFT = 160;

  private final int[] weights = new int[256];

  @Override
  public void mix(YuvFrame frame, YuvFrame incoming, Progress progress) {
    int front = (int) ((256 + SOFT) * progress.share() + 0.5);
    for (int light = 0; light < 256; light++) {
      weights[light] = SoftEdge.weight(front - (255 - light), SOFT);
    }
    Plane light = incoming.luma();
    for (int y = 0; y < light.height(); y++) {
      for (int x = 0; x < light.width(); x++) {
        mix(frame.luma(), light, y * light.stride() + x, weights[light.at(x, y)]);
      }
    }
    for (int y = 0; y < frame.u().height(); y++) {
      for (int x = 0; x < frame.u().width(); x++) {
        int four =
            light.at(2 * x, 2 * y)
                + light.at(2 * x + 1, 2 * y)
                + light.at(2 * x, 2 * y + 1)
                + light.at(2 * x + 1, 2 * y + 1);
        int weight = weights[(four + 2) >> 2];
        int at = y * frame.u().stride() + x;
        mix(frame.u(), incoming.u(), at, weight);
        mix(frame.v(), incoming.v(), at, weight);
      }
    }
  }

  private static void mix(Plane old, Plane incoming, int at, int weight) {
    int below = old.bytes()[at] & 0xFF;
    int above = incoming.bytes()[at] & 0xFF;
    old.bytes()[at] = (byte) (below + ((above - below) * weight + 128 >> 8));
  }
}
