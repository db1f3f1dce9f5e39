package dev.reelbeam.pipelines;

import static dev.reelbeam.pipelines.BackfillCommand.Standing.FINISHED;
import static dev.reelbeam.pipelines.BackfillCommand.Standing.OPEN;
import static dev.reelbeam.pipelines.BackfillCommand.Standing.OTHERWISE;
import static dev.reelbeam.pipelines.BackfillCommand.Standing.SUPERSEDED;
import static org.assertj.core.api.Assertions.assertThat;

import dev.reelbeam.fakes.FakeProjectLedger;
import dev.reelbeam.model.content.ProjectRequest;
import dev.reelbeam.model.content.RawRecord;
import dev.reelbeam.model.content.RecordKey;
import dev.reelbeam.model.content.ReviewPolicy;
import dev.reelbeam.model.content.VideoSettings;
import dev.reelbeam.model.port.ProjectLedger;
import dev.reelbeam.model.project.ProjectEntry;
import dev.reelbeam.model.project.ProjectRow;
import dev.reelbeam.model.project.ProjectStatus;
import dev.reelbeam.model.store.MediaRef;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class BackfillCommandTest {
  @TempDir private Path folder;
  private final StringWriter out = new StringWriter();
  private final StringWriter err = new StringWriter();
  private Path archive = Path.of("");

  @BeforeEach
  void anArchive() throws IOException {
    archive = Files.createDirectories(folder.resolve("archive"));
    record("a", "acme", "2026-03-01");
    record("b", "acme", "2026-05-01");
    record("c", "globex", "2026-05-01");
    Files.writeString(archive.resolve("d.json"), "{");
  }

  @Test
  void aDryRunCountsWhatIsWantedAndMakesNothing() {
    assertThat(backfill("--where", "site_id=acme", "--since", "2026-04-01"))
        .isEqualTo(ExitCode.SOME_DEAD.number());

    assertThat(out.toString())
        .contains("1 to be made")
        .contains("2 left out")
        .contains("1 refused");
    assertThat(err.toString()).contains("d.json").contains("1001 RECORD_INVALID");
    assertThat(folder.resolve("videos")).doesNotExist();
  }

  @Test
  void aLimitEndsTheReading() {
    backfill("--limit", "2");

    assertThat(out.toString()).contains("the limit is reached").contains("2 to be made");
    assertThat(err.toString()).as("what comes behind the limit is not read").isEmpty();
  }

  @Test
  void aBudgetEndsItBeforeItIsSpent() {
    backfill("--budget", "1");

    assertThat(out.toString()).contains("the budget of 1 credits is reached");
    assertThat(out.toString()).doesNotContain("to be made");
  }

  @Test
  void anArchiveThatIsNotThereIsNamed() {
    archive = folder.resolve("nowhere");
    backfill();

    assertThat(err.toString()).contains("5024 SOURCE_UNREADABLE").contains("nowhere");
  }

  @Test
  void withoutAClusterTheCommandSaysHowToHaveOne() {
    backfill("--cluster", "--connections", folder.resolve("none.properties").toString());

    assertThat(err.toString()).contains("5018 SETTINGS_MISSING").contains("reelbeam up");
  }

  @Test
  void whatIsNotedOfASourceHoldsNoSecret() {
    assertThat(
            BackfillCommand.withoutSecrets(
                "jdbc:postgresql://db:5432/cms?user=ann&password=s3cret&ssl=true"))
        .isEqualTo("jdbc:postgresql://db:5432/cms?user=ann&password=***&ssl=true");
    assertThat(BackfillCommand.withoutSecrets("jdbc:mysql://ann:s3cret@db/cms"))
        .isEqualTo("jdbc:mysql://ann:***@db/cms");
    assertThat(BackfillCommand.withoutSecrets("s3://archive/2024/"))
        .isEqualTo("s3://archive/2024/");
  }

  @Test
  void aQualityIsWrittenIntoTheRecordsThatAreSent() throws Exception {
    RawRecord raw =
        new RawRecord(
            "a.json",
            "",
            "{\"project\":{\"type\":\"teaser\",\"settings\":{\"quality\":\"best\"}}}");

    assertThat(BackfillCommand.inQuality(raw, "draft").json())
        .isEqualTo("{\"project\":{\"type\":\"teaser\",\"settings\":{\"quality\":\"draft\"}}}");
    assertThat(BackfillCommand.inQuality(new RawRecord("b.json", "", "{}"), "best").json())
        .isEqualTo("{\"project\":{\"settings\":{\"quality\":\"best\"}}}");
    assertThat(BackfillCommand.inQuality(raw, null)).isSameAs(raw);
    assertThat(backfill("--quality", "finest")).isEqualTo(ExitCode.USAGE.number());
    assertThat(err.toString()).contains("finest").contains("draft, standard, best");
  }

  @Test
  void aBoundForADayIsRefusedWhereNobodyCountsTheDays() {
    assertThat(backfill("--max-videos-per-day", "3")).isEqualTo(ExitCode.USAGE.number());
    assertThat(err.toString()).contains("--max-videos-per-day goes with --cluster", "--limit");
    assertThat(out.toString()).isEmpty();
  }

  /** What a run finds is estimated like everything else, and costs nothing. */
  @Test
  void whatWasMadeIsToldBesideTheEstimate() throws IOException {
    Files.delete(archive.resolve("d.json"));
    Files.writeString(
        archive.resolve("lake.json"),
        """
        {"record_id": "lake", "revision": 1, "kind": "article", "language": "en",
         "site_id": "lakes", "title": "How a lake stays clear",
         "content_html": "<p>A lake stays clear when its shore is left alone. Reeds hold the mud \
        where it is. Mud then sinks before it reaches the open lake. Small fish hide between the \
        stems.</p><p>Plant willows where the bank breaks off. Lead the water of the roofs into \
        the ground. After two summers the water is clear down to three metres.</p><p>Reeds slow \
        the water down before it comes to the shore. Old boats are no place for young fish. Count \
        the birds in spring and write down what you saw. A lake that is looked at is a lake that \
        is looked after.</p>",
         "project": {"type": "teaser", "target_platforms": ["tiktok"], "video_enabled": true,
           "settings": {"voice_provider": "embedded", "voice_id": "espeak:en"}}}
        """);
    Pattern cost = Pattern.compile("about (\\d+) credits estimated; (\\d+) credits spent");
    for (boolean first : new boolean[] {true, false}) {
      out.getBuffer().setLength(0);
      assertThat(make("--where", "site_id=lakes", "--presets", "preview", "--quality", "draft"))
          .as(out + "\n" + err)
          .isEqualTo(ExitCode.COMPLETED.number());
      Matcher told = cost.matcher(out.toString());
      assertThat(told.find()).as(out.toString()).isTrue();
      assertThat(Integer.parseInt(told.group(1))).isBetween(10, 30);
      if (first) {
        assertThat(Integer.parseInt(told.group(2))).isBetween(10, 30);
      } else {
        assertThat(told.group(2)).isEqualTo("0");
      }
    }
  }

  @Test
  void whatIsKnownWithoutThePresetsThatAreAskedForIsNoFinishedRecord() {
    RecordKey key = new RecordKey("a", 2);
    assertThat(BackfillCommand.standing(null, key, List.of("tiktok"), null)).isEqualTo(OPEN);

    ProjectLedger ledger = new FakeProjectLedger();
    ledger.admit(
        new ProjectEntry(
            key,
            new MediaRef("0".repeat(64), 2, "application/json"),
            "title",
            null,
            null,
            new ProjectRequest(
                null,
                List.of("youtube_short", "landscape"),
                VideoSettings.DEFAULT.withQuality("best"),
                ReviewPolicy.AUTO,
                "normal",
                /* watermark= */ true),
            "test"));
    ProjectRow begun = ledger.find("a").orElseThrow();
    assertThat(standing(begun, 2, List.of(), null)).as("not at its end").isEqualTo(OPEN);
    ledger.status("a", 1, ProjectStatus.COMPLETED);
    ProjectRow known = ledger.find("a").orElseThrow();

    assertThat(standing(known, 2, List.of(), null)).isEqualTo(FINISHED);
    assertThat(standing(known, 2, List.of("landscape"), "best")).isEqualTo(FINISHED);
    assertThat(standing(known, 2, List.of("landscape", "tiktok"), null)).isEqualTo(OTHERWISE);
    assertThat(standing(known, 2, List.of(), "draft")).isEqualTo(OTHERWISE);
    assertThat(standing(begun, 2, List.of("tiktok"), null)).isEqualTo(OTHERWISE);
    assertThat(standing(known, 3, List.of("tiktok"), null)).as("a newer one").isEqualTo(OPEN);
    assertThat(standing(known, 1, List.of("tiktok"), null)).isEqualTo(SUPERSEDED);
  }

  private static BackfillCommand.Standing standing(
      ProjectRow known, int revision, List<String> presets, @Nullable String quality) {
    return BackfillCommand.standing(known, new RecordKey("a", revision), presets, quality);
  }

  @Test
  void runsThatBelongTogetherEndAsTheWorstOfThem() {
    int completed = ExitCode.COMPLETED.number();
    int dead = ExitCode.SOME_DEAD.number();
    int nothing = ExitCode.NOTHING_COMPLETED.number();
    int defect = ExitCode.DEFECT.number();

    assertThat(BackfillCommand.exitCode(List.of(completed, completed), false)).isEqualTo(completed);
    assertThat(BackfillCommand.exitCode(List.of(completed), true)).isEqualTo(dead);
    assertThat(BackfillCommand.exitCode(List.of(completed, nothing), false)).isEqualTo(dead);
    assertThat(BackfillCommand.exitCode(List.of(dead, completed), false)).isEqualTo(dead);
    assertThat(BackfillCommand.exitCode(List.of(nothing, nothing), true)).isEqualTo(nothing);
    assertThat(BackfillCommand.exitCode(List.of(completed, defect), false)).isEqualTo(defect);
  }

  private int backfill(String... options) {
    return make(Stream.concat(Stream.of("--dry-run"), Stream.of(options)).toArray(String[]::new));
  }

  private int make(String... options) {
    String[] all = new String[options.length + 5];
    System.arraycopy(
        new String[] {
          "backfill", "--source", archive.toString(), "--out", folder.resolve("videos").toString()
        },
        0,
        all,
        0,
        5);
    System.arraycopy(options, 0, all, 5, options.length);
    return Reelbeam.commandLine(new PrintWriter(out), new PrintWriter(err)).execute(all);
  }

  private void record(String id, String site, String updated) throws IOException {
    Files.writeString(
        archive.resolve(id + ".json"),
        """
        {"record_id": "%s", "revision": 1, "kind": "article", "language": "en", "site_id": "%s",
         "updated_at": "%s", "title": "Rain barrels",
         "content_html": "<p>Rain barrels reward patience more than money. A lesson took an hour.</p>",
         "project": {"type": "teaser", "target_platforms": ["tiktok"], "video_enabled": true}}
        """
            .formatted(id, site, updated));
  }
}
