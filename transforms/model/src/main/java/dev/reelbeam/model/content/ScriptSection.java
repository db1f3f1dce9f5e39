package dev.reelbeam.model.content;

import java.io.Serializable;
import java.util.List;
import java.util.stream.Collectors;

/**
 * One thought of a script.
 *
 * @param sentences spoken one after the other; at least one
 * @param visualCue what should be seen, in words
 * @param textOverlay a few words shown on screen, at most 40 characters; empty for none
 * @param heading title of the source section it belongs to; empty when there is none
 * @param durationEstMs estimated duration of the speech in ms
 * @param scenes what is seen meanwhile, in order; empty when nobody planned it
 */
public record ScriptSection(
    SectionRole role,
    List<Sentence> sentences,
    String visualCue,
    String textOverlay,
    String heading,
    int durationEstMs,
    List<PlannedScene> scenes)
    implements Serializable {
  public ScriptSection {
    // What people write may lack any of them.
    sentences = sentences == null ? List.of() : sentences;
    visualCue = visualCue == null ? "" : visualCue;
    textOverlay = textOverlay == null ? "" : textOverlay;
    heading = heading == null ? "" : heading;
    scenes = scenes == null ? List.of() : List.copyOf(scenes);
  }

  /** A section whose scenes nobody planned. */
  public ScriptSection(
      SectionRole role,
      List<Sentence> sentences,
      String visualCue,
      String textOverlay,
      String heading,
      int durationEstMs) {
    this(role, sentences, visualCue, textOverlay, heading, durationEstMs, List.of());
  }

  /** The same, seen so. */
  public ScriptSection withScenes(List<PlannedScene> newScenes) {
    return new ScriptSection(
        role, sentences, visualCue, textOverlay, heading, durationEstMs, newScenes);
  }

  /** The sentences joined by spaces. */
  public String text() {
    return sentences.stream().map(Sentence::text).collect(Collectors.joining(" "));
  }
}
