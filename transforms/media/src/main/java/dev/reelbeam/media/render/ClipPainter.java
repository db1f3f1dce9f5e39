package dev.reelbeam.media.render;

import dev.reelbeam.media.codec.ClipReader;
import dev.reelbeam.media.composition.Canvas;
import dev.reelbeam.media.composition.Fit;
import dev.reelbeam.media.composition.Playback;
import dev.reelbeam.media.composition.Still;
import dev.reelbeam.media.effect.Backdrop;
import dev.reelbeam.media.effect.Inset;
import dev.reelbeam.media.effect.Warp;
import dev.reelbeam.media.frame.Plate;
import dev.reelbeam.media.frame.Window;
import dev.reelbeam.media.frame.YuvFrame;
import dev.reelbeam.model.failure.StageException;
import org.jspecify.annotations.Nullable;

/**
 * A clip, filling the frame or whole over a blurred copy of itself. The frame painted last is kept:
 * a slow clip shows it several times.
 */
final class ClipPainter implements ShotPainter {
  /** What clips have between two key frames at the most; a few have more, and time to spare. */
  private static final long KEY_FRAMES_US = 20_000_000;

  private static final long SHORTEST_FRAME_US = 1_000_000 / 240;

  private final ClipReader clip;
  private final Still framing;
  private final Playback playback;
  private final int frameRate;
  private final Canvas canvas;
  private final Window cover;
  private final Window whole;
  private final YuvFrame latest;
  private @Nullable Warp closer;
  private long latestUs = -1;

  /**
   * @param clip closed with the painter
   * @param canvas what is filled; for an inset, the inset
   */
  ClipPainter(ClipReader clip, Still framing, Playback playback, Canvas canvas) {
    this.clip = clip;
    this.framing = framing;
    this.playback = playback;
    this.frameRate = canvas.frameRate();
    this.canvas = canvas;
    boolean contained = framing.fit() == Fit.CONTAIN_BLUR;
    this.cover =
        PlateBuilder.baseFrame(
            contained ? 500 : framing.focusXPermille(),
            contained ? 500 : framing.focusYPermille(),
            framing.cropWidthPermille(),
            canvas,
            clip.width(),
            clip.height());
    this.whole = new Window(0, 0, canvas.width(), canvas.height());
    this.latest = new YuvFrame(canvas.width(), canvas.height());
  }

  /**
   * How many frames of a clip are decoded at most to show the first frames of a shot: those that
   * are seen, and those on the way to them; each time anew when it begins again.
   *
   * @param last frame of the shot that is shown
   */
  static long framesDecoded(ClipReader clip, Playback playback, int last, int frameRate) {
    long frameUs = Math.max(SHORTEST_FRAME_US, clip.frameUs());
    long onTheWayUs = clip.seekable() ? Math.min(playback.inUs(), KEY_FRAMES_US) : playback.inUs();
    long playedUs = Playback.spanUs(last + 1, frameRate, playback.speedPermille());
    long spanUs = playback.outUs() - playback.inUs();
    long passes = playback.loop() ? 1 + playedUs / spanUs : 1;
    long seenUs = playback.loop() ? playedUs : Math.min(playedUs, spanUs);
    return 2 * passes + (seenUs + passes * onTheWayUs) / frameUs;
  }

  @Override
  public Seen at(int frame) {
    long sourceUs = playback.sourceUs(frame, frameRate);
    // By the frame that is seen, where that is known: a slow clip shows it for a while.
    boolean painted = latestUs >= 0 && clip.shows(sourceUs);
    return new Seen(whole, painted ? latestUs : sourceUs, 0);
  }

  @Override
  public void paint(Seen seen, YuvFrame target) throws StageException {
    long frameUs = clip.seek(seen.sourceUs());
    if (frameUs != latestUs) {
      latestUs = -1;
      if (framing.fit() == Fit.CONTAIN_BLUR) {
        contain();
      } else {
        clip.scaled(cover, latest);
      }
      latestUs = frameUs;
    }
    if (seen.window().equals(whole)) {
      target.copyFrom(latest);
    } else {
      // A transition that moves the camera: the only one that ever looks closer.
      if (closer == null) {
        closer = new Warp(canvas.width(), canvas.height());
      }
      closer.resample(new Plate(latest, whole, whole), seen.window(), target);
    }
  }

  private void contain() throws StageException {
    YuvFrame small =
        new YuvFrame(
            PlateBuilder.even((double) canvas.width() / Backdrop.REDUCTION),
            PlateBuilder.even((double) canvas.height() / Backdrop.REDUCTION));
    clip.scaled(cover, small);
    latest.copyFrom(Backdrop.of(small, canvas.width(), canvas.height()));
    PlateBuilder.Placement place =
        PlateBuilder.place(
            canvas,
            canvas.width(),
            canvas.height(),
            clip.width(),
            clip.height(),
            framing.focusYPermille());
    YuvFrame picture = new YuvFrame(place.width(), place.height());
    clip.scaled(new Window(0, 0, clip.width(), clip.height()), picture);
    Inset.over(latest, picture, place.left(), place.top(), place.corner(), place.shadow());
  }

  @Override
  public void close() {
    clip.close();
  }
}
