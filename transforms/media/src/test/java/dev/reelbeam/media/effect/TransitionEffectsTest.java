package dev.reelbeam.media.effect;

import static org.assertj.core.api.Assertions.assertThat;

import dev.reelbeam.media.composition.Transition;
import dev.reelbeam.media.composition.TransitionKind;
import dev.reelbeam.media.frame.Bt709;
import dev.reelbeam.media.frame.Plane;
import dev.reelbeam.media.frame.Plate;
import dev.reelbeam.media.frame.Window;
import dev.reelbeam.media.frame.YuvFrame;
import dev.reelbeam.model.json.RecordJson;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.DoubleRange;
import net.jqwik.api.constraints.IntRange;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** What every transition promises, for all of them and every direction. */
class TransitionEffectsTest {
  // No multiple of 16 or 32, and chroma sides that are odd.
  private static final int WIDTH = 102;
  private static final int HEIGHT = 66;
  private static final int FRAMES = 11;

  static List<Transition> transitions() {
    List<Transition> all = new ArrayList<>();
    for (TransitionKind kind : TransitionKind.values()) {
      for (Direction direction : Direction.values()) {
        if (kind != TransitionKind.CUT) {
          all.add(new Transition(kind, FRAMES, direction, 0x204060));
        }
      }
    }
    return all.stream().distinct().toList();
  }

  @ParameterizedTest
  @MethodSource("transitions")
  void itBeginsWithTheOldPictureAndEndsWithTheNewOne(Transition transition) {
    YuvFrame old = WarpTest.noise(WIDTH, HEIGHT, 1);
    YuvFrame incoming = WarpTest.noise(WIDTH, HEIGHT, 2);

    assertThat(hash(at(transition, old, incoming, 0))).isEqualTo(hash(old));
    assertThat(hash(at(transition, old, incoming, FRAMES + 1))).isEqualTo(hash(incoming));
  }

  @ParameterizedTest
  @MethodSource("transitions")
  void theNewPictureNeverLosesGround(Transition transition) {
    if (transition.kind() == TransitionKind.FADE) {
      return; // Its colour comes between the two; see the test below.
    }
    YuvFrame black = plain(16);
    YuvFrame white = plain(235);
    double before = 16;
    for (int step = 1; step <= FRAMES + 1; step++) {
      double now = meanLuma(at(transition, black, white, step));
      assertThat(now).as("step %d", step).isGreaterThanOrEqualTo(before - 0.01);
      before = now;
    }
    assertThat(before).isEqualTo(235);
  }

  @Test
  void aFadeGoesEvenlyDownToItsColourAndUpAgain() {
    Transition fade = Transition.fade(FRAMES, 0x000000);
    YuvFrame white = plain(235);
    List<Double> luma = new ArrayList<>();
    for (int step = 0; step <= FRAMES + 1; step++) {
      luma.add(meanLuma(at(fade, white, white, step)));
    }
    int middle = (FRAMES + 1) / 2;
    assertThat(luma.get(middle)).isEqualTo(16);
    assertThat(luma.subList(0, middle + 1)).isSortedAccordingTo((a, b) -> Double.compare(b, a));
    assertThat(luma.subList(middle, luma.size())).isSorted();
  }

  @ParameterizedTest
  @MethodSource("transitions")
  void equalGreyPicturesStayGrey(Transition transition) {
    YuvFrame grey = plain(120);
    for (int step = 1; step <= FRAMES; step++) {
      YuvFrame mixed = at(transition, grey, grey, step);
      if (transition.kind() != TransitionKind.FADE) {
        for (int value : samples(mixed.u())) {
          assertThat(value).as("step %d", step).isEqualTo(128);
        }
      }
    }
  }

  @ParameterizedTest
  @MethodSource("transitions")
  void aFrameDoesNotDependOnTheOnesBeforeItNorOnPadding(Transition transition) {
    YuvFrame old = WarpTest.noise(WIDTH, HEIGHT, 3);
    YuvFrame incoming = WarpTest.noise(WIDTH, HEIGHT, 4);
    TransitionEffect used = transition.effect();
    for (int step = FRAMES; step >= 1; step--) {
      YuvFrame fresh = at(transition, old, incoming, step);
      YuvFrame dirty = drawn(used, soiled(old), soiled(incoming), step);
      assertThat(hash(dirty)).as("step %d", step).isEqualTo(hash(fresh));
    }
  }

  @ParameterizedTest
  @MethodSource("transitions")
  void anySizeIsDrawn(Transition transition) {
    for (int[] size : new int[][] {{64, 64}, {66, 70}, {98, 64}, {64, 114}}) {
      YuvFrame old = WarpTest.noise(size[0], size[1], 5);
      YuvFrame incoming = WarpTest.noise(size[0], size[1], 6);
      for (int step = 1; step <= FRAMES; step++) {
        YuvFrame mixed = drawn(transition.effect(), copy(old), copy(incoming), step);
        // The eased ends of a way of 64 pixels may still be less than two of them.
        if (step == FRAMES / 2) {
          assertThat(hash(mixed))
              .as("%dx%d", size[0], size[1])
              .isNotEqualTo(hash(old))
              .isNotEqualTo(hash(incoming));
        }
      }
    }
  }

  /**
   * A readable list, one hash for each transition. When a change of pixels is meant, raise {@code
   * Segment.PIXEL_VERSION} and copy the printed list into {@code transitions.golden}.
   */
  @Test
  void pixelsAreThoseOfThisPixelVersion() throws IOException {
    StringBuilder now = new StringBuilder();
    YuvFrame old = WarpTest.noise(WIDTH, HEIGHT, 7);
    YuvFrame incoming = WarpTest.noise(WIDTH, HEIGHT, 8);
    for (Transition transition : transitions()) {
      List<String> frames = new ArrayList<>();
      for (int step = 1; step <= FRAMES; step++) {
        frames.add(hash(at(transition, old, incoming, step)));
      }
      now.append(transition.kind().id())
          .append(' ')
          .append(transition.direction())
          .append(' ')
          .append(RecordJson.sha256(frames), 0, 16)
          .append('\n');
    }
    try (InputStream golden = getClass().getResourceAsStream("transitions.golden")) {
      assertThat(now.toString())
          .isEqualTo(new String(golden.readAllBytes(), StandardCharsets.UTF_8));
    }
  }

  @Property(tries = 60)
  void aDissolveIsTheWeightedMeanOfEachSample(@ForAll @IntRange(max = 256) int weight) {
    YuvFrame first = WarpTest.noise(WIDTH, HEIGHT, 1);
    YuvFrame second = WarpTest.noise(WIDTH, HEIGHT, 2);
    YuvFrame mixed = copy(first);

    Dissolve.into(mixed, second, weight);

    for (int plane = 0; plane < 3; plane++) {
      for (int x = 0; x < mixed.plane(plane).width(); x++) {
        int a = first.plane(plane).at(x, 7);
        int b = second.plane(plane).at(x, 7);
        assertThat(mixed.plane(plane).at(x, 7))
            .isEqualTo((a * (256 - weight) + b * weight + 128) >> 8);
      }
    }
  }

  @Test
  void aFullFadeIsThePlainColour() {
    YuvFrame frame = WarpTest.noise(WIDTH, HEIGHT, 3);

    FadeColour.into(frame, 0x2060C0, 256);

    assertThat(frame.luma().at(50, 30)).isEqualTo(Bt709.luma(0x20, 0x60, 0xC0));
    assertThat(frame.u().at(20, 10)).isEqualTo(128 + Bt709.blueDifference(0x20, 0x60, 0xC0));
    assertThat(frame.v().at(20, 10)).isEqualTo(128 + Bt709.redDifference(0x20, 0x60, 0xC0));
  }

  @Test
  void aPushShowsTheRestOfTheOldAndTheBeginningOfTheNew() {
    YuvFrame old = WarpTest.noise(WIDTH, HEIGHT, 4);
    YuvFrame incoming = WarpTest.noise(WIDTH, HEIGHT, 5);
    int half = (FRAMES + 1) / 2;

    YuvFrame left =
        at(Transition.of(TransitionKind.PUSH, FRAMES, Direction.LEFT), old, incoming, half);
    YuvFrame down =
        at(Transition.of(TransitionKind.PUSH, FRAMES, Direction.DOWN), old, incoming, half);

    int x = Move.evenShift(WIDTH, 0.5);
    assertThat(left.luma().at(0, 9)).isEqualTo(old.luma().at(x, 9));
    assertThat(left.luma().at(WIDTH - x, 9)).isEqualTo(incoming.luma().at(0, 9));
    assertThat(left.v().at((WIDTH - x) / 2, 9)).isEqualTo(incoming.v().at(0, 9));
    int y = Move.evenShift(HEIGHT, 0.5);
    assertThat(down.luma().at(9, y)).isEqualTo(old.luma().at(9, 0));
    assertThat(down.luma().at(9, 0)).isEqualTo(incoming.luma().at(9, HEIGHT - y));
    assertThat(down.u().at(9, y / 2)).isEqualTo(old.u().at(9, 0));
  }

  @Property(tries = 200)
  void aZoomNeverLooksPastItsPicture(
      @ForAll @DoubleRange(max = 30) double left, @ForAll @IntRange(max = 20) int step) {
    Window window = new Window(left, 3, 50, 30);
    Progress progress = new Progress(step, 20);
    for (Window seen :
        List.of(new Zoom().oldWindow(window, progress), new Zoom().newWindow(window, progress))) {
      assertThat(seen.left()).isGreaterThanOrEqualTo(left);
      assertThat(seen.left() + seen.width()).isLessThanOrEqualTo(left + 50 + 1e-9);
      assertThat(seen.width() / seen.height()).isBetween(5 / 3.0 - 1e-9, 5 / 3.0 + 1e-9);
    }
  }

  @Property(tries = 200)
  void aMoveStaysInsideWhatBothItsEndsShow(
      @ForAll @DoubleRange(max = 30) double left,
      @ForAll @DoubleRange(min = 20, max = 60) double width,
      @ForAll @IntRange(min = 2, max = 400) int frames) {
    YuvFrame pixels = new YuvFrame(100, 100);
    Window from = new Window(left, 5, width, width);
    Window to = new Window(100 - width / 2, 40, width / 2, width / 2);
    Plate plate = new Plate(pixels, from, to);

    double before = -1;
    for (int frame = 0; frame < frames; frame++) {
      Window seen = KenBurns.window(plate, frame, frames);
      assertThat(seen.left()).isGreaterThanOrEqualTo(left - 1e-9);
      assertThat(seen.left() + seen.width()).isLessThanOrEqualTo(100 + 1e-9);
      // Monotone: the camera never turns back.
      assertThat(seen.left()).isGreaterThanOrEqualTo(before);
      before = seen.left();
    }
    assertThat(KenBurns.window(plate, 0, frames)).isEqualTo(from);
    Window last = KenBurns.window(plate, frames - 1, frames);
    assertThat(Math.abs(last.left() - to.left())).isLessThan(1e-9);
  }

  @Test
  void theMoveIsSmoothToAFractionOfAPixel() {
    Plate plate =
        new Plate(new YuvFrame(100, 100), new Window(0, 0, 50, 50), new Window(10, 0, 50, 50));
    double largest = 0;
    double speed = 0;
    for (int frame = 1; frame < 120; frame++) {
      double now =
          KenBurns.window(plate, frame, 120).left() - KenBurns.window(plate, frame - 1, 120).left();
      largest = Math.max(largest, Math.abs(now - speed));
      speed = now;
    }
    assertThat(largest).as("change of speed per frame, pixels").isLessThan(0.005);
  }

  private static YuvFrame at(Transition transition, YuvFrame old, YuvFrame incoming, int step) {
    return drawn(transition.effect(), copy(old), copy(incoming), step);
  }

  /** As the composer does it: the frame is the new picture where the old one is not seen. */
  private static YuvFrame drawn(
      TransitionEffect effect, YuvFrame old, YuvFrame incoming, int step) {
    Progress progress = new Progress(step, FRAMES + 1);
    YuvFrame frame = effect.showsOld(progress) ? old : copy(incoming);
    effect.mix(frame, incoming, progress);
    return frame;
  }

  private static YuvFrame copy(YuvFrame source) {
    YuvFrame copy = new YuvFrame(source.width(), source.height());
    copy.copyFrom(source);
    return copy;
  }

  /** The same picture with rubbish where no picture is. */
  private static YuvFrame soiled(YuvFrame source) {
    YuvFrame soiled = copy(source);
    for (int i = 0; i < 3; i++) {
      Plane plane = soiled.plane(i);
      for (int y = 0; y < plane.height(); y++) {
        Arrays.fill(
            plane.bytes(), y * plane.stride() + plane.width(), (y + 1) * plane.stride(), (byte) 77);
      }
    }
    return soiled;
  }

  private static YuvFrame plain(int luma) {
    YuvFrame frame = new YuvFrame(WIDTH, HEIGHT);
    frame.luma().fill(luma);
    frame.u().fill(128);
    frame.v().fill(128);
    return frame;
  }

  private static double meanLuma(YuvFrame frame) {
    return Arrays.stream(samples(frame.luma())).average().orElseThrow();
  }

  private static String hash(YuvFrame frame) {
    return RecordJson.sha256(Arrays.toString(samples(frame)));
  }

  private static int[] samples(YuvFrame frame) {
    List<int[]> planes = List.of(samples(frame.luma()), samples(frame.u()), samples(frame.v()));
    return planes.stream().flatMapToInt(Arrays::stream).toArray();
  }

  private static int[] samples(Plane plane) {
    int[] samples = new int[plane.width() * plane.height()];
    for (int i = 0; i < samples.length; i++) {
      samples[i] = plane.at(i % plane.width(), i / plane.width());
    }
    return samples;
  }
}
