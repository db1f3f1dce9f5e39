package dev.reelbeam.clients.provider;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.fasterxml.jackson.dataformat.yaml.YAMLMapper;
import dev.reelbeam.clients.script.WriterSettings;
import dev.reelbeam.clients.speech.SpeechSettings;
import dev.reelbeam.clients.visual.VisualSettings;
import dev.reelbeam.model.cost.Charge;
import dev.reelbeam.model.cost.RateCard;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.LocalDate;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The settings and the rate card that people begin with. */
class ExampleSettingsTest {
  private static final Path FOLDER = Path.of("..", "..", "examples", "settings");
  private static final Map<String, String> KEYS =
      Map.of(
          "OPENAI_API_KEY", "a",
          "ELEVENLABS_API_KEY", "b",
          "PEXELS_API_KEY", "c");

  /** Of the compose specification, as far as they are used here. */
  private static final List<String> SERVICE_KEYS =
      List.of(
          "image", "build", "ports", "environment", "volumes", "profiles", "healthcheck", "deploy");

  @TempDir Path folder;

  private static ProviderSettings settings() throws Exception {
    return ProviderSettings.read(FOLDER.resolve("reelbeam.yaml"), KEYS);
  }

  private static JsonNode card() throws Exception {
    return new YAMLMapper().readTree(Files.readString(FOLDER.resolve("rates.yaml")));
  }

  @Test
  void theyAreRight() throws Exception {
    assertThat(SettingsCheck.of(FOLDER.resolve("reelbeam.yaml"), KEYS, /* keys= */ true)).isEmpty();
  }

  @Test
  void thoseOfServersOfOnesOwnAreRightAndBuyNothing() throws Exception {
    Path own = FOLDER.resolve(Path.of("..", "..", "deploy", "selfhosted"));
    Path file = Files.copy(own.resolve("reelbeam.yaml"), folder.resolve("reelbeam.yaml"));
    Files.createDirectories(folder.resolve("models"));
    Files.createFile(folder.resolve("models").resolve("ggml-base.en.bin"));

    assertThat(SettingsCheck.of(file, Map.of(), /* keys= */ true)).isEmpty();
    ProviderSettings read = ProviderSettings.read(file, Map.of());
    assertThat(read.script()).extracting(WriterSettings::key).containsOnly("");
    assertThat(read.speech()).extracting(SpeechSettings::key).containsOnly("");
    assertThat(read.visuals()).extracting(VisualSettings::key).containsOnly("");
    // What they ask is what is started.
    JsonNode services =
        new YAMLMapper().readTree(Files.readString(own.resolve("compose.yaml"))).path("services");
    JsonNode settings = new YAMLMapper().readTree(Files.readString(file));
    for (String part : List.of("script", "speech", "visuals")) {
      JsonNode entry = settings.path(part).get(0);
      String port = entry.path("base_url").asText().replaceAll("^http://localhost:(\\d+).*", "$1");
      assertThat(services.path(entry.path("name").asText()).path("ports").path(0).asText())
          .isEqualTo("127.0.0.1:" + port + ":" + port);
    }
  }

  @Test
  void whatIsComposedIsBuiltFromWhatIsThereAndOpenToThisMachineAlone() throws Exception {
    Path own = FOLDER.resolve(Path.of("..", "..", "deploy", "selfhosted"));
    JsonNode compose = new YAMLMapper().readTree(Files.readString(own.resolve("compose.yaml")));
    String readme = Files.readString(own.resolve("README.md"));
    assertThat(fieldNames(compose)).containsExactly("services", "volumes");
    assertThat(compose.path("services").properties())
        .extracting(Map.Entry::getKey)
        .containsExactlyInAnyOrder("ollama", "piper", "whisper", "comfyui");
    // The longest prompt and its answer, with room.
    assertThat(compose.at("/services/ollama/environment/OLLAMA_CONTEXT_LENGTH").asInt())
        .isBetween(14_000, 32_768);
    for (Map.Entry<String, JsonNode> service : compose.path("services").properties()) {
      JsonNode it = service.getValue();
      assertThat(it.path("ports")).describedAs(service.getKey()).hasSize(1);
      String[] port = it.path("ports").get(0).asText().split(":", -1);
      assertThat(port[0]).isEqualTo("127.0.0.1");
      if (it.has("build")) {
        List<String> recipe =
            Files.readAllLines(own.resolve(it.path("build").path("dockerfile").asText()));
        assertThat(recipe).filteredOn(line -> line.startsWith("FROM ")).hasSize(1);
        assertThat(recipe).filteredOn(line -> line.startsWith("ENTRYPOINT [")).hasSize(1);
        assertThat(recipe).contains("EXPOSE " + port[2]);
        assertThat(recipe)
            .describedAs("a moving target")
            .noneMatch(line -> line.matches("FROM .*(:latest|/[^:]*)"))
            .noneMatch(line -> line.matches("ARG \\w+=(master|main|latest)?"));
      } else {
        assertThat(it.path("image").asText().replaceAll("\\$\\{\\w+:-(.*)}", "$1"))
            .matches("[a-z.]+/.+:\\d[\\w.-]*");
      }
      JsonNode health = it.path("healthcheck");
      assertThat(health.path("test").path(0).asText())
          .describedAs(service.getKey())
          .isEqualTo("CMD");
      for (String time : List.of("interval", "timeout", "start_period")) {
        assertThat(health.path(time).asText()).describedAs(time).matches("\\d+s");
      }
      String asks = health.path("test").toString();
      if (asks.contains("http://")) {
        assertThat(asks).contains("http://localhost:" + port[2] + "/");
      }
      assertThat(SERVICE_KEYS).containsAll(fieldNames(it));
      // An alias stays a name here.
      if (it.path("deploy").isObject()) {
        JsonNode card = it.at("/deploy/resources/reservations/devices/0");
        assertThat(card.path("driver").asText()).isEqualTo("nvidia");
        assertThat(card.path("capabilities").toString()).isEqualTo("[\"gpu\"]");
      }
      for (JsonNode volume : it.path("volumes")) {
        String from = volume.asText().split(":", -1)[0];
        if (from.startsWith("./")) {
          assertThat(readme).contains("`" + from.substring(2) + "/");
        } else {
          assertThat(compose.path("volumes").has(from)).describedAs(from).isTrue();
        }
      }
    }
  }

  private static List<String> fieldNames(JsonNode node) {
    return node.properties().stream().map(Map.Entry::getKey).toList();
  }

  @Test
  void wordsMayBeTimedByTheServerThatIsComposed() throws Exception {
    Path own = FOLDER.resolve(Path.of("..", "..", "deploy", "selfhosted"));
    String settings = Files.readString(own.resolve("reelbeam.yaml"));
    String served =
        settings
            .lines()
            .filter(line -> line.contains("words: {model: base.en"))
            .findFirst()
            .orElseThrow();
    Path file =
        Files.writeString(
            folder.resolve("reelbeam.yaml"),
            settings
                .replace(served + "\n", "")
                .replace(
                    "words: {kind: whisper-file, model: models/ggml-base.en.bin}",
                    served.substring(served.indexOf("words:"))));

    assertThat(SettingsCheck.of(file, Map.of(), /* keys= */ true)).isEmpty();
    assertThat(ProviderSettings.read(file, Map.of()).speech().get(0).words().baseUrl())
        .isEqualTo("http://localhost:8080/v1");
  }

  /** Inside a settings file the schema sees the card, too. */
  @Test
  void theSchemaHasEverythingThatTheCardSays() throws Exception {
    ObjectNode all = new ObjectMapper().createObjectNode();
    all.set("rates", card());
    Path file = Files.writeString(folder.resolve("all.yaml"), all.toString());

    assertThat(SettingsCheck.of(file, Map.of(), /* keys= */ false)).isEmpty();
  }

  @Test
  void everyPriceSaysWhereItWasReadOrThatNobodyVerifiedIt() throws Exception {
    LocalDate date = LocalDate.parse(card().path("date").asText());
    assertThat(card().path("rates")).isNotEmpty();
    for (JsonNode rate : card().path("rates")) {
      assertThat(rate.has("source") || rate.path("unverified").asBoolean())
          .describedAs(rate.toString())
          .isTrue();
      if (rate.has("source")) {
        assertThat(LocalDate.parse(rate.path("read").asText()))
            .describedAs(rate.toString())
            .isBeforeOrEqualTo(date);
      }
    }
  }

  @Test
  void noPriceStandsTwice() throws Exception {
    List<String> places = new ArrayList<>();
    for (JsonNode rate : card().path("rates")) {
      places.add(
          rate.path("provider").asText()
              + " "
              + rate.path("model").asText("*")
              + " "
              + rate.path("unit").asText());
    }
    assertThat(places).doesNotHaveDuplicates();
  }

  @Test
  void whateverTheSettingsMayBuyHasAPrice() throws Exception {
    ProviderSettings settings = settings();
    RateCard rates = settings.rates();
    for (WriterSettings writer : settings.script()) {
      if (!writer.key().isEmpty()) {
        for (Charge.Unit unit :
            List.of(Charge.Unit.INPUT_TOKEN, Charge.Unit.CACHED_TOKEN, Charge.Unit.OUTPUT_TOKEN)) {
          assertThat(rates.knows(new Charge(writer.name(), writer.model(), unit, 1)))
              .describedAs(writer.model())
              .isTrue();
        }
      }
    }
    for (SpeechSettings voice : settings.speech()) {
      if (!voice.key().isEmpty()) {
        assertThat(rates.knows(new Charge(voice.name(), voice.model(), Charge.Unit.CHARACTER, 1)))
            .describedAs(voice.model())
            .isTrue();
      }
    }
    for (VisualSettings finder : settings.visuals()) {
      assertThat(finder.estimate(6, 5_000, rates))
          .describedAs(finder.name())
          .allMatch(rates::knows);
    }
    assertThat(rates.knows(new Charge("storage", "", Charge.Unit.BYTE_MONTH, 1))).isTrue();
  }

  /** The prices of OpenAI's own examples: 0.053 for a square, 0.041 for an upright picture. */
  @Test
  void aPictureByTokensComesToWhatIsPublished() throws Exception {
    VisualSettings painter =
        settings().visuals().stream()
            .filter(each -> each.model().startsWith("gpt-image-2"))
            .findFirst()
            .orElseThrow();
    RateCard rates = settings().rates();
    long six = rates.microDollars(painter.estimate(6, 5_000, rates));

    // 864x1536 is narrower than the 1024x1536 of the example.
    assertThat(six).isBetween(6 * 25_000L, 6 * 42_000L);
  }
}
