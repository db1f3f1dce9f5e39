package dev.reelbeam.model.project;

import dev.reelbeam.model.project.ProgressEvent.ProgressError;
import dev.reelbeam.model.store.MediaRef;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * Merges progress events of one project: monotone within an epoch, newest epoch only.
 *
 * <p>A pure function for sinks: {@code shown = ProgressBoard.merge(shown, event)}.
 */
public final class ProgressBoard {
  /** What nothing is behind: a project says so wherever it stood. */
  private static final Set<String> ENDS =
      Set.of(
          ProjectStatus.REJECTED.label(),
          ProjectStatus.CANCELLED.label(),
          ProjectStatus.SKIPPED.label());

  private ProgressBoard() {}

  /**
   * The picture after another event.
   *
   * @return the same instance as {@code shown} when the event belongs to an epoch that is over
   */
  public static ProgressEvent merge(ProgressEvent shown, ProgressEvent event) {
    if (event.epoch() < shown.epoch()) {
      return shown;
    }
    if (event.epoch() > shown.epoch()) {
      return event;
    }
    Map<String, Integer> deliveries = new TreeMap<>(shown.deliveries());
    event.deliveries().forEach((preset, value) -> deliveries.merge(preset, value, Math::max));
    Map<String, MediaRef> refs = new TreeMap<>(shown.refs());
    refs.putAll(event.refs());
    int mean =
        deliveries.isEmpty()
            ? event.progress()
            : deliveries.values().stream().mapToInt(Integer::intValue).sum() / deliveries.size();
    // A stage that is further on describes the project better than one that lags behind.
    boolean further =
        event.progress() >= shown.progress()
            || isFailure(event.error())
            || ENDS.contains(event.status());
    ProgressEvent newest = further ? event : shown;
    return new ProgressEvent(
        event.project(),
        event.revision(),
        event.epoch(),
        newest.status(),
        newest.currentStage(),
        Math.max(shown.progress(), mean),
        deliveries,
        newest.queuePosition(),
        newest.estimatedTimeRemainingS(),
        refs,
        error(shown.error(), event.error()),
        Math.max(shown.atMs(), event.atMs()));
  }

  /** A failure stays; that somebody waits is over with the next event of whoever does not. */
  private static @Nullable ProgressError error(
      @Nullable ProgressError shown, @Nullable ProgressError told) {
    return isFailure(shown) && !isFailure(told) ? shown : told;
  }

  private static boolean isFailure(@Nullable ProgressError error) {
    return error != null && !error.passes();
  }
}
