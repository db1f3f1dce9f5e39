package dev.reelbeam.media.composition;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.reelbeam.media.effect.Direction;
import dev.reelbeam.model.json.RecordJson;
import dev.reelbeam.model.store.MediaRef;
import java.util.List;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.Test;

class TimelineTest {
  private static final Canvas CANVAS = new Canvas(1080, 1920, 30);
  private static final MediaRef PICTURE = new MediaRef("ab", 1, "image/png");
  private static final Still STILL = Still.cover(PICTURE, 500, 500);

  @Test
  void aShotIsVisibleUntilTheNextHasTakenOver() {
    Timeline timeline = timeline(shot(0, Transition.CUT), shot(90, Transition.dissolve(10)));

    assertThat(timeline.endOfShot(0)).isEqualTo(90);
    assertThat(timeline.visibleFrames(0)).isEqualTo(100);
    assertThat(timeline.visibleFrames(1)).isEqualTo(110);
    assertThat(timeline.totalFrames()).isEqualTo(200);
  }

  @Test
  void wiringMistakesAreNamed() {
    assertRefused(() -> new Canvas(1081, 1920, 30), "width must be even");
    assertRefused(() -> new Canvas(1080, 1920, 0), "frame rate");
    assertRefused(() -> timeline(), "needs a shot");
    assertRefused(() -> timeline(shot(5, Transition.CUT)), "starts at frame 0");
    assertRefused(() -> timeline(shot(0, Transition.dissolve(5))), "nothing before it");
    assertRefused(
        () -> timeline(shot(0, Transition.CUT), shot(1, Transition.CUT)), "shot 0 lasts 1 frames");
    assertRefused(
        () -> timeline(shot(0, Transition.CUT), shot(190, Transition.dissolve(20))),
        "its transition 20");
    assertRefused(() -> new View(5000, 5000, 900), "zoomPermille");
    assertRefused(() -> new Still(PICTURE, Fit.COVER, 1200, 0, 0), "focusXPermille");
    assertRefused(() -> Overlay.hard(PICTURE, 0, 0, 10, 10, 0), "must last");
    assertRefused(
        () -> new EncodingSettings("libx264", "placebo", "", 21, 60, 3, 0, 0, 0),
        "unknown x264 preset");
    assertRefused(() -> EncodingSettings.standard(30).withCap(5000, 0), "given together");
  }

  @Test
  void whatAFitDoesNotLookAtDoesNotTellStillsApart() {
    assertThat(new Still(PICTURE, Fit.EXACT, 1, 2, 3)).isEqualTo(Still.exact(PICTURE));
    assertThat(new Still(PICTURE, Fit.CONTAIN_BLUR, 1, 500, 3)).isEqualTo(Still.contain(PICTURE));
  }

  @Test
  void aTimelineSurvivesJson() {
    Timeline timeline =
        new Timeline(
            CANVAS,
            List.of(shot(0, Transition.fade(8, 0x102030)), shot(60, push(9))),
            List.of(new Overlay(PICTURE, 1, -2, -3, 40, 5, 6, 70, -80, 9)),
            200);

    assertThat(RecordJson.read(RecordJson.canonical(timeline), Timeline.class)).isEqualTo(timeline);
  }

  @Test
  void settingsSurviveJson() {
    EncodingSettings settings = EncodingSettings.standard(30).withCap(4000, 8000).withCrf(23);

    assertThat(RecordJson.read(RecordJson.canonical(settings), EncodingSettings.class))
        .isEqualTo(settings);
  }

  @Test
  void settingsStoredBeforeTheyHadParametersAreRead() {
    String stored =
        "{\"b_frames\":5,\"buffer_kbits\":0,\"crf\":18,\"encoder\":\"libx264\",\"gop_frames\":60,"
            + "\"lookahead_frames\":20,\"maxrate_kbps\":0,\"preset\":\"superfast\",\"tune\":\"\"}";

    assertThat(RecordJson.read(stored, EncodingSettings.class))
        .isEqualTo(new EncodingSettings("libx264", "superfast", "", 18, 60, 5, 20, 0, 0));
  }

  @Test
  void theOrderOfParametersDoesNotTellSettingsApart() {
    assertThat(withParameters("subme=2:b-adapt=0")).isEqualTo(withParameters("b-adapt=0:subme=2"));
  }

  @Test
  void parametersThatBytesOrGopsDependOnAreRefused() {
    for (String parameter : List.of("threads=4", "open-gop=1", "cpu-independent=0", "subme", "")) {
      assertRefused(() -> withParameters("b-adapt=0:" + parameter), "parameter");
    }
    assertRefused(() -> withParameters("subme=1:subme=2"), "twice");
  }

  @Test
  void whatAnEncoderDoesNotLookAtDoesNotTellSettingsApart() {
    EncodingSettings quick = withParameters("subme=1").withEncoder("h264_nvenc");
    EncodingSettings slow = EncodingSettings.best(30).withCap(12_000, 12_000);

    assertThat(quick.preset()).isEmpty();
    assertThat(quick.x264()).isEmpty();
    assertThat(slow.withEncoder("h264_nvenc").withPreset("slow"))
        .isEqualTo(slow.withEncoder("h264_nvenc"));
    assertThat(slow.withEncoder("h264_nvenc")).isNotEqualTo(slow);
  }

  private static EncodingSettings withParameters(String x264) {
    return new EncodingSettings("libx264", "superfast", "", 21, 60, 3, 10, 0, 0, x264);
  }

  private static void assertRefused(ThrowingCallable wiring, String said) {
    assertThatThrownBy(wiring)
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining(said);
  }

  private static Shot shot(int start, Transition incoming) {
    return new Shot(start, STILL, Motion.zoom(1000, 1100), incoming);
  }

  private static Transition push(int frames) {
    return Transition.of(TransitionKind.PUSH, frames, Direction.UP);
  }

  private static Timeline timeline(Shot... shots) {
    return new Timeline(CANVAS, List.of(shots), List.of(), 200);
  }
}
