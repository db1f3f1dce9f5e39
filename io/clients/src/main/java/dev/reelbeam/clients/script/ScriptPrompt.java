package dev.reelbeam.clients.script;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.reelbeam.model.content.ContentKind;
import dev.reelbeam.model.content.ContentRecord;
import dev.reelbeam.model.content.HookStyle;
import dev.reelbeam.model.json.RecordJson;
import dev.reelbeam.model.port.KeyPoints;
import dev.reelbeam.model.port.ScriptRequest;
import dev.reelbeam.model.video.Platform;
import dev.reelbeam.model.video.VideoType;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.stream.Collectors;

/** What a model is asked for when it writes a script, and the schema of its answer. */
final class ScriptPrompt {
  /** Raised when the prompt or what is dropped changes: scripts of the old are not found. */
  static final int VERSION = 6;

  static final String SCHEMA_NAME = "script";

  private static final int TOKENS_PER_WORD = 3;
  private static final int TOKENS_BESIDE_WORDS = 2_500;
  private static final int TOKENS_PER_SCENE = 110;

  /** How long a scene is looked at. */
  private static final int MS_PER_SCENE = 7_000;

  private static final int MOST_SCENES = 24;
  private static final int WORDS_PER_KEY_POINT = 16;
  private static final int MOST_KEY_POINTS = 16;

  /** The same for every record, so that it is found in the provider's prompt cache. */
  private static final String FIXED =
      """
      You write the narration of short videos from a given source. A voice reads it aloud word for \
      word; pictures of the source are shown with it.

      What a good script is
      - It opens with a hook of fewer than 12 words that rests on the strongest fact of the source.
      - Sentences have 8 to 18 words, spoken register, active voice, one idea each.
      - Where key points are named, by the numbers of their sentences, most of them are said.
      - Points keep the order of the source. When the subject changes, name it again instead of \
      saying "it".
      - Never say "in this article", "in this video", "click here", and never read headings aloud.
      - No lists read as lists, no brackets, no web addresses, no emoji, no markup.
      - Numbers and units stay as the source writes them.
      - The call to action is one action, in one sentence.

      What is true
      - Every sentence of the intro and of the points cites, in "sources", the numbers of the source \
      sentences that it rests on. Say nothing that those sentences do not say. Do not add facts, \
      numbers, names, causes or judgements from elsewhere, even if you know them to be true.
      - A sentence whose numbers or names are not in its sources is thrown away. The same holds for \
      what is read: for a text_overlay by the sources of its point, for titles and descriptions by \
      the whole source.
      - The hook and the call to action cite nothing, and claim nothing beyond the source either.

      The fields
      - hook: the opening sentence.
      - intro: sentences that say what this is about; may be empty.
      - points: one thought each, one to three sentences. visual_cue says in a few words what should \
      be seen. text_overlay is at most 36 characters for the screen, a number or a key term of the \
      point, or empty. heading is the source's heading that the point belongs to, or empty.
      - cta: the closing sentence. cta_overlay: at most 36 characters for the end card.
      - scenes: what is seen, in order, about as many as are asked for; pictures or clips are made \
      or searched for by them. scene_number counts from 1. part says what is heard meanwhile: hook, \
      intro, cta, or the number of the point (1 is the first); a part may have several scenes. \
      description is one sentence about what a camera sees, people, things and place, no ideas and \
      no letters. duration is in seconds, 2 to 10. entities are at most 4 names of what has to be \
      seen. visual_style is shot, light and mood in at most 8 words.
      - seo: one entry for each platform that is asked for, within its limits. The title names the \
      subject early and makes no promise the video does not keep; the description begins with what \
      the viewer gets; tags are lower-case search terms without the hash sign; category is one of \
      the platform's usual categories in English.

      Write everything in the language that is asked for.
      """;

  /** A topic or a prompt has no source that could be cited. */
  private static final String FREE =
      """
      There is no source: the title and the sentences below say what the video is about. Write what \
      is generally known of it, leave "sources" empty, and claim no figures, names or dates that you \
      are not sure of. visual_cue is what a photographer would look for: things and places, no ideas.
      """;

  private ScriptPrompt() {}

  static LanguageModel.Prompt of(
      ContentRecord record, ScriptRequest request, SourceSentences source, KeyPoints keyPoints) {
    int words = targetWords(request, source);
    StringBuilder text = new StringBuilder();
    text.append("Language: ").append(record.language()).append('\n');
    text.append("Kind of source: ")
        .append(record.kind().name().toLowerCase(Locale.ROOT))
        .append('\n');
    text.append("Target words: ").append(words).append('\n');
    int scenes = Math.max(3, Math.min(MOST_SCENES, request.targetMs() / MS_PER_SCENE));
    text.append("Scenes: ").append(scenes).append('\n');
    text.append("Pattern: ").append(pattern(request.type())).append('\n');
    HookStyle hook = HookTemplate.of(record, request);
    text.append("Hook: ")
        .append(hook.id())
        .append(", that is ")
        .append(HookTemplate.instruction(hook))
        .append('\n');
    if (request.tone() != null) {
      text.append("Tone: ").append(request.tone()).append('\n');
    }
    if (request.titleStyle() != null) {
      text.append("Titles: ")
          .append(request.titleStyle().id())
          .append(", that is ")
          .append(TitleTemplate.instruction(request.titleStyle()))
          .append('\n');
    }
    if (!record.keywords().isEmpty()) {
      text.append("Search terms that matter: ")
          .append(String.join(", ", record.keywords()))
          .append('\n');
    }
    if (!request.callToAction().isEmpty()) {
      text.append("The call to action says: ").append(request.callToAction()).append('\n');
    }
    if (!request.platforms().isEmpty()) {
      text.append("Platforms:\n");
      for (Platform platform : request.platforms()) {
        text.append("- ")
            .append(platform.id())
            .append(": title up to ")
            .append(platform.titleLimit())
            .append(" characters, description up to ")
            .append(Math.min(1_000, platform.descriptionLimit()))
            .append(", at most 12 tags\n");
      }
    }
    if (record.kind() == ContentKind.TOPIC || record.kind() == ContentKind.PROMPT) {
      // In the variable part: the fixed one is in the provider's cache.
      text.append(FREE).append(topicPattern(request)).append('\n');
    }
    text.append("\nTitle: ").append(record.title()).append('\n');
    text.append("Source, sentence by sentence:\n").append(source.numbered());
    List<Integer> points = keyPoints(record, source, keyPoints, words);
    if (!points.isEmpty()) {
      text.append("Key points, the most important first: ")
          .append(points.stream().map(id -> "[" + id + "]").collect(Collectors.joining(", ")))
          .append('\n');
    }
    return new LanguageModel.Prompt(
        FIXED,
        text.toString(),
        words * TOKENS_PER_WORD + scenes * TOKENS_PER_SCENE + TOKENS_BESIDE_WORDS);
  }

  /** Numbers of the source's sentences that matter most, about as many as can be said. */
  private static List<Integer> keyPoints(
      ContentRecord record, SourceSentences source, KeyPoints keyPoints, int words) {
    int most = Math.min(MOST_KEY_POINTS, 2 + words / WORDS_PER_KEY_POINT);
    Set<Integer> ids = new LinkedHashSet<>();
    for (KeyPoints.KeyPoint point : keyPoints.of(record, most)) {
      int id = source.closest(point.block(), point.text());
      if (id >= 0) {
        ids.add(id);
      }
    }
    return List.copyOf(ids);
  }

  /** From the measured pace of the voice. */
  private static int targetWords(ScriptRequest request, SourceSentences source) {
    // A sentence of 12 words brings one pause.
    int msPerWord = request.msPerWord() + request.pauseMs() / 12;
    return Math.max(20, request.targetMs() / Math.max(1, msPerWord));
  }

  /** Hook, value, content, call to action: 3, 7, 40 and 10 of 60 seconds, scaled to the length. */
  private static String topicPattern(ScriptRequest request) {
    int seconds = request.targetMs() / 1000;
    return "Pattern of a topic: hook "
        + Math.max(2, seconds * 3 / 60)
        + " s, what the viewer gets "
        + Math.max(2, seconds * 7 / 60)
        + " s (intro), content (points) "
        + seconds * 40 / 60
        + " s, call to action "
        + Math.max(2, seconds * 10 / 60)
        + " s";
  }

  private static String pattern(VideoType type) {
    return switch (type) {
      case TEASER -> "hook 3-5 s, no intro, points, call to action 2-4 s";
      case SHORT -> "hook 3-5 s, intro 3-5 s, points, call to action 5-10 s";
      case MEDIUM, LONG -> "hook 3-5 s, intro 10-15 s, points, call to action 5-10 s";
    };
  }

  /** A strict schema: every property required, none besides. */
  static JsonNode schema() {
    ObjectNode sentence = object();
    property(sentence, "text", type("string"));
    property(sentence, "sources", array(type("integer")));
    ObjectNode point = object();
    property(point, "sentences", array(sentence));
    property(point, "visual_cue", type("string"));
    property(point, "text_overlay", type("string"));
    property(point, "heading", type("string"));
    ObjectNode seo = object();
    property(seo, "platform", type("string"));
    property(seo, "title", type("string"));
    property(seo, "description", type("string"));
    property(seo, "tags", array(type("string")));
    property(seo, "category", type("string"));
    ObjectNode scene = object();
    property(scene, "scene_number", type("integer"));
    property(scene, "part", type("string"));
    property(scene, "description", type("string"));
    property(scene, "duration", type("number"));
    property(scene, "entities", array(type("string")));
    property(scene, "visual_style", type("string"));
    ObjectNode root = object();
    property(root, "hook", type("string"));
    property(root, "intro", array(sentence));
    property(root, "points", array(point));
    property(root, "cta", type("string"));
    property(root, "cta_overlay", type("string"));
    property(root, "scenes", array(scene));
    property(root, "seo", array(seo));
    return root;
  }

  private static ObjectNode object() {
    ObjectNode object = type("object");
    object.put("additionalProperties", false);
    object.putObject("properties");
    object.putArray("required");
    return object;
  }

  private static void property(ObjectNode object, String name, ObjectNode schema) {
    ((ObjectNode) object.get("properties")).set(name, schema.deepCopy());
    ((ArrayNode) object.get("required")).add(name);
  }

  private static ObjectNode type(String name) {
    ObjectNode schema = RecordJson.newObject();
    schema.put("type", name);
    return schema;
  }

  private static ObjectNode array(ObjectNode items) {
    ObjectNode schema = type("array");
    schema.set("items", items.deepCopy());
    return schema;
  }
}
