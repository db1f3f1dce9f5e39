package dev.reelbeam.model.video;

import java.io.Serializable;

/** Durations from {@code minMs} to {@code maxMs}, both inclusive; empty if max is below min. */
public record DurationRange(int minMs, int maxMs) implements Serializable {
  public boolean isEmpty() {
    return maxMs < minMs;
  }

  public boolean contains(long ms) {
    return ms >= minMs && ms <= maxMs;
  }

  public DurationRange intersect(DurationRange other) {
    return new DurationRange(Math.max(minMs, other.minMs), Math.min(maxMs, other.maxMs));
  }
}
