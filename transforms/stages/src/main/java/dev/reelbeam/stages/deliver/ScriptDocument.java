package dev.reelbeam.stages.deliver;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.reelbeam.model.content.PlannedScene;
import dev.reelbeam.model.content.Script;
import dev.reelbeam.model.content.ScriptSection;
import dev.reelbeam.model.content.SectionRole;
import dev.reelbeam.model.content.Sentence;
import dev.reelbeam.model.failure.FailureCode;
import dev.reelbeam.model.failure.StageException;
import dev.reelbeam.model.json.RecordJson;
import dev.reelbeam.model.store.MediaRef;
import dev.reelbeam.stages.visuals.Storyboard;
import java.nio.charset.StandardCharsets;
import java.text.BreakIterator;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * {@code script.json}: a script as people read it, and as they write it when they edit one.
 *
 * <p>The document names the stored script that it tells of. What is read back keeps everything of
 * it that nobody touched: sentences with the part of the source that they rest on, texts for
 * platforms, what it cost. So an edit of a word has one sentence spoken anew.
 */
public final class ScriptDocument {
  private static final String STORED_AS = "stored_as";
  private static final String SCENES = "scenes";
  private static final int MS_PER_WORD = 400;

  private ScriptDocument() {}

  /**
   * The document of a script.
   *
   * @param stored where the script itself lies
   * @param storyboard for its chapters, null before there is one
   */
  static byte[] write(Script script, MediaRef stored, @Nullable Storyboard storyboard) {
    ObjectNode root = RecordJson.newObject();
    ArrayNode points = root.putArray("points");
    int number = 1;
    for (ScriptSection section : script.sections()) {
      if (section.role() == SectionRole.POINT) {
        ObjectNode point = points.addObject();
        point.put("text", section.text());
        point.put("duration_est_ms", section.durationEstMs());
        point.put("visual_cue", section.visualCue());
        point.put("text_overlay", section.textOverlay());
        point.put("heading", section.heading());
        number = writeScenes(section, point, SCENES, number);
      } else {
        root.put(name(section.role()), section.text());
        number = writeScenes(section, root, name(section.role()) + "_" + SCENES, number);
      }
    }
    ArrayNode chapters = root.putArray("chapter_markers");
    if (storyboard != null) {
      storyboard
          .chapters()
          .forEach(
              marker ->
                  chapters
                      .addObject()
                      .put("time_ms", marker.timeMs())
                      .put("title", marker.title()));
    }
    root.put("total_estimated_duration_ms", script.totalEstimatedDurationMs());
    root.put("script_text", script.scriptText());
    root.put("word_count", script.wordCount());
    root.put("language", script.language());
    root.put("version", script.version());
    root.put("writer", script.writer());
    if (script.hookStyle() != null) {
      root.put("arm", script.hookStyle().id());
    }
    root.set(STORED_AS, RecordJson.toTree(stored));
    return RecordJson.pretty(root).getBytes(StandardCharsets.UTF_8);
  }

  /**
   * The stored script that a document tells of; empty if it names none, or is one itself.
   *
   * @throws StageException {@code RECORD_INVALID} if it is no JSON object
   */
  public static Optional<MediaRef> storedAs(String json) throws StageException {
    JsonNode ref = tree(json).path(STORED_AS);
    return ref.isObject()
        ? Optional.of(RecordJson.read(ref.toString(), MediaRef.class))
        : Optional.empty();
  }

  /**
   * Reads a document that somebody has changed, or a script as it is stored.
   *
   * @param base the script that the document tells of; null if nobody knows it any more
   * @throws StageException {@code RECORD_INVALID} naming the field
   */
  public static Script read(String json, @Nullable Script base) throws StageException {
    JsonNode root = tree(json);
    if (root.has("sections")) {
      try {
        return RecordJson.read(json, Script.class);
      } catch (IllegalArgumentException e) {
        throw new StageException(FailureCode.RECORD_INVALID, String.valueOf(e.getMessage()), e);
      }
    }
    String language = root.path("language").asText(base == null ? "" : base.language());
    if (language.isBlank()) {
      throw invalid("language", "is missing");
    }
    JsonNode points = root.path("points");
    if (!points.isArray()) {
      throw invalid("points", "is missing: a list of {\"text\": …}");
    }
    List<ScriptSection> known =
        new ArrayList<>(base == null ? List.<ScriptSection>of() : base.sections());
    List<ScriptSection> sections = new ArrayList<>();
    for (SectionRole role : SectionRole.values()) {
      if (role != SectionRole.POINT) {
        JsonNode text = root.path(name(role));
        if (text.isTextual() && !text.asText().isBlank()) {
          ScriptSection before = taken(role, text.asText(), -1, known);
          sections.add(
              section(
                      role,
                      text.asText(),
                      before == null ? "" : before.visualCue(),
                      before == null ? "" : before.textOverlay(),
                      before == null ? "" : before.heading(),
                      before,
                      language)
                  .withScenes(scenes(root, name(role) + "_" + SCENES, before)));
        }
        continue;
      }
      for (int i = 0; i < points.size(); i++) {
        JsonNode point = points.get(i);
        String text = point.path("text").asText("");
        if (text.isBlank()) {
          throw invalid("points[" + i + "].text", "is missing");
        }
        ScriptSection before = taken(role, text, points.size() - i, known);
        sections.add(
            section(
                    role,
                    text,
                    point.path("visual_cue").asText(""),
                    point.path("text_overlay").asText(""),
                    point.path("heading").asText(""),
                    before,
                    language)
                .withScenes(scenes(point, SCENES, before)));
      }
    }
    if (sections.isEmpty()) {
      throw invalid("points", "is empty, and there is nothing else to say");
    }
    return base == null
        ? new Script(sections, language, root.path("version").asInt(1), "edited")
        : new Script(
            sections,
            language,
            base.version(),
            base.writer(),
            base.seo(),
            base.charges(),
            sameOpening(base, sections) ? base.hookStyle() : null,
            base.titleStyle(),
            base.pacePermille());
  }

  /** Scenes go with what they are seen to, so they have it for their place in the document. */
  private static int writeScenes(ScriptSection section, ObjectNode parent, String field, int from) {
    if (section.scenes().isEmpty()) {
      return from;
    }
    int number = from;
    ArrayNode scenes = parent.putArray(field);
    for (PlannedScene scene : section.scenes()) {
      ObjectNode node = scenes.addObject();
      node.put("scene_number", number++);
      node.put("description", scene.description());
      node.put("duration_ms", scene.durationMs());
      scene.entities().forEach(node.putArray("entities")::add);
      node.put("visual_style", scene.visualStyle());
    }
    return number;
  }

  /** The scenes of the document; where it has none, those that the section had before. */
  private static List<PlannedScene> scenes(
      JsonNode parent, String field, @Nullable ScriptSection before) throws StageException {
    if (!parent.has(field)) {
      return before == null ? List.of() : before.scenes();
    }
    List<PlannedScene> scenes = new ArrayList<>();
    for (JsonNode node : parent.path(field)) {
      String where = field + "[" + scenes.size() + "]";
      String description = node.path("description").asText("").strip();
      if (description.isEmpty()) {
        throw invalid(where + ".description", "is missing");
      }
      int durationMs = node.path("duration_ms").asInt(0);
      if (durationMs <= 0) {
        throw invalid(where + ".duration_ms", "is not above 0");
      }
      List<String> entities = new ArrayList<>();
      node.path("entities").forEach(entity -> entities.add(entity.asText().strip()));
      scenes.add(
          new PlannedScene(
              description, durationMs, entities, node.path("visual_style").asText("").strip()));
    }
    return List.copyOf(scenes);
  }

  private static boolean sameOpening(Script base, List<ScriptSection> sections) {
    return !base.sections().isEmpty()
        && base.sections().get(0).text().equals(sections.get(0).text());
  }

  private static JsonNode tree(String json) throws StageException {
    try {
      JsonNode root = RecordJson.readTree(json);
      if (root != null && root.isObject()) {
        return root;
      }
    } catch (JsonProcessingException e) {
      throw new StageException(
          FailureCode.RECORD_INVALID, "the script is not JSON: " + e.getOriginalMessage(), e);
    }
    throw new StageException(FailureCode.RECORD_INVALID, "the script is not a JSON object");
  }

  /**
   * The section that a text was before the edit, taken out of those that are known: the one that
   * says the same; else, where as many are left on both sides, the next one in order.
   *
   * @param left how many points the document still has, this one included; -1 for other roles
   */
  private static @Nullable ScriptSection taken(
      SectionRole role, String text, int left, List<ScriptSection> known) {
    List<ScriptSection> alike = known.stream().filter(each -> each.role() == role).toList();
    ScriptSection found =
        alike.stream().filter(each -> each.text().equals(text.strip())).findFirst().orElse(null);
    if (found == null && !alike.isEmpty() && (left < 0 || alike.size() == left)) {
      found = alike.get(0);
    }
    if (found != null) {
      known.remove(found);
    }
    return found;
  }

  private static ScriptSection section(
      SectionRole role,
      String text,
      String visualCue,
      String textOverlay,
      String heading,
      @Nullable ScriptSection before,
      String language) {
    List<Sentence> sentences =
        before != null && before.text().equals(text.strip())
            ? before.sentences()
            : sentences(
                text.strip(), before == null ? List.<Sentence>of() : before.sentences(), language);
    int words = text.strip().split("\\s+").length;
    return new ScriptSection(
        role,
        sentences,
        visualCue.strip(),
        textOverlay.strip(),
        heading.strip(),
        before != null && sentences.equals(before.sentences())
            ? before.durationEstMs()
            : words * MS_PER_WORD);
  }

  /** Sentences that were there are kept as they were cut; what is new is cut where one ends. */
  private static List<Sentence> sentences(String text, List<Sentence> before, String language) {
    List<Sentence> sentences = new ArrayList<>();
    int at = 0;
    int source = before.isEmpty() ? -1 : before.get(0).sourceBlock();
    while (at < text.length()) {
      String rest = text.substring(at);
      Sentence known = null;
      for (Sentence each : before) {
        boolean whole =
            rest.startsWith(each.text())
                && (rest.length() == each.text().length()
                    || Character.isWhitespace(rest.charAt(each.text().length())));
        if (whole && (known == null || each.text().length() > known.text().length())) {
          known = each;
        }
      }
      int length = known == null ? firstSentence(rest, language) : known.text().length();
      if (known != null) {
        source = known.sourceBlock();
      }
      sentences.add(
          known == null ? new Sentence(rest.substring(0, length).strip(), source) : known);
      at += length;
      while (at < text.length() && Character.isWhitespace(text.charAt(at))) {
        at++;
      }
    }
    return List.copyOf(sentences);
  }

  private static int firstSentence(String text, String language) {
    BreakIterator ends = BreakIterator.getSentenceInstance(Locale.forLanguageTag(language));
    ends.setText(text);
    int end = ends.next();
    return end == BreakIterator.DONE || end == 0 ? text.length() : end;
  }

  private static String name(SectionRole role) {
    return role.name().toLowerCase(Locale.ROOT);
  }

  private static StageException invalid(String field, String problem) {
    return new StageException(FailureCode.RECORD_INVALID, "the script's " + field + " " + problem);
  }
}
