package dev.reelbeam.media.render;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import dev.reelbeam.media.audio.MixSettings;
import dev.reelbeam.media.audio.Mixer;
import dev.reelbeam.media.audio.MusicTrack;
import dev.reelbeam.media.codec.AudioPcm;
import dev.reelbeam.media.composition.Canvas;
import dev.reelbeam.media.composition.EncodingSettings;
import dev.reelbeam.media.composition.Motion;
import dev.reelbeam.media.composition.Shot;
import dev.reelbeam.media.composition.Still;
import dev.reelbeam.media.composition.Timeline;
import dev.reelbeam.media.composition.Transition;
import dev.reelbeam.media.composition.TransitionKind;
import dev.reelbeam.media.effect.Direction;
import dev.reelbeam.media.probe.AudioReport;
import dev.reelbeam.media.probe.MediaInspector;
import dev.reelbeam.media.probe.MediaReport;
import dev.reelbeam.model.store.MediaRef;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** As long as it was asked for, in the file itself: at every rate, with transitions and sound. */
class WholeVideoTest {
  private static final int AAC_FRAME = 1024;

  @TempDir Path folder;

  @ParameterizedTest
  @ValueSource(ints = {24, 25, 30, 50, 60})
  void threeSecondsAskedAreThreeSecondsMade(int frameRate) throws Exception {
    Canvas canvas = new Canvas(144, 256, frameRate);
    int frames = 3 * frameRate;
    TestPictures pictures = new TestPictures(folder);
    Timeline timeline = timeline(canvas, frames, pictures.photo(200, 300, 1), pictures);
    List<Path> segments = new ArrayList<>();
    try (SegmentRenderer renderer = new SegmentRenderer()) {
      for (Segment segment : SegmentCutter.cut(timeline)) {
        Path out = folder.resolve("segment" + segments.size() + ".mp4");
        renderer.render(
            segment, EncodingSettings.standard(frameRate), pictures, out, FrameListener.NONE);
        segments.add(out);
      }
    }
    Path sound = folder.resolve("sound.m4a");
    AudioPcm voice = AudioPcm.mono(new float[3 * AudioPcm.SAMPLE_RATE]);
    Mixer.render(
        voice, MusicTrack.builtIn("calm"), MixSettings.DEFAULT, frames, frameRate, 1, sound);
    Path video = folder.resolve("video.mp4");
    Assembler.assemble(segments, sound, canvas, video);

    MediaReport report = MediaInspector.inspect(video);

    assertThat(report.video().frames()).isEqualTo(frames);
    assertThat(report.video().constantFrameRate()).isTrue();
    assertThat(report.video().frameRateNumerator())
        .isEqualTo(frameRate * report.video().frameRateDenominator());
    assertThat(report.video().startUs()).isZero();
    assertThat(report.video().endUs()).isCloseTo(3_000_000, within(1L));
    assertThat(report.video().decodeErrors()).isZero();
    AudioReport heard = Objects.requireNonNull(report.audio());
    long samples = 3L * AudioPcm.SAMPLE_RATE;
    assertThat(heard.samples())
        .as("whole AAC frames, the last one within the video")
        .isBetween(samples / AAC_FRAME * AAC_FRAME - AAC_FRAME, samples);
    assertThat(report.audioEndMinusVideoEndUs())
        .isBetween(-1_000_000L * 2 * AAC_FRAME / AudioPcm.SAMPLE_RATE, 0L);
  }

  /** Shots that begin at odd frames, each by another transition. */
  private static Timeline timeline(Canvas canvas, int frames, MediaRef first, TestPictures pictures)
      throws Exception {
    MediaRef second = pictures.photo(300, 200, 2);
    int step = frames / 3 - 1;
    return new Timeline(
        canvas,
        List.of(
            new Shot(
                0,
                Still.cover(first, 500, 500),
                Motion.zoom(1000, 1100),
                Transition.fade(5, 0x102030)),
            new Shot(
                step, Still.contain(second, 450), Motion.zoom(1020, 1000), Transition.dissolve(9)),
            new Shot(
                2 * step,
                Still.cover(second, 500, 500),
                Motion.zoom(1100, 1000),
                Transition.of(TransitionKind.PUSH, 7, Direction.UP))),
        List.of(),
        frames);
  }
}
