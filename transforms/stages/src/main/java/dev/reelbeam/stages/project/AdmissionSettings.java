package dev.reelbeam.stages.project;

import dev.reelbeam.model.project.Lane;
import java.io.Serializable;

/**
 * How many projects are under way at once.
 *
 * @param live of the live lane
 * @param low of the low lane
 * @param pollMs how often places are counted while some are taken
 */
public record AdmissionSettings(int live, int low, long pollMs) implements Serializable {
  /** Thirty-two live ones, sixteen of a backfill. */
  public static final AdmissionSettings DEFAULT = new AdmissionSettings(32, 16, 1_000);

  /** So many live ones and so many of a backfill, counted as often as by default. */
  public static AdmissionSettings of(int live, int low) {
    return new AdmissionSettings(live, low, DEFAULT.pollMs());
  }

  int places(Lane lane) {
    return lane == Lane.LIVE ? live : low;
  }
}
