package dev.reelbeam.pipelines;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.reelbeam.simulators.Fault;
import dev.reelbeam.simulators.OpenAiSimulator;
import dev.reelbeam.simulators.PiperSimulator;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What a run of {@code make} buys of providers, and what it tells about it. */
class PaidCallsTest {
  private static final String ARTICLE =
      """
      # How a lake stays clear

      A lake stays clear when its shore is left alone. Reeds hold the mud where it is. Their roots
      take up what rain washes down from the fields.

      ## What reeds do

      Reeds slow the water down. Mud then sinks before it reaches the open lake. Small fish hide
      between the stems and eat the larvae of mosquitoes. Birds build their nests there in spring.

      ## What people can do

      Keep ten metres of the shore free of paths. Mow the meadow behind it once a year. Plant
      willows where the bank breaks off. Lead the water of the roofs into the ground and not into
      the lake. After two summers the water is clear down to three metres.
      """;

  /** Of a dry run: credits, what is usual, and the most. */
  private static final Pattern TOGETHER = Pattern.compile("together +\\d+ +([0-9.]+) +([0-9.]+)");

  /** Of a run: estimated, and spent. */
  private static final Pattern BOUGHT =
      Pattern.compile("together +(0\\.[0-9]+) +(0\\.[0-9]+) *\\n");

  @TempDir Path folder;

  private final StringWriter out = new StringWriter();
  private OpenAiSimulator server;

  /** Asks for no key, so it sends no bill. The embedded voice would take half a minute. */
  private PiperSimulator own;

  @BeforeEach
  void start() throws Exception {
    server = OpenAiSimulator.start("sk-simulated", OpenAiSimulator.Dialect.OPENAI);
    own = PiperSimulator.start(PiperSimulator.Dialect.SYNTHESIZE);
    Files.writeString(folder.resolve("key"), "sk-simulated\n");
    Files.writeString(folder.resolve("lake.md"), ARTICLE);
  }

  @AfterEach
  void stop() {
    server.close();
    own.close();
  }

  private Path settings(String budget) throws Exception {
    return Files.writeString(
        folder.resolve("reelbeam.yaml"),
        """
        script:
          - {name: writer, base_url: "%1$s", model: writer-large, key: "file:%2$s"}
        speech:
          - {name: voice, kind: openai, base_url: "%1$s", model: gpt-4o-mini-tts, voice: marin,
             key: "file:%2$s", words: {model: whisper-1}, requests_per_minute: 1000}
          - {name: own, kind: piper-1.5, base_url: "%4$s", voice: en_US-lessac-medium,
             requests_per_minute: 1000}
        visuals:
          - {name: painter, kind: openai, base_url: "%1$s", model: gpt-image-1, key: "file:%2$s",
             scenes: 2, long_side: 512}
        rates:
          date: 2026-11-28
          rates:
            - {provider: writer, unit: input_token, dollars_per_million: 0.25}
            - {provider: writer, unit: output_token, dollars_per_million: 2}
            - {provider: voice, unit: character, dollars_per_million: 15}
            - {provider: voice, unit: second, dollars: 0.0001}
            - {provider: painter, unit: picture, dollars: 0.04}
            - {provider: painter, unit: input_token, dollars_per_million: 5}
            - {provider: painter, unit: output_token, dollars_per_million: 40}
            - {provider: looks, unit: character, dollars_per_million: 1}
            - {provider: looks, unit: picture, dollars: 0.0005}
        %3$s
        """
            .formatted(server.baseUrl(), folder.resolve("key"), budget, own.baseUrl()));
  }

  private int make(String stopAfter, String... more) {
    out.getBuffer().setLength(0);
    List<String> words =
        new ArrayList<>(
            List.of(
                "make",
                folder.resolve("lake.md").toString(),
                "--settings",
                folder.resolve("reelbeam.yaml").toString(),
                "--out",
                folder.resolve("videos").toString()));
    if (!stopAfter.isEmpty()) {
      words.addAll(List.of("--stop-after", stopAfter));
    }
    words.addAll(List.of(more));
    StringWriter err = new StringWriter();
    int code =
        Reelbeam.commandLine(new PrintWriter(out, true), new PrintWriter(err, true))
            .execute(words.toArray(String[]::new));
    out.append(err.toString());
    return code;
  }

  @Test
  void aSecondPresetAndAnEditBuyNothingAndTheRunTellsWhatItBought() throws Exception {
    settings("");
    assertThat(make("visuals", "--presets", "youtube_short")).describedAs(out.toString()).isZero();
    int bought = server.calls();
    assertThat(bought).isGreaterThan(10);
    assertThat(out.toString())
        .containsPattern("script +0\\.0\\d+ +0\\.0\\d*[1-9]\\d* +\\d+ input_token writer")
        .containsPattern("speech +0\\.0\\d+ +0\\.0\\d*[1-9]\\d* +\\d+ character voice")
        .containsPattern("visuals +0\\.0800 +0\\.\\d*[1-9]\\d* ")
        .contains("by the rate card of 2026-11-28")
        .doesNotContain("(no price)");

    assertThat(make("visuals", "--presets", "youtube_short,instagram_reel")).isZero();
    assertThat(server.calls()).describedAs("calls after a second preset").isEqualTo(bought);
    assertThat(out.toString()).containsPattern("together +0\\.\\d+ +0\\.0000");

    assertThat(
            make(
                "visuals",
                "--presets",
                "youtube_short",
                "--music",
                "drive",
                "--caption-style",
                "karaoke"))
        .isZero();
    assertThat(server.calls()).describedAs("calls after an edit").isEqualTo(bought);
  }

  @Test
  void whatEverybodyBillsIsWhatWasEstimatedAndAtMostWhatWasSaid() throws Exception {
    settings(
        """
        moderation:
          providers:
            - {name: looks, base_url: "%s", model: omni-moderation-latest, key: "file:%s"}
        """
            .formatted(server.baseUrl(), folder.resolve("key")));
    String[] record = {"--presets", "preview", "--type", "teaser"};
    assertThat(make("", "--presets", "preview", "--type", "teaser", "--dry-run")).isZero();
    Matcher before = TOGETHER.matcher(out.toString());
    assertThat(before.find()).describedAs(out.toString()).isTrue();
    assertThat(server.calls()).isZero();

    assertThat(make("", record)).describedAs(out.toString()).isZero();
    Matcher after = BOUGHT.matcher(out.toString());
    assertThat(after.find()).describedAs(out.toString()).isTrue();
    double estimated = Double.parseDouble(after.group(1));
    double spent = Double.parseDouble(after.group(2));
    assertThat(estimated).isEqualTo(Double.parseDouble(before.group(1)));
    assertThat(spent)
        .describedAs(out.toString())
        .isBetween(estimated / 2, estimated * 1.5)
        .isLessThanOrEqualTo(Double.parseDouble(before.group(2)));
    assertThat(out.toString())
        .containsPattern(
            "moderation +0\\.0\\d+ +0\\.0\\d*[1-9]\\d* +\\d+ character looks, \\d+ picture");

    JsonNode costs = new ObjectMapper().readTree(metadata().toFile()).path("cost");
    assertThat(costs.toString()).contains("video_moderation");
    assertThat(costs.path("unpriced")).isEmpty();

    // Other bytes of a video whose picture is the same.
    assertThat(make("", "--presets", "preview", "--type", "teaser", "--music", "drive"))
        .describedAs(out.toString())
        .isZero();
    assertThat(out.toString()).containsPattern("together +0\\.\\d+ +0\\.0000");
    assertThat(server.judged()).hasSizeGreaterThan(10).doesNotHaveDuplicates();
  }

  /** Only what is new for the platform is shown: its title, its description. */
  @Test
  void aModeratorThatIsPaidIsShownNothingTwiceForAnotherPlatform() throws Exception {
    settings(
        """
        moderation:
          providers:
            - {name: looks, base_url: "%s", model: omni-moderation-latest, key: "file:%s"}
        """
            .formatted(server.baseUrl(), folder.resolve("key")));
    assertThat(make("visuals", "--presets", "youtube_short")).describedAs(out.toString()).isZero();
    int before = server.judged().size();
    assertThat(before).isGreaterThan(10);

    assertThat(make("visuals", "--presets", "youtube_short,instagram_reel")).isZero();

    assertThat(server.judged()).doesNotHaveDuplicates();
    assertThat(server.judged().size() - before).isLessThanOrEqualTo(3);
  }

  /** Whoever wrote in the end, and whatever is shown: what a run spends, its files tell. */
  @Test
  void whatCameToNothingIsToldByTheRunAndByItsFiles() throws Exception {
    settings("");
    server.next(Fault.CONNECTION_RESET, Fault.BODY_CUT);

    assertThat(make("", "--presets", "preview", "--type", "teaser"))
        .describedAs(out.toString())
        .isZero();

    Matcher told = BOUGHT.matcher(out.toString());
    assertThat(told.find()).describedAs(out.toString()).isTrue();
    JsonNode costs = new ObjectMapper().readTree(metadata().toFile()).path("cost");
    JsonNode vain = null;
    for (JsonNode entry : costs.path("entries")) {
      vain = entry.path("item").asText().equals("video_in_vain") ? entry : vain;
    }
    assertThat(vain).isNotNull();
    assertThat(vain.path("micro_dollars").asLong()).isPositive();
    assertThat(costs.path("micro_dollars").asLong() / 1e6)
        .isCloseTo(Double.parseDouble(told.group(2)), within(0.0001));
  }

  private Path metadata() throws Exception {
    try (Stream<Path> files = Files.walk(folder.resolve("videos"))) {
      return files.filter(file -> file.endsWith("metadata.json")).findFirst().orElseThrow();
    }
  }

  @Test
  void aBudgetThatIsUsedUpIsNotOverrun() throws Exception {
    // Enough for the script, and for nothing after it.
    settings("budget: {project: 0.011}");
    make("script", "--presets", "youtube_short");

    // Who speaks then sends no bill.
    assertThat(own.requests()).isNotEmpty();
    assertThat(out.toString())
        .contains("voice cannot narrate: 2301 BUDGET_SPENT")
        .contains("for the project")
        .containsPattern("together +0\\.1\\d+ +0\\.0(0\\d|10)\\d");
  }
}
