package dev.reelbeam.model.content;

import java.io.Serializable;
import java.util.Locale;
import java.util.Optional;

/**
 * Who may stand in for a provider that cannot, in the words of {@code project.settings.fallback}.
 */
public enum FallbackPolicy implements Serializable {
  /** The next provider, in the end the embedded one. */
  ANY,

  /** The next provider of the settings, and never the embedded one. */
  PROVIDERS,

  /** Nobody: the record waits as a dead letter until the preferred one can. */
  NONE;

  /** The word of a record. */
  public String id() {
    return name().toLowerCase(Locale.ROOT);
  }

  /** The policy of a word. */
  public static Optional<FallbackPolicy> find(String word) {
    for (FallbackPolicy policy : values()) {
      if (policy.id().equals(word)) {
        return Optional.of(policy);
      }
    }
    return Optional.empty();
  }
}
