package dev.reelbeam.clients.script;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.reelbeam.clients.http.CallPolicy;
import dev.reelbeam.clients.http.Secret;
import dev.reelbeam.model.content.ContentRecord;
import dev.reelbeam.model.content.Script;
import dev.reelbeam.model.content.ScriptSection;
import dev.reelbeam.model.json.RecordJson;
import dev.reelbeam.model.port.ScriptRequest;
import dev.reelbeam.model.video.VideoType;
import dev.reelbeam.simulators.OpenAiSimulator;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/**
 * How often the check of support errs, on planted sentences that a simulated model puts into its
 * scripts; the table stands in the module's README.
 */
@Timeout(60)
class SupportFigureTest {
  private static final Set<String> SOUND =
      Set.of(
          "verbatim",
          "shortened",
          "paraphrase",
          "merged",
          "other digits",
          "words for digits",
          "denial otherwise");

  private record Case(String kind, List<Integer> cited, String text) {}

  private record Source(String language, String title, List<String> sentences, List<Case> cases) {}

  private static final class Count {
    private int all;
    private int dropped;
  }

  private static final Map<String, Count> COUNTS = new LinkedHashMap<>();

  @BeforeAll
  static void writeAll() throws Exception {
    COUNTS.clear();
    for (Source source : sources()) {
      Set<String> kept =
          script(source).sections().stream()
              .map(ScriptSection::visualCue)
              .collect(Collectors.toSet());
      for (int i = 0; i < source.cases().size(); i++) {
        Case each = source.cases().get(i);
        Count count = COUNTS.computeIfAbsent(each.kind(), kind -> new Count());
        count.all++;
        count.dropped += kept.contains("case " + i) ? 0 : 1;
      }
    }
  }

  private static List<Source> sources() throws IOException {
    List<Source> sources = new ArrayList<>();
    try (InputStream file = SupportFigureTest.class.getResourceAsStream("support-cases.txt")) {
      String text = new String(Objects.requireNonNull(file).readAllBytes(), StandardCharsets.UTF_8);
      for (String line : text.lines().toList()) {
        if (line.isBlank() || line.startsWith("#")) {
          continue;
        }
        if (line.startsWith("source ")) {
          String[] words = line.split(" ", 3);
          sources.add(new Source(words[1], words[2], new ArrayList<>(), new ArrayList<>()));
        } else if (line.contains(" | ")) {
          String[] parts = line.split(" \\| ", 3);
          List<Integer> cited = Stream.of(parts[1].split(",", -1)).map(Integer::valueOf).toList();
          sources.get(sources.size() - 1).cases().add(new Case(parts[0], cited, parts[2]));
        } else {
          sources.get(sources.size() - 1).sentences().add(line);
        }
      }
    }
    return sources;
  }

  /** As the simulated model writes it: each sentence a point of its own. */
  private static Script script(Source source) throws Exception {
    ContentRecord record =
        ScriptWriterContract.article(
            "r", source.language(), source.title(), source.sentences().toArray(String[]::new));
    ScriptRequest anyLength =
        new ScriptRequest(VideoType.LONG, 60_000, 1_000, 900_000, 400, 200, "");
    try (OpenAiSimulator server = OpenAiSimulator.start("", OpenAiSimulator.Dialect.OLLAMA)) {
      server.answerBy((name, schema, prompt) -> answer(source).toString());
      return new ModelScriptWriter(
              new ChatModel(
                  new ChatSettings(
                      "served",
                      server.baseUrl(),
                      Secret.none(),
                      "m",
                      "max_completion_tokens",
                      "",
                      CallPolicy.DEFAULT)))
          .write(record, anyLength);
    }
  }

  private static ObjectNode answer(Source source) {
    ObjectNode answer = RecordJson.newObject();
    answer.put("hook", "What if this were new?").put("cta", "Follow for more.");
    ArrayNode points = answer.putArray("points");
    for (int i = 0; i < source.cases().size(); i++) {
      Case each = source.cases().get(i);
      ObjectNode point = points.addObject().put("visual_cue", "case " + i);
      ObjectNode said = point.putArray("sentences").addObject();
      said.put("text", each.text());
      each.cited().forEach(said.putArray("sources")::add);
    }
    return answer;
  }

  private static Count together(boolean sound) {
    Count sum = new Count();
    COUNTS.forEach(
        (kind, count) -> {
          if (SOUND.contains(kind) == sound) {
            sum.all += count.all;
            sum.dropped += count.dropped;
          }
        });
    return sum;
  }

  private static String row(String kind, Count count) {
    return String.format(Locale.ROOT, "| %s | %d | %d |", kind, count.all, count.dropped);
  }

  private static String rows(boolean sound) {
    return COUNTS.entrySet().stream()
        .filter(entry -> SOUND.contains(entry.getKey()) == sound)
        .sorted(Map.Entry.comparingByKey())
        .map(entry -> row(entry.getKey(), entry.getValue()))
        .collect(Collectors.joining("\n"));
  }

  @Test
  void figuresAreNeverWrongAndWhatIsInventedIsDropped() {
    for (String kind : List.of("number", "invention", "elsewhere")) {
      assertThat(COUNTS.get(kind).dropped).as(kind).isEqualTo(COUNTS.get(kind).all);
    }
  }

  @Test
  void aDenialIsSeldomLost() {
    assertThat(COUNTS.get("lost not").dropped).isEqualTo(COUNTS.get("lost not").all);
    Count unseen = COUNTS.get("lost not, unseen");
    assertThat(unseen.dropped * 100).isGreaterThanOrEqualTo(85 * unseen.all);
  }

  @Test
  void mostOfWhatIsSoundStays() {
    Count sound = together(true);

    assertThat(sound.dropped * 100).as(rows(true)).isLessThanOrEqualTo(15 * sound.all);
    assertThat(COUNTS.get("verbatim").dropped).isZero();
    assertThat(COUNTS.get("shortened").dropped).isZero();
  }

  @Test
  void theReadmeTellsTheFigure() throws IOException {
    Path readme =
        Path.of(System.getProperty("reelbeam.root", "../.."), "io", "clients", "README.md");
    String table =
        String.join(
            "\n",
            "| sound | sentences | dropped |\n|---|---:|---:|",
            rows(true),
            row("together", together(true)),
            "",
            "| not supported | sentences | dropped |\n|---|---:|---:|",
            rows(false),
            row("together", together(false)));

    assertThat(Files.readString(readme)).contains(table);
  }
}
