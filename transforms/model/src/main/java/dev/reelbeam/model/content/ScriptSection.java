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
 */
public record ScriptSection(
    SectionRole role,
    List<Sentence> sentences,
    String visualCue,
    String textOverlay,
    String heading,
    int durationEstMs)
    implements Serializable {
  public ScriptSection {
    // What people write may lack any of them.
    sentences = sentences == null ? List.of() : sentences;
    visualCue = visualCue == null ? "" : visualCue;
    textOverlay = textOverlay == null ? "" : textOverlay;
    heading = heading == null ? "" : heading;
  }

  /** The sentences joined by spaces. */
  public String text() {
    return sentences.stream().map(Sentence::text).collect(Collectors.joining(" "));
  }
}
