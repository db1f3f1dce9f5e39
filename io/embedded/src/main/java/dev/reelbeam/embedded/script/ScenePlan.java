package dev.reelbeam.embedded.script;

import dev.reelbeam.model.content.PlannedScene;
import dev.reelbeam.model.content.Sentence;
import java.util.ArrayList;
import java.util.List;

/** A plain plan of scenes: what each stretch of a section is about, in the source's own words. */
final class ScenePlan {
  /** About eight seconds of speech. */
  private static final int MOST_WORDS = 20;

  private static final int MOST_ENTITIES = 3;

  private final KeyPhrases phrases;
  private final OnScreen onScreen;
  private final Selection.Pace pace;

  ScenePlan(SourceText source, OnScreen onScreen, Selection.Pace pace) {
    this.phrases = new KeyPhrases(source);
    this.onScreen = onScreen;
    this.pace = pace;
  }

  /** The scenes of a section that is seen by its own words. */
  List<PlannedScene> of(List<Sentence> sentences) {
    List<PlannedScene> scenes = new ArrayList<>();
    List<Sentence> stretch = new ArrayList<>();
    for (Sentence sentence : sentences) {
      stretch.add(sentence);
      if (Candidate.words(texts(stretch)) > MOST_WORDS && stretch.size() > 1) {
        stretch.remove(stretch.size() - 1);
        scenes.add(scene(stretch));
        stretch.clear();
        stretch.add(sentence);
      }
    }
    if (!stretch.isEmpty()) {
      scenes.add(scene(stretch));
    }
    return List.copyOf(scenes);
  }

  private PlannedScene scene(List<Sentence> stretch) {
    List<String> texts = texts(stretch);
    String text = String.join(" ", texts);
    return new PlannedScene(
        onScreen.cue(text, Math.max(0, stretch.get(0).sourceBlock())),
        Math.max(1, pace.cost(texts)),
        phrases.phrases(text).stream().distinct().limit(MOST_ENTITIES).toList(),
        "");
  }

  private static List<String> texts(List<Sentence> sentences) {
    return sentences.stream().map(Sentence::text).toList();
  }
}
