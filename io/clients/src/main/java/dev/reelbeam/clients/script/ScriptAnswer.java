package dev.reelbeam.clients.script;

import com.fasterxml.jackson.databind.JsonNode;
import dev.reelbeam.model.content.ContentRecord;
import dev.reelbeam.model.content.HookStyle;
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
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/** Reads a model's answer: what is wrong with it, and the script that it gives. */
final class ScriptAnswer {
  private static final int MAX_HOOK_WORDS = 16;
  private static final int MAX_SENTENCE_WORDS = 40;
  private static final int MAX_OVERLAY_CHARS = 40;
  private static final int MAX_TAGS = 15;

  private final ContentRecord record;
  private final ScriptRequest request;
  private final SourceSentences source;
  private final boolean needsSource;
  private final List<String> problems = new ArrayList<>();
  private int checked;
  private int dropped;

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
    List<Sentence> intro = sentences(answer.path("intro"));
    if (!intro.isEmpty() && request.type() != VideoType.TEASER) {
      sections.add(section(SectionRole.INTRO, intro, "", "", ""));
    }
    int points = 0;
    for (JsonNode point : answer.path("points")) {
      List<Sentence> sentences = sentences(point.path("sentences"));
      if (!sentences.isEmpty()) {
        points++;
        sections.add(
            section(
                SectionRole.POINT,
                sentences,
                clean(point.path("visual_cue").asText("")),
                clean(point.path("text_overlay").asText("")),
                clean(point.path("heading").asText(""))));
      }
    }
    if (points == 0) {
      problems.add("no point is supported by the sentences it cites");
    }
    String cta = clean(answer.path("cta").asText(""));
    if (cta.isEmpty() || words(cta) > MAX_SENTENCE_WORDS) {
      problems.add("the call to action has " + words(cta) + " words; 4 to 15 are wanted");
    } else {
      sections.add(
          section(
              SectionRole.CTA,
              List.of(new Sentence(cta, -1)),
              "",
              clean(answer.path("cta_overlay").asText("")),
              ""));
    }
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

  private List<Sentence> sentences(JsonNode node) {
    List<Sentence> sentences = new ArrayList<>();
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
      }
      sentences.add(new Sentence(text, block(cited)));
    }
    return List.copyOf(sentences);
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
            && texts.stream().allMatch(text -> TitleTemplate.has(style, text.title(), source))
        ? style
        : null;
  }

  /** Texts within their platform's limits; an entry that breaks them is left to the fallback. */
  private Map<String, SeoMetadata> seo(JsonNode entries) {
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

  /** One line of speakable text. */
  private static String clean(String text) {
    return text.replaceAll("[\\p{Cntrl}\\s]+", " ").replaceAll("[*_`]{1,3}", "").strip();
  }

  private static int words(String text) {
    return SpokenWords.count(text);
  }
}
