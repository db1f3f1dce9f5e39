package dev.reelbeam.media.render;

import dev.reelbeam.media.composition.Canvas;
import dev.reelbeam.media.composition.Motion;
import dev.reelbeam.media.composition.Overlay;
import dev.reelbeam.media.composition.Shot;
import dev.reelbeam.media.composition.Still;
import dev.reelbeam.media.composition.Timeline;
import dev.reelbeam.media.composition.Transition;
import dev.reelbeam.media.composition.TransitionKind;
import dev.reelbeam.media.composition.View;
import dev.reelbeam.media.effect.Direction;
import dev.reelbeam.media.frame.YuvFrame;
import dev.reelbeam.model.store.MediaRef;
import java.io.IOException;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.List;

/** Small timelines that use everything. */
final class TestTimelines {
  /** Neither side is a multiple of 16, and half of the width is odd. */
  static final Canvas CANVAS = new Canvas(270, 480, 10);

  private TestTimelines() {}

  /** Every fit, transition and kind of overlay, in 70 frames. */
  static Timeline everything(TestPictures pictures) throws IOException {
    MediaRef landscape = pictures.photo(600, 400, 1);
    MediaRef portrait = pictures.photo(300, 500, 2);
    MediaRef card = pictures.photo(CANVAS.width(), CANVAS.height(), 3);
    MediaRef label =
        pictures.raster(
            61, 31, (x, y) -> (x + y) % 5 == 0 ? 0 : Math.min(255, 8 * x) << 24 | 0xFF3020);
    Motion pan = new Motion(new View(4000, 5000, 1100), new View(6000, 5200, 1150));
    List<Shot> shots =
        List.of(
            new Shot(0, Still.cover(landscape, 500, 500), Motion.zoom(1000, 1120), fade(4, 0)),
            new Shot(14, Still.cover(portrait, 300, 700), pan, Transition.dissolve(4)),
            new Shot(28, Still.contain(landscape, 430), Motion.zoom(1030, 1000), fade(5, 0x204060)),
            new Shot(
                40,
                Still.exact(card),
                Motion.NONE,
                Transition.of(TransitionKind.PUSH, 4, Direction.LEFT)),
            new Shot(
                50,
                new Still(landscape, dev.reelbeam.media.composition.Fit.COVER, 800, 500, 200),
                Motion.zoom(1100, 1000),
                Transition.of(TransitionKind.PUSH, 4, Direction.UP)));
    List<Overlay> overlays =
        List.of(
            new Overlay(label, 31, 300, 2, 33, 4, 5, -40, 12, 3),
            Overlay.hard(label, 100, 301, 20, 45, 1),
            Overlay.fading(label, 230, 460, 41, 48, 3, 2));
    return new Timeline(CANVAS, shots, overlays, 70);
  }

  private static Transition fade(int frames, int rgb) {
    return Transition.fade(frames, rgb);
  }

  /** Hash of the visible pixels, without padding. */
  static String hash(YuvFrame frame) {
    try {
      MessageDigest digest = MessageDigest.getInstance("SHA-256");
      for (int plane = 0; plane < 3; plane++) {
        for (int y = 0; y < frame.plane(plane).height(); y++) {
          digest.update(
              frame.plane(plane).bytes(),
              y * frame.plane(plane).stride(),
              frame.plane(plane).width());
        }
      }
      return HexFormat.of().formatHex(digest.digest());
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException(e);
    }
  }
}
