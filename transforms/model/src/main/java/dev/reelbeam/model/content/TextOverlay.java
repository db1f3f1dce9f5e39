package dev.reelbeam.model.content;

import java.io.Serializable;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Words that somebody wants to be read at a time, whatever is said.
 *
 * @param startMs from the start of the video
 * @param endMs likewise, later than {@code startMs}
 */
public record TextOverlay(int startMs, int endMs, String text) implements Serializable {
  /** So many of them in one video. */
  public static final int MOST = 20;

  public static final int MAX_CHARS = 60;

  /** No longer video is made. */
  public static final int LATEST_START_MS = 900_000;

  public static final int SHORTEST_MS = 1_000;
  public static final int LONGEST_MS = 30_000;

  /** How long a text is read where nobody says it. */
  public static final int USUAL_MS = 3_000;

  /** What is wrong with it, in words for whoever wrote it; null for nothing. */
  public @Nullable String fault() {
    if (text == null || text.isBlank() || text.strip().length() > MAX_CHARS) {
      return "its text has 1 to " + MAX_CHARS + " characters";
    }
    if (startMs < 0 || startMs > LATEST_START_MS) {
      return "'" + text + "' begins at 0 to " + LATEST_START_MS / 1000 + " seconds";
    }
    int lengthMs = endMs - startMs;
    return lengthMs < SHORTEST_MS || lengthMs > LONGEST_MS
        ? "'" + text + "' is seen for 1 to " + LONGEST_MS / 1000 + " seconds"
        : null;
  }

  /** What is wrong with several in one video; null for nothing. */
  public static @Nullable String fault(List<TextOverlay> overlays) {
    if (overlays.size() > MOST) {
      return "at most " + MOST + " texts";
    }
    for (TextOverlay overlay : overlays) {
      String fault = overlay == null ? "a text is missing" : overlay.fault();
      if (fault != null) {
        return fault;
      }
    }
    return null;
  }
}
