package dev.reelbeam.model.content;

import java.util.Locale;
import java.util.Optional;

/** How a video opens. Variation keeps a channel from looking templated, and can be learned from. */
public enum HookStyle {
  /** A question that the video answers. */
  QUESTION,
  /** The strongest number of the source. */
  NUMBER,
  /** What people expect against what is true. */
  CONTRAST,
  /** One concrete moment, in the middle of it. */
  STORY,
  /** What the viewer will know or be able to do afterwards. */
  PROMISE;

  /** The name on the wire, for example {@code question}. */
  public String id() {
    return name().toLowerCase(Locale.ROOT);
  }

  /** The style of this name on the wire; empty if there is none. */
  public static Optional<HookStyle> of(String id) {
    for (HookStyle style : values()) {
      if (style.id().equals(id)) {
        return Optional.of(style);
      }
    }
    return Optional.empty();
  }
}
