package dev.reelbeam.media.effect;

import dev.reelbeam.media.frame.Plane;
import dev.reelbeam.media.frame.YuvFrame;

/** A smaller picture on a larger one: rounded corners and a soft shadow. */
public final class Inset {
  private static final double SHADOW = 0.5;
  private static final int BLACK = 16;
  private static final int RIM_LIGHT = 228;
  private static final int GREY = 128;

  private Inset() {}

  /** Lays a picture on a ground, without a rim. */
  public static void over(
      YuvFrame ground,
      YuvFrame picture,
      int left,
      int top,
      double cornerRadius,
      double shadowRadius) {
    over(ground, picture, left, top, cornerRadius, shadowRadius, 0);
  }

  /**
   * Lays a picture on a ground.
   *
   * @param ground changed
   * @param picture smaller than the ground
   * @param left even
   * @param top even
   * @param cornerRadius in pixels
   * @param shadowRadius how far the shadow reaches, in pixels
   * @param rim width of the light rim that sets it off from a picture like it, in pixels; 0 for
   *     none
   */
  public static void over(
      YuvFrame ground,
      YuvFrame picture,
      int left,
      int top,
      double cornerRadius,
      double shadowRadius,
      double rim) {
    Shape shape =
        new Shape(
            left,
            top,
            left + picture.width(),
            top + picture.height(),
            cornerRadius,
            shadowRadius,
            rim);
    draw(ground.luma(), picture.luma(), left, top, shape, 1, 0.5, 0.5, BLACK, RIM_LIGHT);
    // Chroma is sited on even columns, between two rows; a black shadow does not change its hue.
    draw(ground.u(), picture.u(), left / 2, top / 2, shape, 2, 0.5, 1, -1, GREY);
    draw(ground.v(), picture.v(), left / 2, top / 2, shape, 2, 0.5, 1, -1, GREY);
  }

  private record Shape(
      double left,
      double top,
      double right,
      double bottom,
      double corner,
      double shadow,
      double rim) {

    /** Distance from the outline of the rounded rectangle in pixels, negative inside. */
    double distance(double x, double y) {
      double dx = Math.max(left + corner - x, x - (right - corner));
      double dy = Math.max(top + corner - y, y - (bottom - corner));
      if (dx > 0 && dy > 0) {
        return Math.sqrt(dx * dx + dy * dy) - corner;
      }
      return Math.max(dx, dy) - corner;
    }

    /**
     * Samples of a row, from either end, after which every pixel lies at least one pixel inside the
     * outline and its rim; more than there are if none does.
     */
    int solidFrom(double y, int subsampling) {
      double depth = Math.min(y - top, bottom - y);
      if (depth < rim + 1) {
        return Integer.MAX_VALUE / 2;
      }
      double inside = depth >= corner + 1 ? rim + 1 : Math.max(corner, rim) + 1;
      return (int) Math.ceil(inside / subsampling);
    }
  }

  private static void draw(
      Plane ground,
      Plane picture,
      int left,
      int top,
      Shape shape,
      int subsampling,
      double centreX,
      double centreY,
      int shadowValue,
      int rimValue) {
    int reach = (int) Math.ceil(shape.shadow / subsampling) + 1;
    int fromX = Math.max(0, left - reach);
    int toX = Math.min(ground.width(), left + picture.width() + reach);
    int fromY = Math.max(0, top - reach);
    int toY = Math.min(ground.height(), top + picture.height() + reach);
    for (int y = fromY; y < toY; y++) {
      int solid = shape.solidFrom(y * subsampling + centreY, subsampling);
      int solidEnd = picture.width() - solid;
      boolean hasSolid = solid < solidEnd;
      if (hasSolid) {
        // Well inside there is nothing to work out.
        System.arraycopy(
            picture.bytes(),
            (y - top) * picture.stride() + solid,
            ground.bytes(),
            y * ground.stride() + left + solid,
            solidEnd - solid);
      }
      for (int x = fromX; x < toX; x++) {
        if (hasSolid && x == left + solid) {
          x = left + solidEnd - 1;
          continue;
        }
        double distance = shape.distance(x * subsampling + centreX, y * subsampling + centreY);
        double value = ground.at(x, y);
        if (distance > -1 && shadowValue >= 0 && distance < shape.shadow) {
          double near = 1 - Math.max(0, distance) / shape.shadow;
          value += (shadowValue - value) * SHADOW * near * near;
        }
        double cover = Math.min(1, Math.max(0, 0.5 - distance));
        if (cover > 0) {
          // Antialiased rims may ask for a pixel just outside the picture.
          int px = Math.min(picture.width() - 1, Math.max(0, x - left));
          int py = Math.min(picture.height() - 1, Math.max(0, y - top));
          double inside = picture.at(px, py);
          double rim = Math.min(1, Math.max(0, distance + shape.rim + 0.5));
          if (shape.rim > 0 && rim > 0) {
            // A rim thinner than a pixel is a faint one.
            inside += (rimValue - inside) * Math.min(rim, shape.rim);
          }
          value += (inside - value) * cover;
        }
        ground.set(x, y, (int) (value + 0.5));
      }
    }
  }
}
