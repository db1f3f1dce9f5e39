package dev.reelbeam.simulators;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.Iterator;
import java.util.Map;

/** Answers that fit a schema and make no sense: endless hooks, negative numbers, unknown ids. */
final class Nonsense {
  private static final int WORDS = 400;

  private Nonsense() {}

  static JsonNode of(JsonNode schema) {
    JsonNodeFactory make = JsonNodeFactory.instance;
    if (schema.path("enum").size() > 0) {
      return schema.path("enum").get(0);
    }
    switch (schema.path("type").asText()) {
      case "object" -> {
        ObjectNode object = make.objectNode();
        Iterator<Map.Entry<String, JsonNode>> properties = schema.path("properties").fields();
        while (properties.hasNext()) {
          Map.Entry<String, JsonNode> property = properties.next();
          object.set(property.getKey(), of(property.getValue()));
        }
        return object;
      }
      case "array" -> {
        ArrayNode array = make.arrayNode();
        array.add(of(schema.path("items")));
        return array;
      }
      case "integer", "number" -> {
        return make.numberNode(-7);
      }
      case "boolean" -> {
        return make.booleanNode(true);
      }
      default -> {
        return make.textNode("word ".repeat(WORDS).strip());
      }
    }
  }
}
