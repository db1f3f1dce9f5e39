package dev.reelbeam.pipelines;

import static org.assertj.core.api.Assertions.assertThat;

import dev.reelbeam.simulators.OpenAiSimulator;
import java.awt.image.BufferedImage;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import javax.imageio.ImageIO;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What moderation does to records on their way through {@code make}. */
class ModeratedMakeTest {
  private static final String ARTICLE =
      """
      # Tea for the evening

      Tea is calm in a cup. %s Pour water that has just stopped to boil. Wait for four minutes and
      take the leaves out. Rooibos stays mild however long it stands. Mint grows in every garden.
      Dry it in the shade and keep it in a tin. Lemon balm tastes of summer. A spoon of honey rounds
      it off. Drink it slowly by the window. The evening is long enough. Sleep comes by itself then.
      """;

  @TempDir Path folder;

  private final StringWriter out = new StringWriter();
  private OpenAiSimulator server;

  @BeforeEach
  void start() throws Exception {
    server = OpenAiSimulator.start("sk-simulated", OpenAiSimulator.Dialect.OPENAI);
    Files.writeString(folder.resolve("key"), "sk-simulated\n");
    Files.writeString(
        folder.resolve("reelbeam.yaml"),
        """
        speech:
          - {name: voice, kind: openai, base_url: "%1$s", model: gpt-4o-mini-tts, voice: marin,
             key: "file:%2$s", requests_per_minute: 1000}
        moderation:
          providers:
            - {name: openai, base_url: "%1$s", model: omni-moderation-latest, key: "file:%2$s"}
          rules:
            - {claims: [better than all others]}
        rates:
          date: 2026-11-28
          rates:
            - {provider: voice, unit: character, dollars_per_million: 15}
            - {provider: openai, unit: picture, dollars: 0.001}
        """
            .formatted(server.baseUrl(), folder.resolve("key")));
  }

  @AfterEach
  void stop() {
    server.close();
  }

  private void article(String name, String sentence) throws Exception {
    Path articles = Files.createDirectories(folder.resolve("articles"));
    Files.writeString(articles.resolve(name + ".md"), ARTICLE.formatted(sentence));
  }

  private int make(String... more) {
    List<String> words =
        new ArrayList<>(
            List.of(
                "make",
                folder.resolve("articles").toString(),
                "--settings",
                folder.resolve("reelbeam.yaml").toString(),
                "--out",
                folder.resolve("videos").toString(),
                "--presets",
                "preview"));
    words.addAll(List.of(more));
    return reelbeam(words.toArray(String[]::new));
  }

  private int reelbeam(String... words) {
    out.getBuffer().setLength(0);
    return Reelbeam.commandLine(new PrintWriter(out, true), new PrintWriter(out, true))
        .execute(words);
  }

  /** What is seen of it is this colour and nothing else. */
  private void picture(String name, int rgb) throws Exception {
    BufferedImage image = new BufferedImage(480, 720, BufferedImage.TYPE_INT_RGB);
    for (int i = 0; i < 480 * 720; i++) {
      // A little texture: a plain field would be taken for a card.
      image.setRGB(i % 480, i / 480, rgb + (i * 7919 >> 3 & 7));
    }
    assertThat(
            ImageIO.write(image, "png", folder.resolve("articles").resolve(name + ".png").toFile()))
        .isTrue();
  }

  @Test
  void whatIsBlockedIsALetterWhatIsDoubtfulWaitsAndTheRestGoesOn() throws Exception {
    article("blocked", "Here is how to kill yourself.");
    article("flagged", "A cup of simulate-violence helps.");
    article("doubtful", "It is better than all others.");
    article("clean", "It warms the hands.");

    assertThat(make("--stop-after", "visuals")).describedAs(out.toString()).isEqualTo(1);
    assertThat(out.toString())
        .contains("2501 CONTENT_BLOCKED")
        .contains("how to harm or kill oneself (words/self-harm)")
        .contains("it is about violence (0.97 of 1) (openai/violence)")
        .contains("accepted 4 = completed 1 + dead 2 + waiting 1")
        .contains("somebody has to be able to prove this (house/claim)");
    // What is blocked was neither written nor spoken.
    List<String> spoken =
        server.requests().stream().map(body -> body.path("input").asText("")).toList();
    assertThat(spoken).noneMatch(text -> text.contains("simulate-violence"));

    int calls = server.calls();
    make("--stop-after", "visuals");
    assertThat(server.calls()).describedAs("nobody is asked twice").isEqualTo(calls);

    reelbeam("review", "--store", store());
    assertThat(out.toString()).contains("doubtful").contains("script");
  }

  private String store() {
    return folder.resolve(".reelbeam").resolve("store").toString();
  }

  @Test
  void picturesAreSeenBeforeAnythingIsBoughtAndOnceMoreInTheFinishedVideo() throws Exception {
    article("red", "![Tea leaves](red.png) It warms the hands.");
    picture("red", 0xE01010);
    assertThat(make("--type", "teaser")).describedAs(out.toString()).isEqualTo(3);
    assertThat(out.toString())
        .contains("2501 CONTENT_BLOCKED")
        .containsPattern(
            "dead: red.* at moderate-source: .*picture red.png: it shows violence or injuries in"
                + " detail \\(0.97 of 1\\)");
    assertThat(server.requests())
        .describedAs("nothing is bought for what is blocked")
        .noneMatch(body -> body.has("voice"));

    article("orange", "![Tea leaves](orange.png) It warms the hands.");
    picture("orange", 0xF08020);
    int waiting = make("--type", "teaser");
    assertThat(out.toString()).contains("accepted 2 = completed 0 + dead 1 + waiting 1");
    approve("orange", "script  ", "to look at: picture orange.png: ");

    assertThat(make("--type", "teaser")).isEqualTo(waiting);
    assertThat(out.toString())
        .contains("accepted 2 = completed 0 + dead 1 + waiting 1")
        // The rate card has a price for a picture that is looked at, and none for a text.
        .containsPattern("moderation +0\\.0\\d+ +0\\.0\\d*[1-9]\\d* +\\d+ picture openai");
    int calls = server.calls();
    approve("orange", "final  ", "to look at: frame at 0:");

    assertThat(make("--type", "teaser")).isEqualTo(1);
    assertThat(out.toString())
        .contains("accepted 2 = completed 1 + dead 1")
        .containsPattern("together +0\\.\\d+ +0\\.0000");
    assertThat(server.calls()).describedAs("a second run buys nothing").isEqualTo(calls);
    assertThat(metadata())
        .describedAs("looks that earlier runs paid for are told, too")
        .contains("\"video_moderation\"");
  }

  /** Of one picture before and one frame after, neither is the third picture. */
  @Test
  void aPictureBeyondTheFramesIsLookedAtBeforeTheVideoLeaves() throws Exception {
    Path settings = folder.resolve("reelbeam.yaml");
    Files.writeString(
        settings,
        Files.readString(settings).replace("moderation-latest,", "moderation-latest, frames: 1,"));
    article(
        "many",
        "![Tea leaves](blue.png) It warms the hands.\n\n![Mint](green.png) Mint is green."
            + "\n\n![Rooibos](orange.png) Rooibos is red.");
    picture("blue", 0x2040A0);
    picture("green", 0x20A040);
    picture("orange", 0xF08020);

    make("--type", "teaser");
    assertThat(out.toString()).contains("accepted 1 = completed 0 + dead 0 + waiting 1");
    reelbeam("review", "many", "--store", store());
    assertThat(out.toString())
        .contains("final  ")
        .contains("to look at: picture orange.png: it shows violence or injuries in detail");
  }

  private void approve(String record, String gate, String doubt) {
    reelbeam("review", record, "--store", store());
    assertThat(out.toString())
        .contains(gate)
        .contains(doubt)
        .contains("orange.png: it shows violence or injuries in detail (0.60 of 1)");
    assertThat(reelbeam("review", record, "approve", "--store", store())).isZero();
  }

  private String metadata() throws Exception {
    try (Stream<Path> files = Files.walk(folder.resolve("videos"))) {
      return Files.readString(
          files.filter(file -> file.endsWith("metadata.json")).findFirst().orElseThrow());
    }
  }
}
