package dev.reelbeam.clients.speech;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import com.fasterxml.jackson.dataformat.yaml.YAMLMapper;
import dev.reelbeam.clients.config.SettingsFaults;
import dev.reelbeam.clients.http.CallLimits;
import dev.reelbeam.clients.provider.ProviderSettings;
import dev.reelbeam.model.failure.FailureCode;
import dev.reelbeam.model.failure.StageException;
import java.io.ByteArrayOutputStream;
import java.io.ObjectOutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class SpeechSettingsTest {
  private static final String GOOD =
      """
      speech:
        - name: elevenlabs
          kind: elevenlabs
          model: eleven_multilingual_v2
          voice: abc
          key: env:KEY
          stability: 0.5
        - name: openai
          base_url: https://api.example.com/v1
          model: tts
          voice: marin
          key: env:KEY
          words: {model: whisper-1}
        - name: local
          base_url: http://localhost:8004/v1
          model: chatterbox
          voice: Emily.wav
          words: {base_url: 'http://localhost:8080/v1', model: base}
      """;

  private static final String OF_FILES =
      """
      speech:
        - {name: own, kind: piper-file, model: anna.onnx,
           words: {kind: whisper-file, model: ggml-tiny.bin}}
      """;

  @TempDir Path folder;

  @Test
  void aFileNamesTheProvidersInTheirOrder() throws Exception {
    List<SpeechSettings> read = read(GOOD, SpeechTests.KEYS).speech();

    assertThat(read)
        .extracting(SpeechSettings::name)
        .containsExactly("elevenlabs", "openai", "local");
    assertThat(read.get(0).baseUrl()).isEqualTo("https://api.elevenlabs.io");
    assertThat(read.get(0).character()).isEqualTo(new SpeechSettings.Character(500, 750, 300));
    assertThat(read.get(1).words())
        .isEqualTo(
            new SpeechSettings.Words(
                "openai", "openai", "https://api.example.com/v1", "whisper-1", "env:KEY"));
    assertThat(
            read.get(0)
                .open(SpeechTests.KEYS, SpeechTests.NO_MODELS, CallLimits.OF_THIS_PROCESS)
                .identity())
        .isEqualTo(
            "elevenlabs:eleven_multilingual_v2/stability-500/similarity-750/style-300/pcm24000"
                + "/speech-1");
    assertThat(
            read.get(1)
                .open(SpeechTests.KEYS, SpeechTests.NO_MODELS, CallLimits.OF_THIS_PROCESS)
                .resolveVoice("default", "de"))
        .isEqualTo("openai:marin");
  }

  @Test
  void aKeyGoesToTheServerThatItIsForAndNeverIntoTheSettings() throws Exception {
    List<SpeechSettings> read = read(GOOD, SpeechTests.KEYS).speech();

    assertThat(read.get(2).words())
        .isEqualTo(
            new SpeechSettings.Words(
                "openai", "localhost", "http://localhost:8080/v1", "base", ""));
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    try (ObjectOutputStream out = new ObjectOutputStream(bytes)) {
      out.writeObject(read(GOOD, SpeechTests.KEYS));
    }
    assertThat(bytes.toString(StandardCharsets.ISO_8859_1)).contains("env:KEY");
    assertThat(bytes.toString(StandardCharsets.ISO_8859_1)).doesNotContain("sk-right");
  }

  /** A rate card calls it neither by the voice nor by its address. */
  @Test
  void whoListensElsewhereSendsABillOfTheirOwn() throws Exception {
    String piper =
        "speech: [{name: local, kind: piper-1.5, base_url: 'http://localhost:5000', voice: v,"
            + " words: {base_url: 'https://%s/v1', model: whisper-1, key: 'env:KEY'%s}}]";

    assertThat(read(piper.formatted("api.openai.com", ""), SpeechTests.KEYS).speech().get(0))
        .extracting(each -> each.words().name())
        .isEqualTo("openai");
    assertThat(read(piper.formatted("ears.example.com", ""), SpeechTests.KEYS).speech().get(0))
        .extracting(each -> each.words().name())
        .isEqualTo("ears.example.com");
    assertThat(
            read(piper.formatted("ears.example.com", ", name: ears"), SpeechTests.KEYS)
                .speech()
                .get(0))
        .extracting(each -> each.words().name())
        .isEqualTo("ears");
  }

  @Test
  void everyMistakeIsNamed() {
    assertThat(mistake(GOOD, Map.of())).contains("env:KEY: it is not set");
    assertThat(mistake(GOOD.replace("env:KEY", "sk-pasted"), SpeechTests.KEYS))
        .contains("never written into the settings")
        .doesNotContain("sk-pasted");
    assertThat(mistake(GOOD.replace("stability", "stabillity"), SpeechTests.KEYS))
        .contains("speech[0]: unknown key 'stabillity'");
    assertThat(mistake(GOOD.replace("0.5", "1.5"), SpeechTests.KEYS))
        .contains("speech[0].stability: 0 to 1");
    assertThat(mistake(GOOD.replace("voice: marin", "format: wav"), SpeechTests.KEYS))
        .contains("speech[1].voice is missing");
    assertThat(mistake(GOOD.replace("name: local", "name: openai"), SpeechTests.KEYS))
        .contains("speech[2].name: 'openai' is there twice");
    assertThat(mistake(GOOD.replace("name: local", "name: marytts"), SpeechTests.KEYS))
        .contains("not the name of an embedded engine");
    assertThat(mistake(GOOD.replace("kind: elevenlabs", "kind: elevenlab"), SpeechTests.KEYS))
        .contains("speech[0].kind: one of");
    assertThat(mistake(GOOD.replace("{model: whisper-1}", "whisper-1"), SpeechTests.KEYS))
        .contains("speech[1].words: keys with values");
    assertThat(mistake(GOOD.replace("whisper-1", "gpt-4o-transcribe"), SpeechTests.KEYS))
        .contains(
            "speech[1].words.model: gpt-4o-transcribe writes down what is said, and not when");
    assertThat(mistake("speech: {}", Map.of())).contains("a list of providers");
  }

  @Test
  void modelsOfFilesLieBesideTheSettings() throws Exception {
    for (String file : List.of("anna.onnx", "anna.onnx.json", "other.json", "ggml-tiny.bin")) {
      Files.writeString(folder.resolve(file), "{}");
    }
    SpeechSettings own = read(OF_FILES, Map.of()).speech().get(0);

    assertThat(own.model()).isEqualTo(folder.resolve("anna.onnx").toString());
    assertThat(own.config()).isEqualTo(folder.resolve("anna.onnx.json").toString());
    assertThat(own.words())
        .isEqualTo(
            new SpeechSettings.Words(
                "whisper-file", "", "", folder.resolve("ggml-tiny.bin").toString(), ""));
    assertThat(own.parallel()).isEqualTo(1);
    assertThat(
            read(OF_FILES.replace("kind: piper", "config: other.json, kind: piper"), Map.of())
                .speech()
                .get(0)
                .config())
        .endsWith("other.json");

    assertThat(mistake(OF_FILES.replace("model: anna.onnx,", ""), Map.of()))
        .contains("speech[0].model is missing");
    assertThat(mistake(OF_FILES.replace("anna.onnx", "berta.onnx"), Map.of()))
        .contains("speech[0].model: there is no file '" + folder.resolve("berta.onnx"));
    assertThat(mistake(OF_FILES.replace("tiny", "base"), Map.of()))
        .contains("speech[0].words.model: there is no file");
    assertThat(mistake(OF_FILES.replace("kind: piper", "key: env:KEY, kind: piper"), Map.of()))
        .contains("speech[0].key: a voice of a file asks no server");
    assertThat(
            mistake(
                OF_FILES.replace("{kind: whisper-file, model", "{kind: openai, model"), Map.of()))
        .contains("speech[0].words.base_url is missing");
    assertThat(
            mistake(
                GOOD.replace("voice: marin", "voice: marin\n    config: a.json"), SpeechTests.KEYS))
        .contains("speech[1].config: only a voice of a file has one");
  }

  private ProviderSettings read(String yaml, Map<String, String> environment) throws Exception {
    Path file = folder.resolve("reelbeam.yaml");
    Files.writeString(file, yaml);
    return ProviderSettings.read(file, environment);
  }

  /** As the class says it: a file is looked at by its schema before. */
  private String mistake(String yaml, Map<String, String> environment) {
    StageException failure =
        catchThrowableOfType(
            StageException.class,
            () ->
                SpeechSettings.list(
                    new YAMLMapper().readTree(yaml).path("speech"),
                    environment,
                    folder,
                    SettingsFaults.END));
    assertThat(failure.code()).isEqualTo(FailureCode.CONFIG_INVALID);
    return failure.getMessage();
  }
}
