package dev.reelbeam.stages.flow;

import dev.reelbeam.model.content.RecordKey;
import dev.reelbeam.model.content.Tracked;
import dev.reelbeam.model.store.MediaRef;
import java.util.List;

/**
 * A variant whose script was written and spoken.
 *
 * @param script {@link dev.reelbeam.model.content.Script} as JSON
 * @param narration {@link dev.reelbeam.model.speech.Narration} as JSON
 * @param spokenCharacters characters that had to be synthesized; 0 when all speech was found
 */
public record NarratedVideo(
    PlannedVideo planned, MediaRef script, MediaRef narration, int durationMs, int spokenCharacters)
    implements Tracked {
  /** The same video, handled like this. */
  public NarratedVideo handled(Handling handling) {
    return new NarratedVideo(
        planned.handled(handling), script, narration, durationMs, spokenCharacters);
  }

  @Override
  public RecordKey recordKey() {
    return planned.key();
  }

  @Override
  public List<String> presets() {
    return planned.presets();
  }

  @Override
  public long epoch() {
    return planned.epoch();
  }

  @Override
  public String priority() {
    return planned.priority();
  }
}
