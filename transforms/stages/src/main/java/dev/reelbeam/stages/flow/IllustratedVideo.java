package dev.reelbeam.stages.flow;

import dev.reelbeam.model.content.Tracked;
import dev.reelbeam.model.store.MediaRef;
import java.util.List;

/**
 * A variant whose visuals were chosen.
 *
 * @param storyboard {@link dev.reelbeam.stages.visuals.Storyboard} as JSON
 * @param notes what was left out and why
 * @param fallbacks where something else is seen than was planned, and why: a provider that could
 *     not was stood in for
 */
public record IllustratedVideo(
    NarratedVideo narrated, MediaRef storyboard, List<String> notes, List<String> fallbacks)
    implements Derived {
  public IllustratedVideo {
    // Elements of earlier releases have none.
    fallbacks = fallbacks == null ? List.of() : List.copyOf(fallbacks);
  }

  /** A variant that shows what was planned. */
  public IllustratedVideo(NarratedVideo narrated, MediaRef storyboard, List<String> notes) {
    this(narrated, storyboard, notes, List.of());
  }

  @Override
  public Tracked origin() {
    return narrated;
  }
}
