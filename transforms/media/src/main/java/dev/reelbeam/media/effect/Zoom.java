package dev.reelbeam.media.effect;

import dev.reelbeam.media.frame.Window;
import dev.reelbeam.media.frame.YuvFrame;

/** The camera rushes into the old picture and comes to rest in the new one. */
public final class Zoom implements TransitionEffect {
  private static final double RUSH = 0.55;
  private static final double REST = 0.18;

  @Override
  public Window oldWindow(Window window, Progress progress) {
    double share = progress.share();
    return closer(window, RUSH * share * share);
  }

  @Override
  public Window newWindow(Window window, Progress progress) {
    return closer(window, REST * (1 - Easing.out(progress.share())));
  }

  @Override
  public void mix(YuvFrame frame, YuvFrame incoming, Progress progress) {
    Dissolve.into(frame, incoming, Progress.weight(Easing.inOut(progress.within(0.25, 0.8))));
  }

  /** The same place, seen larger: a part of the window, so always inside the picture. */
  private static Window closer(Window window, double more) {
    double width = window.width() / (1 + more);
    double height = window.height() / (1 + more);
    return new Window(
        window.left() + (window.width() - width) / 2,
        window.top() + (window.height() - height) / 2,
        width,
        height);
  }
}
