package dev.reelbeam.media.render;

import dev.reelbeam.media.codec.TestClip;
import dev.reelbeam.media.composition.Canvas;
import dev.reelbeam.media.composition.Motion;
import dev.reelbeam.media.composition.Overlay;
import dev.reelbeam.media.composition.PictureInPicture;
import dev.reelbeam.media.composition.Playback;
import dev.reelbeam.media.composition.Shot;
import dev.reelbeam.media.composition.Still;
import dev.reelbeam.media.composition.Timeline;
import dev.reelbeam.media.composition.Transition;
import dev.reelbeam.media.composition.TransitionKind;
import dev.reelbeam.media.composition.View;
import dev.reelbeam.media.effect.Direction;
import dev.reelbeam.media.frame.YuvFrame;
import dev.reelbeam.model.failure.StageException;
import dev.reelbeam.model.store.MediaRef;
import java.io.IOException;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.List;
import org.jspecify.annotations.Nullable;

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

  /** What plays, what lies over it and what is cut out, in 76 frames. */
  static Timeline footage(TestPictures pictures) throws IOException, StageException {
    MediaRef plain = pictures.clip(TestClip.plain(160, 120, 25, 45));
    MediaRef turned =
        pictures.clip(
            TestClip.plain(128, 96, 30, 40).turned(90).in(TestClip.Colours.BT601_LIMITED));
    MediaRef untagged =
        pictures.clip(TestClip.plain(96, 64, 10, 12).in(TestClip.Colours.BT709_UNTAGGED));
    MediaRef photo = pictures.photo(600, 400, 1);
    MediaRef ring =
        pictures.raster(
            120,
            100,
            (x, y) -> {
              int away = (x - 60) * (x - 60) + (y - 50) * (y - 50);
              return away > 48 * 48 ? 0 : Math.min(255, away / 4) << 24 | 0xF0A030 + x;
            });
    Still under = Still.cover(photo, 400, 500);
    Motion zoom = Motion.zoom(1000, 1120);
    List<Shot> shots =
        List.of(
            Shot.footage(
                0, Still.cover(plain, 300, 500), Playback.of(200_000, 1_300_000), Transition.CUT),
            Shot.footage(
                12,
                Still.contain(turned, 450),
                Playback.of(100_000, 700_000).looped().withSpeed(1300),
                Transition.dissolve(4)),
            new Shot(24, under, zoom, Transition.of(TransitionKind.ZOOM, 4, Direction.LEFT))
                .withInset(inset(untagged, Playback.of(0, 900_000))),
            new Shot(36, under, zoom, Transition.CUT).withInset(inset(photo, null)),
            new Shot(44, under, zoom, Transition.CUT).withInset(inset(ring, null)),
            new Shot(52, Still.over(ring, 450, 0x204060), zoom, Transition.dissolve(4)),
            new Shot(60, Still.contain(ring, 500), Motion.NONE, Transition.CUT),
            Shot.footage(66, Still.cover(turned, 500, 500), Playback.of(0, 300_000), Transition.CUT)
                .withInset(inset(plain, Playback.of(0, 1_000_000).withSpeed(500))));
    return new Timeline(CANVAS, shots, List.of(), 76);
  }

  /** A clip of two fields a frame, mirrored, from its beginning and from its middle. */
  static Timeline fields(TestPictures pictures) throws IOException, StageException {
    Still camera =
        Still.cover(
            pictures.clip(TestClip.plain(160, 128, 25, 100).withX264("tff=1:keyint=20").mirrored()),
            400,
            500);
    return new Timeline(
        CANVAS,
        List.of(
            Shot.footage(0, camera, Playback.of(0, 1_000_000), Transition.CUT),
            Shot.footage(10, camera, Playback.of(3_000_000, 3_900_000), Transition.dissolve(4))),
        List.of(),
        20);
  }

  private static PictureInPicture inset(MediaRef picture, @Nullable Playback playback) {
    return new PictureInPicture(Still.cover(picture, 500, 400), playback, 680, 260, 480, 240);
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
