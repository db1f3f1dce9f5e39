package dev.reelbeam.model.engagement;

import org.jspecify.annotations.Nullable;

/**
 * What engagement is, defined here and nowhere else: interactions over views, where interactions
 * are likes, comments and shares.
 *
 * <p>A count that a platform does not give is left out of the sum, it is not zero of something: so
 * rates are compared within one platform, never across two.
 */
public final class EngagementRate {
  /** Views that a video is taken to have had before anything is known of it; see {@link #log}. */
  private static final double PRIOR_VIEWS = 50;

  /** The rate that those views are taken to have had. */
  private static final double PRIOR_RATE = 0.03;

  /** Variance of the logarithm of the rate from one video to the next, as far as is usual. */
  private static final double USUAL_VARIANCE = 0.36;

  private EngagementRate() {}

  /**
   * The numerator.
   *
   * @return null when none of the three is known
   */
  public static @Nullable Long interactions(
      @Nullable Long likes, @Nullable Long comments, @Nullable Long shares) {
    if (likes == null && comments == null && shares == null) {
      return null;
    }
    return (likes == null ? 0 : likes)
        + (comments == null ? 0 : comments)
        + (shares == null ? 0 : shares);
  }

  /** Interactions over views; null without views, because a ratio of nothing is not zero. */
  public static @Nullable Double of(long interactions, long views) {
    return views <= 0 ? null : (double) interactions / views;
  }

  /**
   * The natural logarithm of the rate, drawn towards {@value #PRIOR_RATE} by {@value #PRIOR_VIEWS}
   * views so that it is finite and calm for young videos. What makes one video better than another
   * multiplies its rate, so on this scale it adds, and videos spread evenly around their mean.
   */
  public static double log(long interactions, long views) {
    return Math.log(
        (Math.max(0, interactions) + PRIOR_RATE * PRIOR_VIEWS)
            / (Math.max(0, views) + PRIOR_VIEWS));
  }

  /**
   * How much one video's {@link #log} says of its kind, 0 to 1: a video of few views says little
   * because its count is noisy, and no video says more than one video.
   *
   * <p>It depends on the views alone. A weight that grew with the interactions would count the
   * lucky videos more.
   */
  public static double weight(long views) {
    double expected = PRIOR_RATE * Math.max(0, views);
    return expected / (expected + 1 / USUAL_VARIANCE);
  }
}
