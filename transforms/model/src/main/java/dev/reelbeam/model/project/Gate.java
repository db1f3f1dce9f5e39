package dev.reelbeam.model.project;

import java.util.Locale;
import java.util.Optional;

/** Where people decide about an artifact. */
public enum Gate {
  SCRIPT,
  VOICE,
  VISUALS,
  FINAL;

  /** The name on the wire, for example {@code script}. */
  public String label() {
    return name().toLowerCase(Locale.ROOT);
  }

  /** The gate of a name on the wire. */
  public static Optional<Gate> find(String label) {
    for (Gate gate : values()) {
      if (gate.label().equals(label)) {
        return Optional.of(gate);
      }
    }
    return Optional.empty();
  }
}
