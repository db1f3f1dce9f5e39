package dev.reelbeam.stages.flow;

import dev.reelbeam.model.content.Tracked;
import dev.reelbeam.model.project.Gate;
import dev.reelbeam.model.store.MediaRef;
import java.util.List;

/**
 * A variant whose script was written and spoken.
 *
 * @param script {@link dev.reelbeam.model.content.Script} as JSON
 * @param narration {@link dev.reelbeam.model.speech.Narration} as JSON
 * @param spokenCharacters characters that had to be synthesized; 0 when all speech was found
 * @param fallbacks who wrote or speaks instead of somebody else, and why; each begins with the name
 *     of the gate that it concerns
 */
public record NarratedVideo(
    PlannedVideo planned,
    MediaRef script,
    MediaRef narration,
    int durationMs,
    int spokenCharacters,
    List<String> fallbacks)
    implements Derived {
  public NarratedVideo {
    // Elements of earlier releases have none.
    fallbacks = fallbacks == null ? List.of() : List.copyOf(fallbacks);
  }

  /** A variant that is told and spoken as planned. */
  public NarratedVideo(
      PlannedVideo planned,
      MediaRef script,
      MediaRef narration,
      int durationMs,
      int spokenCharacters) {
    this(planned, script, narration, durationMs, spokenCharacters, List.of());
  }

  /** The same video, handled like this. */
  public NarratedVideo handled(Handling handling) {
    return new NarratedVideo(
        planned.handled(handling), script, narration, durationMs, spokenCharacters, fallbacks);
  }

  /** Whether this gate sees what was planned. */
  public boolean asPlanned(Gate gate) {
    return fallbacks.stream().noneMatch(line -> line.startsWith(gate.label() + ": "));
  }

  @Override
  public Tracked origin() {
    return planned;
  }
}
