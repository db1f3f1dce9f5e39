package dev.reelbeam.media.render;

import dev.reelbeam.media.codec.PictureFile;
import dev.reelbeam.media.composition.Canvas;
import dev.reelbeam.media.composition.Fit;
import dev.reelbeam.media.composition.Motion;
import dev.reelbeam.media.composition.Still;
import dev.reelbeam.media.composition.View;
import dev.reelbeam.media.effect.Backdrop;
import dev.reelbeam.media.effect.BlendOverlay;
import dev.reelbeam.media.effect.Inset;
import dev.reelbeam.media.frame.OverlayRaster;
import dev.reelbeam.media.frame.Plate;
import dev.reelbeam.media.frame.Window;
import dev.reelbeam.media.frame.YuvFrame;
import dev.reelbeam.media.picture.Cutouts;
import dev.reelbeam.model.failure.StageException;

/**
 * Frames a picture for one camera move and scales it to the size at which the move needs it.
 *
 * <p>The plate has more pixels than any frame shows of it, so that the sharpness of bilinear
 * sampling does not beat with the pixel grid; and it holds no finer detail than the frames can,
 * halfway between the nearest and the farthest, so that fine texture neither shimmers nor forms
 * moire.
 */
final class PlateBuilder {
  /** Plate pixels per frame pixel where the camera is closest. */
  private static final double OVERSAMPLING = 1.2;

  /** Largest reduction of the plate, where the camera is farthest away. */
  private static final double MAX_REDUCTION = 1.7;

  /** Most detail that a plate holds, against what its farthest frame can show. */
  private static final double MAX_DETAIL = 1.1;

  /** Areas begin and end there as far as the picture goes: whole blocks of a JPEG. */
  private static final int GRID = 8;

  /** Largest plate, in frames; a wider pan is served from a coarser plate. */
  private static final double MAX_PLATE_FRAMES = 8;

  /** Smallest base frame: below it there is nothing left to enlarge. */
  private static final double MIN_CROP = 16;

  // A contained picture on a portrait canvas, in shares of the canvas.
  private static final double INSET_WIDTH = 0.92;
  private static final double INSET_PORTRAIT_HEIGHT = 0.62;
  private static final double INSET_LANDSCAPE_HEIGHT = 0.88;

  /** Of the room between its middle and the nearer edge. */
  private static final double INSET_ROOM = 0.92;

  private static final double INSET_CORNER = 0.018;
  private static final double INSET_SHADOW = 0.045;

  private PlateBuilder() {}

  static Plate build(Still still, Motion motion, Canvas canvas, PictureFile picture)
      throws StageException {
    return still.fit() == Fit.CONTAIN_BLUR || still.fit() == Fit.CONTAIN_COLOUR
        ? contained(still, motion, canvas, picture)
        : covering(still, motion, canvas, picture);
  }

  private static Plate covering(Still still, Motion motion, Canvas canvas, PictureFile picture)
      throws StageException {
    Window base =
        baseFrame(
            still.focusXPermille(),
            still.focusYPermille(),
            still.cropWidthPermille(),
            canvas,
            picture.width(),
            picture.height());
    Window from = window(base, motion.from(), picture.width(), picture.height());
    Window to = window(base, motion.to(), picture.width(), picture.height());
    if (motion.still()) {
      return unmoved(from, canvas, picture);
    }
    int left = downToGrid(Math.min(from.left(), to.left()));
    int top = downToGrid(Math.min(from.top(), to.top()));
    int width =
        Math.min(
                upToGrid(Math.max(from.left() + from.width(), to.left() + to.width())),
                picture.width())
            - left;
    int height =
        Math.min(
                upToGrid(Math.max(from.top() + from.height(), to.top() + to.height())),
                picture.height())
            - top;
    double scale = plateScale(from, to, canvas, width, height);
    double detail = detailScale(from, to, canvas);
    int plateWidth = even(width * scale);
    int plateHeight = even(height * scale);
    double scaleX = (double) plateWidth / width;
    double scaleY = (double) plateHeight / height;
    YuvFrame pixels =
        picture.scaled(
            left,
            top,
            width,
            height,
            even(width * detail),
            even(height * detail),
            plateWidth,
            plateHeight);
    return new Plate(
        pixels, inPlate(from, left, top, scaleX, scaleY), inPlate(to, left, top, scaleX, scaleY));
  }

  /** A picture that does not move needs no resampling at all. */
  private static Plate unmoved(Window window, Canvas canvas, PictureFile picture)
      throws StageException {
    int width = Math.max(1, (int) Math.rint(window.width()));
    int height = Math.max(1, (int) Math.rint(window.height()));
    int left = Math.min((int) Math.rint(window.left()), picture.width() - width);
    int top = Math.min((int) Math.rint(window.top()), picture.height() - height);
    YuvFrame pixels =
        picture.scaled(
            Math.max(0, left), Math.max(0, top), width, height, canvas.width(), canvas.height());
    Window whole = new Window(0, 0, canvas.width(), canvas.height());
    return new Plate(pixels, whole, whole);
  }

  private static Plate contained(Still still, Motion motion, Canvas canvas, PictureFile picture)
      throws StageException {
    Window base = new Window(0, 0, canvas.width(), canvas.height());
    Window from = window(base, motion.from(), canvas.width(), canvas.height());
    Window to = window(base, motion.to(), canvas.width(), canvas.height());
    double scale = motion.still() ? 1 : plateScale(from, to, canvas, base.width(), base.height());
    int width = even(canvas.width() * scale);
    int height = even(canvas.height() * scale);
    Placement place =
        place(canvas, width, height, picture.width(), picture.height(), still.focusYPermille());
    double detail = motion.still() ? 1 : Math.min(1, detailScale(from, to, canvas) / scale);
    int detailWidth = even(place.width() * detail);
    int detailHeight = even(place.height() * detail);
    YuvFrame pixels;
    if (picture.hasAlpha()) {
      // What is cut out already has a shape of its own.
      byte[] scaled = limited(picture, detailWidth, detailHeight, place.width(), place.height());
      OverlayRaster cutout = OverlayRaster.of(scaled, place.width(), place.height(), 0, 0);
      pixels = ground(still, canvas, picture, width, height);
      BlendOverlay.over(pixels, cutout, place.left(), place.top() & ~1, BlendOverlay.OPAQUE);
    } else {
      YuvFrame inset =
          picture.scaled(
              0,
              0,
              picture.width(),
              picture.height(),
              detailWidth,
              detailHeight,
              place.width(),
              place.height());
      pixels = ground(still, canvas, picture, width, height);
      Inset.over(pixels, inset, place.left(), place.top(), place.corner(), place.shadow());
    }

    double scaleX = (double) width / canvas.width();
    double scaleY = (double) height / canvas.height();
    return new Plate(
        pixels, inPlate(from, 0, 0, scaleX, scaleY), inPlate(to, 0, 0, scaleX, scaleY));
  }

  /** A picture with alpha in a size, holding no finer detail than the other size could. */
  private static byte[] limited(
      PictureFile picture, int detailWidth, int detailHeight, int width, int height)
      throws StageException {
    int pictureWidth = picture.width();
    int pictureHeight = picture.height();
    byte[] rgba = picture.rgba();
    if (detailWidth < Math.min(pictureWidth, width)
        && detailHeight < Math.min(pictureHeight, height)) {
      rgba = Cutouts.scaled(rgba, pictureWidth, pictureHeight, detailWidth, detailHeight);
      pictureWidth = detailWidth;
      pictureHeight = detailHeight;
    }
    return Cutouts.scaled(rgba, pictureWidth, pictureHeight, width, height);
  }

  /**
   * Where a contained picture stands on its ground, in pixels of the ground.
   *
   * @param corner radius of its corners
   * @param shadow reach of its shadow
   */
  record Placement(int left, int top, int width, int height, double corner, double shadow) {}

  /**
   * Places a picture that is shown whole.
   *
   * @param width of the ground, which has the shape of the canvas
   * @param height of the ground
   */
  static Placement place(
      Canvas canvas,
      int width,
      int height,
      int pictureWidth,
      int pictureHeight,
      int placeYPermille) {
    double centre = placeYPermille / 1000.0;
    double most =
        Math.min(
            width * INSET_WIDTH / pictureWidth,
            height
                * Math.min(
                    canvas.portrait() ? INSET_PORTRAIT_HEIGHT : INSET_LANDSCAPE_HEIGHT,
                    INSET_ROOM * 2 * Math.min(centre, 1 - centre))
                / pictureHeight);
    int insetWidth = Math.min(width, even(pictureWidth * most));
    int insetHeight = Math.min(height, even(pictureHeight * most));
    int left = (width - insetWidth) / 4 * 2;
    int top =
        Math.max(0, Math.min(height - insetHeight, even(height * centre - insetHeight / 2.0)));
    int side = Math.min(width, height);
    return new Placement(
        left, top, insetWidth, insetHeight, side * INSET_CORNER, side * INSET_SHADOW);
  }

  /** The picture filling an area around its focus, without a move. */
  static YuvFrame filling(Still still, Canvas area, PictureFile picture) throws StageException {
    Window base =
        baseFrame(
            still.focusXPermille(),
            still.focusYPermille(),
            still.cropWidthPermille(),
            area,
            picture.width(),
            picture.height());
    int width = Math.max(1, (int) Math.rint(base.width()));
    int height = Math.max(1, (int) Math.rint(base.height()));
    int left = Math.max(0, Math.min((int) Math.rint(base.left()), picture.width() - width));
    int top = Math.max(0, Math.min((int) Math.rint(base.top()), picture.height() - height));
    return picture.scaled(left, top, width, height, area.width(), area.height());
  }

  /** A picture with alpha, as large as the area lets it be without losing any of it. */
  static CutoutPainter.Cutout cutout(Canvas area, PictureFile picture) throws StageException {
    double most =
        Math.min(
            (double) area.width() / picture.width(), (double) area.height() / picture.height());
    int width = Math.min(area.width(), even(picture.width() * most));
    int height = Math.min(area.height(), even(picture.height() * most));
    byte[] pixels =
        Cutouts.scaled(picture.rgba(), picture.width(), picture.height(), width, height);
    return new CutoutPainter.Cutout(OverlayRaster.of(pixels, width, height, 0, 0), width, height);
  }

  private static YuvFrame ground(
      Still still, Canvas canvas, PictureFile picture, int width, int height)
      throws StageException {
    Integer colour = still.groundRgb();
    return colour == null
        ? backdrop(canvas, picture, width, height)
        : Backdrop.plain(colour, width, height);
  }

  private static YuvFrame backdrop(Canvas canvas, PictureFile picture, int width, int height)
      throws StageException {
    Window cover = baseFrame(500, 500, 0, canvas, picture.width(), picture.height());
    YuvFrame small =
        picture.scaled(
            (int) cover.left(),
            (int) cover.top(),
            Math.max(1, (int) cover.width()),
            Math.max(1, (int) cover.height()),
            even((double) canvas.width() / Backdrop.REDUCTION),
            even((double) canvas.height() / Backdrop.REDUCTION));
    return Backdrop.of(small, width, height);
  }

  /** The area of the picture, in its pixels, that fills the canvas at zoom 1000. */
  static Window baseFrame(
      int focusXPermille,
      int focusYPermille,
      int cropWidthPermille,
      Canvas canvas,
      int pictureWidth,
      int pictureHeight) {
    double shape = (double) canvas.width() / canvas.height();
    double width = Math.min(pictureWidth, pictureHeight * shape);
    if (cropWidthPermille > 0) {
      double wanted = pictureWidth * (cropWidthPermille / 1000.0);
      width = Math.min(width, Math.max(MIN_CROP, wanted));
    }
    double height = width / shape;
    double left = pictureWidth * (focusXPermille / 1000.0) - width / 2;
    double top = pictureHeight * (focusYPermille / 1000.0) - height / 2;
    return new Window(
        clamp(left, pictureWidth - width), clamp(top, pictureHeight - height), width, height);
  }

  /** What a view sees, kept inside the picture. */
  private static Window window(Window base, View view, int pictureWidth, int pictureHeight) {
    double size = 1000.0 / view.zoomPermille();
    double width = base.width() * size;
    double height = base.height() * size;
    double centreX = base.left() + base.width() * (view.centerXPermyriad() / 10_000.0);
    double centreY = base.top() + base.height() * (view.centerYPermyriad() / 10_000.0);
    return new Window(
        clamp(centreX - width / 2, pictureWidth - width),
        clamp(centreY - height / 2, pictureHeight - height),
        width,
        height);
  }

  private static double plateScale(
      Window from, Window to, Canvas canvas, double width, double height) {
    double closest = Math.min(from.width(), to.width());
    double farthest = Math.max(from.width(), to.width());
    double scale =
        Math.min(
            OVERSAMPLING * canvas.width() / closest, MAX_REDUCTION * canvas.width() / farthest);
    double most = Math.sqrt(MAX_PLATE_FRAMES * canvas.width() * canvas.height() / (width * height));
    return Math.min(scale, most);
  }

  /** Frame pixels per pixel of what the windows lie in, at which detail ends. */
  private static double detailScale(Window from, Window to, Canvas canvas) {
    double closest = Math.min(from.width(), to.width());
    double farthest = Math.max(from.width(), to.width());
    return Math.min(
        canvas.width() / Math.sqrt(closest * farthest), MAX_DETAIL * canvas.width() / farthest);
  }

  private static Window inPlate(
      Window window, double left, double top, double scaleX, double scaleY) {
    return new Window(
        (window.left() - left) * scaleX,
        (window.top() - top) * scaleY,
        window.width() * scaleX,
        window.height() * scaleY);
  }

  private static double clamp(double value, double max) {
    return Math.max(0, Math.min(value, max));
  }

  private static int downToGrid(double place) {
    return (int) Math.floor(place / GRID) * GRID;
  }

  private static int upToGrid(double place) {
    return (int) Math.ceil((place - 1e-6) / GRID) * GRID;
  }

  static int even(double length) {
    return Math.max(2, (int) Math.rint(length / 2) * 2);
  }
}
