package dev.reelbeam.media.render;

import static org.assertj.core.api.Assertions.assertThat;

import dev.reelbeam.media.codec.TestClip;
import dev.reelbeam.media.composition.Canvas;
import dev.reelbeam.media.composition.EncodingSettings;
import dev.reelbeam.media.composition.Fit;
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
import dev.reelbeam.model.store.MediaRef;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.stream.Stream;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Example;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import net.jqwik.api.lifecycle.AfterContainer;
import net.jqwik.api.lifecycle.BeforeContainer;

/**
 * Segments as pure functions, over random timelines: any cuts give the same frames, equal keys mean
 * equal pixels, and what a slice does not show leaves its key alone.
 */
class SegmentIdentityTest {
  private static final Canvas CANVAS = new Canvas(102, 66, 10);
  private static final EncodingSettings SETTINGS = EncodingSettings.standard(10);
  private static final int PICTURES = 4;

  private static Path folder = Path.of("");
  private static TestPictures pictures = new TestPictures(folder);
  private static final List<MediaRef> PHOTOS = new ArrayList<>();
  private static final List<MediaRef> LABELS = new ArrayList<>();
  private static final List<MediaRef> CLIPS = new ArrayList<>();

  @BeforeContainer
  static void draw() throws Exception {
    folder = Files.createTempDirectory("segment-identity");
    pictures = new TestPictures(folder);
    for (int i = 0; i < PICTURES; i++) {
      int seed = i;
      PHOTOS.add(pictures.photo(90 + 40 * i, 130 - 20 * i, seed));
      LABELS.add(
          pictures.raster(
              21 + 8 * i, 11, (x, y) -> Math.min(255, 9 * x + 40 * seed) << 24 | 0x30A0F0));
    }
    CLIPS.add(pictures.clip(TestClip.plain(80, 64, 25, 30)));
    CLIPS.add(pictures.clip(TestClip.plain(96, 64, 30, 1).at(0, 15, 200, 340, 900).turned(90)));
  }

  @AfterContainer
  static void clean() throws IOException {
    try (Stream<Path> files = Files.walk(folder)) {
      for (Path file : files.sorted(Comparator.reverseOrder()).toList()) {
        Files.delete(file);
      }
    }
  }

  @Property(tries = 25)
  void anyCutsOfATimelineGiveItsFrames(@ForAll("timelines") Timeline t, @ForAll Random random)
      throws Exception {
    try (SegmentRenderer renderer = new SegmentRenderer()) {
      List<String> whole = new ArrayList<>();
      List<String> cut = new ArrayList<>();
      for (int shot = 0; shot < t.shots().size(); shot++) {
        int from = t.shots().get(shot).startFrame();
        int to = t.endOfShot(shot);
        whole.addAll(pixels(renderer, slice(t, shot, from, to)));
        while (from < to) {
          int most = to - from;
          int length = most < 4 ? most : 2 + random.nextInt(most - 3);
          length = most - length == 1 ? most : length;
          cut.addAll(pixels(renderer, slice(t, shot, from, from + length)));
          from += length;
        }
      }
      assertThat(cut).isEqualTo(whole);
      List<String> usual = new ArrayList<>();
      for (Segment segment : SegmentCutter.cut(t)) {
        usual.addAll(pixels(renderer, segment));
      }
      assertThat(usual).isEqualTo(whole);
    }
  }

  @Property(tries = 40)
  void equalKeysShowEqualPixelsAfterAnyEdit(
      @ForAll("timelines") Timeline before, @ForAll Random random) throws Exception {
    Timeline after = edited(before, random);
    Map<String, List<String>> shown = new HashMap<>();
    try (SegmentRenderer renderer = new SegmentRenderer()) {
      for (Timeline t : List.of(before, after)) {
        for (Segment segment : SegmentCutter.cut(t)) {
          List<String> pixels = pixels(renderer, segment);
          List<String> known = shown.putIfAbsent(segment.key(SETTINGS).hex(), pixels);
          assertThat(known == null ? pixels : known).isEqualTo(pixels);
        }
      }
    }
  }

  @Property(tries = 100)
  void anEditLeavesTheKeysOfSlicesThatDoNotShowIt(
      @ForAll("timelines") Timeline before, @ForAll Random random) {
    int edited = random.nextInt(before.shots().size());
    Timeline after = withPicture(before, edited, PHOTOS.get(random.nextInt(PICTURES)));
    int from = before.shots().get(edited).startFrame();
    int to = from + before.visibleFrames(edited);
    assertThat(keysOutside(after, from, to)).isEqualTo(keysOutside(before, from, to));

    Overlay more = overlay(random, before.totalFrames());
    Timeline labelled = withOverlay(before, more);
    assertThat(keysOutside(labelled, more.startFrame(), more.endFrame()))
        .isEqualTo(keysOutside(before, more.startFrame(), more.endFrame()));
  }

  /** A new shot in front moves everything in time; nothing else may happen to it. */
  @Property(tries = 100)
  void aShiftInTimeLeavesAllKeys(@ForAll("timelines") Timeline before, @ForAll Random random) {
    int shift = 2 + random.nextInt(50);
    List<Shot> shots = new ArrayList<>();
    shots.add(
        new Shot(0, Still.cover(PHOTOS.get(0), 500, 500), Motion.zoom(1000, 1090), Transition.CUT));
    for (Shot shot : before.shots()) {
      shots.add(
          new Shot(
              shot.startFrame() + shift,
              shot.still(),
              shot.motion(),
              // A fade of the very first shot has no picture under it; here it would have.
              shot.startFrame() == 0 ? Transition.CUT : shot.incoming(),
              shot.playback(),
              shot.inset()));
    }
    List<Overlay> overlays =
        before.overlays().stream()
            .filter(overlay -> overlay.startFrame() >= 0)
            .map(
                o ->
                    new Overlay(
                        o.raster(),
                        o.x(),
                        o.y(),
                        o.startFrame() + shift,
                        o.endFrame() + shift,
                        o.fadeInFrames(),
                        o.fadeOutFrames(),
                        o.slideDx(),
                        o.slideDy(),
                        o.layer()))
            .toList();
    Timeline plain =
        new Timeline(
            CANVAS,
            before.shots().stream()
                .map(
                    s ->
                        s.startFrame() == 0 ? changed(s, s.still(), s.motion(), Transition.CUT) : s)
                .toList(),
            before.overlays().stream().filter(overlay -> overlay.startFrame() >= 0).toList(),
            before.totalFrames());
    Timeline after = new Timeline(CANVAS, shots, overlays, before.totalFrames() + shift);

    List<String> early = keysOutside(plain, 0, 0);
    List<String> late = keysOutside(after, 0, 0);
    assertThat(late.subList(late.size() - early.size(), late.size())).isEqualTo(early);
  }

  @Example
  void everyFieldOfASegmentAndOfItsSettingsIsInTheKey() throws Exception {
    for (Segment segment : SegmentCutter.cut(TestTimelines.everything(pictures))) {
      for (Object changed : OneFieldChanged.of(segment)) {
        assertThat(((Segment) changed).key(SETTINGS))
            .as("%s", changed)
            .isNotEqualTo(segment.key(SETTINGS));
      }
      for (Object changed : OneFieldChanged.of(SETTINGS)) {
        assertThat(segment.key((EncodingSettings) changed))
            .as("%s", changed)
            .isNotEqualTo(segment.key(SETTINGS));
      }
    }
  }

  /** What the golden hashes hold still; transitions have a list of their own. */
  @Example
  void theGoldenTimelinesHaveEveryFitEveryKindOfOverlayAndEveryKindOfInset() throws Exception {
    Timeline golden = TestTimelines.everything(pictures);
    Timeline footage = TestTimelines.footage(pictures);

    assertThat(
            Stream.of(golden, footage)
                .flatMap(timeline -> timeline.shots().stream())
                .map(shot -> shot.still().fit())
                .distinct())
        .containsExactlyInAnyOrder(Fit.values());
    assertThat(golden.overlays()).anyMatch(o -> o.slideDx() != 0 && o.slideDy() != 0);
    assertThat(golden.overlays()).anyMatch(o -> o.fadeInFrames() > 0 && o.slideDx() == 0);
    assertThat(golden.overlays()).anyMatch(o -> o.fadeInFrames() == 0);
    for (Fit fit : List.of(Fit.COVER, Fit.CONTAIN_BLUR)) {
      assertThat(footage.shots()).anyMatch(s -> s.playback() != null && s.still().fit() == fit);
    }
    assertThat(footage.shots()).anyMatch(s -> s.playback() != null && s.playback().loop());
    for (boolean plays : new boolean[] {false, true}) {
      assertThat(footage.shots())
          .anyMatch(s -> s.inset() != null && (s.inset().playback() != null) == plays);
    }
  }

  @Provide
  Arbitrary<Timeline> timelines() {
    return Arbitraries.randomValue(SegmentIdentityTest::timeline);
  }

  private static Timeline timeline(Random random) {
    List<Shot> shots = new ArrayList<>();
    int start = 0;
    int count = 1 + random.nextInt(4);
    for (int i = 0; i < count; i++) {
      // Now and then a shot of several segments.
      int length = random.nextInt(5) == 0 ? 41 + random.nextInt(50) : 2 + random.nextInt(24);
      Transition incoming = incoming(random, i, length);
      Shot shot =
          random.nextInt(4) == 0
              ? Shot.footage(start, clip(random), playback(random), incoming)
              : new Shot(start, still(random), motion(random), incoming);
      shots.add(random.nextInt(4) == 0 ? shot.withInset(inset(random)) : shot);
      start += length;
    }
    List<Overlay> overlays = new ArrayList<>();
    for (int i = random.nextInt(4); i > 0; i--) {
      overlays.add(overlay(random, start));
    }
    return new Timeline(CANVAS, shots, overlays, start);
  }

  private static Still still(Random random) {
    MediaRef picture = PHOTOS.get(random.nextInt(PICTURES));
    return switch (random.nextInt(4)) {
      case 0 -> Still.contain(picture, 200 + random.nextInt(600));
      case 1 -> Still.exact(picture);
      case 2 ->
          Still.over(
              random.nextBoolean() ? picture : LABELS.get(random.nextInt(PICTURES)),
              300 + random.nextInt(400),
              random.nextInt(0x1000000));
      default ->
          new Still(
              picture,
              Fit.COVER,
              random.nextInt(1001),
              random.nextInt(1001),
              random.nextInt(2) * 400);
    };
  }

  private static Still clip(Random random) {
    MediaRef clip = CLIPS.get(random.nextInt(CLIPS.size()));
    return random.nextBoolean()
        ? Still.contain(clip, 300 + random.nextInt(400))
        : Still.cover(clip, random.nextInt(1001), random.nextInt(1001));
  }

  private static Playback playback(Random random) {
    long inUs = random.nextInt(1_000_000);
    Playback playback =
        Playback.of(inUs, inUs + 1 + random.nextInt(2_000_000))
            .withSpeed(250 + random.nextInt(2_000))
            .withSound(random.nextInt(2) * 50);
    return random.nextBoolean() ? playback.looped() : playback;
  }

  /** A photo, something cut out or a clip. */
  private static PictureInPicture inset(Random random) {
    int kind = random.nextInt(3);
    List<MediaRef> visuals = kind == 0 ? PHOTOS : kind == 1 ? LABELS : CLIPS;
    return new PictureInPicture(
        Still.cover(visuals.get(random.nextInt(visuals.size())), random.nextInt(1001), 500),
        kind == 2 ? playback(random) : null,
        500,
        500,
        500 + random.nextInt(400),
        500 + random.nextInt(400));
  }

  /** The same, playing and with its inset. */
  private static Shot changed(Shot shot, Still still, Motion motion, Transition incoming) {
    return new Shot(
        shot.startFrame(),
        still,
        shot.playback() == null ? motion : Motion.NONE,
        incoming,
        shot.playback(),
        shot.inset());
  }

  private static Motion motion(Random random) {
    return random.nextInt(3) == 0 ? Motion.NONE : new Motion(view(random), view(random));
  }

  private static View view(Random random) {
    return new View(
        3000 + random.nextInt(4000), 3000 + random.nextInt(4000), 1000 + random.nextInt(400));
  }

  private static Transition incoming(Random random, int index, int length) {
    TransitionKind[] kinds = TransitionKind.values();
    TransitionKind kind = kinds[random.nextInt(kinds.length)];
    if (index == 0) {
      kind = random.nextBoolean() ? TransitionKind.CUT : TransitionKind.FADE;
    }
    int frames = kind == TransitionKind.CUT ? 0 : 1 + random.nextInt(Math.min(length, 60));
    int rgb = kind == TransitionKind.FADE ? random.nextInt(0x1000000) : 0;
    Direction[] directions = Direction.values();
    return new Transition(kind, frames, directions[random.nextInt(directions.length)], rgb);
  }

  private static Overlay overlay(Random random, int totalFrames) {
    int start = random.nextInt(totalFrames + 10) - 10;
    int end = Math.max(1, start + 1) + random.nextInt(totalFrames);
    return new Overlay(
        LABELS.get(random.nextInt(PICTURES)),
        random.nextInt(120) - 20,
        random.nextInt(80) - 10,
        Math.min(start, totalFrames - 1),
        end,
        random.nextInt(12),
        random.nextInt(12),
        random.nextInt(41) - 20,
        random.nextInt(41) - 20,
        random.nextInt(3));
  }

  /** One thing changed, anything. */
  private static Timeline edited(Timeline t, Random random) {
    int index = random.nextInt(t.shots().size());
    Shot shot = t.shots().get(index);
    int length = t.endOfShot(index) - shot.startFrame();
    return switch (random.nextInt(8)) {
      case 0 -> withPicture(t, index, PHOTOS.get(random.nextInt(PICTURES)));
      case 1 -> withShot(t, index, changed(shot, shot.still(), motion(random), shot.incoming()));
      case 2 ->
          withShot(
              t,
              index,
              changed(shot, shot.still(), shot.motion(), incoming(random, index, length)));
      case 3 -> withOverlay(t, overlay(random, t.totalFrames()));
      case 4 -> new Timeline(CANVAS, t.shots(), t.overlays(), t.totalFrames() + 7);
      case 5 -> withShot(t, index, shot.withInset(inset(random)));
      case 6 ->
          withShot(
              t,
              index,
              Shot.footage(shot.startFrame(), clip(random), playback(random), shot.incoming()));
      default ->
          t.overlays().isEmpty()
              ? t
              : new Timeline(
                  CANVAS, t.shots(), t.overlays().subList(1, t.overlays().size()), t.totalFrames());
    };
  }

  private static Timeline withPicture(Timeline t, int index, MediaRef picture) {
    Shot shot = t.shots().get(index);
    Still still = shot.still();
    // Of a clip, another clip.
    MediaRef shown =
        shot.playback() == null ? picture : CLIPS.get(PHOTOS.indexOf(picture) % CLIPS.size());
    return withShot(
        t,
        index,
        changed(
            shot,
            new Still(
                shown,
                still.fit(),
                still.focusXPermille(),
                still.focusYPermille(),
                still.cropWidthPermille(),
                still.groundRgb()),
            shot.motion(),
            shot.incoming()));
  }

  private static Timeline withShot(Timeline t, int index, Shot shot) {
    List<Shot> shots = new ArrayList<>(t.shots());
    shots.set(index, shot);
    return new Timeline(CANVAS, shots, t.overlays(), t.totalFrames());
  }

  private static Timeline withOverlay(Timeline t, Overlay overlay) {
    List<Overlay> overlays = new ArrayList<>(t.overlays());
    overlays.add(overlay);
    return new Timeline(CANVAS, t.shots(), overlays, t.totalFrames());
  }

  /** Keys of the segments that have no frame in common with the range. */
  private static List<String> keysOutside(Timeline t, int from, int to) {
    List<String> keys = new ArrayList<>();
    int start = 0;
    for (Segment segment : SegmentCutter.cut(t)) {
      int end = start + segment.frames();
      if (end <= from || start >= to) {
        keys.add(segment.key(SETTINGS).hex());
      }
      start = end;
    }
    return keys;
  }

  private static Segment slice(Timeline t, int shot, int from, int to) {
    List<Overlay> drawingOrder = new ArrayList<>(t.overlays());
    drawingOrder.sort(Comparator.comparingInt(Overlay::layer));
    return SegmentCutter.slice(t, drawingOrder, shot, from, to);
  }

  private static List<String> pixels(SegmentRenderer renderer, Segment segment) throws Exception {
    return FrameComposerTest.hashes(renderer, segment, pictures);
  }
}
