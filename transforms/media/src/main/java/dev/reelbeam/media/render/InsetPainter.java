package dev.reelbeam.media.render;

import dev.reelbeam.media.composition.Canvas;
import dev.reelbeam.media.composition.PictureInPicture;
import dev.reelbeam.media.effect.Inset;
import dev.reelbeam.media.frame.Window;
import dev.reelbeam.media.frame.YuvFrame;
import dev.reelbeam.model.failure.StageException;

/** A shot with a smaller picture or clip over it. */
final class InsetPainter implements ShotPainter {
  // In shares of the inset's shorter side.
  private static final double CORNER = 0.06;
  private static final double SHADOW = 0.10;

  /** Of the canvas' shorter side. */
  private static final double RIM = 0.0037;

  private final ShotPainter shot;
  private final ShotPainter inset;
  private final YuvFrame picture;
  private final int left;
  private final int top;
  private final double rim;

  /**
   * @param shot under it; closed with the painter
   * @param inset paints areas of the size of {@link #area}; closed with the painter
   */
  InsetPainter(ShotPainter shot, ShotPainter inset, PictureInPicture place, Canvas canvas) {
    this.shot = shot;
    this.inset = inset;
    Canvas area = area(place, canvas);
    this.picture = new YuvFrame(area.width(), area.height());
    this.left = edge(place.centerXPermille(), area.width(), canvas.width());
    this.top = edge(place.centerYPermille(), area.height(), canvas.height());
    this.rim = RIM * Math.min(canvas.width(), canvas.height());
  }

  /** What the inset fills, as a canvas of its own. */
  static Canvas area(PictureInPicture place, Canvas canvas) {
    return new Canvas(
        side(place.widthPermille(), canvas.width()),
        side(place.heightPermille(), canvas.height()),
        canvas.frameRate());
  }

  private static int side(int permille, int canvas) {
    return Math.max(64, PlateBuilder.even(canvas * (permille / 1000.0)));
  }

  /** Where an inset of this side begins, inside the canvas and even. */
  static int edge(int centerPermille, int side, int canvas) {
    int wanted = canvas * centerPermille / 1000 - side / 2;
    return Math.max(0, Math.min(canvas - side, wanted)) & ~1;
  }

  @Override
  public Seen at(int frame) {
    Seen under = shot.at(frame);
    return new Seen(under.window(), under.sourceUs(), inset.at(frame).sourceUs());
  }

  @Override
  public void paint(Seen seen, YuvFrame target) throws StageException {
    shot.paint(seen, target);
    Window whole = new Window(0, 0, picture.width(), picture.height());
    inset.paint(new Seen(whole, seen.insetUs(), 0), picture);
    double side = Math.min(picture.width(), picture.height());
    Inset.over(target, picture, left, top, side * CORNER, side * SHADOW, rim);
  }

  @Override
  public void close() {
    shot.close();
    inset.close();
  }

  /** A picture that fills the inset and stays as it is. */
  static ShotPainter still(YuvFrame picture) {
    return new ShotPainter() {
      @Override
      public Seen at(int frame) {
        return new Seen(new Window(0, 0, picture.width(), picture.height()), 0, 0);
      }

      @Override
      public void paint(Seen seen, YuvFrame target) {
        target.copyFrom(picture);
      }
    };
  }
}
