package dev.reelbeam.clients.visual;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.fasterxml.jackson.databind.node.TextNode;
import dev.reelbeam.model.json.RecordJson;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.Map;

/**
 * Workflows in ComfyUI's API format with slots, {@code "{{width}}"} for instance. A value that is a
 * slot and nothing else takes the slot's own type, so a text cannot change the graph.
 */
final class ComfyWorkflows {
  private ComfyWorkflows() {}

  /** What goes into the slots of a workflow. */
  record Order(
      String prompt,
      String avoid,
      int width,
      int height,
      int frames,
      int frameRate,
      int steps,
      long seed,
      String model,
      String textEncoder,
      String vae,
      String prefix) {
    Map<String, JsonNode> slots() {
      JsonNodeFactory json = JsonNodeFactory.instance;
      return Map.ofEntries(
          Map.entry("prompt", json.textNode(prompt)),
          Map.entry("avoid", json.textNode(avoid)),
          Map.entry("width", json.numberNode(width)),
          Map.entry("height", json.numberNode(height)),
          Map.entry("length", json.numberNode(frames)),
          Map.entry("middle", json.numberNode(frames / 2)),
          Map.entry("frame_rate", json.numberNode(frameRate)),
          Map.entry("steps", json.numberNode(steps)),
          Map.entry("seed", json.numberNode(seed)),
          Map.entry("model", json.textNode(model)),
          Map.entry("text_encoder", json.textNode(textEncoder)),
          Map.entry("vae", json.textNode(vae)),
          Map.entry("prefix", json.textNode(prefix)));
    }
  }

  /** The text of a bundled template. */
  static String bundled(String name) {
    try (InputStream file = ComfyWorkflows.class.getResourceAsStream(name + ".json")) {
      if (file == null) {
        throw new IllegalArgumentException("this build has no workflow " + name);
      }
      return new String(file.readAllBytes(), StandardCharsets.UTF_8);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** A template with its slots filled. */
  static ObjectNode filled(String template, Order order) {
    try {
      return (ObjectNode) filled(RecordJson.readTree(template), order.slots());
    } catch (JsonProcessingException e) {
      throw new IllegalArgumentException("a workflow that is no JSON", e);
    }
  }

  private static JsonNode filled(JsonNode node, Map<String, JsonNode> slots) {
    if (node instanceof ObjectNode object) {
      ObjectNode copy = RecordJson.newObject();
      object.fields().forEachRemaining(e -> copy.set(e.getKey(), filled(e.getValue(), slots)));
      return copy;
    }
    if (node instanceof ArrayNode array) {
      ArrayNode copy = JsonNodeFactory.instance.arrayNode();
      array.forEach(each -> copy.add(filled(each, slots)));
      return copy;
    }
    if (node instanceof TextNode text) {
      return filled(text.asText(), slots);
    }
    return node;
  }

  private static JsonNode filled(String text, Map<String, JsonNode> slots) {
    if (text.startsWith("{{") && text.endsWith("}}")) {
      JsonNode whole = slots.get(text.substring(2, text.length() - 2));
      if (whole != null) {
        return whole;
      }
    }
    String result = text;
    for (Map.Entry<String, JsonNode> slot : slots.entrySet()) {
      // Only slots of the template: what was filled in is not looked at again.
      if (text.contains("{{" + slot.getKey() + "}}")) {
        result = result.replace("{{" + slot.getKey() + "}}", slot.getValue().asText());
      }
    }
    return TextNode.valueOf(result);
  }

  /** Lets every node that saves a file name it like this, so that it can be found again. */
  static void saveAs(ObjectNode workflow, String prefix) {
    for (JsonNode node : workflow) {
      if (node.path("inputs") instanceof ObjectNode inputs && inputs.has("filename_prefix")) {
        inputs.put("filename_prefix", prefix);
      }
    }
  }
}
