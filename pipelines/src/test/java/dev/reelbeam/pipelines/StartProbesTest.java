package dev.reelbeam.pipelines;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import dev.reelbeam.clients.provider.ProviderSettings;
import dev.reelbeam.model.failure.FailureCode;
import dev.reelbeam.model.failure.StageException;
import dev.reelbeam.pipelines.wiring.StartProbes;
import dev.reelbeam.simulators.AvatarSimulator;
import dev.reelbeam.simulators.ElevenLabsSimulator;
import dev.reelbeam.simulators.Fault;
import dev.reelbeam.simulators.LucySimulator;
import dev.reelbeam.simulators.OpenAiSimulator;
import dev.reelbeam.simulators.RunwareSimulator;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * One free question for each provider: at the start of a run, and by {@code reelbeam providers}.
 */
class StartProbesTest {
  private static final Clock AUTUMN =
      Clock.fixed(Instant.parse("2026-11-29T00:00:00Z"), ZoneOffset.UTC);

  @TempDir Path folder;

  private OpenAiSimulator openAi;
  private OpenAiSimulator ollama;
  private ElevenLabsSimulator elevenLabs;
  private RunwareSimulator runware;
  private LucySimulator lucy;
  private AvatarSimulator synthesia;

  @BeforeEach
  void start() throws Exception {
    openAi = OpenAiSimulator.start("sk-right", OpenAiSimulator.Dialect.OPENAI);
    ollama = OpenAiSimulator.start("", OpenAiSimulator.Dialect.OLLAMA);
    elevenLabs = ElevenLabsSimulator.start("sk-right");
    runware = RunwareSimulator.start("sk-right");
    lucy = LucySimulator.start("sk-right");
    synthesia = AvatarSimulator.start(AvatarSimulator.Dialect.SYNTHESIA, "sk-right");
    Files.writeString(folder.resolve("right"), "sk-right");
    Files.writeString(folder.resolve("wrong"), "sk-wrong-value");
  }

  @AfterEach
  void stop() {
    openAi.close();
    ollama.close();
    elevenLabs.close();
    runware.close();
    lucy.close();
    synthesia.close();
  }

  private Path settings(String key, String model) throws Exception {
    return Files.writeString(
        folder.resolve("reelbeam.yaml"),
        """
        script:
          - {name: writer, base_url: "%1$s", model: %2$s, key: "file:%3$s"}
          - {name: ollama, base_url: "%4$s", model: llama3.3, token_limit_field: max_tokens}
        speech:
          - {name: voice, kind: openai, base_url: "%1$s", model: gpt-4o-mini-tts, voice: marin,
             key: "file:%3$s", words: {model: whisper-1}}
          - {name: elevenlabs, kind: elevenlabs, base_url: "%5$s", model: m, voice: v,
             key: "file:%3$s"}
          - {name: own, kind: openai, base_url: "%4$s", model: any, voice: v,
             words: {base_url: "%1$s", model: whisper-1, key: "file:%3$s"}}
        visuals:
          - {name: painter, kind: openai, base_url: "%1$s", model: gpt-image-1, key: "file:%3$s"}
          - {name: runware, base_url: "%6$s", model: "a:1", key: "file:%3$s"}
          - {name: photos, kind: openai, base_url: "%1$s", model: gpt-image-1, key: "file:%3$s",
             edit: {name: lucy, base_url: "%7$s", model: lucy-clip, prompt: "In snow.",
             key: "file:%3$s"}}
          - {name: host, kind: synthesia, base_url: "%8$s", key: "file:%3$s", avatar: {id: anna}}
        moderation:
          providers:
            - {name: judge, base_url: "%1$s", model: omni-moderation-latest, key: "file:%3$s"}
        """
            .formatted(
                openAi.baseUrl(),
                model,
                folder.resolve(key),
                ollama.baseUrl(),
                elevenLabs.baseUrl(),
                runware.baseUrl(),
                lucy.baseUrl(),
                synthesia.baseUrl()));
  }

  private String providers(Path settings, int code) {
    StringWriter out = new StringWriter();
    assertThat(
            Reelbeam.commandLine(new PrintWriter(out, true), new PrintWriter(out, true))
                .execute("providers", settings.toString()))
        .describedAs(out.toString())
        .isEqualTo(code);
    return out.toString();
  }

  @Test
  void everyProviderIsAskedWhatCostsNothingAndWhoCannotBeIsNotCalledWell() throws Exception {
    String table = providers(settings("right", "writer-old"), 0);

    assertThat(table)
        .containsPattern("script +writer .*well .*until 2027-01-14")
        .containsPattern("script +ollama +- +well .*model llama3.3 is there")
        .containsPattern("speech +voice .*well .*gpt-4o-mini-tts is there")
        .containsPattern("speech +elevenlabs .*well .*26000 characters left")
        .containsPattern("visuals +painter .*well")
        .containsPattern("speech +own words .*well .*whisper-1 is there")
        .containsPattern("visuals +runware .*well .*takes the key")
        .containsPattern("visuals +photos by lucy .*well .*takes the key")
        .containsPattern("visuals +host .*well")
        .containsPattern("moderation +judge .*well");
  }

  @Test
  void aWrongKeyIsToldByItsNameInEveryRowAndEndsARunBeforeItBegins() throws Exception {
    Path settings = settings("wrong", "writer-large");
    String table = providers(settings, 1);
    assertThat(table.lines().filter(line -> line.contains(" 2002 "))).hasSize(10);

    List<String> told = new ArrayList<>();
    StageException failure =
        catchThrowableOfType(
            StageException.class,
            () ->
                StartProbes.check(
                    ProviderSettings.read(settings, Map.of()), Map.of(), AUTUMN, told::add));
    assertThat(failure.code()).isEqualTo(FailureCode.PROVIDER_UNAUTHORIZED);
    assertThat(failure.getMessage())
        .contains("file:" + folder.resolve("wrong"))
        .contains("elevenlabs")
        .contains("judge")
        .contains("visuals, file:" + folder.resolve("wrong") + ": runware")
        .contains(": lucy answered 401")
        .contains(": own answered 401")
        .describedAs("whose wrong key is a 403")
        .contains(": host answered 403")
        .doesNotContain("sk-wrong-value");

    Files.writeString(folder.resolve("lake.md"), "# A lake\n\nA lake is water.\n");
    StringWriter out = new StringWriter();
    int code =
        Reelbeam.commandLine(new PrintWriter(out, true), new PrintWriter(out, true))
            .execute(
                "make",
                folder.resolve("lake.md").toString(),
                "--settings",
                settings.toString(),
                "--out",
                folder.resolve("videos").toString());
    assertThat(code).isNotZero();
    assertThat(out.toString()).contains("2002").contains("file:" + folder.resolve("wrong"));
    assertThat(openAi.requests()).isEmpty();
  }

  /** Gateways say so of a key that may be used for one model alone. */
  @Test
  void aPlain403IsToldUnlessItIsSaidOfTheKey() throws Exception {
    Path settings = settings("right", "writer-large");
    openAi.away(Fault.FORBIDDEN);

    List<String> told = new ArrayList<>();
    StartProbes.check(ProviderSettings.read(settings, Map.of()), Map.of(), AUTUMN, told::add);

    assertThat(told).anySatisfy(line -> assertThat(line).contains("writer").contains("403"));

    openAi.away(Fault.FORBIDDEN_KEY);
    StageException failure =
        catchThrowableOfType(
            StageException.class,
            () ->
                StartProbes.check(
                    ProviderSettings.read(settings, Map.of()), Map.of(), AUTUMN, told::add));
    assertThat(failure.code()).isEqualTo(FailureCode.PROVIDER_UNAUTHORIZED);
  }

  @Test
  void aModelThatEndsSoonIsToldAndStopsNobody() throws Exception {
    List<String> told = new ArrayList<>();
    StartProbes.check(
        ProviderSettings.read(settings("right", "writer-old"), Map.of()),
        Map.of(),
        AUTUMN,
        told::add);
    assertThat(told)
        .singleElement()
        .asString()
        .contains("writer-old is switched off on 2027-01-14")
        .contains("name another one");
  }

  @Test
  void soAreModelsThatSpeakListenDrawAndJudge() throws Exception {
    Path settings =
        Files.writeString(
            folder.resolve("old.yaml"),
            """
            script:
              - {name: writer, base_url: "%1$s", model: writer-large, key: "file:%2$s"}
            speech:
              - {name: voice, kind: openai, base_url: "%1$s", model: tts-old, voice: v,
                 key: "file:%2$s"}
            visuals:
              - {name: painter, kind: openai, base_url: "%1$s", model: image-old, key: "file:%2$s"}
            moderation:
              providers:
                - {name: looks, base_url: "%1$s", model: moderation-old, key: "file:%2$s"}
            """
                .formatted(openAi.baseUrl(), folder.resolve("right")));
    List<String> told = new ArrayList<>();

    StartProbes.check(ProviderSettings.read(settings, Map.of()), Map.of(), AUTUMN, told::add);

    assertThat(told)
        .extracting(line -> line.replaceFirst(" is switched off on 2027-01-15;.*", ""))
        .containsExactlyInAnyOrder(
            "voice: model tts-old", "painter: model image-old", "looks: model moderation-old");
  }
}
