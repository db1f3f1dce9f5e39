package dev.reelbeam.model.engagement;

/** The windows that are stored; sliding ones of 7 and 28 days are a view over {@link #DAY}. */
public enum WindowKind {
  /** Begins at a whole hour of UTC. */
  HOUR("hour"),
  /** A day of the site's time zone: 23, 24 or 25 hours. */
  DAY("day"),
  /** The 24 hours since publishing. */
  FIRST_24H("first_24h"),
  /** The seven times 24 hours since publishing. */
  FIRST_7D("first_7d");

  private final String label;

  WindowKind(String label) {
    this.label = label;
  }

  /** The name in tables. */
  public String label() {
    return label;
  }
}
