package dev.reelbeam.clients.config;

import dev.reelbeam.model.failure.StageException;
import java.util.Set;

/**
 * {@code lost_answer}: what is done when a paid call was sent and nobody knows whether it was
 * carried out.
 */
public enum LostAnswer {
  /** It is a failure: the next provider is asked, or a person. */
  STOP,
  /** It is bought a second time in the same run, and never a third time. */
  BUY_ONCE_MORE;

  private static final String KEY = "lost_answer";

  /** Reads it; {@link #STOP} unless it is said. */
  public static LostAnswer of(SettingsEntry entry) throws StageException {
    return entry.oneOf(KEY, "stop", Set.of("stop", "buy_once_more")).equals("stop")
        ? STOP
        : BUY_ONCE_MORE;
  }

  /** How often one request is bought at the most. */
  public int purchases() {
    return this == STOP ? 1 : 2;
  }
}
