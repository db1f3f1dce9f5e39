package dev.reelbeam.model.content;

import java.util.List;

/** An element that knows which deliveries it stands for. */
public interface Tracked {
  /** The record it comes from. */
  RecordKey recordKey();

  /** Presets of the deliveries that fail when this element fails; empty: the whole record. */
  List<String> presets();

  /** The project's epoch that it belongs to; 0: nobody keeps a ledger in this run. */
  default long epoch() {
    return 0;
  }

  /** How urgent its project is: {@code high}, {@code normal} or {@code low}. */
  default String priority() {
    return "normal";
  }
}
