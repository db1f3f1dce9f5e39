package dev.reelbeam.clients.provider;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.fasterxml.jackson.dataformat.yaml.YAMLMapper;
import dev.reelbeam.clients.config.SettingsFaults;
import dev.reelbeam.model.failure.FailureCode;
import dev.reelbeam.model.failure.StageException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;
import org.junit.jupiter.api.io.TempDir;

/** The schema of settings files says what the classes say that read them. */
class SettingsCheckTest {
  private static final ObjectMapper JSON = new ObjectMapper();

  /** An entry of each kind, as small as it may be: where it stands, and where the schema has it. */
  private static final List<Sample> SAMPLES =
      List.of(
          new Sample("script", "writer", "{name: a, base_url: 'http://a', model: m}"),
          new Sample("speech", "voice", "{name: a, base_url: 'http://a', model: m, voice: v}"),
          new Sample("visuals", "visual", "{name: a, kind: openai, model: m}"));

  @TempDir Path folder;

  private record Sample(String part, String definition, String entry) {
    ObjectNode settings(String key, JsonNode value) throws Exception {
      ObjectNode entry = (ObjectNode) new YAMLMapper().readTree(entry());
      if (!key.isEmpty()) {
        entry.set(key, value);
      }
      ObjectNode settings = JSON.createObjectNode();
      settings.putArray(part).add(entry);
      return settings;
    }
  }

  @TestFactory
  List<DynamicTest> theSchemaKnowsTheKeysWordsAndLimitsOfTheClasses() throws Exception {
    JsonNode definitions = JSON.readTree(SettingsCheck.schema()).path("$defs");
    List<DynamicTest> tests = new ArrayList<>();
    for (Sample sample : SAMPLES) {
      JsonNode properties = definitions.path(sample.definition()).path("properties");
      TreeSet<String> keys = new TreeSet<>();
      properties.fieldNames().forEachRemaining(keys::add);
      tests.add(
          DynamicTest.dynamicTest(
              sample.part() + ": keys",
              () -> assertThat(refusal(sample, "no such key", "1")).contains(keys.toString())));
      for (String key : keys) {
        JsonNode rule = resolved(properties.path(key), definitions);
        if (rule.has("enum")) {
          TreeSet<String> words = new TreeSet<>();
          rule.path("enum").forEach(word -> words.add(word.asText()));
          tests.add(
              DynamicTest.dynamicTest(
                  sample.part() + "." + key + ": words",
                  () ->
                      assertThat(refusal(sample, key, "\"no such word\""))
                          .contains(words.toString())));
        }
        if (rule.has("maximum")) {
          tests.add(
              DynamicTest.dynamicTest(
                  sample.part() + "." + key + ": limits",
                  () -> {
                    String limits = rule.path("minimum").asText() + " to " + rule.path("maximum");
                    assertThat(refusal(sample, key, "-1")).contains(limits);
                    assertThat(refusal(sample, key, "1000000000")).contains(limits);
                  }));
        }
      }
    }
    return tests;
  }

  private static JsonNode resolved(JsonNode rule, JsonNode definitions) {
    Matcher matcher = Pattern.compile("#/\\$defs/(\\w+)").matcher(rule.path("$ref").asText(""));
    return matcher.matches() ? definitions.path(matcher.group(1)) : rule;
  }

  /** What the classes say about a value that is none; the schema refuses it as well. */
  private String refusal(Sample sample, String key, String value) throws Exception {
    ObjectNode settings = sample.settings(key, JSON.readTree(value));
    StageException failure =
        catchThrowableOfType(
            StageException.class,
            () ->
                ProviderSettings.of(
                    folder.resolve("reelbeam.yaml"), settings, Map.of(), SettingsFaults.END));
    assertThat(check(settings.toString())).describedAs("faults by the schema").isNotEmpty();
    return String.valueOf(failure.getMessage());
  }

  private List<SettingsCheck.Fault> check(String yaml) throws Exception {
    Path file = Files.writeString(folder.resolve("reelbeam.yaml"), yaml);
    return SettingsCheck.of(file, Map.of("KEY", "sk-right"), /* keys= */ true);
  }

  @Test
  void aFileWithEveryPartIsRight() throws Exception {
    assertThat(
            check(
                """
                # yaml-language-server: $schema=reelbeam.schema.json
                script:
                  - {name: openai, base_url: "https://api.openai.com/v1", model: m, key: env:KEY}
                speech:
                  - {name: elevenlabs, kind: elevenlabs, model: m, voice: v, key: env:KEY}
                  - {name: piper, kind: piper-1.5, base_url: "http://localhost:5000", voice: v}
                visuals:
                  - name: pexels
                    media: clips
                    key: env:KEY
                    edit: {prompt: make it snow, key: env:KEY}
                  - {name: local, kind: stable-diffusion-webui, base_url: "http://localhost:7860"}
                  - name: comfyui
                    base_url: "http://localhost:8188"
                    model: wan2.2_ti2v_5B_fp16.safetensors
                    workflow:
                      {template: wan-video, seconds: 5, gpu_ms: 900,
                       writer: {name: openai, base_url: "http://a", model: m, key: env:KEY}}
                  - {name: heygen, key: env:KEY, avatar: {id: a, background: "#203040"}}
                  - {name: synthesia, key: env:KEY, avatar: {template: t, test: true}}
                rates:
                  date: 2026-11-28
                  rates:
                    - {provider: openai, unit: input_token, dollars_per_million: 1}
                    - {provider: openai, unit: output_token, dollars_per_million: 2}
                    - {provider: elevenlabs, unit: spoken_second, dollars: 0.002}
                    - {provider: lucy, unit: video_second, dollars: 0.08}
                    - {provider: heygen, unit: video_second, dollars: 0.1}
                    - {provider: synthesia, unit: video_second, dollars: 0.1}
                budget: {run: 2.50, day: 20}
                learning: {holdout: 0.1, durations: true, voices: [a], titles: true, posting_hours: true,
                  time_zone: Europe/Berlin}
                engagement:
                  accounts: [{platform: x, account: a, token: env:KEY}]
                """))
        .isEmpty();
  }

  @Test
  void whoLeavesTheEmbeddedOnesOutNamesOthers() throws Exception {
    String writer =
        """
        script:
          - {name: ollama, base_url: "http://localhost:11434/v1", model: m}
        """;
    String voice =
        """
        speech:
          - {name: piper, kind: piper-1.5, base_url: "http://localhost:5000", voice: v}
        """;

    assertThat(check(writer + voice + "embedded: false\n")).isEmpty();
    assertThat(check(writer + "embedded: false\n"))
        .extracting(SettingsCheck.Fault::place)
        .containsExactly("embedded");
  }

  @Test
  void howLongAProviderThatIsAwayIsWaitedForIsInMinutes() throws Exception {
    String writer =
        """
        script:
          - {name: ollama, base_url: "http://localhost:11434/v1", model: m}
        """;

    assertThat(check(writer + "patience_minutes: 0\n")).isEmpty();
    assertThat(check(writer + "patience_minutes: 1440\n")).isEmpty();
    assertThat(check(writer + "patience_minutes: 1441\n")).isNotEmpty();
    assertThat(check(writer + "patience_minutes: soon\n")).isNotEmpty();

    Path file = Files.writeString(folder.resolve("patience.yaml"), writer);
    assertThat(ProviderSettings.read(file, Map.of()).patienceMinutes()).isEqualTo(15);
    Files.writeString(file, writer + "patience_minutes: 3\n");
    assertThat(ProviderSettings.read(file, Map.of()).patienceMinutes()).isEqualTo(3);
  }

  @Test
  void whatNoBudgetHoldsBackIsTold() throws Exception {
    String yaml =
        """
        script:
          - {name: painter, base_url: "https://api.openai.com/v1", model: m, key: env:KEY}
          - {name: ollama, base_url: "http://localhost:11434/v1", model: m}
        speech:
          - {name: voice, kind: openai, base_url: "https://a", model: m, voice: v, key: env:KEY}
        visuals:
          - {name: pictures, kind: openai, model: m, key: env:KEY}
          - {name: pexels, key: env:KEY}
        rates:
          date: 2026-11-28
          rates:
            - {provider: openai, unit: output_token, dollars_per_million: 2}
            - {provider: voice, unit: character, dollars_per_million: 15}
            - {provider: pictures, unit: output_token, dollars_per_million: 30}
        """;

    assertThat(check(yaml)).isEmpty();
    assertThat(check(yaml + "budget: 3\n"))
        .extracting(fault -> fault.line() + " " + fault.place())
        .containsExactly("2 script[0]", "7 visuals[0]");
  }

  /** Whoever starts a run hears what `config check` says, and nothing is run. */
  @Test
  void theSameIsToldAtTheStartAsByTheCheck() throws Exception {
    String yaml =
        """
        script:
          - {name: a, base_url: "http://a/v1", model: m, paralel: 2}
          - {name: b, base_url: "http://a/v1", model: 7}
        speech:
          - {name: c, base_url: "http://a/v1", model: m, voice: v, key: env:MISSING}
        """;
    Path file = Files.writeString(folder.resolve("start.yaml"), yaml);

    StageException refused =
        catchThrowableOfType(StageException.class, () -> ProviderSettings.read(file, Map.of()));

    assertThat(refused.code()).isEqualTo(FailureCode.CONFIG_INVALID);
    assertThat(refused.getMessage().lines())
        .containsExactlyElementsOf(
            SettingsCheck.of(file, Map.of(), /* keys= */ true).stream()
                .map(fault -> fault.in(file))
                .toList())
        .hasSize(3)
        .anyMatch(line -> line.startsWith(file + ":2: script[0].paralel: unknown key 'paralel'. "))
        .anyMatch(line -> line.startsWith(file + ":3: script[1].model: is of another kind"))
        .anyMatch(
            line -> line.endsWith("Set the variable MISSING to the key, where the command runs."));
  }

  @Test
  void ofEntriesWithOneKeyTheSmallerLimitsHoldAndThatIsToldAsAHint() throws Exception {
    String yaml =
        """
        speech:
          - {name: a, base_url: "https://a/v1", model: m, voice: v, key: env:KEY,
             requests_per_minute: 30}
          - {name: b, base_url: "https://a/v2", model: m, voice: w, key: env:SAME, parallel: 2}
          - {name: c, base_url: "https://c/v1", model: m, voice: w, key: env:KEY}
        visuals:
          - {name: d, kind: openai, base_url: "https://a/v1", model: m, key: env:KEY}
        """;
    Path file = Files.writeString(folder.resolve("shared.yaml"), yaml);
    Map<String, String> keys = Map.of("KEY", "sk-right", "SAME", "sk-right");

    List<SettingsCheck.Fault> told = SettingsCheck.of(file, keys, /* keys= */ true);

    assertThat(told).allMatch(SettingsCheck.Fault::hint);
    assertThat(told)
        .extracting(fault -> fault.line() + " " + fault.place() + " " + fault.message())
        .containsExactly(
            "2 speech[0] has one key with speech[1], so the smaller limits hold for both together:"
                + " 30 calls in a minute, 2 at once",
            "4 speech[1] has one key with speech[0], so the smaller limits hold for both together:"
                + " 30 calls in a minute, 2 at once");
    ProviderSettings read = ProviderSettings.read(file, keys);
    assertThat(read.speech())
        .extracting(voice -> voice.requestsPerMinute() + " " + voice.parallel())
        .containsExactly("30 2", "30 2", "60 4");
    assertThat(read.visuals().get(0).parallel()).isEqualTo(6);
  }

  @Test
  void everyMistakeIsToldByItsLineWithARemedyAndNoSecret() throws Exception {
    List<SettingsCheck.Fault> faults =
        check(
            """
            script:
              - name: openai
                base_url: api.openai.com
                model: m
                key: sk-pasted
            speech:
              - {name: a, base_url: "http://a", model: m, voice: v, stability: 7}
              - {name: a, base_url: "http://a", model: m, voice: v, key: env:NOT_THERE}
              - kind: singer
                name: b
                voice: v
            visuals:
              - name: pexels
              - name: x
                knid: openai
              - {name: y, kind: comfyui, base_url: "http://a", model: m, workflow: {seconds: 90}}
              - {name: openai, model: m, workflow: {seconds: 4}}
            budget: {day: -1}
            budget: 3
            """);

    assertThat(faults)
        .extracting(fault -> fault.line() + " " + fault.place())
        .contains(
            "3 script[0].base_url",
            "5 script[0].key",
            "7 speech[0].stability",
            "8 speech[1].key",
            "9 speech[2].kind",
            "13 visuals[0]",
            "15 visuals[1].knid",
            "16 visuals[2].workflow.seconds",
            "17 visuals[3].workflow",
            "19 budget");
    assertThat(faults)
        .allSatisfy(
            fault -> {
              assertThat(fault.message() + fault.remedy()).doesNotContain("sk-pasted");
              assertThat(fault.remedy()).isNotBlank();
            });
  }

  @Test
  void aClockThatIsNoneOfTheWorldsIsToldByItsLine() throws Exception {
    assertThat(check("learning:\n  posting_hours: true\n  time_zone: Berlin\n"))
        .singleElement()
        .satisfies(
            fault ->
                assertThat(fault.line() + " " + fault.place() + " " + fault.message())
                    .contains("3 learning.time_zone", "'Berlin' is no zone"));
  }

  @Test
  void aPresenterWhoIsBilledHasNoTest() throws Exception {
    String test =
        "visuals:\n  - {name: %s, key: env:KEY, avatar: {id: 'https://example.com/a.jpg',"
            + " test: true}}\n";
    for (String kind : List.of("d-id", "heygen")) {
      assertThat(check(test.formatted(kind)))
          .extracting(fault -> fault.line() + " " + fault.place())
          .contains("2 visuals[0].avatar.test");
      StageException failure =
          catchThrowableOfType(
              StageException.class,
              () ->
                  ProviderSettings.of(
                      folder.resolve("reelbeam.yaml"),
                      new YAMLMapper().readTree(test.formatted(kind)),
                      Map.of("KEY", "sk-right"),
                      SettingsFaults.END));
      assertThat(failure.getMessage()).contains("avatar.test");
    }
    assertThat(check(test.formatted("synthesia"))).isEmpty();
  }

  @Test
  void aModelFileThatIsNotThereIsToldByItsLine() throws Exception {
    Files.writeString(folder.resolve("anna.onnx"), "network");
    Path file =
        Files.writeString(
            folder.resolve("reelbeam.yaml"),
            """
            speech:
              - name: own
                kind: piper-file
                model: anna.onnx
                words:
                  kind: whisper-file
                  model: ggml-tiny.bin
            """);

    assertThat(SettingsCheck.of(file, Map.of(), true))
        .singleElement()
        .satisfies(
            fault -> {
              assertThat(fault.line()).isEqualTo(2);
              assertThat(fault.message()).contains("there is no file", "anna.onnx.json");
              assertThat(fault.remedy()).isNotEmpty();
            });

    Files.writeString(folder.resolve("anna.onnx.json"), "{}");

    assertThat(SettingsCheck.of(file, Map.of(), true))
        .singleElement()
        .satisfies(
            fault -> {
              assertThat(fault.line()).isEqualTo(7);
              assertThat(fault.place()).isEqualTo("speech[0].words.model");
            });
  }

  @Test
  void whatIsNoYamlIsToldByItsLine() throws Exception {
    assertThat(check("script:\n  - {name: a\nspeech: ["))
        .singleElement()
        .satisfies(fault -> assertThat(fault.line()).isBetween(2, 3));
    assertThat(check("")).singleElement().extracting(SettingsCheck.Fault::line).isEqualTo(1);
  }

  @Test
  void withoutKeysTheRestIsChecked() throws Exception {
    Path file =
        Files.writeString(
            folder.resolve("reelbeam.yaml"), "visuals: [{name: pexels, key: env:NOT_THERE}]");

    assertThat(SettingsCheck.of(file, Map.of(), /* keys= */ true))
        .singleElement()
        .satisfies(
            fault ->
                assertThat(fault.remedy())
                    .isEqualTo("Set the variable NOT_THERE to the key, where the command runs."));
    assertThat(SettingsCheck.of(file, Map.of(), /* keys= */ false)).isEmpty();
  }
}
