package dev.reelbeam.media.picture;

import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Decides how a picture is shown on a canvas.
 *
 * <p>A photo fills the canvas, cut around its salient box. Diagrams, screenshots, logos and
 * everything with text are shown whole and hardly move, because cut text is worse than small text;
 * so is a photo that would lose too much of what matters, or that would have to be blown up or cut
 * beyond recognition. Where captions would run over the digits of a display, the camera goes a
 * little closer and shows them above or below.
 *
 * <p>Pure: equal arguments give equal choices.
 */
public final class Framing {
  /** Fastest pan on the canvas, in pixels per second of a canvas with a short side of 1080. */
  public static final int MAX_PAN_PX_PER_SECOND = 60;

  /** A smoothstep ease is half as fast again in its middle as on average. */
  private static final double EASE_PEAK = 1.5;

  private static final double MAX_SALIENT_LOSS = 0.41;

  /** A crop that shows less than this of a picture no longer shows that picture. */
  private static final double MIN_VISIBLE_SHARE = 0.27;

  /**
   * Covering may enlarge a picture's pixels this much, per 1080 pixels of the canvas' short side.
   */
  private static final double MAX_COVER_ENLARGEMENT = 2.2;

  private static final double MAX_CONTAIN_ENLARGEMENT = 2.0;

  private static final int SMALLEST_PHOTO_ZOOM = 1080;
  private static final int LARGEST_PHOTO_ZOOM = 1180;
  private static final int STILL_ZOOM_STEP = 30;

  /** Where captions run on a tall canvas, in shares of its height. */
  private static final double CAPTIONS_TOP = 0.59;

  private static final double CAPTIONS_BOTTOM = 0.725;

  /** Closest view that keeps markings clear of captions. */
  private static final double CLOSEST_CLEAR = 1.26;

  private static final double CLEAR_ZOOM_STEP = 0.04;

  /** What may be lost of the salient box beyond what is accepted anyway. */
  private static final double CLEAR_LOSS = 0.1;

  private static final int LOGO_ZOOM = 620;
  private static final int NARROW_SKIN_PERMILLE = 25;

  private final PictureFacts facts;
  private final int canvasW;
  private final int canvasH;
  private final double coverScale;

  private Framing(PictureFacts facts, int canvasW, int canvasH) {
    this.facts = facts;
    this.canvasW = canvasW;
    this.canvasH = canvasH;
    this.coverScale = Math.max((double) canvasW / facts.width(), (double) canvasH / facts.height());
  }

  /**
   * The choice for one shot.
   *
   * @param canvasW in pixels
   * @param canvasH in pixels
   * @param shotIndex position of the shot in the video: directions alternate with it
   * @param shotFrames length of the shot
   * @param framesPerSecond rounded
   */
  public static FramingChoice choose(
      PictureFacts facts,
      int canvasW,
      int canvasH,
      int shotIndex,
      int shotFrames,
      int framesPerSecond) {
    if (canvasW <= 0 || canvasH <= 0 || shotFrames <= 0 || framesPerSecond <= 0) {
      throw new IllegalArgumentException(
          canvasW + "x" + canvasH + ", " + shotFrames + " frames at " + framesPerSecond);
    }
    Framing framing = new Framing(facts, canvasW, canvasH);
    double seconds = (double) shotFrames / framesPerSecond;
    return framing.mayCover()
        ? framing.cover(Math.floorMod(shotIndex, 4), seconds)
        : framing.contain(Math.floorMod(shotIndex, 2) == 0);
  }

  /** The choice for the first shot of a video, four seconds long. */
  public static FramingChoice choose(PictureFacts facts, int canvasW, int canvasH) {
    return choose(facts, canvasW, canvasH, 0, 120, 30);
  }

  private boolean mayCover() {
    if (facts.kind() != PictureKind.PHOTO || facts.hasText() || facts.transparentPermille() >= 20) {
      return false;
    }
    double enlargement = coverScale * 1080 / Math.min(canvasW, canvasH);
    View still = viewAt(1.0, wantedX(1.0), wantedY(1.0));
    double visible = still.width() * still.height() / ((double) facts.width() * facts.height());
    return enlargement <= MAX_COVER_ENLARGEMENT
        && visible >= MIN_VISIBLE_SHARE
        && salientLoss(still) <= MAX_SALIENT_LOSS;
  }

  // ---- covering ----

  /** The visible part of the picture, in its pixels. */
  private record View(double left, double top, double width, double height) {
    double centreX() {
      return left + width / 2;
    }

    double centreY() {
      return top + height / 2;
    }
  }

  private View viewAt(double zoom, double centreX, double centreY) {
    double w = canvasW / (coverScale * zoom);
    double h = canvasH / (coverScale * zoom);
    return new View(
        clamp(centreX - w / 2, 0, facts.width() - w),
        clamp(centreY - h / 2, 0, facts.height() - h),
        w,
        h);
  }

  private double salientLoss(View view) {
    PermilleBox box = facts.salientBox();
    double left = box.left() / 1000.0 * facts.width();
    double right = box.right() / 1000.0 * facts.width();
    double top = box.top() / 1000.0 * facts.height();
    double bottom = box.bottom() / 1000.0 * facts.height();
    double area = (right - left) * (bottom - top);
    if (area <= 0) {
      return 0;
    }
    double across = Math.min(right, view.left + view.width) - Math.max(left, view.left);
    double down = Math.min(bottom, view.top + view.height) - Math.max(top, view.top);
    return 1 - Math.max(0, across) * Math.max(0, down) / area;
  }

  /** Middle of the view along x that serves the salient box best at this zoom. */
  private double wantedX(double zoom) {
    double view = canvasW / (coverScale * zoom);
    return along(
        view,
        facts.width(),
        facts.focusXPermille(),
        facts.salientBox().left(),
        facts.salientBox().right());
  }

  private double wantedY(double zoom) {
    double view = canvasH / (coverScale * zoom);
    double h = facts.height();
    double centre =
        along(
            view,
            facts.height(),
            facts.focusYPermille(),
            facts.salientBox().top(),
            facts.salientBox().bottom());
    boolean people = facts.skinPermille() >= NARROW_SKIN_PERMILLE;
    double boxTop = facts.salientBox().top() / 1000.0 * h;
    double headroom = (people ? 0.06 : 0.02) * view;
    double highestTop = boxTop - headroom;
    if (people && centre - view / 2 > highestTop) {
      // Heads are at the top of what matters: better to lose feet.
      centre = highestTop + view / 2;
    }
    return centre - 0.02 * view;
  }

  private static double along(
      double view, double length, int focusPermille, int boxFrom, int boxTo) {
    double focus = focusPermille / 1000.0 * length;
    double from = boxFrom / 1000.0 * length;
    double to = boxTo / 1000.0 * length;
    double boxMiddle = (from + to) / 2;
    double wanted = 0.6 * focus + 0.4 * boxMiddle;
    double centre =
        view >= to - from
            ? clamp(wanted, to - view / 2, from + view / 2)
            : clamp(wanted, from + view / 2, to - view / 2);
    return clamp(centre, view / 2, length - view / 2);
  }

  private FramingChoice cover(int variant, double seconds) {
    double lively = variant == 0 ? 0.02 : 0;
    double reach =
        clamp(
            SMALLEST_PHOTO_ZOOM / 1000.0 + 0.025 * (seconds - 2) + lively,
            SMALLEST_PHOTO_ZOOM / 1000.0,
            LARGEST_PHOTO_ZOOM / 1000.0);
    View wide = viewAt(1.0, wantedX(1.0), wantedY(1.0));
    double accepted = salientLoss(wide) + 0.12;
    View close = viewAt(reach, wantedX(reach), wantedY(reach));
    while (reach > SMALLEST_PHOTO_ZOOM / 1000.0 && salientLoss(close) > accepted) {
      reach = Math.max(SMALLEST_PHOTO_ZOOM / 1000.0, reach - 0.02);
      close = viewAt(reach, wantedX(reach), wantedY(reach));
    }
    double shortSide = Math.min(canvasW, canvasH);
    double maxPanPx = MAX_PAN_PX_PER_SECOND / EASE_PEAK * seconds * shortSide / 1080;
    CameraMove usual =
        switch (variant) {
          case 0 -> towards(wide, 1.0, close, reach, maxPanPx);
          case 2 -> towards(wide, 1.0, close, reach, maxPanPx).reversed();
          default -> pan(variant == 1 ? -1 : 1, reach, maxPanPx, accepted);
        };
    CameraMove clear = clearOfCaptions(usual, accepted + CLEAR_LOSS, variant >= 2);
    CameraMove move = clear == null ? usual : clear;
    return new FramingChoice(
        FramingMode.COVER, facts.focusXPermille(), facts.focusYPermille(), 500, move);
  }

  /**
   * A zoom during which no marking is under the captions; null if the usual move is as good, or if
   * there is none. Markings stay on one side of the captions in both views, so they do in between.
   */
  private @Nullable CameraMove clearOfCaptions(
      CameraMove usual, double acceptedLoss, boolean outwards) {
    if (canvasH <= canvasW) {
      return null;
    }
    View first = view(usual.fromXPermille(), usual.fromYPermille(), usual.fromZoomPermille());
    View last = view(usual.toXPermille(), usual.toYPermille(), usual.toZoomPermille());
    List<PermilleBox> crossing =
        facts.markings().stream()
            .filter(box -> underCaptions(box, first) || underCaptions(box, last))
            .toList();
    if (crossing.isEmpty()) {
      return null;
    }
    double top = crossing.stream().mapToInt(PermilleBox::top).min().orElseThrow() / 1000.0;
    double bottom = crossing.stream().mapToInt(PermilleBox::bottom).max().orElseThrow() / 1000.0;
    for (double zoom = 1.0; zoom + CLEAR_ZOOM_STEP <= CLOSEST_CLEAR; zoom += CLEAR_ZOOM_STEP / 2) {
      for (boolean above : new boolean[] {true, false}) {
        View from = clearView(zoom, above ? bottom : top, above);
        View to = clearView(zoom + CLEAR_ZOOM_STEP, above ? bottom : top, above);
        if (from != null
            && to != null
            && noneUnderCaptions(from)
            && noneUnderCaptions(to)
            && salientLoss(from) <= acceptedLoss
            && salientLoss(to) <= acceptedLoss) {
          CameraMove move = move(from, zoom, to, zoom + CLEAR_ZOOM_STEP);
          return outwards ? move.reversed() : move;
        }
      }
    }
    return null;
  }

  private View view(int xPermille, int yPermille, int zoomPermille) {
    return viewAt(
        zoomPermille / 1000.0,
        xPermille / 1000.0 * facts.width(),
        yPermille / 1000.0 * facts.height());
  }

  private boolean noneUnderCaptions(View view) {
    return facts.markings().stream().noneMatch(box -> underCaptions(box, view));
  }

  private boolean underCaptions(PermilleBox box, View view) {
    double w = facts.width() / 1000.0;
    double h = facts.height() / 1000.0;
    return box.right() * w > view.left
        && box.left() * w < view.left + view.width
        && box.bottom() * h > view.top + CAPTIONS_TOP * view.height
        && box.top() * h < view.top + CAPTIONS_BOTTOM * view.height;
  }

  /** The wanted view, moved until an edge of the markings is a pixel past the captions. */
  private @Nullable View clearView(double zoom, double edge, boolean above) {
    double height = canvasH / (coverScale * zoom);
    double limit =
        edge * facts.height()
            - (above ? CAPTIONS_TOP : CAPTIONS_BOTTOM) * height
            + (above ? 1 : -1);
    double top = wantedY(zoom) - height / 2;
    top = clamp(above ? Math.max(top, limit) : Math.min(top, limit), 0, facts.height() - height);
    boolean reached = above ? top >= limit - 1e-6 : top <= limit + 1e-6;
    return reached ? viewAt(zoom, wantedX(zoom), top + height / 2) : null;
  }

  private CameraMove towards(View from, double fromZoom, View to, double toZoom, double maxPanPx) {
    double length = pathPx(from, to, toZoom);
    double kept = length > maxPanPx ? maxPanPx / length : 1;
    View end =
        viewAt(
            toZoom,
            from.centreX() + (to.centreX() - from.centreX()) * kept,
            from.centreY() + (to.centreY() - from.centreY()) * kept);
    return move(from, fromZoom, end, toZoom);
  }

  private double pathPx(View from, View to, double zoom) {
    double dx = (to.centreX() - from.centreX()) * coverScale * zoom;
    double dy = (to.centreY() - from.centreY()) * coverScale * zoom;
    return Math.sqrt(dx * dx + dy * dy);
  }

  /** Comes from one side, with a slight push in, and ends on what matters. */
  private CameraMove pan(int side, double reach, double maxPanPx, double acceptedLoss) {
    double toZoom = Math.max(SMALLEST_PHOTO_ZOOM / 1000.0, reach - 0.04);
    double fromZoom = toZoom - 0.03;
    View end = viewAt(toZoom, wantedX(toZoom), wantedY(toZoom));
    boolean sideways = facts.width() - end.width() >= facts.height() - end.height();
    double distance = maxPanPx / (coverScale * toZoom);
    for (int attempt = 0; attempt < 5; attempt++) {
      double dx = sideways ? side * distance : 0;
      double dy = sideways ? 0 : side * distance;
      // At the picture's edge a change of zoom moves the view as well: then without it.
      for (double zoom : new double[] {fromZoom, toZoom}) {
        View start = viewAt(zoom, end.centreX() + dx, end.centreY() + dy);
        if (salientLoss(start) <= acceptedLoss && pathPx(start, end, toZoom) <= 1.01 * maxPanPx) {
          return move(start, zoom, end, toZoom);
        }
      }
      distance /= 2;
    }
    View start = viewAt(1.0, wantedX(1.0), wantedY(1.0));
    return towards(start, 1.0, end, toZoom, maxPanPx);
  }

  private CameraMove move(View from, double fromZoom, View to, double toZoom) {
    return new CameraMove(
        permille(from.centreX(), facts.width()),
        permille(from.centreY(), facts.height()),
        (int) Math.round(fromZoom * 1000),
        permille(to.centreX(), facts.width()),
        permille(to.centreY(), facts.height()),
        (int) Math.round(toZoom * 1000));
  }

  // ---- containing ----

  private FramingChoice contain(boolean inwards) {
    double fit = Math.min((double) canvasW / facts.width(), (double) canvasH / facts.height());
    double largest = MAX_CONTAIN_ENLARGEMENT * Math.min(canvasW, canvasH) / 1080 / fit;
    int zoom = (int) Math.min(1000, Math.round(largest * 1000));
    if (facts.kind() == PictureKind.LOGO) {
      zoom = Math.min(zoom, LOGO_ZOOM);
    }
    int smaller = zoom - zoom * STILL_ZOOM_STEP / 1000;
    CameraMove move = new CameraMove(500, 500, smaller, 500, 500, zoom);
    double shownShare = fit * facts.height() * zoom / 1000 / canvasH;
    return new FramingChoice(
        FramingMode.CONTAIN_BLUR,
        facts.focusXPermille(),
        facts.focusYPermille(),
        placeY(shownShare),
        inwards ? move : move.reversed());
  }

  /**
   * On a tall canvas captions run at about two thirds of the height: a picture that fits above them
   * stands there, one that does not stays in the middle.
   */
  private int placeY(double shownShare) {
    double safeTop = 0.13;
    if (canvasH <= canvasW || shownShare > CAPTIONS_TOP - safeTop) {
      return 500;
    }
    return (int) Math.round(1000 * (safeTop + CAPTIONS_TOP) / 2);
  }

  private static int permille(double at, int length) {
    return (int) Math.max(0, Math.min(1000, Math.round(at * 1000 / length)));
  }

  private static double clamp(double value, double low, double high) {
    return high < low ? (low + high) / 2 : Math.max(low, Math.min(high, value));
  }
}
