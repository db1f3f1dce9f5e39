package dev.reelbeam.clients.script;

import com.fasterxml.jackson.databind.JsonNode;
import dev.reelbeam.model.content.ContentRecord;
import dev.reelbeam.model.content.HookStyle;
import dev.reelbeam.model.content.PlannedScene;
import dev.reelbeam.model.content.Script;
import dev.reelbeam.model.content.ScriptSection;
import dev.reelbeam.model.content.SectionRole;
import dev.reelbeam.model.content.Sentence;
import dev.reelbeam.model.content.SeoMetadata;
import dev.reelbeam.model.content.SpokenWords;
import dev.reelbeam.model.content.TitleStyle;
import dev.reelbeam.model.port.ScriptRequest;
import dev.reelbeam.model.video.Platform;
import dev.reelbeam.model.video.VideoType;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/** Reads a model's answer: what is wrong with it, and the script that it gives. */
final class ScriptAnswer {
  private static final int MAX_HOOK_WORDS = 16;
  private static final int MAX_SENTENCE_WORDS = 40;
  private static final int MAX_OVERLAY_CHARS = 40;
  private static final int MAX_TAGS = 15;
  private static final int MAX_DESCRIPTION_CHARS = 400;
  private static final int MAX_ENTITY_CHARS = 60;
  private static final int MAX_ENTITIES = 6;
  private static final int MAX_STYLE_CHARS = 120;
  private static final int DROPPED = -1;
  private static final double LONGEST_SCENE_S = 60;

  private final ContentRecord record;
  private final ScriptRequest request;
  private final SourceSentences source;
  private final boolean needsSource;
  private final List<String> problems = new ArrayList<>();
  private final List<String> sceneProblems = new ArrayList<>();
  private int checked;
  private int dropped;
  private int plannedScenes;

  /** Whether a title says more than the source: its platform gets another one. */
  private boolean titleBeyond;

  ScriptAnswer(ContentRecord record, ScriptRequest request, SourceSentences source) {
    this.record = record;
    this.request = request;
    this.source = source;
    this.needsSource =
        switch (record.kind()) {
          case ARTICLE, LISTING, CLIP, AUDIO -> true;
          case TOPIC, PROMPT -> false;
        };
  }

  /** What has to be put right before this is a script; empty if nothing. */
  List<String> problems() {
    return List.copyOf(problems);
  }

  /** The same, and what was wrong with scenes. */
  List<String> allProblems() {
    List<String> all = new ArrayList<>(problems);
    all.addAll(sceneProblems);
    return List.copyOf(all);
  }

  /**
   * Scenes that made no sense and were left out, a line each: no script is bought twice for them,
   * its words do without.
   */
  List<String> sceneProblems() {
    return List.copyOf(sceneProblems);
  }

  /** How many scenes the answer had. */
  int plannedScenes() {
    return plannedScenes;
  }

  /** How many sentences were checked for support. */
  int checked() {
    return checked;
  }

  /** How many of them had none and were dropped. */
  int dropped() {
    return dropped;
  }

  Script read(JsonNode answer, String writer) {
    List<ScriptSection> sections = new ArrayList<>();
    String hook = clean(answer.path("hook").asText(""));
    if (hook.isEmpty() || words(hook) > MAX_HOOK_WORDS) {
      problems.add("the hook has " + words(hook) + " words; 3 to 12 are wanted");
    }
    if (needsSource && !Support.numbersHold(hook, source)) {
      problems.add("the hook has a number that the source does not have");
    }
    HookStyle style = HookTemplate.of(record, request);
    String complaint = HookTemplate.complaint(style, hook);
    if (request.hookStyle() != null && !complaint.isEmpty()) {
      problems.add(complaint);
    }
    sections.add(section(SectionRole.HOOK, List.of(new Sentence(hook, -1)), "", hook, ""));
    List<Sentence> intro = said(answer.path("intro")).sentences();
    if (!intro.isEmpty() && request.type() != VideoType.TEASER) {
      sections.add(section(SectionRole.INTRO, intro, "", "", ""));
    }
    int points = 0;
    int number = 0;
    Map<String, Integer> parts = new HashMap<>();
    for (int i = 0; i < sections.size(); i++) {
      parts.put(sections.get(i).role().name().toLowerCase(Locale.ROOT), i);
    }
    // Scenes of what was dropped go with it.
    parts.putIfAbsent("intro", DROPPED);
    parts.put("cta", DROPPED);
    for (JsonNode point : answer.path("points")) {
      number++;
      parts.put(String.valueOf(number), DROPPED);
      Said said = said(point.path("sentences"));
      if (!said.sentences().isEmpty()) {
        points++;
        parts.put(String.valueOf(number), sections.size());
        sections.add(
            section(
                SectionRole.POINT,
                said.sentences(),
                clean(point.path("visual_cue").asText("")),
                overlay(clean(point.path("text_overlay").asText("")), said),
                heading(clean(point.path("heading").asText("")))));
      }
    }
    if (points == 0) {
      problems.add("no point is supported by the sentences it cites");
    }
    String cta = clean(answer.path("cta").asText(""));
    if (cta.isEmpty() || words(cta) > MAX_SENTENCE_WORDS) {
      problems.add("the call to action has " + words(cta) + " words; 4 to 15 are wanted");
    } else {
      if (!wanted(cta)) {
        problems.add("the call to action has a number that the source does not have");
      }
      String overlay = clean(answer.path("cta_overlay").asText(""));
      parts.put("cta", sections.size());
      sections.add(
          section(
              SectionRole.CTA,
              List.of(new Sentence(cta, -1)),
              "",
              wanted(overlay) ? overlay : "",
              ""));
    }
    planScenes(answer.path("scenes"), parts, sections);
    Map<String, SeoMetadata> texts = seo(answer.path("seo"));
    Script script =
        new Script(
                List.copyOf(sections),
                record.language(),
                1,
                writer,
                texts,
                complaint.isEmpty() ? style : null)
            .withTitleStyle(titleStyle(texts.values()));
    long estimate = script.totalEstimatedDurationMs();
    if (estimate < request.minMs() * 7L / 10 || estimate > request.maxMs() * 13L / 10) {
      problems.add(
          "the script has "
              + script.wordCount()
              + " words, about "
              + estimate / 1000
              + " s; wanted are "
              + request.targetMs() / 1000
              + " s");
    }
    return script;
  }

  /** A scene, and the section that is heard meanwhile. */
  private record Placed(int number, int section, PlannedScene scene) {}

  private void planScenes(
      JsonNode nodes, Map<String, Integer> parts, List<ScriptSection> sections) {
    List<Placed> placed = new ArrayList<>();
    for (JsonNode node : nodes) {
      plannedScenes++;
      int number = node.path("scene_number").asInt(0);
      double seconds = node.path("duration").asDouble(0);
      String part = node.path("part").asText("").strip().toLowerCase(Locale.ROOT);
      // "point 2", as some write it.
      Integer section = parts.get(part.replaceFirst("^points?[ _-]*", ""));
      String description = clean(node.path("description").asText(""));
      if (section == null) {
        sceneProblems.add("scene " + number + " belongs to no part: '" + shortened(part) + "'");
      } else if (section == DROPPED) {
        continue;
      } else if (description.isEmpty() || description.length() > MAX_DESCRIPTION_CHARS) {
        sceneProblems.add(
            "the description of scene " + number + " has " + description.length() + " characters");
      } else if (!(seconds > 0 && seconds <= LONGEST_SCENE_S)) {
        sceneProblems.add("scene " + number + " lasts " + seconds + " s; 2 to 10 are wanted");
      } else {
        String style = clean(node.path("visual_style").asText(""));
        placed.add(
            new Placed(
                number,
                section,
                new PlannedScene(
                    description,
                    (int) Math.max(1, Math.round(seconds * 1000)),
                    entities(node.path("entities")),
                    style.length() <= MAX_STYLE_CHARS ? style : "")));
      }
    }
    // Stable: those of one number stay as they came.
    placed.sort(Comparator.comparingInt(Placed::number));
    for (int i = 0; i < sections.size(); i++) {
      int index = i;
      List<PlannedScene> scenes =
          placed.stream()
              .filter(one -> one.section() == index)
              .map(Placed::scene)
              .limit(Math.max(1, sections.get(i).sentences().size()))
              .toList();
      if (!scenes.isEmpty()) {
        sections.set(i, sections.get(i).withScenes(scenes));
      }
    }
  }

  private static List<String> entities(JsonNode nodes) {
    Set<String> entities = new LinkedHashSet<>();
    for (JsonNode node : nodes) {
      String entity = clean(node.asText(""));
      if (!entity.isEmpty()
          && entity.length() <= MAX_ENTITY_CHARS
          && entities.size() < MAX_ENTITIES) {
        entities.add(entity);
      }
    }
    return List.copyOf(entities);
  }

  private static String shortened(String text) {
    return text.length() > 30 ? text.substring(0, 30) + "…" : text;
  }

  /**
   * What is heard of a part.
   *
   * @param cited what its sentences rest on
   */
  private record Said(List<Sentence> sentences, Set<Integer> cited) {}

  /** Whether a call to action has no number but those of the source, or of what was asked for. */
  private boolean wanted(String text) {
    return !needsSource || Support.numbersHold(text, source, request.callToAction());
  }

  /** What a sentence may not say is not read over the next one, either. */
  private String overlay(String overlay, Said said) {
    List<String> heard = said.sentences().stream().map(Sentence::text).toList();
    return !needsSource || Support.overlayHolds(overlay, heard, said.cited(), source)
        ? overlay
        : "";
  }

  /** The source's own, whatever marks and capitals it was given. */
  private String heading(String heading) {
    if (!needsSource) {
      return heading;
    }
    String wanted = letters(heading);
    return source.all().stream()
        .map(SourceSentences.SourceSentence::heading)
        .filter(own -> !own.isEmpty() && letters(own).equals(wanted))
        .findFirst()
        .map(ScriptAnswer::clean)
        .orElse("");
  }

  private static String letters(String text) {
    return text.toLowerCase(Locale.ROOT).replaceAll("[^\\p{L}\\p{N}]+", "");
  }

  private Said said(JsonNode node) {
    List<Sentence> sentences = new ArrayList<>();
    Set<Integer> rests = new TreeSet<>();
    for (JsonNode entry : node) {
      String text = clean(entry.path("text").asText(""));
      if (text.isEmpty()) {
        continue;
      }
      if (words(text) > MAX_SENTENCE_WORDS) {
        problems.add("a sentence has " + words(text) + " words; 8 to 18 are wanted");
        continue;
      }
      List<Integer> cited = new ArrayList<>();
      entry.path("sources").forEach(id -> cited.add(id.asInt(-1)));
      if (needsSource) {
        checked++;
        if (!Support.holds(text, cited, source)) {
          dropped++;
          continue;
        }
        rests.addAll(cited);
      }
      sentences.add(new Sentence(text, block(cited)));
    }
    return new Said(List.copyOf(sentences), rests);
  }

  private int block(List<Integer> cited) {
    for (int id : cited) {
      if (id >= 0 && id < source.all().size()) {
        return source.all().get(id).block();
      }
    }
    return -1;
  }

  private ScriptSection section(
      SectionRole role, List<Sentence> sentences, String cue, String overlay, String heading) {
    int words = sentences.stream().mapToInt(sentence -> words(sentence.text())).sum();
    int estimate = words * request.msPerWord() + sentences.size() * request.pauseMs();
    // What does not fit on the screen is left away rather than cut.
    String shown = overlay.length() <= MAX_OVERLAY_CHARS ? overlay : "";
    return new ScriptSection(role, sentences, cue, shown, heading, estimate);
  }

  /** The form that was asked for, if all titles have it: a script is not bought twice for one. */
  private @Nullable TitleStyle titleStyle(Collection<SeoMetadata> texts) {
    TitleStyle style = request.titleStyle();
    return style != null
            && !texts.isEmpty()
            && !titleBeyond
            && texts.stream().allMatch(text -> TitleTemplate.has(style, text.title(), source))
        ? style
        : null;
  }

  /**
   * Texts within their platform's limits that say nothing beyond the source; an entry that does is
   * left to the fallback.
   */
  private Map<String, SeoMetadata> seo(JsonNode entries) {
    String told = told();
    Map<String, Platform> platforms = new LinkedHashMap<>();
    request.platforms().forEach(platform -> platforms.put(platform.id(), platform));
    Map<String, SeoMetadata> texts = new TreeMap<>();
    for (JsonNode entry : entries) {
      Platform platform = platforms.get(entry.path("platform").asText());
      String title = clean(entry.path("title").asText(""));
      String description = entry.path("description").asText("").strip();
      if (platform == null
          || title.isEmpty()
          || title.length() > platform.titleLimit()
          || description.isEmpty()
          || description.length() > platform.descriptionLimit()) {
        continue;
      }
      boolean supported = !needsSource || Support.published(title, source, told);
      titleBeyond |= !supported;
      if (!supported || (needsSource && !Support.published(description, source, told))) {
        continue;
      }
      List<String> tags = new ArrayList<>();
      int chars = 0;
      for (JsonNode tag : entry.path("tags")) {
        String text = clean(tag.asText("")).replaceFirst("^#", "");
        if (!text.isEmpty()
            && tags.size() < MAX_TAGS
            && chars + text.length() + 1 <= platform.tagsLimit()) {
          tags.add(text);
          chars += text.length() + 1;
        }
      }
      texts.put(
          platform.id(),
          new SeoMetadata(
              title, description, List.copyOf(tags), clean(entry.path("category").asText(""))));
    }
    return texts;
  }

  /** What the record says beside its sentences, and where the video goes. */
  private String told() {
    StringBuilder told = new StringBuilder(request.callToAction()).append('\n');
    record.keywords().forEach(word -> told.append(word).append('\n'));
    for (Platform platform : Platform.values()) {
      told.append(platform.id()).append('\n');
    }
    return told.toString();
  }

  /** One line of speakable text. */
  private static String clean(String text) {
    return text.replaceAll("[\\p{Cntrl}\\s]+", " ").replaceAll("[*_`]{1,3}", "").strip();
  }

  private static int words(String text) {
    return SpokenWords.count(text);
  }
}
