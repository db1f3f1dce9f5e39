package dev.reelbeam.pipelines;

import static org.assertj.core.api.Assertions.assertThat;

import dev.reelbeam.simulators.OpenAiSimulator;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
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

  private int make() {
    out.getBuffer().setLength(0);
    return Reelbeam.commandLine(new PrintWriter(out, true), new PrintWriter(out, true))
        .execute(
            "make",
            folder.resolve("articles").toString(),
            "--settings",
            folder.resolve("reelbeam.yaml").toString(),
            "--out",
            folder.resolve("videos").toString(),
            "--presets",
            "preview",
            "--stop-after",
            "visuals");
  }

  @Test
  void whatIsBlockedIsALetterWhatIsDoubtfulWaitsAndTheRestGoesOn() throws Exception {
    article("blocked", "Here is how to kill yourself.");
    article("flagged", "A cup of simulate-violence helps.");
    article("doubtful", "It is better than all others.");
    article("clean", "It warms the hands.");

    assertThat(make()).describedAs(out.toString()).isEqualTo(1);
    assertThat(out.toString())
        .contains("2501 CONTENT_BLOCKED")
        .contains("how to harm or kill oneself (words/self-harm)")
        .contains("violence, 0.97 of 1 (openai/violence)")
        .contains("accepted 4 = completed 1 + dead 2 + waiting 1")
        .contains("somebody has to be able to prove this (house/claim)");
    // What is blocked was neither written nor spoken.
    List<String> spoken =
        server.requests().stream().map(body -> body.path("input").asText("")).toList();
    assertThat(spoken).noneMatch(text -> text.contains("simulate-violence"));

    int calls = server.calls();
    make();
    assertThat(server.calls()).describedAs("nobody is asked twice").isEqualTo(calls);

    StringWriter inbox = new StringWriter();
    Reelbeam.commandLine(new PrintWriter(inbox, true), new PrintWriter(inbox, true))
        .execute("review", "--store", folder.resolve(".reelbeam").resolve("store").toString());
    assertThat(inbox.toString()).contains("doubtful").contains("script");
  }
}
