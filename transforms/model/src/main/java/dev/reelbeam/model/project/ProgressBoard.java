package dev.reelbeam.model.project;

import dev.reelbeam.model.project.ProgressEvent.ProgressError;
import dev.reelbeam.model.store.MediaRef;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.OptionalInt;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/**
 * Merges progress events of one project: monotone within an epoch, newest epoch only.
 *
 * <p>How deliveries end is told one by one: while one of them goes on, the project does, and once
 * none does it is completed if there is a video, else what the last of them became.
 *
 * <p>A pure function for sinks: {@code shown = ProgressBoard.merge(shown, event)}.
 */
public final class ProgressBoard {
  /** What comes after these is another epoch. */
  private static final Set<String> ENDS =
      Set.of(
          ProjectStatus.COMPLETED.label(),
          ProjectStatus.FAILED.label(),
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
    boolean ends = ends(event);
    Set<String> ended = new TreeSet<>(shown.ended());
    ended.addAll(event.ended());
    if (ends && event.ended().isEmpty()) {
      ended.addAll((event.deliveries().isEmpty() ? deliveries : event.deliveries()).keySet());
    }
    // A video that is there stays, whatever becomes of its copies.
    ended.removeIf(preset -> deliveries.getOrDefault(preset, 0) >= 100);
    boolean over =
        deliveries.entrySet().stream()
            .allMatch(one -> one.getValue() >= 100 || ended.contains(one.getKey()));
    ProgressEvent newest = shown;
    if (ends && over) {
      boolean made = deliveries.containsValue(100);
      newest = made ? event.withStatus(ProjectStatus.COMPLETED) : event;
    } else if (!ends && (!over || deliveries.isEmpty())) {
      // A stage that is further on describes the project better than one that lags behind, or than
      // the end of one delivery while others go on.
      newest = event.progress() >= shown.progress() || ends(shown) ? event : shown;
    }
    return new ProgressEvent(
        event.project(),
        event.revision(),
        event.epoch(),
        newest.status(),
        newest.currentStage(),
        Math.max(shown.progress(), mean(deliveries, ended).orElse(event.progress())),
        deliveries,
        newest.queuePosition(),
        newest.estimatedTimeRemainingS(),
        refs,
        error(shown.error(), event.error()),
        Math.max(shown.atMs(), event.atMs()),
        ended);
  }

  private static boolean ends(ProgressEvent event) {
    return ENDS.contains(event.status());
  }

  /** How far those are that go on or are there; when there are none, how far all came. */
  private static OptionalInt mean(Map<String, Integer> deliveries, Set<String> ended) {
    List<Integer> counted =
        deliveries.entrySet().stream()
            .filter(one -> !ended.contains(one.getKey()))
            .map(Map.Entry::getValue)
            .toList();
    Collection<Integer> all = counted.isEmpty() ? deliveries.values() : counted;
    return all.isEmpty()
        ? OptionalInt.empty()
        : OptionalInt.of(all.stream().mapToInt(Integer::intValue).sum() / all.size());
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
