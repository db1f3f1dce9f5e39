package dev.reelbeam.media.probe;

import java.io.Serializable;

/** A stretch of time, in microseconds from the start of the stream. */
public record Stretch(long startUs, long endUs) implements Serializable {
  /** Its length. */
  public long lengthUs() {
    return endUs - startUs;
  }
}
