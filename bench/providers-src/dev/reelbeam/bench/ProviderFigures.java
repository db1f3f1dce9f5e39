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
 * One video of 60 s with six generated pictures by providers that take their time: how long the
 * work until its storyboard takes against the sum of its calls, what another preset and an edit buy,
 * and what it costs by the rate card of the examples; the same of a listing. Then a run in which
 * everybody bills, moderators too: what was estimated and what was bought.
 */
public final class ProviderFigures {
  private static final int CHAT_MS = 6_000;
  private static final int SPEECH_MS = 1_500;
  private static final int WORDS_MS = 1_000;
  private static final int PICTURE_MS = 12_000;
  private static final int LOOK_MS = 300;
  private static final Pattern TOGETHER = Pattern.compile("together +([0-9.]+) +([0-9.]+)");
  private static final Pattern TABLE = Pattern.compile("(?s)(BOUGHT.*?together[^\\n]*\\n)");

  private final Path folder;
  private final OpenAiSimulator server;

  private ProviderFigures(Path folder, OpenAiSimulator server) {
    this.folder = folder;
    this.server = server;
  }

  /** A run of {@code make}: what it called, what it was estimated at, and what it cost. */
  private record Run(
      int calls, long servedMs, long wallMs, String estimated, String dollars, String table) {}

  /**
   * @param args the article, a folder to work in, the file of the result, {@code calls}, {@code
   *     clips} or {@code outage}, the listing, the rate card
   */
  public static void main(String[] args) throws Exception {
    Path folder = Path.of(args[1]);
    Path result = Path.of(args[2]);
    switch (args[3]) {
      case "outage" -> ProviderOutage.measure(folder, result);
      case "clips" -> ClipFigures.measure(Path.of(args[0]), folder, result);
      default -> measure(Path.of(args[0]), Path.of(args[4]), Path.of(args[5]), folder, result);
    }
    System.exit(0);
  }

  private static void measure(Path article, Path listing, Path rates, Path folder, Path result)
      throws Exception {
    try (OpenAiSimulator server =
        OpenAiSimulator.start("sk-simulated", OpenAiSimulator.Dialect.OPENAI)) {
      Files.writeString(folder.resolve("key"), "sk-simulated\n");
      ProviderFigures figures = new ProviderFigures(folder, server);
      String card = Files.readString(rates);
      figures.settings("reelbeam", card);
      String[] first = {"--type", "short", "--presets", "instagram_reel"};
      // Classes are loaded and compiled by a run that is not told.
      Run unused = figures.make(article, "reelbeam", "warm-up", first);
      server.latency("/v1/chat/completions", CHAT_MS);
      server.latency("/v1/audio/speech", SPEECH_MS);
      server.latency("/v1/audio/transcriptions", WORDS_MS);
      server.latency("/v1/images/generations", PICTURE_MS);
      server.latency("/v1/moderations", LOOK_MS);
      Run video = figures.make(article, "reelbeam", "video", first);
      Run second =
          figures.make(
              article, "reelbeam", "video", "--type", "short", "--presets", "instagram_reel,tiktok");
      Run edit =
          figures.make(
              article,
              "reelbeam",
              "video",
              "--type",
              "short",
              "--presets",
              "instagram_reel",
              "--music",
              "drive");
      Run sold = figures.make(listing, "reelbeam", "listing", "--presets", "youtube_short");
      server.latency(0);
      for (String path :
          List.of(
              "chat/completions",
              "audio/speech",
              "audio/transcriptions",
              "images/generations",
              "moderations")) {
        server.latency("/v1/" + path, 0);
      }
      figures.settings(
          "everybody",
          card.replace(
              "rates:\n",
              """
              rates:
                - {provider: looks, unit: character, dollars_per_million: 1}
                - {provider: looks, unit: picture, dollars: 0.0005}
              """));
      Run mixed = figures.make(article, "everybody", "mixed", first);
      Files.writeString(result, text(video, second, edit, sold, mixed));
    }
  }

  private static String text(Run video, Run second, Run edit, Run sold, Run mixed) {
    return String.format(
        Locale.ROOT,
        """
        # A short video by providers, against the sum of its calls

        From `bench/providers`: a simulated OpenAI writes, speaks, times the words, paints six pictures and
        moderates; each answer takes as long as the table says. From the article to the storyboard, nothing
        rendered. Prices are those of `examples/settings/rates.yaml` for gpt-6-luna, gpt-4o-mini-tts, whisper-1 and
        gpt-image-2.5-flare at medium quality; the simulator counts four characters as a token and a picture's tokens
        by size and quality. A model that thinks before it writes is billed for that, too: it is told not to.

        | script | sentence | its words | picture | look of a moderator |
        |---|---|---|---|---|
        | %d ms | %d ms | %d ms | %d ms | %d ms |

        | run | calls | sum of the calls | wall | estimated USD | USD |
        |---|---:|---:|---:|---:|---:|
        | a short video, six pictures | %s |
        | another preset | %s |
        | an edit (other music) | %s |
        | a listing with three pictures of its own, 15 to 30 s | %s |

        The first run takes %.2f of the sum of its calls. What another preset calls are looks of the moderator at its
        texts, which OpenAI gives away. For the video %d s of speech are bought; a minute of it costs what the card says,
        about 0.022 USD with its word times. Others name 0.37 USD for a video of 60 s with six generated pictures, and
        0.022 USD for a listing's.

        ## Estimated and bought

        The same video in a store of its own, by providers who all bill, the moderator 1 USD for a million characters
        and 0.0005 for a picture, as `make` prints it:

        ```
        %s```
        """,
        CHAT_MS,
        SPEECH_MS,
        WORDS_MS,
        PICTURE_MS,
        LOOK_MS,
        row(video),
        row(second),
        row(edit),
        row(sold),
        (double) video.wallMs() / video.servedMs(),
        spokenSeconds(mixed.table()),
        mixed.table());
  }

  private static int spokenSeconds(String table) {
    Matcher spoken = Pattern.compile("([0-9]+) spoken_millisecond").matcher(table);
    return spoken.find() ? Integer.parseInt(spoken.group(1)) / 1_000 : 0;
  }

  private static String row(Run run) {
    return String.format(
        Locale.ROOT,
        "%d | %.1f s | %.1f s | %s | %s",
        run.calls(),
        run.servedMs() / 1e3,
        run.wallMs() / 1e3,
        run.estimated(),
        run.dollars());
  }

  private void settings(String name, String card) throws Exception {
    Files.writeString(folder.resolve(name + "-rates.yaml"), card);
    Files.writeString(
        folder.resolve(name + ".yaml"),
        """
        script:
          - {name: openai, base_url: "%1$s", model: gpt-6-luna, key: "file:%2$s", reasoning_effort: none,
             requests_per_minute: 1000}
        speech:
          - {name: openai, kind: openai, base_url: "%1$s", model: gpt-4o-mini-tts, voice: marin,
             key: "file:%2$s", words: {model: whisper-1}, requests_per_minute: 1000}
        visuals:
          - {name: openai, base_url: "%1$s", model: gpt-image-2.5-flare, long_side: 1536, key: "file:%2$s",
             requests_per_minute: 1000}
        moderation:
          providers:
            - {name: %3$s, base_url: "%1$s", model: omni-moderation-latest, key: "file:%2$s",
               requests_per_minute: 1000}
        rates: %4$s-rates.yaml
        """
            .formatted(
                server.baseUrl(),
                folder.resolve("key"),
                name.equals("everybody") ? "looks" : "openai",
                name));
  }

  private Run make(Path input, String settings, String store, String... more) {
    List<String> words =
        new ArrayList<>(
            List.of(
                "make",
                input.toString(),
                "--settings",
                folder.resolve(settings + ".yaml").toString(),
                "--out",
                folder.resolve(store + "-videos").toString(),
                "--store",
                folder.resolve(store + "-store").toString(),
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
    Matcher together = TOGETHER.matcher(out.toString());
    boolean told = together.find();
    Matcher table = TABLE.matcher(out.toString());
    return new Run(
        server.calls() - calls,
        server.servedMs() - servedMs,
        wallMs,
        told ? together.group(1) : "-",
        told ? together.group(2) : "-",
        table.find() ? table.group(1) : "");
  }
}
