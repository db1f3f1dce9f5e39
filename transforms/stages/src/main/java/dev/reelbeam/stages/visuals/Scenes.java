package dev.reelbeam.stages.visuals;

import dev.reelbeam.model.content.ContentRecord;
import dev.reelbeam.model.content.Script;
import dev.reelbeam.model.content.ScriptSection;
import dev.reelbeam.model.content.Sentence;
import dev.reelbeam.model.visual.Scene;
import dev.reelbeam.model.visual.Shape;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;

/**
 * Which scenes a script has. A scene is a section, or a part of a long one, cut between sentences
 * by the number of its words: nothing that is said elsewhere moves the cut.
 */
final class Scenes {
  /** About eight seconds of speech; a picture is not looked at for longer. */
  private static final int MOST_WORDS = 20;

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
        int ms = Math.max(LEAST_MS, Math.min(MOST_MS, words(text) * MS_PER_WORD));
        List<String> terms = content.keywords();
        all.add(
            new Needed(
                index,
                part.first(),
                part.last(),
                new Scene(
                    cue,
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

  /** Sentences in a row. */
  private record Part(int first, int last, String text) {}

  private static List<Part> parts(ScriptSection section) {
    List<Part> parts = new ArrayList<>();
    StringBuilder part = new StringBuilder();
    int first = 0;
    List<Sentence> sentences = section.sentences();
    for (int i = 0; i < sentences.size(); i++) {
      String text = sentences.get(i).text();
      if (!part.isEmpty() && words(part.toString()) + words(text) > MOST_WORDS) {
        parts.add(new Part(first, i - 1, part.toString()));
        part.setLength(0);
        first = i;
      }
      part.append(part.isEmpty() ? "" : " ").append(text);
    }
    parts.add(new Part(first, sentences.size() - 1, part.toString()));
    return parts;
  }

  private static int words(String text) {
    return text.isBlank() ? 0 : text.strip().split("\\s+", -1).length;
  }
}
