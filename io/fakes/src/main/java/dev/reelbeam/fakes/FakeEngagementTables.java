package dev.reelbeam.fakes;

import dev.reelbeam.model.engagement.EngagementSnapshot;
import dev.reelbeam.model.engagement.LateSnapshot;
import dev.reelbeam.model.engagement.WindowRow;
import dev.reelbeam.model.port.EngagementHistory;
import dev.reelbeam.model.port.EngagementTables;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/** Windows and snapshots in memory, guarded as in the database. Thread-safe. */
public final class FakeEngagementTables implements EngagementTables, EngagementHistory {
  private final Map<String, WindowRow> rows = new TreeMap<>();
  private final TreeMap<String, EngagementSnapshot> snapshots = new TreeMap<>();
  private final Map<String, LateSnapshot> late = new TreeMap<>();
  private final Map<String, Long> removed = new TreeMap<>();
  private long generation;
  private String generationRates = "";

  @Override
  public synchronized long generation(String rates) {
    return rates.equals(generationRates) ? generation : raise(rates);
  }

  @Override
  public synchronized long raise(String rates) {
    generationRates = rates;
    return ++generation;
  }

  @Override
  public synchronized Page read(String place, int most) {
    List<EngagementSnapshot> some = new ArrayList<>();
    for (Map.Entry<String, EngagementSnapshot> entry : snapshots.tailMap(place).entrySet()) {
      if (some.size() == most) {
        return new Page(some, entry.getKey());
      }
      some.add(entry.getValue());
    }
    return new Page(some, null);
  }

  @Override
  public synchronized void put(List<WindowRow> newRows) {
    for (WindowRow row : newRows) {
      rows.merge(name(row), row, (old, next) -> next.replaces(old) ? next : old);
    }
  }

  @Override
  public synchronized void keep(List<EngagementSnapshot> newSnapshots) {
    newSnapshots.forEach(each -> snapshots.put(each.videoKey() + "@" + each.fetchedAtMs(), each));
  }

  @Override
  public synchronized void putLate(List<LateSnapshot> newLate) {
    newLate.forEach(each -> late.put(each.videoKey() + "@" + each.fetchedAtMs(), each));
  }

  @Override
  public synchronized void markRemoved(String videoKey, long atMs) {
    removed.put(videoKey, atMs);
  }

  @Override
  public synchronized void markReturned(String videoKey, long atMs) {
    removed.computeIfPresent(videoKey, (key, since) -> since < atMs ? null : since);
  }

  @Override
  public synchronized List<EngagementSnapshot> of(Collection<String> videoKeys) {
    return snapshots.values().stream().filter(s -> videoKeys.contains(s.videoKey())).toList();
  }

  /** What ends a replay: rows of older generations go. */
  public synchronized void settle(long counted) {
    rows.values().removeIf(row -> row.generation() < counted);
  }

  /** {@code <dimension> <key> <kind> <start>} and the row. */
  public synchronized Map<String, WindowRow> rows() {
    return new TreeMap<>(rows);
  }

  /** What was kept for replays; every video is known here. */
  public synchronized List<EngagementSnapshot> snapshots() {
    return new ArrayList<>(snapshots.values());
  }

  public synchronized List<LateSnapshot> late() {
    return new ArrayList<>(late.values());
  }

  /** Removed videos and when. */
  public synchronized Map<String, Long> removed() {
    return new TreeMap<>(removed);
  }

  /** How {@link #rows} names a row. */
  public static String name(WindowRow row) {
    return row.dimension().label()
        + " "
        + row.key()
        + " "
        + row.kind().label()
        + " "
        + row.startS();
  }

  @Override
  public void close() {
    // Shared by everybody who opened it.
  }
}
