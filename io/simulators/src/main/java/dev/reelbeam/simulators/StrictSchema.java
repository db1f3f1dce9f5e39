package dev.reelbeam.simulators;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.HashSet;
import java.util.Iterator;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** The subset of JSON schema that strict structured output takes. */
final class StrictSchema {
  private StrictSchema() {}

  /** What the provider would complain about, null if nothing. */
  static @Nullable String problem(JsonNode schema) {
    if (!"object".equals(schema.path("type").asText())) {
      return "schema must be a JSON Schema of 'type: \"object\"'.";
    }
    return inside(schema, "()");
  }

  private static @Nullable String inside(JsonNode schema, String context) {
    if (schema.has("properties") || "object".equals(schema.path("type").asText())) {
      if (!schema.path("additionalProperties").isBoolean()
          || schema.path("additionalProperties").asBoolean()) {
        return "In context=" + context + ", 'additionalProperties' is required to be false.";
      }
      Set<String> required = new HashSet<>();
      schema.path("required").forEach(name -> required.add(name.asText()));
      Iterator<Map.Entry<String, JsonNode>> properties = schema.path("properties").fields();
      while (properties.hasNext()) {
        Map.Entry<String, JsonNode> property = properties.next();
        if (!required.contains(property.getKey())) {
          return "In context="
              + context
              + ", 'required' must include every key in properties. Missing '"
              + property.getKey()
              + "'.";
        }
        String problem = inside(property.getValue(), context + "." + property.getKey());
        if (problem != null) {
          return problem;
        }
      }
    }
    return schema.has("items") ? inside(schema.get("items"), context + "[]") : null;
  }
}
