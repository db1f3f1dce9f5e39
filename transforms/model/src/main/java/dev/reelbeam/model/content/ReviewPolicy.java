package dev.reelbeam.model.content;

import java.io.Serializable;
import java.util.stream.Stream;

/** Review mode of each gate, in the text form of {@link ReviewMode}. */
public record ReviewPolicy(String script, String voice, String visuals, String finalVideo)
    implements Serializable {
  /** Every gate lets everything through. */
  public static final ReviewPolicy AUTO = new ReviewPolicy("auto", "auto", "auto", "auto");

  /** Whether a gate may wait for a person. */
  public boolean someoneDecides() {
    return Stream.of(script, voice, visuals, finalVideo)
        .anyMatch(mode -> ReviewMode.parse(mode).manual());
  }
}
