package dev.reelbeam.media.render;

import static org.assertj.core.api.Assertions.assertThat;

import dev.reelbeam.media.composition.Canvas;
import dev.reelbeam.media.composition.EncodingSettings;
import dev.reelbeam.media.composition.FrameClock;
import dev.reelbeam.media.composition.Motion;
import dev.reelbeam.media.composition.Overlay;
import dev.reelbeam.media.composition.Playback;
import dev.reelbeam.media.composition.Shot;
import dev.reelbeam.media.composition.Still;
import dev.reelbeam.media.composition.Timeline;
import dev.reelbeam.media.composition.Transition;
import dev.reelbeam.media.composition.TransitionKind;
import dev.reelbeam.media.effect.Direction;
import dev.reelbeam.model.json.RecordJson;
import dev.reelbeam.model.store.MediaRef;
import java.util.ArrayList;
import java.util.List;
import java.util.TreeSet;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Combinators;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import net.jqwik.api.constraints.LongRange;
import net.jqwik.api.constraints.Size;
import org.junit.jupiter.api.Test;

class SegmentCutterTest {
  private static final Canvas CANVAS = new Canvas(270, 480, 30);
  private static final int LONGEST = 4 * 30;

  @Property(tries = 300)
  void segmentsFillTheTimelineExactlyAndNoneIsTooShortOrTooLong(@ForAll("timelines") Timeline t) {
    List<Segment> segments = SegmentCutter.cut(t);

    assertThat(segments.stream().mapToInt(Segment::frames).sum()).isEqualTo(t.totalFrames());
    assertThat(segments).allMatch(segment -> segment.frames() >= 2 && segment.frames() <= LONGEST);
    List<Integer> starts = starts(segments);
    assertThat(starts).containsAll(t.shots().stream().map(Shot::startFrame).toList());
  }

  /** At every rate, by every effect of its usual length, wherever shots begin. */
  @Property(tries = 200)
  void ninetySecondsAskedAreNinetySecondsCut(
      @ForAll("rates") int frameRate,
      @ForAll TransitionKind kind,
      @ForAll @Size(max = 40) List<@LongRange(min = 0, max = 89_999_999) Long> startsUs) {
    Canvas canvas = new Canvas(270, 480, frameRate);
    int frames = FrameClock.nearest(90_000_000, frameRate);
    int effect = kind.usualFrames(frameRate);
    Transition incoming =
        kind == TransitionKind.CUT
            ? Transition.CUT
            : new Transition(kind, effect, Direction.UP, 0x102030);
    List<Shot> shots = new ArrayList<>();
    int latest = Integer.MIN_VALUE;
    TreeSet<Long> moments = new TreeSet<>(startsUs);
    moments.add(0L);
    for (long us : moments) {
      int start = FrameClock.nearest(us, frameRate);
      // A shot lasts its own effect and the next one's.
      if (start >= latest + 2 * effect + 2 && start <= frames - effect - 2 || shots.isEmpty()) {
        shots.add(
            new Shot(
                start,
                Still.cover(ref("p" + shots.size()), 500, 500),
                Motion.zoom(1000, 1100),
                shots.isEmpty() ? Transition.CUT : incoming));
        latest = start;
      }
    }

    List<Segment> segments = SegmentCutter.cut(new Timeline(canvas, shots, List.of(), frames));

    int sum = segments.stream().mapToInt(Segment::frames).sum();
    assertThat(sum).isEqualTo(90 * frameRate);
    assertThat(FrameClock.startUs(sum, frameRate)).isEqualTo(90_000_000);
    assertThat(starts(segments)).containsAll(shots.stream().map(Shot::startFrame).toList());
    assertThat(segments)
        .allMatch(segment -> segment.frames() >= 2 && segment.frames() <= 4 * frameRate);
  }

  @Provide
  Arbitrary<Integer> rates() {
    return Arbitraries.of(24, 25, 30, 50, 60);
  }

  @Property(tries = 300)
  void aSegmentHoldsExactlyTheOverlaysThatItsFramesShow(@ForAll("timelines") Timeline t) {
    List<Segment> segments = SegmentCutter.cut(t);
    List<Integer> starts = starts(segments);

    for (int i = 0; i < segments.size(); i++) {
      int from = starts.get(i);
      int to = from + segments.get(i).frames();
      long seen =
          t.overlays().stream().filter(o -> o.startFrame() < to && o.endFrame() > from).count();
      assertThat(segments.get(i).overlays()).hasSize((int) seen);
    }
  }

  @Property(tries = 100)
  void segmentsSurviveTheWayToAWorkerAsJson(@ForAll("timelines") Timeline t) {
    for (Segment segment : SegmentCutter.cut(t)) {
      Segment read = RecordJson.read(RecordJson.canonical(segment), Segment.class);
      assertThat(read).isEqualTo(segment);
      EncodingSettings settings = EncodingSettings.standard(30);
      assertThat(read.key(settings)).isEqualTo(segment.key(settings));
    }
  }

  @Property(tries = 200)
  void aLongerFirstShotLeavesAllLaterSegmentsEqual(@ForAll("timelines") Timeline t) {
    int delay = 37;
    List<Shot> shots = new ArrayList<>();
    for (int i = 0; i < t.shots().size(); i++) {
      Shot shot = t.shots().get(i);
      int start = i == 0 ? 0 : shot.startFrame() + delay;
      shots.add(new Shot(start, shot.still(), shot.motion(), shot.incoming()));
    }
    Timeline before = new Timeline(t.canvas(), t.shots(), List.of(), t.totalFrames());
    Timeline after = new Timeline(t.canvas(), shots, List.of(), t.totalFrames() + delay);

    // The second shot's beginning shows the end of the first; what comes later does not.
    int third = t.shots().size() > 2 ? t.shots().get(2).startFrame() : t.totalFrames();
    List<Segment> early = SegmentCutter.cut(before);
    List<Segment> late = SegmentCutter.cut(after);
    assertThat(from(late, third + delay)).isEqualTo(from(early, third));
  }

  @Test
  void aShotOfUpToFourSecondsIsOneSegmentAndALongerOneIsSplitEvenly() {
    assertThat(frames(oneShot(LONGEST))).containsExactly(120);
    assertThat(frames(oneShot(LONGEST + 1))).containsExactly(60, 61);
    assertThat(frames(oneShot(400))).containsExactly(100, 100, 100, 100);
  }

  @Test
  void aSettledOverlayLooksTheSameInEverySliceItCovers() {
    Overlay badge = Overlay.fading(ref("badge"), 10, 10, 5, 395, 5, 0);
    Timeline timeline =
        new Timeline(
            CANVAS,
            List.of(new Shot(0, Still.exact(ref("card")), Motion.NONE, Transition.CUT)),
            List.of(badge),
            400);

    List<Segment> segments = SegmentCutter.cut(timeline);

    // Nothing moves in the second and the third quarter: one rendering serves both.
    assertThat(segments.get(1)).isEqualTo(segments.get(2));
    assertThat(segments.get(0)).isNotEqualTo(segments.get(1));
    assertThat(segments.get(3)).isNotEqualTo(segments.get(2));
  }

  @Test
  void aClipThatLeavesCountsNoLongerThanItIsSeen() {
    List<Segment> ending = SegmentCutter.cut(leaving(Playback.of(0, 2_600_000)));
    List<Segment> lasting = SegmentCutter.cut(leaving(Playback.of(0, 9_000_000)));
    List<Segment> looping = SegmentCutter.cut(leaving(Playback.of(0, 2_600_000).looped()));

    // Its part ends half a second into the second shot; the dissolve is over after 300 ms.
    assertThat(ending.get(1)).isEqualTo(lasting.get(1)).isEqualTo(looping.get(1));
    // What is seen of it counts.
    Playback sooner = Playback.of(0, 2_100_000);
    assertThat(SegmentCutter.cut(leaving(sooner)).get(1)).isNotEqualTo(ending.get(1));
  }

  private static Timeline leaving(Playback playback) {
    Shot clip = Shot.footage(0, Still.cover(ref("clip"), 500, 500), playback, Transition.CUT);
    Transition dissolve = new Transition(TransitionKind.DISSOLVE, 9, Direction.LEFT, 0);
    Shot card = new Shot(60, Still.exact(ref("card")), Motion.NONE, dissolve);
    return new Timeline(CANVAS, List.of(clip, card), List.of(), 120);
  }

  @Test
  void anOverlayBesideThePictureIsNotInIt() {
    Overlay beside = Overlay.hard(ref("beside"), CANVAS.width(), 0, 0, 50, 0);
    Overlay below = Overlay.hard(ref("below"), 0, CANVAS.height(), 0, 50, 0);
    Overlay comingIn = new Overlay(ref("in"), CANVAS.width(), 0, 0, 50, 5, 0, -40, 0, 0);
    Timeline timeline =
        new Timeline(
            CANVAS,
            List.of(new Shot(0, Still.exact(ref("card")), Motion.NONE, Transition.CUT)),
            List.of(beside, below, comingIn),
            50);

    assertThat(SegmentCutter.cut(timeline).get(0).overlays()).containsExactly(comingIn);
  }

  @Test
  void layersBecomeTheOrderOfDrawing() {
    Overlay top = Overlay.hard(ref("top"), 0, 0, 0, 50, 9);
    Overlay bottom = Overlay.hard(ref("bottom"), 0, 0, 0, 50, -3);
    Timeline timeline =
        new Timeline(
            CANVAS,
            List.of(new Shot(0, Still.exact(ref("card")), Motion.NONE, Transition.CUT)),
            List.of(top, bottom),
            50);

    assertThat(SegmentCutter.cut(timeline).get(0).overlays())
        .extracting(Overlay::raster)
        .containsExactly(bottom.raster(), top.raster());
  }

  @Test
  void theKeyFollowsTheSettings() {
    Segment segment = SegmentCutter.cut(oneShot(50)).get(0);
    EncodingSettings settings = EncodingSettings.standard(30);

    assertThat(segment.key(settings)).isNotEqualTo(segment.key(settings.withCrf(22)));
  }

  @Provide
  Arbitrary<Timeline> timelines() {
    Arbitrary<List<int[]>> shots =
        Combinators.combine(
                Arbitraries.integers().between(2, 300),
                Arbitraries.integers().between(0, 3),
                Arbitraries.integers().between(1, 20),
                Arbitraries.integers().between(1000, 1200))
            .as((length, kind, frames, zoom) -> new int[] {length, kind, frames, zoom})
            .list()
            .ofMinSize(1)
            .ofMaxSize(8);
    Arbitrary<List<int[]>> overlays =
        Combinators.combine(
                Arbitraries.integers().between(-20, 900),
                Arbitraries.integers().between(1, 200),
                Arbitraries.integers().between(0, 10),
                Arbitraries.integers().between(0, 10),
                Arbitraries.integers().between(0, 3))
            .as((start, length, in, out, layer) -> new int[] {start, length, in, out, layer})
            .list()
            .ofMaxSize(12);
    return Combinators.combine(shots, overlays).as(SegmentCutterTest::timeline);
  }

  private static Timeline timeline(List<int[]> shots, List<int[]> overlays) {
    List<Shot> list = new ArrayList<>();
    int start = 0;
    for (int[] shot : shots) {
      int frames = Math.min(shot[2], shot[0]);
      Transition transition =
          switch (list.isEmpty() ? 0 : shot[1]) {
            case 1 -> Transition.dissolve(frames);
            case 2 -> Transition.of(TransitionKind.WIPE, frames, Direction.UP);
            case 3 -> Transition.fade(frames, 0x102030);
            default -> Transition.CUT;
          };
      list.add(
          new Shot(
              start,
              Still.cover(ref("picture" + list.size()), 500, 500),
              Motion.zoom(1000, shot[3]),
              transition));
      start += shot[0];
    }
    int total = start;
    List<Overlay> drawn =
        overlays.stream()
            .filter(o -> o[0] < total && o[0] + o[1] > 0)
            .map(o -> new Overlay(ref("overlay"), 1, 2, o[0], o[0] + o[1], o[2], o[3], 4, 6, o[4]))
            .toList();
    return new Timeline(CANVAS, list, drawn, total);
  }

  private static Timeline oneShot(int frames) {
    return new Timeline(
        CANVAS,
        List.of(
            new Shot(
                0, Still.cover(ref("one"), 500, 500), Motion.zoom(1000, 1100), Transition.CUT)),
        List.of(),
        frames);
  }

  private static List<Integer> frames(Timeline timeline) {
    return SegmentCutter.cut(timeline).stream().map(Segment::frames).toList();
  }

  private static List<Integer> starts(List<Segment> segments) {
    List<Integer> starts = new ArrayList<>();
    int start = 0;
    for (Segment segment : segments) {
      starts.add(start);
      start += segment.frames();
    }
    return starts;
  }

  private static List<Segment> from(List<Segment> segments, int frame) {
    List<Integer> starts = starts(segments);
    List<Segment> later = new ArrayList<>();
    for (int i = 0; i < segments.size(); i++) {
      if (starts.get(i) >= frame) {
        later.add(segments.get(i));
      }
    }
    return later;
  }

  private static MediaRef ref(String name) {
    return new MediaRef(RecordJson.sha256(name), 1, "image/png");
  }
}
