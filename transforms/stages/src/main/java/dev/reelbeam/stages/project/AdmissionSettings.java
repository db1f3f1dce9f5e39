package dev.reelbeam.stages.project;

import dev.reelbeam.model.project.Lane;
import java.io.Serializable;

/**
 * How many projects are under way at once, and how long they are remembered.
 *
 * @param live of the live lane
 * @param low of the low lane
 * @param pollMs how often places are counted while some are taken
 * @param repeatsMs how long after it was heard of a project its revision is dropped when it comes
 *     again; later it is sent on and finds everything. State grows with it, by some 300 bytes for
 *     each project of that time
 */
public record AdmissionSettings(int live, int low, long pollMs, long repeatsMs)
    implements Serializable {
  /** Thirty-two live ones, sixteen of a backfill, an hour. */
  public static final AdmissionSettings DEFAULT =
      new AdmissionSettings(32, 16, 1_000, /* repeatsMs= */ 3_600_000);

  /** So many live ones and so many of a backfill, counted as often as by default. */
  public static AdmissionSettings of(int live, int low) {
    return new AdmissionSettings(live, low, DEFAULT.pollMs(), DEFAULT.repeatsMs());
  }

  /** These settings with another memory. */
  public AdmissionSettings withRepeatsMs(long ms) {
    return new AdmissionSettings(live, low, pollMs, ms);
  }

  /** How many projects of a lane may be under way at once. */
  public int places(Lane lane) {
    return lane == Lane.LIVE ? live : low;
  }
}
