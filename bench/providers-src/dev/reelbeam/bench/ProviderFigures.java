package dev.reelbeam.bench;

import dev.reelbeam.pipelines.Reelbeam;
import dev.reelbeam.simulators.OpenAiSimulator;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * One short video with six generated pictures by providers that take their time: how long the work
 * until its storyboard takes against the sum of its calls, and what another preset and an edit buy.
 */
public final class ProviderFigures {
  private static final int CHAT_MS = 6_000;
  private static final int SPEECH_MS = 1_500;
  private static final int WORDS_MS = 1_000;
  private static final int PICTURE_MS = 12_000;
  private static final int LOOK_MS = 300;
  private static final Pattern SPENT = Pattern.compile("together +[0-9.]+ +([0-9.]+)");

  private final Path folder;
  private final OpenAiSimulator server;

  private ProviderFigures(Path folder, OpenAiSimulator server) {
    this.folder = folder;
    this.server = server;
  }

  /** A run of {@code make}: what it called and what it cost. */
  private record Run(int calls, long servedMs, long wallMs, String dollars) {}

  /**
   * @param args the article, a folder to work in, the file of the result, {@code calls} or {@code
   *     outage}
   */
  public static void main(String[] args) throws Exception {
    Path folder = Path.of(args[1]);
    if (args[3].equals("outage")) {
      ProviderOutage.measure(folder, Path.of(args[2]));
      System.exit(0);
    }
    try (OpenAiSimulator server =
        OpenAiSimulator.start("sk-simulated", OpenAiSimulator.Dialect.OPENAI)) {
      server.latency("/v1/chat/completions", CHAT_MS);
      server.latency("/v1/audio/speech", SPEECH_MS);
      server.latency("/v1/audio/transcriptions", WORDS_MS);
      server.latency("/v1/images/generations", PICTURE_MS);
      server.latency("/v1/moderations", LOOK_MS);
      Files.writeString(folder.resolve("key"), "sk-simulated\n");
      ProviderFigures figures = new ProviderFigures(folder, server);
      figures.settings();
      Path article = Path.of(args[0]);
      Run first = figures.make(article, "--presets", "youtube_short");
      Run second = figures.make(article, "--presets", "youtube_short,instagram_reel");
      Run edit = figures.make(article, "--presets", "youtube_short", "--music", "drive");
      String result =
          String.format(
              Locale.ROOT,
              """
              # A short video by providers, against the sum of its calls

              From `bench/providers`: a simulated OpenAI writes, speaks, times the words, paints six pictures and
              moderates; each answer takes as long as the table says. From the article to the storyboard, nothing
              rendered.

              | script | sentence | its words | picture | look of a moderator |
              |---|---|---|---|---|
              | %d ms | %d ms | %d ms | %d ms | %d ms |

              | run | calls | sum of the calls | wall | USD |
              |---|---|---|---|---|
              | the video | %d | %.1f s | %.1f s | %s |
              | another preset | %d | %.1f s | %.1f s | %s |
              | an edit (other music) | %d | %.1f s | %.1f s | %s |

              The first run takes %.2f of the sum of its calls. Prices are those of the bench's own card.
              """,
              CHAT_MS,
              SPEECH_MS,
              WORDS_MS,
              PICTURE_MS,
              LOOK_MS,
              first.calls(),
              first.servedMs() / 1e3,
              first.wallMs() / 1e3,
              first.dollars(),
              second.calls(),
              second.servedMs() / 1e3,
              second.wallMs() / 1e3,
              second.dollars(),
              edit.calls(),
              edit.servedMs() / 1e3,
              edit.wallMs() / 1e3,
              edit.dollars(),
              (double) first.wallMs() / first.servedMs());
      Files.writeString(Path.of(args[2]), result);
    }
    System.exit(0);
  }

  private void settings() throws Exception {
    Files.writeString(
        folder.resolve("reelbeam.yaml"),
        """
        script:
          - {name: writer, base_url: "%1$s", model: writer-large, key: "file:%2$s"}
        speech:
          - {name: voice, kind: openai, base_url: "%1$s", model: gpt-4o-mini-tts, voice: marin,
             key: "file:%2$s", words: {model: whisper-1}, requests_per_minute: 1000}
        visuals:
          - {name: painter, kind: openai, base_url: "%1$s", model: gpt-image-1, key: "file:%2$s"}
        moderation:
          providers:
            - {name: looks, base_url: "%1$s", model: omni-moderation-latest, key: "file:%2$s"}
        rates:
          date: 2026-11-28
          rates:
            - {provider: writer, unit: input_token, dollars_per_million: 0.25}
            - {provider: writer, unit: cached_token, dollars_per_million: 0.025}
            - {provider: writer, unit: output_token, dollars_per_million: 2}
            - {provider: voice, unit: character, dollars_per_million: 15}
            - {provider: voice, unit: second, dollars: 0.0001}
            - {provider: painter, unit: input_token, dollars_per_million: 5}
            - {provider: painter, unit: output_token, dollars_per_million: 40}
        """
            .formatted(server.baseUrl(), folder.resolve("key")));
  }

  private Run make(Path article, String... more) {
    List<String> words =
        new ArrayList<>(
            List.of(
                "make",
                article.toString(),
                "--settings",
                folder.resolve("reelbeam.yaml").toString(),
                "--out",
                folder.resolve("videos").toString(),
                "--store",
                folder.resolve("store").toString(),
                "--stop-after",
                "visuals"));
    words.addAll(List.of(more));
    int calls = server.calls();
    long servedMs = server.servedMs();
    long startedNs = System.nanoTime();
    StringWriter out = new StringWriter();
    int code =
        Reelbeam.commandLine(new PrintWriter(out, true), new PrintWriter(out, true))
            .execute(words.toArray(String[]::new));
    long wallMs = (System.nanoTime() - startedNs) / 1_000_000;
    if (code != 0) {
      throw new IllegalStateException(out.toString());
    }
    Matcher spent = SPENT.matcher(out.toString());
    return new Run(
        server.calls() - calls,
        server.servedMs() - servedMs,
        wallMs,
        spent.find() ? spent.group(1) : "-");
  }
}
