package dev.reelbeam.stages.visuals;

import dev.reelbeam.model.content.ContentRecord;
import dev.reelbeam.model.content.PlannedScene;
import dev.reelbeam.model.content.Script;
import dev.reelbeam.model.content.ScriptSection;
import dev.reelbeam.model.content.Sentence;
import dev.reelbeam.model.visual.Scene;
import dev.reelbeam.model.visual.Shape;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Which scenes a script has. A scene is a section, or a part of a long one, cut between sentences
 * by the scenes that its writer planned, else by the number of its words: nothing that is said
 * elsewhere moves the cut.
 */
final class Scenes {
  /** About eight seconds of speech; a picture is not looked at for longer. */
  private static final int MOST_WORDS = 20;

  /** A planned scene may be seen longer before it is cut in two. */
  private static final int MOST_PLANNED_WORDS = 30;

  private static final int MS_PER_WORD = 400;
  private static final int LEAST_MS = 1_500;
  private static final int MOST_MS = 8_500;
  private static final int MOST_TERMS = 8;

  private Scenes() {}

  /**
   * A scene and where it belongs.
   *
   * @param section index of the script's section
   * @param firstSentence index of its first sentence in the section
   * @param lastSentence index of its last one
   */
  record Needed(int section, int firstSentence, int lastSentence, Scene scene) {}

  /**
   * The scenes of some sections, in order.
   *
   * @param most if there are more, the first one and those with the most words are kept
   */
  static List<Needed> of(
      ContentRecord content, Script script, List<Integer> sections, Shape shape, int most) {
    List<Needed> all = new ArrayList<>();
    for (int index : sections) {
      ScriptSection section = script.sections().get(index);
      for (Part part : parts(section)) {
        String text = part.text();
        // A cue is for the whole of its section.
        String cue = section.visualCue().equals(section.text()) ? "" : section.visualCue().strip();
        PlannedScene planned = part.planned();
        int ms = Math.max(LEAST_MS, Math.min(MOST_MS, words(text) * MS_PER_WORD));
        List<String> terms = content.keywords();
        all.add(
            new Needed(
                index,
                part.first(),
                part.last(),
                new Scene(
                    planned == null ? cue : planned.description(),
                    planned == null ? List.of() : planned.entities(),
                    planned == null ? "" : planned.visualStyle(),
                    text,
                    content.title(),
                    terms.subList(0, Math.min(MOST_TERMS, terms.size())),
                    script.language(),
                    shape,
                    ms)));
      }
    }
    if (all.size() <= most) {
      return List.copyOf(all);
    }
    List<Needed> kept = new ArrayList<>(all.subList(1, all.size()));
    kept.sort(Comparator.comparingInt(needed -> -words(needed.scene().text())));
    List<Needed> best = new ArrayList<>(kept.subList(0, Math.max(0, most - 1)));
    best.add(all.get(0));
    return all.stream().filter(best::contains).limit(most).toList();
  }

  /**
   * Sentences in a row.
   *
   * @param planned what is seen meanwhile; null when nobody planned it
   */
  private record Part(int first, int last, String text, @Nullable PlannedScene planned) {}

  private static List<Part> parts(ScriptSection section) {
    List<Sentence> sentences = section.sentences();
    // More scenes than sentences: the first ones are seen.
    List<PlannedScene> plan =
        section.scenes().subList(0, Math.min(section.scenes().size(), sentences.size()));
    List<Part> parts = new ArrayList<>();
    if (plan.isEmpty()) {
      cut(sentences, 0, sentences.size() - 1, MOST_WORDS, null, parts);
      return parts;
    }
    long totalMs = Math.max(1, plan.stream().mapToLong(PlannedScene::durationMs).sum());
    int totalWords = words(section.text());
    int first = 0;
    int said = 0;
    long untilMs = 0;
    for (int i = 0; i < plan.size(); i++) {
      untilMs += plan.get(i).durationMs();
      // Every scene that follows keeps a sentence.
      int mostLast = sentences.size() - plan.size() + i;
      int last = first;
      said += words(sentences.get(last).text());
      while (last < mostLast) {
        int next = words(sentences.get(last + 1).text());
        // A sentence belongs where its middle is.
        boolean beyond = (2L * said + next) * totalMs > 2 * untilMs * totalWords;
        if (beyond && i < plan.size() - 1) {
          break;
        }
        last++;
        said += next;
      }
      cut(sentences, first, last, MOST_PLANNED_WORDS, plan.get(i), parts);
      first = last + 1;
    }
    return parts;
  }

  /** Cuts the sentences of a scene where they would be looked at for too long. */
  private static void cut(
      List<Sentence> sentences,
      int from,
      int until,
      int mostWords,
      @Nullable PlannedScene planned,
      List<Part> parts) {
    StringBuilder part = new StringBuilder();
    int first = from;
    for (int i = from; i <= until; i++) {
      String text = sentences.get(i).text();
      if (!part.isEmpty() && words(part.toString()) + words(text) > mostWords) {
        parts.add(new Part(first, i - 1, part.toString(), planned));
        part.setLength(0);
        first = i;
      }
      part.append(part.isEmpty() ? "" : " ").append(text);
    }
    parts.add(new Part(first, until, part.toString(), planned));
  }

  private static int words(String text) {
    return text.isBlank() ? 0 : text.strip().split("\\s+", -1).length;
  }
}
