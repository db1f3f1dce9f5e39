package dev.reelbeam.pipelines.watch;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.PrintWriter;
import java.io.StringWriter;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class ProgressLinesTest {
  @Test
  void aRenderShowsSegmentsFramesAndABarAndTheLastLineTheTimes() {
    List<String> lines =
        ProgressLines.block(
            List.of(rendering("howto", 8, 700), waiting("deutsch")),
            1,
            12,
            110,
            83_000,
            21_500L,
            false);
    assertThat(lines)
        .containsExactly(
            "howto    tiktok +1  ██████████░░░░░░░░░░  51 %  8/15 segments  700/1350 frames",
            "deutsch  tiktok +1  fit narration", "1:23  1 dead letter  about 0:22 to render");
  }

  @Test
  void moreVideosThanLinesAreCounted() {
    List<VideoStatus> videos =
        IntStream.range(0, 50).mapToObj(i -> waiting("record-" + i)).toList();
    List<String> lines = ProgressLines.block(videos, 0, 6, 80, 0, null, false);
    assertThat(lines).hasSize(6);
    assertThat(lines.get(5)).isEqualTo("0:00  and 45 more videos");
  }

  @Test
  void noLineIsWiderThanTheTerminal() {
    List<VideoStatus> videos = List.of(rendering("長い記事".repeat(30), 8, 700));
    for (int width : new int[] {20, 40, 80}) {
      assertThat(ProgressLines.block(videos, 0, 5, width, 1_000, 5_000L, false))
          .allSatisfy(line -> assertThat(TextTable.width(line)).isLessThan(width));
    }
  }

  @Test
  void aLogTellsThePresetsInFull() {
    assertThat(ProgressLines.plain(rendering("howto", 8, 700), 21_500L))
        .isEqualTo(
            "howto (tiktok, youtube_short): render 51 %, 8/15 segments, 700/1350 frames,"
                + " about 0:22 to render");
  }

  @Test
  void withoutATerminalAVideoThatDidNotMoveIsNotToldAgain() {
    RunProgress progress = new RunProgress(System::nanoTime);
    StringWriter text = new StringWriter();
    try (ProgressDisplay display =
        ProgressDisplay.start(progress, Terminal.NONE, new PrintWriter(text))) {
      display.say("reading");
      display.tick();
      display.tick();
    }
    assertThat(text.toString()).isEqualToNormalizingNewlines("reading\n").doesNotContain("\u001b");
  }

  @Test
  void onATerminalTheBlockIsTakenAwayAtTheEnd() {
    RunProgress progress = new RunProgress(System::nanoTime);
    StringWriter text = new StringWriter();
    ProgressDisplay display =
        ProgressDisplay.start(progress, new Terminal(true, true, 80, 24), new PrintWriter(text));
    display.tick();
    display.close();
    display.close();
    assertThat(text.toString()).contains("reading").endsWith("\u001b[1A\r\u001b[0J");
  }

  private static VideoStatus rendering(String record, int segments, int frames) {
    return new VideoStatus(
        record,
        List.of("tiktok", "youtube_short"),
        "render",
        15,
        segments,
        0,
        1350,
        frames,
        VideoStatus.State.WORKING);
  }

  private static VideoStatus waiting(String record) {
    return new VideoStatus(
        record,
        List.of("tiktok", "youtube_short"),
        "fit-narration",
        0,
        0,
        0,
        0,
        0,
        VideoStatus.State.WORKING);
  }
}
