package dev.reelbeam.pipelines.report;

import java.util.List;
import java.util.Map;

/**
 * What a video was expected to cost before it was made.
 *
 * @param presets of its deliveries
 * @param lines by the beginning of the names of items in {@code metadata.json}
 */
public record Estimate(List<String> presets, Map<String, Line> lines) {
  /** Of one item. */
  public record Line(long credits, long microDollars) {}

  public Estimate {
    presets = List.copyOf(presets);
    lines = Map.copyOf(lines);
  }

  /** The line of an item; nothing if it was not expected. */
  Line of(String item) {
    for (Map.Entry<String, Line> line : lines.entrySet()) {
      if (item.startsWith(line.getKey())) {
        return line.getValue();
      }
    }
    return new Line(0, 0);
  }
}
