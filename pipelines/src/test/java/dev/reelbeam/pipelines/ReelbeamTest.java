package dev.reelbeam.pipelines;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import picocli.CommandLine;

class ReelbeamTest {
  private static final String ARTICLE =
      """
      # Three ways to water a plant

      Plants need water. The simplest way is a can with a long spout. Pour slowly at the roots.
      """;

  @TempDir Path folder;

  private final StringWriter out = new StringWriter();
  private final StringWriter err = new StringWriter();

  @Test
  void withoutACommandItShowsHowToBegin() {
    assertThat(run()).isZero();
    assertThat(out.toString()).contains("reelbeam make article.html").contains("inspect");
  }

  @ParameterizedTest
  @ValueSource(strings = {"make", "voices", "presets", "inspect", "check"})
  void everyCommandExplainsItself(String command) {
    assertThat(run(command, "--help")).isZero();
    assertThat(out.toString()).contains("Usage: reelbeam " + command);
    assertThat(out.toString().lines()).allSatisfy(l -> assertThat(l.length()).isLessThan(120));
  }

  @Test
  void anExampleOfAnyHelpStandsOnOneLineOfANarrowTerminal() {
    CommandLine narrow = Reelbeam.commandLine(new PrintWriter(out), new PrintWriter(err));
    List<CommandLine> commands = everyCommandOf(narrow).toList();
    assertThat(commands).hasSizeGreaterThan(15);
    for (CommandLine command : commands) {
      command.setUsageHelpAutoWidth(false).setUsageHelpWidth(80);
      List<String> shown = command.getUsageMessage().lines().map(String::stripTrailing).toList();
      for (String line : command.getCommandSpec().usageMessage().footer()) {
        if (line.startsWith("  ") && !line.contains("%n")) {
          assertThat(shown).as(command.getCommandName()).contains(line);
        }
      }
    }
  }

  private static Stream<CommandLine> everyCommandOf(CommandLine command) {
    return Stream.concat(
        Stream.of(command),
        command.getSubcommands().values().stream().flatMap(ReelbeamTest::everyCommandOf));
  }

  @Test
  void theHelpOfMakeListsEveryExitCode() {
    run("make", "--help");
    for (ExitCode code : ExitCode.values()) {
      assertThat(out.toString())
          .containsPattern("(?m)^  " + code.number() + " +" + code.meaning().substring(0, 8));
    }
  }

  @Test
  void aMistypedCommandIsAnsweredWithTheOneMeant() {
    assertThat(run("maek")).isEqualTo(2);
    assertThat(err.toString()).contains("'maek'").contains("make");
  }

  @Test
  void aMistypedOptionIsAnsweredWithTheOneMeant() {
    assertThat(run("make", "--preset", "tiktok", folder.toString())).isEqualTo(2);
    assertThat(err.toString()).contains("--preset").contains("--presets");
  }

  @Test
  void anUnknownPresetIsNamedWithItsNumberBeforeAnythingBegins() {
    assertThat(run("make", folder.toString(), "--presets", "tiktok,youtube_shrt")).isEqualTo(2);
    assertThat(err.toString())
        .contains("1012 PRESET_UNKNOWN")
        .contains("'youtube_shrt'")
        .contains("did you mean youtube_short");
    assertThat(folder.resolve(".reelbeam")).doesNotExist();
  }

  @Test
  void anInputThatDoesNotExistIsAnsweredWithItsNeighbour() throws IOException {
    Path article = article("article.md");
    assertThat(run("make", folder.resolve("artikle.md").toString())).isEqualTo(2);
    assertThat(err.toString())
        .contains("does not exist; did you mean " + article.getFileName() + "?");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "--speed 0.4",
        "--speed 2.1",
        "--speed fast",
        "--workers 0",
        "--patience 1441",
        "--lang x",
        "--music clam",
        "--brand nobody.yaml",
        "--type huge",
        "--transition wobble",
        "--caption-style neon",
        "--stop-after lunch",
        "--quality good",
        "--music-mix loud"
      })
  void aWrongValueIsAUsageErrorThatNamesIt(String words) throws IOException {
    Path article = article("article.md");
    String[] option = words.split(" ");
    assertThat(run("make", article.toString(), option[0], option[1])).isEqualTo(2);
    assertThat(err.toString()).contains(option[1]).contains("reelbeam make --help");
    assertThat(err.toString().lines().count()).isLessThanOrEqualTo(3);
  }

  @Test
  void aDryRunShowsThePlanAndMakesNothing() throws IOException {
    Path article = article("watering.md");
    Path videos = folder.resolve("videos");
    int code =
        run(
            "make",
            article.toString(),
            "--presets",
            "tiktok,landscape",
            "--dry-run",
            "--out",
            videos.toString());
    assertThat(code).isZero();
    assertThat(out.toString())
        .contains("watering")
        .contains("1080x1920 30 fps")
        .contains("1920x1080 30 fps")
        .contains("2 videos to make for 2 deliveries; 0 dead letters");
    assertThat(err.toString()).contains("may turn out too thin");
    assertThat(videos).doesNotExist();
    assertThat(folder.resolve(".reelbeam")).doesNotExist();
  }

  @Test
  void aDryRunNamesWhatNoPresetCanServe() throws IOException {
    Path article = article("watering.md");
    assertThat(
            run(
                "make",
                article.toString(),
                "--type",
                "long",
                "--presets",
                "tiktok,youtube_long",
                "--dry-run"))
        .isEqualTo(1);
    assertThat(err.toString()).contains("watering/tiktok: 1011 RANGE_EMPTY");
  }

  @Test
  void recordsThatCannotBeReadAreLettersAndNothingWasCompleted() throws IOException {
    Files.writeString(folder.resolve("empty.json"), "");
    Files.writeString(folder.resolve("untitled.json"), "{\"record_id\":\"u1\"}");
    Path videos = folder.resolve("videos");
    int code = run("make", folder.toString(), "--out", videos.toString());
    assertThat(code).isEqualTo(3);
    assertThat(out.toString())
        .contains("accepted 2 = completed 0 + dead 2")
        .contains("1002 RECORD_EMPTY")
        .contains("1003 TITLE_MISSING");
    assertThat(names(videos.resolve("dead-letters"))).hasSize(2);
  }

  @Test
  void aLetterOfAnEarlierRunGoesWhenItsRecordReadsWell() throws IOException {
    Path record = folder.resolve("article.json");
    Path videos = folder.resolve("videos");
    Path letters = videos.resolve("dead-letters");
    Files.writeString(record, "{not json");
    assertThat(run("make", record.toString(), "--out", videos.toString())).isEqualTo(3);
    List<String> first = names(letters);
    assertThat(first).hasSize(1);
    Files.writeString(record, "{\"record_id\":\"a1\",\"title\":\"T\",\"kind\":\"article\"}");
    assertThat(run("make", record.toString(), "--out", videos.toString())).isEqualTo(3);
    assertThat(names(letters)).hasSize(1).doesNotContainAnyElementsOf(first);
  }

  @Test
  void aStoreThatCannotBeMadeEndsTheRunWithTheCodeForStorage() throws IOException {
    Path article = article("article.md");
    Path file = Files.writeString(folder.resolve("file"), "in the way");
    int code =
        run(
            "make",
            article.toString(),
            "--store",
            file.resolve("store").toString(),
            "--store-patience",
            "0",
            "--out",
            folder.resolve("out").toString());
    assertThat(code).isEqualTo(74);
    assertThat(err.toString()).contains("5002 STORAGE_UNAVAILABLE").doesNotContain("\tat ");
  }

  @Test
  void musicThatIsNoMusicIsToldBeforeAnythingIsMade() throws IOException {
    Path article = article("article.md");
    Path song = Files.writeString(folder.resolve("song.mp3"), "la la la");
    int code =
        run(
            "make",
            article.toString(),
            "--music",
            song.toString(),
            "--out",
            folder.resolve("out").toString());
    assertThat(code).isEqualTo(65);
    assertThat(err.toString()).contains("3010 AUDIO_UNDECODABLE");
  }

  @Test
  void aBrandFileWithAnUnknownKeyIsNamed() throws IOException {
    Path article = article("article.md");
    Path brand = Files.writeString(folder.resolve("brand.yaml"), "colour: red\n");
    int code =
        run(
            "make",
            article.toString(),
            "--brand",
            brand.toString(),
            "--out",
            folder.resolve("out").toString());
    assertThat(code).isEqualTo(2);
    assertThat(err.toString()).contains("1014 BRAND_INVALID").contains("colour");
  }

  @Test
  void aFileThatIsNoVideoIsNotGood() throws IOException {
    Path file = Files.writeString(folder.resolve("video.mp4"), "not a video");
    assertThat(run("inspect", file.toString())).isEqualTo(1);
    assertThat(err.toString()).contains("3034 MEDIA_UNREADABLE");
  }

  @Test
  void presetsAndTracksAreListed() {
    assertThat(run("presets")).isZero();
    assertThat(out.toString()).contains("youtube_short").contains("72.0 MB").contains("never");
    assertThat(run("voices", "--music")).isZero();
    assertThat(out.toString()).contains("calm\n");
  }

  @Test
  void aMachineCheckThatThrowsIsAFindingWithARemedy() {
    MachineCheck broken =
        new MachineCheck(
            "broken",
            () -> {
              throw new UnsatisfiedLinkError("no library");
            });
    assertThat(broken.look().grade()).isEqualTo(MachineCheck.Grade.FAIL);
    assertThat(broken.look().fact()).contains("no library");
    assertThat(broken.look().remedy()).isNotEmpty();
  }

  @Test
  void thisMachineHasJavaFontsAndNativeParts() {
    List<String> checked =
        MachineCheck.all(folder).stream()
            .filter(check -> List.of("Java", "native media", "fonts").contains(check.name()))
            .filter(check -> check.look().grade() != MachineCheck.Grade.FAIL)
            .map(MachineCheck::name)
            .toList();
    assertThat(checked).containsExactly("Java", "native media", "fonts");
  }

  private Path article(String name) throws IOException {
    return Files.writeString(folder.resolve(name), ARTICLE);
  }

  private static List<String> names(Path folder) throws IOException {
    try (Stream<Path> files = Files.list(folder)) {
      return files.map(file -> file.getFileName().toString()).sorted().toList();
    }
  }

  private int run(String... args) {
    return Reelbeam.commandLine(new PrintWriter(out, true), new PrintWriter(err, true))
        .execute(args);
  }
}
