package dev.reelbeam.model.learning;

import dev.reelbeam.model.content.TitleStyle;
import dev.reelbeam.model.engagement.Counter;
import dev.reelbeam.model.engagement.Dimension;
import dev.reelbeam.model.engagement.EngagementRate;
import dev.reelbeam.model.engagement.Measures;
import dev.reelbeam.model.engagement.VideoFacts;
import dev.reelbeam.model.engagement.WindowKind;
import dev.reelbeam.model.engagement.WindowRow;
import java.io.Serializable;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What one published video earned for the arm that it took.
 *
 * @param arm the arm that the video really shows; it may differ from the one that was drawn
 * @param site id of the site, empty when there is none
 * @param videoId the platform's id of the video; with kind and platform it names the reward
 * @param interactions likes, comments and shares, see {@link Earned}
 * @param views views until then
 * @param publishedAtMs when the video was published, ms since 1970 UTC: what is old fades
 * @param version grows with each newer figure; an older one never takes the place of a newer
 */
public record ArmReward(
    ArmKind kind,
    String arm,
    String site,
    String platform,
    String videoId,
    long interactions,
    long views,
    long publishedAtMs,
    long version)
    implements Serializable {
  /**
   * What a video had earned at the age at which all are compared: after its first seven days.
   *
   * @param interactions likes, comments and shares as far as they are told
   * @param version grows with each form of the figure that takes an older one's place
   */
  public record Earned(long interactions, long views, long version) {
    /** Versions of windows take fewer bits; times in ms, by which rewards once went, too. */
    private static final int VERSION_BITS = 42;

    /**
     * What a window says.
     *
     * @return null unless it is a video's first week, whole, with views and any interactions told
     */
    public static @Nullable Earned of(WindowRow row) {
      long[] measures = row.measures();
      boolean told =
          measures[Measures.KNOWN + Counter.VIEWS.ordinal()] > 0
              && (measures[Measures.KNOWN + Counter.LIKES.ordinal()] > 0
                  || measures[Measures.KNOWN + Counter.COMMENTS.ordinal()] > 0
                  || measures[Measures.KNOWN + Counter.SHARES.ordinal()] > 0);
      if (row.dimension() != Dimension.VIDEO
          || row.kind() != WindowKind.FIRST_7D
          || measures[Measures.PROVISIONAL] > 0
          || !told) {
        return null;
      }
      return new Earned(
          measures[Measures.ENGAGEMENTS],
          measures[Measures.ENGAGEMENT_VIEWS],
          (row.generation() << VERSION_BITS) + row.version());
    }
  }

  /**
   * What that says about the arms that a video is known to show: of the hook style, of the voice,
   * of the title and of the hour at which it was published.
   *
   * @param titleStyle form of its title, null when unknown
   */
  public static List<ArmReward> of(
      VideoFacts facts, @Nullable TitleStyle titleStyle, Earned earned) {
    List<ArmReward> rewards = new ArrayList<>();
    for (ArmKind kind : ArmKind.values()) {
      String arm =
          switch (kind) {
            case HOOK_STYLE -> facts.hookStyle();
            case VOICE -> facts.voice();
            case POSTING_HOUR ->
                PostingHours.of(facts.publishedAtMs(), PostingHours.zone(facts.timeZone()));
            // The class of a video's length is not the arm that was drawn for it.
            case DURATION -> null;
            case TITLE_STYLE -> titleStyle == null ? null : titleStyle.id();
          };
      if (arm != null) {
        rewards.add(
            new ArmReward(
                kind,
                arm,
                facts.siteId(),
                facts.platform(),
                facts.videoId(),
                earned.interactions(),
                earned.views(),
                facts.publishedAtMs(),
                earned.version()));
      }
    }
    return List.copyOf(rewards);
  }

  /** The video's engagement rate on the logarithmic scale on which arms are compared. */
  public double logRate() {
    return EngagementRate.log(interactions, views);
  }

  /** How much it counts beside other videos, 0 to 1. */
  public double weight() {
    return EngagementRate.weight(views);
  }
}
