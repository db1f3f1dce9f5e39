package dev.reelbeam.media.probe;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/** Compares what was measured with what a finished video must be: the gate before delivery. */
public final class MediaCheck {
  private static final int AUDIO_RATE = 48_000;

  private final MediaReport report;
  private final MediaExpectations expected;
  private final List<CheckResult> results = new ArrayList<>();

  private MediaCheck(MediaReport report, MediaExpectations expected) {
    this.report = report;
    this.expected = expected;
  }

  /** Every check in a fixed order; a video passes when all of them do. */
  public static List<CheckResult> check(MediaReport report, MediaExpectations expected) {
    MediaCheck check = new MediaCheck(report, expected);
    check.container();
    check.picture();
    check.sound();
    return List.copyOf(check.results);
  }

  /** Whether all passed. */
  public static boolean passed(List<CheckResult> results) {
    return results.stream().allMatch(CheckResult::passed);
  }

  /** The failed checks in one line, for example {@code loudness: -18.2 LUFS, expected ...}. */
  public static String describeFailures(List<CheckResult> results) {
    List<String> failures = new ArrayList<>();
    for (CheckResult result : results) {
      if (!result.passed()) {
        failures.add(result.name() + ": " + result.measured() + ", expected " + result.expected());
      }
    }
    return String.join("; ", failures);
  }

  private void container() {
    add("index first", "moov before mdat", yes(report.moovBeforeMdat()), report.moovBeforeMdat());
    add("edit list", "none", report.editList() ? "present" : "none", !report.editList());
    long max = expected.maxBytes();
    add(
        "file size",
        max == 0 ? "any" : "at most " + megabytes(max),
        megabytes(report.fileBytes()),
        max == 0 || report.fileBytes() <= max);
  }

  private void picture() {
    VideoReport video = report.video();
    String codec = video.codec() + " " + video.profile();
    add("video codec", "h264 High", codec, codec.equals("h264 High"));
    boolean anySize = expected.width() == 0;
    add(
        "size",
        anySize ? "any" : expected.width() + "x" + expected.height(),
        video.width() + "x" + video.height(),
        anySize || (video.width() == expected.width() && video.height() == expected.height()));
    add("pixel format", "yuv420p", video.pixelFormat(), video.pixelFormat().equals("yuv420p"));
    String colors =
        String.join(
            "/",
            video.colorPrimaries(),
            video.colorTransfer(),
            video.colorMatrix(),
            video.colorRange());
    add("colour tags", "bt709/bt709/bt709/tv", colors, colors.equals("bt709/bt709/bt709/tv"));
    boolean anyRate = expected.frameRateNumerator() == 0;
    boolean rateFits =
        (long) video.frameRateNumerator() * expected.frameRateDenominator()
            == (long) expected.frameRateNumerator() * video.frameRateDenominator();
    String steady = video.constantFrameRate() ? " constant" : " variable";
    add(
        "frame rate",
        anyRate
            ? "constant"
            : rate(expected.frameRateNumerator(), expected.frameRateDenominator()) + " constant",
        rate(video.frameRateNumerator(), video.frameRateDenominator()) + steady,
        video.constantFrameRate() && (anyRate || rateFits));
    add(
        "frames",
        expected.frames() == 0 ? "any" : String.valueOf(expected.frames()),
        String.valueOf(video.frames()),
        expected.frames() == 0 || video.frames() == expected.frames());
    boolean bounded = expected.minDurationUs() > 0 || expected.maxDurationUs() < Long.MAX_VALUE;
    add(
        "duration",
        bounded
            ? seconds(expected.minDurationUs()) + " to " + seconds(expected.maxDurationUs())
            : "any",
        seconds(video.durationUs()),
        video.durationUs() >= expected.minDurationUs()
            && video.durationUs() <= expected.maxDurationUs());
    add("first frame", "at 0.000 s", "at " + seconds(video.startUs()), video.startUs() == 0);
    add(
        "groups of pictures",
        "closed",
        (video.closedGops() ? "closed" : "open")
            + ", up to "
            + video.longestGopFrames()
            + " frames",
        video.closedGops());
    add("decode errors", "0", String.valueOf(video.decodeErrors()), video.decodeErrors() == 0);
    if (video.pictureMeasured()) {
      stretches("black", video.black(), expected.longestBlackUs());
      stretches("frozen", video.frozen(), expected.longestFrozenUs());
    }
  }

  private void sound() {
    AudioReport audio = report.audio();
    if (audio == null) {
      add("sound", expected.soundRequired() ? "present" : "any", "none", !expected.soundRequired());
      return;
    }
    String codec =
        audio.codec()
            + " "
            + audio.profile()
            + " "
            + audio.sampleRate()
            + " Hz, "
            + audio.channels()
            + " channels";
    add(
        "sound",
        "aac LC 48000 Hz, 2 channels",
        codec,
        audio.codec().equals("aac")
            && audio.profile().equals("LC")
            && audio.sampleRate() == AUDIO_RATE
            && audio.channels() == 2);
    add(
        "loudness",
        decibels(expected.minMilliLufs()) + " to " + decibels(expected.maxMilliLufs()) + " LUFS",
        decibels(audio.integratedMilliLufs()) + " LUFS",
        audio.integratedMilliLufs() >= expected.minMilliLufs()
            && audio.integratedMilliLufs() <= expected.maxMilliLufs());
    add(
        "true peak",
        "at most " + decibels(expected.maxTruePeakMilliDbtp()) + " dBTP",
        decibels(audio.truePeakMilliDbtp()) + " dBTP",
        audio.truePeakMilliDbtp() <= expected.maxTruePeakMilliDbtp());
    long frameUs = frameUs(report.video());
    long difference = report.audioEndMinusVideoEndUs();
    add(
        "sound against picture",
        "ends within one frame",
        String.format(Locale.ROOT, "%+.1f ms", difference / 1000.0),
        Math.abs(difference) <= frameUs);
    add("sound start", "at 0.000 s", "at " + seconds(audio.startUs()), audio.startUs() == 0);
    add("sound errors", "0", String.valueOf(audio.decodeErrors()), audio.decodeErrors() == 0);
    stretches("silent", audio.silent(), expected.longestSilentUs());
  }

  private static long frameUs(VideoReport video) {
    return video.frameRateNumerator() == 0
        ? 0
        : 1_000_000L * video.frameRateDenominator() / video.frameRateNumerator();
  }

  private void stretches(String name, List<Stretch> stretches, long longestAllowedUs) {
    Stretch longest = new Stretch(0, 0);
    for (Stretch stretch : stretches) {
      if (stretch.lengthUs() > longest.lengthUs()) {
        longest = stretch;
      }
    }
    String measured =
        stretches.isEmpty()
            ? "none"
            : String.format(
                Locale.ROOT,
                "%d, longest %s at %s",
                stretches.size(),
                seconds(longest.lengthUs()),
                seconds(longest.startUs()));
    add(
        name,
        "at most " + seconds(longestAllowedUs),
        measured,
        longest.lengthUs() <= longestAllowedUs);
  }

  private void add(String name, String wanted, String measured, boolean passed) {
    results.add(new CheckResult(name, wanted, measured, passed));
  }

  private static String yes(boolean value) {
    return value ? "moov before mdat" : "mdat before moov";
  }

  private static String seconds(long us) {
    return us == Long.MAX_VALUE ? "any" : String.format(Locale.ROOT, "%.3f s", us / 1e6);
  }

  private static String decibels(int milli) {
    return milli <= -120_000 ? "silence" : String.format(Locale.ROOT, "%.1f", milli / 1000.0);
  }

  private static String megabytes(long bytes) {
    return String.format(Locale.ROOT, "%.2f MB", bytes / 1e6);
  }

  private static String rate(int numerator, int denominator) {
    return denominator == 1 ? numerator + " fps" : numerator + "/" + denominator + " fps";
  }
}
