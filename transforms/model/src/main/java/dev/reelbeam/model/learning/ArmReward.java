package dev.reelbeam.model.learning;

import dev.reelbeam.model.content.TitleStyle;
import dev.reelbeam.model.engagement.EngagementRate;
import dev.reelbeam.model.engagement.EngagementSnapshot;
import dev.reelbeam.model.engagement.VideoFacts;
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
 * @param interactions likes, comments and shares so far
 * @param views views so far
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
   * What a snapshot says about the arms that its video is known to show: of the hook style, of the
   * voice, of the title and of the hour at which it was published. Empty where the platform told no
   * views or no interactions, and of a removed video.
   *
   * @param titleStyle form of its title, null when unknown
   */
  public static List<ArmReward> of(
      VideoFacts facts, @Nullable TitleStyle titleStyle, EngagementSnapshot snapshot) {
    Long interactions =
        EngagementRate.interactions(snapshot.likes(), snapshot.comments(), snapshot.shares());
    if (snapshot.removed() || snapshot.views() == null || interactions == null) {
      return List.of();
    }
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
                interactions,
                snapshot.views(),
                facts.publishedAtMs(),
                snapshot.fetchedAtMs()));
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
