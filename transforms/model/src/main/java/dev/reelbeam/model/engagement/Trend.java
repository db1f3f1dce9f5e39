package dev.reelbeam.model.engagement;

import java.io.Serializable;

/**
 * A video or a topic that speeds up, against what it was before and against others of its kind.
 *
 * @param kind {@code video} or {@code topic}
 * @param key the video's key or the topic
 * @param cohort against whom it was measured, for example {@code youtube}
 * @param atMs the end of the hours that were looked at, ms since 1970 UTC
 * @param viewsPerHour in these hours
 * @param baselineViewsPerHour in the time before them
 * @param growthPerMille the one over the other
 * @param cohortGrowthPerMille what was usual in the cohort
 */
public record Trend(
    String kind,
    String key,
    String cohort,
    long atMs,
    long viewsPerHour,
    long baselineViewsPerHour,
    long growthPerMille,
    long cohortGrowthPerMille)
    implements Serializable {}
