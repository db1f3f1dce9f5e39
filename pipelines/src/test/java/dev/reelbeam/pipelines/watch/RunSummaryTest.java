package dev.reelbeam.pipelines.watch;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.MissingNode;
import dev.reelbeam.model.content.Delivery;
import dev.reelbeam.model.content.RecordKey;
import dev.reelbeam.model.failure.DeadLetter;
import dev.reelbeam.model.failure.FailureCode;
import dev.reelbeam.model.failure.Stage;
import dev.reelbeam.model.json.RecordJson;
import dev.reelbeam.model.store.MediaRef;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

class RunSummaryTest {
  private static final ProcessUsage USAGE =
      new ProcessUsage(Duration.ofMillis(83_250), 1_234_000_000L);

  @Test
  void theSummaryTellsEachDeliveryTheCountsAndEachDeadLetterInOneLine() throws Exception {
    Map<Stage, Long> stages = new TreeMap<>(Map.of(Stage.PARSE, 20L, Stage.RENDER, 41_900L));
    JsonNode checks =
        RecordJson.readTree("{\"report\":{\"audio\":{\"integrated_milli_lufs\":-14062}}}");
    RunReport report =
        new RunReport(
            planned("howto", "tiktok", "youtube_short", "youtube_long"),
            List.of(delivery("howto", "tiktok", 0, 15), delivery("howto", "youtube_short", 0, 15)),
            Map.of(),
            Map.of(),
            Set.of(),
            List.of(letter("howto", "youtube_long")),
            Set.of("/in/howto"),
            List.of("howto: images/broken.jpg was left out: 3001"),
            stages,
            Map.of(),
            Map.of());

    String text =
        RunSummary.of(
            report,
            delivery -> Path.of("out", delivery.key().recordId(), delivery.preset()),
            delivery -> delivery.preset().equals("tiktok") ? checks : MissingNode.getInstance(),
            Duration.ofMillis(62_000),
            USAGE);

    assertThat(text)
        .isEqualTo(
            """
            RECORD  PRESET         STATE      LENGTH    SIZE    LOUDNESS  SEGMENTS     FOLDER
            howto   tiktok         completed  45.2 s  9.8 MB  -14.1 LUFS  15 rendered  out/howto/tiktok
            howto   youtube_short  completed  45.2 s  9.8 MB           -  15 rendered  out/howto/youtube_short
            howto   youtube_long   dead 1010       -       -           -  -            -

            2 videos, 15 segments: 0 found, 15 rendered
            accepted 3 = completed 2 + dead 1
            stages: render 41.9 s
            62.0 s wall, 83.2 s CPU, speech included, peak memory 1.2 GB
            note: howto: images/broken.jpg was left out: 3001
            dead: howto/youtube_long at fit-narration: 1010 SOURCE_TOO_THIN: 40 s of text. Add text to the source, or choose a shorter type.
            """);
  }

  @Test
  void aRunThatFoundEverythingSaysSo() {
    RunReport report =
        report(planned("howto", "tiktok"), List.of(delivery("howto", "tiktok", 15, 0)), List.of());
    assertThat(RunSummary.counts(report))
        .startsWith(
            "1 video, 15 segments: 15 found, 0 rendered (rendered nothing: everything was found)");
  }

  @Test
  void aLetterAboutAWholeRecordStandsForEachOfItsPlannedDeliveries() {
    RunReport report =
        report(planned("a", "tiktok", "landscape"), List.of(), List.of(letter("a", null)));
    assertThat(report.dead()).hasSize(2).isEqualTo(report.accepted());
    assertThat(report.lost()).isEmpty();
  }

  @Test
  void aRecordThatWasNeverPlannedCountsOnce() {
    RunReport report = report(Set.of(), List.of(), List.of(letter("broken.json", null)));
    assertThat(RunSummary.counts(report)).endsWith("accepted 1 = completed 0 + dead 1");
  }

  @Test
  void aPlannedDeliveryWithoutAnEndIsShownAsLost() {
    RunReport report = report(planned("a", "tiktok"), List.of(), List.of());
    assertThat(report.lost()).containsExactly(new RunProgress.DeliveryKey("a", 1, "tiktok"));
    assertThat(
            RunSummary.of(
                report,
                delivery -> Path.of("out"),
                delivery -> MissingNode.getInstance(),
                Duration.ofSeconds(1),
                new ProcessUsage(Duration.ZERO, null)))
        .contains("lost: ")
        .contains("1.0 s wall, 0.0 s CPU, speech included\n");
  }

  static RunReport report(
      Set<RunProgress.DeliveryKey> planned, List<Delivery> completed, List<DeadLetter> dead) {
    return new RunReport(
        planned, completed, Map.of(), Map.of(), Set.of(), dead, Set.of(), List.of(), Map.of(),
        Map.of(), Map.of());
  }

  static Set<RunProgress.DeliveryKey> planned(String record, String... presets) {
    Set<RunProgress.DeliveryKey> keys = new LinkedHashSet<>();
    for (String preset : presets) {
      keys.add(new RunProgress.DeliveryKey(record, 1, preset));
    }
    return keys;
  }

  static Delivery delivery(String record, String preset, int found, int rendered) {
    return new Delivery(
        new RecordKey(record, 1),
        preset,
        "1080x1920-short",
        "Title",
        45_200,
        found,
        rendered,
        Map.of("video.mp4", new MediaRef("0".repeat(64), 9_812_345, "video/mp4")));
  }

  static DeadLetter letter(String record, @Nullable String preset) {
    FailureCode code = FailureCode.SOURCE_TOO_THIN;
    return new DeadLetter(
        String.join("-", new ArrayList<>(List.of("id", record, String.valueOf(preset)))),
        record,
        1,
        preset,
        Stage.FIT_NARRATION.label(),
        code.name(),
        code.number(),
        "40 s of text",
        code.remedy(),
        code.replayable(),
        "{}",
        null);
  }
}
