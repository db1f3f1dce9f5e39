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

/**
 * A clip, filling the frame or whole over a blurred copy of itself. The frame painted last is kept:
 * a slow clip shows it several times.
 */
final class ClipPainter implements ShotPainter {
  private final ClipReader clip;
  private final Still framing;
  private final Playback playback;
  private final int frameRate;
  private final Canvas canvas;
  private final Window cover;
  private final Window whole;
  private final YuvFrame latest;
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

  @Override
  public Seen at(int frame) {
    return new Seen(whole, playback.sourceUs(frame, frameRate), 0);
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
      new Warp(canvas.width(), canvas.height())
          .resample(new Plate(latest, whole, whole), seen.window(), target);
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
