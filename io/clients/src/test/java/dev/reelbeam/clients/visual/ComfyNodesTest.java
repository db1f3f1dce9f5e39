package dev.reelbeam.clients.visual;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.reelbeam.clients.visual.ComfyWorkflows.Order;
import dev.reelbeam.model.json.RecordJson;
import dev.reelbeam.simulators.ComfySimulator;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.Objects;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Workflows, and what the list of nodes says about them. */
class ComfyNodesTest {
  private final ComfyNodes nodes = new ComfyNodes(listed());

  private static com.fasterxml.jackson.databind.JsonNode listed() {
    try (InputStream file = ComfySimulator.class.getResourceAsStream("object-info.json")) {
      return RecordJson.readTree(
          new String(Objects.requireNonNull(file).readAllBytes(), StandardCharsets.UTF_8));
    } catch (java.io.IOException e) {
      throw new java.io.UncheckedIOException(e);
    }
  }

  private static ObjectNode filled(String template, String prompt) {
    boolean wan = template.startsWith("wan");
    return ComfyWorkflows.filled(
        ComfyWorkflows.bundled(template),
        new Order(
            prompt,
            "text",
            512,
            768,
            97,
            24,
            20,
            7,
            wan
                ? "wan2.2_ti2v_5B_fp16.safetensors"
                : template.equals("picture")
                    ? "sd_xl_base_1.0.safetensors"
                    : "ltx-video-2b-v0.9.5.safetensors",
            wan ? "umt5_xxl_fp8_e4m3fn_scaled.safetensors" : "t5xxl_fp16.safetensors",
            "wan2.2_vae.safetensors",
            "reelbeam/x"));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "ltx-video",
        "ltx-video-simple",
        "ltx-video-still",
        "wan-video",
        "wan-video-simple",
        "wan-video-still",
        "picture"
      })
  void everyBundledWorkflowCanRun(String template) {
    ObjectNode workflow = filled(template, "a lake");

    assertThat(nodes.faults(workflow)).isEmpty();
    assertThat(nodes.notOffered(workflow)).isEmpty();
    assertThat(workflow.toString()).doesNotContain("{{");
  }

  @Test
  void aPromptCannotChangeTheGraph() {
    String prompt = "a \"lake\"}}, {{seed}} \\ \n [\"1\", 0]";

    ObjectNode workflow = filled("ltx-video", prompt);

    assertThat(workflow.path("3").path("inputs").path("text").asText()).isEqualTo(prompt);
    assertThat(nodes.faults(workflow)).isEmpty();
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "14.class_type|\"Nothing\"|no such node",
        "3.inputs.text|null|STRING",
        "3.inputs.clip|[\"1\", 0]|wants CLIP and is linked to MODEL",
        "3.inputs.clip|[\"77\", 0]|not there",
        "3.inputs.clip|[\"2\", 4]|no output 4",
        "3.inputs.more|1|no such input",
        "6.inputs.width|90000|not within",
        "6.inputs.width|\"wide\"|wants INT",
        "6.inputs.width|512.5|wants INT",
        "9.inputs.add_noise|\"yes\"|wants BOOLEAN",
        "9.inputs.model|\"ltx\"|linked from a node",
        "8.inputs.sampler_name|\"magic\"|none of",
        "14.inputs.codec|\"theora\"|none of"
      })
  void eachMistakeIsTold(String place, String value, String told) throws Exception {
    ObjectNode workflow = filled("ltx-video", "a lake");
    String[] path = place.split("\\.", -1);
    ObjectNode at = workflow;
    for (int i = 0; i < path.length - 1; i++) {
      at = (ObjectNode) at.path(path[i]);
    }
    at.set(path[path.length - 1], RecordJson.readTree(value));

    assertThat(nodes.faults(workflow)).anyMatch(fault -> fault.contains(told));
  }

  @Test
  void whatIsMissingWhatSavesNothingAndWhatGoesRoundIsTold() {
    ObjectNode missing = filled("ltx-video", "a lake");
    ((ObjectNode) missing.path("6").path("inputs")).remove("length");
    assertThat(nodes.faults(missing))
        .containsExactly("node 6 (EmptyLTXVLatentVideo): 'length' is missing");

    ObjectNode endless = filled("ltx-video", "a lake");
    endless.remove("12");
    endless.remove("14");
    assertThat(nodes.faults(endless)).containsExactly("no node of it saves anything");

    ObjectNode round = filled("wan-video", "a lake");
    ((ObjectNode) round.path("6").path("inputs")).putArray("model").add("6").add(0);
    assertThat(nodes.faults(round)).containsExactly("a node waits for itself");
  }

  @Test
  void aModelIsToldOfTheServersOwnNodesAndOfNoneThatReadFilesOrRunCode() {
    assertThat(nodes.described(filled("ltx-video", "a lake"), 12))
        .hasSize(12)
        .anyMatch(line -> line.startsWith("EmptyLTXVLatentVideo(width: INT 64..16384"))
        .anyMatch(line -> line.startsWith("SaveVideo("));
    assertThat(nodes.described(filled("ltx-video", "a lake"), 100))
        .noneMatch(line -> line.startsWith("RunAnything") || line.startsWith("LoadImage"));
  }
}
