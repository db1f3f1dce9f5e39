package dev.reelbeam.model.content;

import java.io.Serializable;
import java.util.List;

/**
 * What is seen during a part of a section, for who finds or makes pictures. Its number is its place
 * in the script.
 *
 * @param description what a camera would see, in a sentence
 * @param durationMs how long, roughly; the narration decides, and the scenes of a section share its
 *     sentences by it
 * @param entities people, things and places that have to be seen; may be empty
 * @param visualStyle shot, light and mood in a few words; may be empty
 */
public record PlannedScene(
    String description, int durationMs, List<String> entities, String visualStyle)
    implements Serializable {
  public PlannedScene {
    // What people write may lack any of them.
    description = description == null ? "" : description;
    entities = entities == null ? List.of() : List.copyOf(entities);
    visualStyle = visualStyle == null ? "" : visualStyle;
  }
}
