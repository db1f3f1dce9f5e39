package dev.reelbeam.media.probe;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.Test;

class MediaCheckTest {
  private static final MediaExpectations EXPECTED =
      MediaExpectations.of(1080, 1920, 30, 900).withMaxBytes(72_000_000);

  private static VideoReport video(int frames, List<Stretch> frozen) {
    return new VideoReport(
        "h264",
        "High",
        40,
        1080,
        1920,
        "yuv420p",
        30,
        1,
        true,
        frames,
        0,
        frames * 1_000_000L / 30,
        10,
        90,
        true,
        "bt709",
        "bt709",
        "bt709",
        "tv",
        0,
        true,
        List.of(),
        frozen);
  }

  private static AudioReport audio(long samples, int milliLufs) {
    return new AudioReport(
        "aac",
        "LC",
        48_000,
        2,
        samples,
        0,
        samples * 1_000_000 / 48_000,
        192_000,
        milliLufs,
        4_000,
        -1_400,
        0,
        List.of());
  }

  private static MediaReport report(VideoReport video, AudioReport audio) {
    return new MediaReport(8_000_000, "isom", true, false, "1/1/1/tv", video, audio);
  }

  private static final long WHOLE_FRAMES = 30 * 48_000 / 1024 * 1024;

  @Test
  void aFileThatIsAllItShouldBePasses() {
    List<CheckResult> results =
        MediaCheck.check(report(video(900, List.of()), audio(WHOLE_FRAMES, -14_200)), EXPECTED);
    assertThat(MediaCheck.describeFailures(results)).isEmpty();
    assertThat(MediaCheck.passed(results)).isTrue();
    assertThat(results)
        .contains(new CheckResult("loudness", "-15.0 to -13.0 LUFS", "-14.2 LUFS", true))
        .contains(new CheckResult("frames", "900", "900", true));
  }

  @Test
  void aMissingFrameFailsAndSaysWhich() {
    List<CheckResult> results =
        MediaCheck.check(report(video(899, List.of()), audio(WHOLE_FRAMES, -14_000)), EXPECTED);
    assertThat(MediaCheck.passed(results)).isFalse();
    assertThat(MediaCheck.describeFailures(results)).isEqualTo("frames: 899, expected 900");
  }

  @Test
  void loudnessLengthAndSizeHaveLimits() {
    MediaReport quiet = report(video(900, List.of()), audio(WHOLE_FRAMES, -18_000));
    assertThat(MediaCheck.describeFailures(MediaCheck.check(quiet, EXPECTED)))
        .isEqualTo("loudness: -18.0 LUFS, expected -15.0 to -13.0 LUFS");
    MediaReport shortSound = report(video(900, List.of()), audio(WHOLE_FRAMES - 4096, -14_000));
    assertThat(MediaCheck.describeFailures(MediaCheck.check(shortSound, EXPECTED)))
        .contains("sound against picture: -90.7 ms");
    MediaReport good = report(video(900, List.of()), audio(WHOLE_FRAMES, -14_000));
    assertThat(
            MediaCheck.describeFailures(MediaCheck.check(good, EXPECTED.withMaxBytes(7_000_000))))
        .isEqualTo("file size: 8.00 MB, expected at most 7.00 MB");
    assertThat(
            MediaCheck.describeFailures(
                MediaCheck.check(good, EXPECTED.withDuration(15_000_000, 29_000_000))))
        .isEqualTo("duration: 30.000 s, expected 15.000 s to 29.000 s");
  }

  @Test
  void aStillPictureIsAllowedForAsLongAsTheExpectationSays() {
    List<Stretch> frozen = List.of(new Stretch(2_000_000, 9_500_000));
    MediaReport still = report(video(900, frozen), audio(WHOLE_FRAMES, -14_000));
    assertThat(MediaCheck.describeFailures(MediaCheck.check(still, EXPECTED)))
        .isEqualTo("frozen: 1, longest 7.500 s at 2.000 s, expected at most 6.000 s");
    MediaExpectations patient = EXPECTED.withLongest(500_000, 10_000_000, 3_000_000);
    assertThat(MediaCheck.passed(MediaCheck.check(still, patient))).isTrue();
  }

  @Test
  void soundMayBeOptional() {
    MediaReport mute = report(video(900, List.of()), null);
    assertThat(MediaCheck.passed(MediaCheck.check(mute, EXPECTED))).isFalse();
    assertThat(MediaCheck.passed(MediaCheck.check(mute, EXPECTED.soundOptional()))).isTrue();
  }
}
