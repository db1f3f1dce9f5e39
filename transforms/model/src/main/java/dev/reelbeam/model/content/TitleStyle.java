package dev.reelbeam.model.content;

import java.util.Locale;
import java.util.Optional;

/**
 * What form a title has. It shows above the video and in search, never in the picture: so a video
 * with another title is the same video.
 */
public enum TitleStyle {
  /** Names the subject, and is none of the others. */
  PLAIN,
  /** A question that the video answers; it ends with a question mark. */
  QUESTION,
  /** Holds a number of the source, in digits. */
  NUMBER,
  /** Says what the viewer will be able to do, as "How to …" does. */
  HOW_TO;

  /** The name on the wire, for example {@code how_to}. */
  public String id() {
    return name().toLowerCase(Locale.ROOT);
  }

  /** The style of this name on the wire; empty if there is none. */
  public static Optional<TitleStyle> of(String id) {
    for (TitleStyle style : values()) {
      if (style.id().equals(id)) {
        return Optional.of(style);
      }
    }
    return Optional.empty();
  }
}
