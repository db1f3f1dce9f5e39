package dev.reelbeam.pipelines;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import dev.reelbeam.model.json.RecordJson;
import dev.reelbeam.simulators.ComfySimulator;
import dev.reelbeam.simulators.Fault;
import dev.reelbeam.simulators.PexelsSimulator;
import dev.reelbeam.simulators.PiperSimulator;
import dev.reelbeam.simulators.StableDiffusionSimulator;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Pictures and clips that come and cannot be shown: from the wire to the storyboard. */
class FaultyVisualsTest {
  private static final String ARTICLE =
      """
      # How a lake stays clear

      A lake stays clear when its shore is left alone. Reeds hold the mud where it is.

      Reeds slow the water down. Mud then sinks before it reaches the open lake. Small fish hide
      between the stems.

      Plant willows where the bank breaks off. Lead the water of the roofs into the ground. After
      two summers the water is clear down to three metres.
      """;

  @TempDir Path folder;

  private final StringWriter out = new StringWriter();
  private PiperSimulator voice;

  @BeforeEach
  void start() throws Exception {
    voice = PiperSimulator.start(PiperSimulator.Dialect.SYNTHESIZE);
    Files.writeString(folder.resolve("lake.md"), ARTICLE);
  }

  @AfterEach
  void stop() {
    voice.close();
  }

  /** The pictures and clips that the video shows, each once. */
  private List<JsonNode> shown(String visuals) throws Exception {
    Files.writeString(
        folder.resolve("reelbeam.yaml"),
        """
        speech:
          - {name: own, kind: piper-1.5, base_url: "%s", voice: en_US-lessac-medium,
             requests_per_minute: 1000}
        visuals:
          - %s
        """
            .formatted(voice.baseUrl(), visuals));
    int code =
        Reelbeam.commandLine(new PrintWriter(out, true), new PrintWriter(out, true))
            .execute(
                "make",
                folder.resolve("lake.md").toString(),
                "--settings",
                folder.resolve("reelbeam.yaml").toString(),
                "--out",
                folder.resolve("videos").toString(),
                "--presets",
                "preview",
                "--type",
                "teaser",
                "--stop-after",
                "visuals");
    assertThat(code).describedAs(out.toString()).isZero();
    JsonNode storyboard =
        RecordJson.readTree(
            Files.readString(
                folder
                    .resolve("videos")
                    .resolve("lake")
                    .resolve("preview")
                    .resolve("storyboard.json")));
    Map<String, JsonNode> shown = new LinkedHashMap<>();
    for (JsonNode shot : storyboard.path("shots")) {
      if (shot.path("picture").isObject()) {
        shown.put(shot.path("picture").path("url").asText(), shot.path("picture"));
      }
    }
    return List.copyOf(shown.values());
  }

  @Test
  void aPictureOfAnotherShapeAndOneThatIsNoneAreOrderedAnewAndNeverShown() throws Exception {
    try (StableDiffusionSimulator painter = StableDiffusionSimulator.start()) {
      painter.next(Fault.WRONG_SIZE, Fault.NO_PICTURE, Fault.HTML_PAGE);

      List<JsonNode> shown =
          shown(
              "{name: painter, kind: stable-diffusion-webui, requests_per_minute: 1000, base_url: '"
                  + painter.baseUrl()
                  + "'}");

      assertThat(shown).hasSizeGreaterThanOrEqualTo(3);
      assertThat(shown)
          .allSatisfy(
              picture -> {
                assertThat(picture.path("url").asText()).startsWith("painter:");
                assertThat(picture.path("facts").path("width").asInt() * 16)
                    .isEqualTo(picture.path("facts").path("height").asInt() * 9);
              });
      assertThat(shown)
          .filteredOn(
              picture ->
                  picture
                      .path("origin")
                      .path("visual")
                      .path("prompt")
                      .asText()
                      .contains("another angle"))
          .hasSize(3);
    }
  }

  @Test
  void aClipWithoutFramesGoesToTheNextOffer() throws Exception {
    try (PexelsSimulator stock = PexelsSimulator.start("a-key")) {
      Files.writeString(folder.resolve("key"), "a-key");
      stock.nextFiles(Fault.CLIP_WITHOUT_FRAMES, Fault.NO_PICTURE);

      List<JsonNode> shown =
          shown(
              "{name: pexels, media: clips, requests_per_minute: 1000, base_url: '"
                  + stock.baseUrl()
                  + "', key: 'file:"
                  + folder.resolve("key")
                  + "'}");

      assertThat(shown).hasSizeGreaterThanOrEqualTo(3);
      assertThat(shown)
          .allSatisfy(
              clip -> {
                assertThat(clip.path("credit").asText()).contains(" on Pexels");
                assertThat(clip.path("clip").path("out_us").asLong()).isPositive();
              });
      // Two came and could not be shown.
      assertThat(stock.files()).isEqualTo(shown.size() + 2);
    }
  }

  @Test
  void aClipThatIsBlackFrozenOrTooShortStepsDownAndSaysSo() throws Exception {
    try (ComfySimulator comfy = ComfySimulator.start()) {
      comfy.jobTime(20);
      comfy.nextJobs(
          Fault.BLACK_CLIP, Fault.FROZEN_CLIP, Fault.SHORT_CLIP, Fault.CLIP_WITHOUT_FRAMES);

      List<JsonNode> shown =
          shown(
              "{name: comfyui, model: ltx-video-2b-v0.9.5.safetensors, scenes: 3, base_url: '"
                  + comfy.baseUrl()
                  + "', workflow: {frame_rate: 8, seconds: 1}}");

      assertThat(shown).hasSize(3);
      assertThat(shown)
          .allSatisfy(
              clip -> {
                assertThat(clip.path("url").asText()).startsWith("comfyui:");
                assertThat(clip.path("origin").path("visual").path("concession").asText())
                    .isNotEmpty();
              });
      assertThat(out.toString())
          .contains("is black", "stands still", "has 2 frames", "has no moving picture");
    }
  }
}
