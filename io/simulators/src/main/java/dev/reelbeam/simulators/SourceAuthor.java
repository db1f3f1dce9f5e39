package dev.reelbeam.simulators;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * Writes as a faithful model would: it repeats the numbered sentences of the prompt ({@code [12]
 * Text.}) and cites their numbers, as many as the target words of the prompt allow. Of a topic,
 * which has no source, it says the same that can be said of anything. Equal prompts give equal
 * answers.
 */
public final class SourceAuthor implements OpenAiSimulator.Author {
  private static final ObjectMapper JSON = new ObjectMapper();
  private static final Pattern SENTENCE = Pattern.compile("(?m)^\\[(\\d+)] (.+)$");
  private static final Pattern TARGET = Pattern.compile("(?i)target words: (\\d+)");

  private static final List<String> COMMONPLACES =
      List.of(
          "Most people begin with TOPIC in their own kitchen, on a quiet morning.",
          "A wooden table, warm light and a little patience are all that it takes.",
          "Old hands in a small workshop have done it this way for a hundred years.",
          "Outside, the mountains wake up while the first train leaves the station.",
          "In the garden behind the house the children already wait for the result.",
          "A busy market street shows how many ways there are to do the same thing.",
          "By the river, two friends compare their notes and laugh about mistakes.",
          "Rain on the window is no reason to stop, only a reason to slow down.",
          "In the evening the city lights come on and the work of the day is done.",
          "An empty beach in winter teaches more about calm than any long book.",
          "The library keeps what others tried before, on shelves up to the roof.",
          "A bicycle against a brick wall waits for tomorrow, and so does TOPIC.");

  private record Numbered(int id, String text) {
    int words() {
      return text.split("\\s+", -1).length;
    }
  }

  @Override
  public String write(String name, @Nullable JsonNode schema, String prompt) {
    if (schema == null) {
      return "Understood.";
    }
    return switch (name) {
      case "script" -> script(prompt).toString();
      case "workflow" -> workflow(prompt);
      default -> filled(schema).toString();
    };
  }

  /** The workflow that the prompt shows, with a word more about what should be seen. */
  private static String workflow(String prompt) {
    Matcher shown = Pattern.compile("(?m)^\\{\"nodes\":.+$").matcher(prompt);
    return shown.find()
        ? shown
            .group()
            .replaceFirst("(\"name\":\"text\",\"text\":\"[^\"]+)\"", "$1 A slow dolly shot.\"")
        : "{\"nodes\":[]}";
  }

  private static ObjectNode script(String prompt) {
    List<Numbered> source = new ArrayList<>();
    Matcher matcher = SENTENCE.matcher(prompt);
    while (matcher.find()) {
      source.add(new Numbered(Integer.parseInt(matcher.group(1)), matcher.group(2)));
    }
    Matcher target = TARGET.matcher(prompt);
    int words = target.find() ? Integer.parseInt(target.group(1)) : 110;
    ObjectNode answer = JSON.createObjectNode();
    answer.put("hook", hook(prompt, source, words));
    ArrayNode intro = answer.putArray("intro");
    ArrayNode points = answer.putArray("points");
    if (prompt.contains("Kind of source: topic") || prompt.contains("Kind of source: prompt")) {
      addCommonplaces(prompt, source);
    }
    int left = words - 14;
    for (int i = 0; i < source.size() && left > 0; i++) {
      Numbered sentence = source.get(i);
      if (i == 0 && left > 60) {
        sentence(intro, sentence);
      } else {
        ObjectNode point = points.addObject();
        point.put("heading", "");
        point.put("visual_cue", sentence.text());
        point.put("text_overlay", overlay(sentence.text()));
        sentence(point.putArray("sentences"), sentence);
      }
      left -= sentence.words();
    }
    scenes(answer);
    answer.put("cta", "Follow for more like this.");
    answer.put("cta_overlay", "Follow for more");
    ArrayNode seo = answer.putArray("seo");
    Matcher platforms = Pattern.compile("(?m)^- ([a-z]+): title up to").matcher(prompt);
    while (platforms.find()) {
      ObjectNode entry = seo.addObject();
      entry.put("platform", platforms.group(1));
      entry.put("title", title(prompt, source));
      entry.put("description", source.isEmpty() ? "A video." : source.get(0).text());
      entry.putArray("tags").add("howto").add("short");
      entry.put("category", "Education");
    }
    return answer;
  }

  /** A scene for the hook and for each point, as long as it takes to say it. */
  private static void scenes(ObjectNode answer) {
    ArrayNode scenes = answer.putArray("scenes");
    scene(scenes, "hook", answer.path("hook").asText());
    JsonNode points = answer.path("points");
    for (int i = 0; i < points.size(); i++) {
      scene(scenes, String.valueOf(i + 1), points.get(i).path("visual_cue").asText());
    }
  }

  private static void scene(ArrayNode scenes, String part, String said) {
    ObjectNode scene = scenes.addObject();
    String[] words = said.replaceAll("[^\\p{L}\\p{N} ]", "").split("\\s+", -1);
    scene.put("scene_number", scenes.size());
    scene.put("part", part);
    scene.put("description", said);
    scene.put("duration", Math.max(2, words.length * 2 / 5));
    ArrayNode entities = scene.putArray("entities");
    Stream.of(words).max(Comparator.comparingInt(String::length)).ifPresent(entities::add);
    scene.put("visual_style", "close view, soft light");
  }

  /** A topic's own words are its title. */
  private static void addCommonplaces(String prompt, List<Numbered> source) {
    Matcher title = Pattern.compile("(?m)^Title: (.+)$").matcher(prompt);
    String topic = title.find() ? title.group(1).strip() : "it";
    for (String commonplace : COMMONPLACES) {
      source.add(new Numbered(source.size(), commonplace.replace("TOPIC", topic)));
    }
  }

  /** In the style that the prompt asks for. */
  private static String hook(String prompt, List<Numbered> source, int words) {
    Matcher asked = Pattern.compile("(?m)^Hook: ([a-z]+),").matcher(prompt);
    return switch (asked.find() ? asked.group(1) : "") {
      case "number" -> overlay(numbered(source).orElse("It takes " + words + " words.")) + ".";
      case "contrast" -> "It is not what most people think.";
      case "story" -> "Six in the morning, and the kettle begins to sing.";
      case "promise" -> "After this you will do it yourself.";
      default -> "What if a few words were all you need?";
    };
  }

  /** In the form that the prompt asks for; most have none. */
  private static String title(String prompt, List<Numbered> source) {
    Matcher asked = Pattern.compile("(?m)^Titles: ([a-z_]+),").matcher(prompt);
    String subject = overlay(source.isEmpty() ? "A video" : source.get(0).text());
    return switch (asked.find() ? asked.group(1) : "") {
      case "question" -> subject + "?";
      case "number" -> overlay(numbered(source).orElse(subject));
      case "how_to" -> "How to do it: " + subject;
      default -> subject;
    };
  }

  private static Optional<String> numbered(List<Numbered> source) {
    return source.stream().map(Numbered::text).filter(text -> text.matches(".*\\d.*")).findFirst();
  }

  private static void sentence(ArrayNode sentences, Numbered source) {
    ObjectNode sentence = sentences.addObject();
    sentence.put("text", source.text());
    sentence.putArray("sources").add(source.id());
  }

  private static String overlay(String text) {
    String[] words = text.replaceAll("[.!?]$", "").split("\\s+", -1);
    StringBuilder overlay = new StringBuilder();
    for (String word : words) {
      if (overlay.length() + word.length() + 1 > 36) {
        break;
      }
      overlay.append(overlay.length() == 0 ? "" : " ").append(word);
    }
    return overlay.toString();
  }

  /** The least that fits a schema. */
  private static JsonNode filled(JsonNode schema) {
    if (schema.path("enum").size() > 0) {
      return schema.path("enum").get(0);
    }
    return switch (schema.path("type").asText()) {
      case "object" -> {
        ObjectNode object = JSON.createObjectNode();
        Iterator<Map.Entry<String, JsonNode>> properties = schema.path("properties").fields();
        while (properties.hasNext()) {
          Map.Entry<String, JsonNode> property = properties.next();
          object.set(property.getKey(), filled(property.getValue()));
        }
        yield object;
      }
      case "array" -> JSON.createArrayNode().add(filled(schema.path("items")));
      case "integer", "number" -> JSON.getNodeFactory().numberNode(1);
      case "boolean" -> JSON.getNodeFactory().booleanNode(true);
      default -> JSON.getNodeFactory().textNode("text");
    };
  }
}
