package dev.reelbeam.model.visual;

import dev.reelbeam.model.store.MediaRef;
import java.io.Serializable;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What should be seen while something is said. It depends on its own words alone, never on its
 * place in the video or on the time of others: an edit elsewhere asks for the same visuals again.
 *
 * @param cue what should be seen, in a few words; empty when nobody said
 * @param entities people, things and places that have to be seen; may be empty
 * @param style shot, light and mood of this scene in a few words; empty when nobody said
 * @param text what is said meanwhile
 * @param topic what the video is about
 * @param terms search terms of the record, the most important one first
 * @param language of all of these, a BCP 47 primary tag
 * @param durationMs about how long it is seen; a clip should last so long
 * @param narration the text as it is heard, a WAV file, for {@link
 *     dev.reelbeam.model.port.VisualFinder#narrated() who moves lips to it}; null for all others
 */
public record Scene(
    String cue,
    List<String> entities,
    String style,
    String text,
    String topic,
    List<String> terms,
    String language,
    Shape shape,
    int durationMs,
    @Nullable MediaRef narration)
    implements Serializable {
  public Scene {
    entities = List.copyOf(entities);
    terms = List.copyOf(terms);
  }

  /** A scene that was planned, and that nobody moves lips to. */
  public Scene(
      String cue,
      List<String> entities,
      String style,
      String text,
      String topic,
      List<String> terms,
      String language,
      Shape shape,
      int durationMs) {
    this(cue, entities, style, text, topic, terms, language, shape, durationMs, null);
  }

  /** A scene that nobody planned or moves lips to. */
  public Scene(
      String cue,
      String text,
      String topic,
      List<String> terms,
      String language,
      Shape shape,
      int durationMs) {
    this(cue, List.of(), "", text, topic, terms, language, shape, durationMs, null);
  }

  /**
   * The same as it is heard.
   *
   * @param heardMs length of the audio
   */
  public Scene narratedBy(MediaRef audio, int heardMs) {
    return new Scene(cue, entities, style, text, topic, terms, language, shape, heardMs, audio);
  }
}
