package dev.reelbeam.model.cost;

import java.util.Locale;

/** What money is spent on. */
public enum CostItem {
  SCRIPT,
  SPEECH,
  VISUALS,
  MODERATION;

  /** The name in tables and files, for example {@code script}. */
  public String id() {
    return name().toLowerCase(Locale.ROOT);
  }
}
