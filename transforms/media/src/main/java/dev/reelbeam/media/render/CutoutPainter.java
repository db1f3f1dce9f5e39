package dev.reelbeam.media.render;

import dev.reelbeam.media.composition.Canvas;
import dev.reelbeam.media.composition.PictureInPicture;
import dev.reelbeam.media.effect.BlendOverlay;
import dev.reelbeam.media.frame.OverlayRaster;
import dev.reelbeam.media.frame.YuvFrame;
import dev.reelbeam.model.failure.StageException;

/** A cut-out picture over another shot: its transparent parts show what is under it. */
final class CutoutPainter implements ShotPainter {
  /**
   * A cut-out picture in the size in which it is shown.
   *
   * @param raster for even positions
   */
  record Cutout(OverlayRaster raster, int width, int height) {}

  private final ShotPainter shot;
  private final Cutout cutout;
  private final int left;
  private final int top;

  /**
   * @param shot under it; closed with the painter
   * @param cutout at most as large as the area of {@code place}
   */
  CutoutPainter(ShotPainter shot, Cutout cutout, PictureInPicture place, Canvas canvas) {
    this.shot = shot;
    this.cutout = cutout;
    this.left = InsetPainter.edge(place.centerXPermille(), cutout.width(), canvas.width());
    this.top = InsetPainter.edge(place.centerYPermille(), cutout.height(), canvas.height());
  }

  @Override
  public Seen at(int frame) {
    return shot.at(frame);
  }

  @Override
  public void paint(Seen seen, YuvFrame target) throws StageException {
    shot.paint(seen, target);
    BlendOverlay.over(target, cutout.raster(), left, top, BlendOverlay.OPAQUE);
  }

  @Override
  public void close() {
    shot.close();
  }
}
