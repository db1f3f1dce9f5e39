package dev.reelbeam.model.visual;

import java.io.Serializable;
import java.util.List;

/**
 * What should be seen while something is said. It depends on its own words alone, never on its
 * place in the video or on the time of others: an edit elsewhere asks for the same visuals again.
 *
 * @param cue what should be seen, in a few words; empty when nobody said
 * @param text what is said meanwhile
 * @param topic what the video is about
 * @param terms search terms of the record, the most important one first
 * @param language of all of these, a BCP 47 primary tag
 * @param durationMs about how long it is seen; a clip should last so long
 */
public record Scene(
    String cue,
    String text,
    String topic,
    List<String> terms,
    String language,
    Shape shape,
    int durationMs)
    implements Serializable {
  public Scene {
    terms = List.copyOf(terms);
  }
}
