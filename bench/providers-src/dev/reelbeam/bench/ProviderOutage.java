package dev.reelbeam.bench;

import dev.reelbeam.connectors.DeadLetterIO;
import dev.reelbeam.model.failure.DeadLetter;
import dev.reelbeam.model.json.RecordJson;
import dev.reelbeam.pipelines.Reelbeam;
import dev.reelbeam.simulators.Fault;
import dev.reelbeam.simulators.OpenAiSimulator;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/**
 * Fifty records, half of them topics that only a language model can write, while the provider of
 * scripts and speech is away from the middle of the run on: what becomes of them, what the attempts
 * cost, and what a second run brings to its end.
 */
final class ProviderOutage {
  private static final int RECORDS = 50;
  private static final int CHAT_MS = 1_000;
  private static final int SPEECH_MS = 300;
  private static final long OUTAGE_MS = 600_000;
  private static final Pattern SPENT = Pattern.compile("together +[0-9.]+ +([0-9.]+)");

  private final Path folder;
  private final OpenAiSimulator server;

  private ProviderOutage(Path folder, OpenAiSimulator server) {
    this.folder = folder;
    this.server = server;
  }

  /**
   * A run of {@code make}.
   *
   * @param dead dead letters by their code
   */
  private record Run(
      int exit, int calls, double wallSeconds, double dollars, Map<String, Long> dead) {
    long deadLetters() {
      return dead.values().stream().mapToLong(Long::longValue).sum();
    }
  }

  static void measure(Path folder, Path result) throws Exception {
    try (OpenAiSimulator server =
        OpenAiSimulator.start("sk-simulated", OpenAiSimulator.Dialect.OPENAI)) {
      server.latency("/v1/chat/completions", CHAT_MS);
      server.latency("/v1/audio/speech", SPEECH_MS);
      Files.writeString(folder.resolve("key"), "sk-simulated\n");
      ProviderOutage bench = new ProviderOutage(folder, server);
      bench.settings();
      bench.records();
      Run whole = bench.make("undisturbed");
      if (whole.exit() != 0 || whole.calls() < RECORDS) {
        throw new IllegalStateException("without an outage: " + whole);
      }

      int before = server.calls();
      int[] refused = new int[1];
      Thread outage =
          new Thread(
              () -> {
                try {
                  while (server.calls() - before < whole.calls() / 3) {
                    TimeUnit.MILLISECONDS.sleep(20);
                  }
                  server.away(Fault.OVERLOADED);
                  int from = server.calls();
                  TimeUnit.MILLISECONDS.sleep(OUTAGE_MS);
                  refused[0] = server.calls() - from;
                  // The run may be waiting for that.
                  server.away(null);
                } catch (InterruptedException e) {
                  throw new IllegalStateException(e);
                }
              });
      outage.start();
      Run through = bench.make("disturbed");
      outage.join();
      Run after = bench.make("disturbed");

      Files.writeString(
          result,
          String.format(
              Locale.ROOT,
              """
              # Fifty records and a provider that is away

              From `bench/providers --part outage`: %d records, half of them articles, half topics, by a simulated
              OpenAI that writes (%d ms) and speaks (%d ms a sentence); nothing rendered. After a third of the calls it
              answers 503, for %d s. Articles have the embedded writer and voice behind it; topics can be written by
              a model only. Then the same command once more.

              | run | completed | dead letters | calls | wall, s | USD |
              |---|---:|---|---:|---:|---:|
              | undisturbed | %d | none | %d | %.0f | %.4f |
              | the provider away | %d | %s | %d, of them %d answered by 503 | %.0f | %.4f |
              | the same again, afterwards | %d | %s | %d | %.0f | %.4f |

              Nothing is lost: what is not completed is a dead letter that can be replayed. The outage's own price: both
              runs together bought for %.4f USD, undisturbed %.4f.
              """,
              RECORDS,
              CHAT_MS,
              SPEECH_MS,
              OUTAGE_MS / 1000,
              RECORDS - whole.deadLetters(),
              whole.calls(),
              whole.wallSeconds(),
              whole.dollars(),
              RECORDS - through.deadLetters(),
              told(through.dead()),
              through.calls(),
              refused[0],
              through.wallSeconds(),
              through.dollars(),
              RECORDS - after.deadLetters(),
              told(after.dead()),
              after.calls(),
              after.wallSeconds(),
              after.dollars(),
              through.dollars() + after.dollars(),
              whole.dollars()));
    }
  }

  private static String told(Map<String, Long> dead) {
    return dead.isEmpty()
        ? "none"
        : dead.entrySet().stream()
            .map(entry -> entry.getValue() + " " + entry.getKey())
            .collect(Collectors.joining(", "));
  }

  private void settings() throws Exception {
    Files.writeString(
        folder.resolve("reelbeam.yaml"),
        """
        script:
          - {name: writer, base_url: "%1$s", model: writer-large, key: "file:%2$s"}
        speech:
          - {name: voice, kind: openai, base_url: "%1$s", model: gpt-4o-mini-tts, voice: marin, key: "file:%2$s",
             requests_per_minute: 3000}
        rates:
          date: 2026-11-28
          rates:
            - {provider: writer, unit: input_token, dollars_per_million: 0.25}
            - {provider: writer, unit: cached_token, dollars_per_million: 0.025}
            - {provider: writer, unit: output_token, dollars_per_million: 2}
            - {provider: voice, unit: character, dollars_per_million: 15}
        """
            .formatted(server.baseUrl(), folder.resolve("key")));
  }

  private void records() throws Exception {
    List<String> lines = new ArrayList<>();
    for (int i = 0; i < RECORDS; i++) {
      var record = RecordJson.newObject();
      record.put("record_id", "r-" + i);
      record.put("language", "en");
      record.put("kind", i % 2 == 0 ? "article" : "topic");
      record.put("title", "Light at home, part " + (i + 1));
      record.put(
          "content_html",
          i % 2 == 0
              ? "<p>Warm light makes room " + (i + 1) + " calm. Three small lamps do more than one.</p>"
                  + "<p>Put one in each corner and hide the bulb behind a shade. The walls then glow"
                  + " softly, and nobody sits in the dark.</p><p>A dimmer costs ten dollars and is set in"
                  + " five minutes. Turn it down after dinner, and the whole house slows down with it.</p>"
                  + "<p>Choose bulbs of 2,700 kelvin. They give the colour of a candle without its smoke."
                  + " Try it tonight and look at the walls.</p>"
              : "");
      var project = record.putObject("project");
      project.put("type", "teaser");
      project.putArray("target_platforms").add("preview");
      lines.add(record.toString());
    }
    Files.write(folder.resolve("records.jsonl"), lines);
  }

  private Run make(String name) throws Exception {
    Path out = folder.resolve(name);
    int calls = server.calls();
    long startedNs = System.nanoTime();
    StringWriter said = new StringWriter();
    int exit =
        Reelbeam.commandLine(new PrintWriter(said, true), new PrintWriter(said, true))
            .execute(
                "make",
                folder.resolve("records.jsonl").toString(),
                "--settings",
                folder.resolve("reelbeam.yaml").toString(),
                "--out",
                out.toString(),
                "--store",
                folder.resolve(name + "-store").toString(),
                "--stop-after",
                "speech");
    double seconds = (System.nanoTime() - startedNs) / 1e9;
    if (exit != 0 && exit != 1) {
      throw new IllegalStateException(said.toString());
    }
    Map<String, Long> dead = new TreeMap<>();
    for (DeadLetter letter : DeadLetterIO.read(out.resolve(DeadLetterIO.FOLDER))) {
      dead.merge(letter.code(), 1L, Long::sum);
    }
    Matcher spent = SPENT.matcher(said.toString());
    return new Run(
        exit,
        server.calls() - calls,
        seconds,
        spent.find() ? Double.parseDouble(spent.group(1)) : 0,
        dead);
  }
}
