package dev.reelbeam.model.content;

import java.io.Serializable;

/** Review mode of each gate, in the text form of {@link ReviewMode}. */
public record ReviewPolicy(String script, String voice, String visuals, String finalVideo)
    implements Serializable {
  /** Every gate lets everything through. */
  public static final ReviewPolicy AUTO = new ReviewPolicy("auto", "auto", "auto", "auto");
}
