package dev.reelbeam.pipelines;

import dev.reelbeam.media.probe.AudioReport;
import dev.reelbeam.media.probe.MediaInspector;
import dev.reelbeam.media.probe.MediaReport;
import dev.reelbeam.media.probe.Stretch;
import dev.reelbeam.media.probe.VideoReport;
import dev.reelbeam.model.failure.FailureCode;
import dev.reelbeam.model.failure.StageException;
import dev.reelbeam.model.json.RecordJson;
import dev.reelbeam.pipelines.watch.Amounts;
import dev.reelbeam.pipelines.watch.TextTable;
import dev.reelbeam.pipelines.watch.TextTable.Column;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.stream.Collectors;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** Measures a video file. */
@Command(
    name = "inspect",
    header = "Decodes a video and prints what it is: picture, sound, container.",
    abbreviateSynopsis = true,
    footerHeading = "%n",
    footer = {
      "Exit codes: 0 a good video, 1 not one, 2 the command line is wrong.",
      "",
      "Examples:",
      "  reelbeam inspect out/howto/tiktok/video.mp4",
      "  reelbeam inspect --json video.mp4 | jq .audio.integrated_milli_lufs"
    })
final class InspectCommand extends Subcommand {
  @Parameters(paramLabel = "FILE", description = "An MP4 video.")
  private Path file = Path.of("");

  @Option(names = "--json", description = "Prints the measurement as JSON.")
  private boolean json;

  @Option(names = "-v", description = "Tells everything about a failure.")
  private boolean verbose;

  InspectCommand() {}

  @Override
  public Integer call() throws StageException {
    Logs.toStandardError(verbose);
    MediaReport report;
    try {
      report =
          MediaInspector.inspect(file, Math.min(2, Runtime.getRuntime().availableProcessors()));
    } catch (StageException e) {
      if (e.code() != FailureCode.MEDIA_UNREADABLE) {
        throw e;
      }
      int unused = Failures.report(e, verbose, spec.commandLine().getErr());
      return ExitCode.SOME_DEAD.number();
    }
    List<VideoFacts.Fact> facts = VideoFacts.of(report);
    boolean good = facts.stream().allMatch(VideoFacts.Fact::good);
    PrintWriter out = spec.commandLine().getOut();
    if (json) {
      out.print(RecordJson.pretty(report));
    } else {
      TextTable table =
          new TextTable(
              Column.left("WHAT"), Column.left("MEASURED"), Column.left("WANTED"), Column.left(""));
      facts.forEach(
          fact ->
              table.row(
                  fact.what(), fact.measured(), fact.wanted(), fact.good() ? "ok" : "NOT OK"));
      out.print(table);
      long wrong = facts.stream().filter(fact -> !fact.good()).count();
      out.println();
      out.println(good ? "a good video" : Amounts.count(wrong, "finding"));
    }
    out.flush();
    return (good ? ExitCode.COMPLETED : ExitCode.SOME_DEAD).number();
  }

  /** What a report says, beside what every delivery has to keep. */
  static final class VideoFacts {
    private static final long MOST_BLACK_US = 500_000;
    private static final long MOST_FROZEN_US = 5_000_000;
    private static final long MOST_SILENT_US = 3_000_000;
    private static final int LUFS_TARGET_MILLI = -14_000;
    private static final int LUFS_TOLERANCE_MILLI = 1_000;
    private static final int PEAK_LIMIT_MILLI_DBTP = -1_000;

    private VideoFacts() {}

    /** One line of the table. */
    record Fact(String what, String measured, String wanted, boolean good) {}

    static List<Fact> of(MediaReport report) {
      VideoReport video = report.video();
      AudioReport audio = report.audio();
      long frameUs =
          video.frameRateNumerator() == 0
              ? 0
              : 1_000_000L * video.frameRateDenominator() / video.frameRateNumerator();
      List<Fact> facts = new java.util.ArrayList<>();
      facts.add(told("size of the file", Amounts.bytes(report.fileBytes())));
      facts.add(told("length", Amounts.time(video.durationUs() / 1000)));
      facts.add(told("picture", video.width() + "x" + video.height()));
      facts.add(
          new Fact(
              "frame rate",
              rate(video) + (video.constantFrameRate() ? ", constant" : ", varying"),
              "constant",
              video.constantFrameRate()));
      facts.add(told("frames", video.frames() + ""));
      facts.add(
          fact(
              "video codec",
              video.codec()
                  + " "
                  + video.profile()
                  + " "
                  + video.level() / 10
                  + "."
                  + video.level() % 10,
              "h264 High",
              video.codec().equals("h264") && video.profile().equals("High")));
      facts.add(fact("pixels", video.pixelFormat(), "yuv420p", is(video.pixelFormat(), "yuv420p")));
      String colours =
          String.join(
              "/",
              video.colorPrimaries(),
              video.colorTransfer(),
              video.colorMatrix(),
              video.colorRange());
      facts.add(
          fact(
              "colour tags", colours, "bt709/bt709/bt709/tv", is(colours, "bt709/bt709/bt709/tv")));
      facts.add(
          fact(
              "key frames",
              video.keyframes()
                  + ", longest GOP "
                  + video.longestGopFrames()
                  + " frames"
                  + (video.closedGops() ? ", closed" : ", open"),
              "closed",
              video.closedGops()));
      facts.add(yes("index first", report.moovBeforeMdat()));
      facts.add(fact("edit list", report.editList() ? "yes" : "no", "no", !report.editList()));
      facts.add(none("decoding errors", video.decodeErrors()));
      facts.add(
          fact(
              "black",
              stretches(video.black()),
              "none over 0.5 s",
              longest(video.black()) <= MOST_BLACK_US));
      facts.add(
          fact(
              "frozen",
              stretches(video.frozen()),
              "none over 5 s",
              longest(video.frozen()) <= MOST_FROZEN_US));
      if (audio == null) {
        facts.add(fact("sound", "none", "some", false));
        return facts;
      }
      facts.add(
          fact(
              "audio codec",
              audio.codec()
                  + " "
                  + audio.profile()
                  + ", "
                  + audio.sampleRate()
                  + " Hz, "
                  + audio.channels()
                  + " channels",
              "aac LC, 48000 Hz, 2 channels",
              audio.codec().equals("aac")
                  && audio.profile().equals("LC")
                  && audio.sampleRate() == 48_000
                  && audio.channels() == 2));
      facts.add(
          fact(
              "loudness",
              milli(audio.integratedMilliLufs()) + " LUFS",
              "-14 \u00b11 LUFS",
              Math.abs(audio.integratedMilliLufs() - LUFS_TARGET_MILLI) <= LUFS_TOLERANCE_MILLI));
      facts.add(told("loudness range", milli(audio.rangeMilliLu()) + " LU"));
      facts.add(
          fact(
              "true peak",
              milli(audio.truePeakMilliDbtp()) + " dBTP",
              "at most -1 dBTP",
              audio.truePeakMilliDbtp() <= PEAK_LIMIT_MILLI_DBTP));
      facts.add(
          fact(
              "sound ends",
              String.format(Locale.ROOT, "%+.1f ms", report.audioEndMinusVideoEndUs() / 1000.0),
              "within a frame of the picture",
              Math.abs(report.audioEndMinusVideoEndUs()) <= frameUs));
      facts.add(
          fact(
              "silent",
              stretches(audio.silent()),
              "none over 3 s",
              longest(audio.silent()) <= MOST_SILENT_US));
      facts.add(none("audio decoding errors", audio.decodeErrors()));
      return facts;
    }

    private static Fact told(String what, String measured) {
      return new Fact(what, measured, "", true);
    }

    private static Fact fact(String what, String measured, String wanted, boolean good) {
      return new Fact(what, measured, wanted, good);
    }

    private static Fact yes(String what, boolean value) {
      return new Fact(what, value ? "yes" : "no", "yes", value);
    }

    private static Fact none(String what, int number) {
      return new Fact(what, String.valueOf(number), "0", number == 0);
    }

    private static boolean is(String measured, String wanted) {
      return measured.equals(wanted);
    }

    private static String rate(VideoReport video) {
      return video.frameRateDenominator() == 1
          ? video.frameRateNumerator() + " fps"
          : video.frameRateNumerator() + "/" + video.frameRateDenominator() + " fps";
    }

    private static String milli(int thousandths) {
      return String.format(Locale.ROOT, "%.1f", thousandths / 1000.0);
    }

    private static String stretches(List<Stretch> stretches) {
      if (stretches.isEmpty()) {
        return "none";
      }
      String first =
          stretches.stream()
              .limit(3)
              .map(
                  stretch ->
                      Amounts.time(stretch.lengthUs() / 1000)
                          + " at "
                          + Amounts.clock(stretch.startUs() / 1000))
              .collect(Collectors.joining(", "));
      return stretches.size() > 3 ? first + " and " + (stretches.size() - 3) + " more" : first;
    }

    private static long longest(List<Stretch> stretches) {
      return stretches.stream().mapToLong(Stretch::lengthUs).max().orElse(0);
    }
  }
}
