package dev.reelbeam.stages.render;

import dev.reelbeam.media.composition.EncodingSettings;
import dev.reelbeam.model.video.VideoType;
import dev.reelbeam.stages.plan.PlanVariants;
import java.util.List;

/** The encoding settings that a run chooses. */
public final class RunSettings {
  private RunSettings() {}

  /** For presets that share one short variant, rendered by libx264. */
  public static EncodingSettings of(
      List<String> presets, String quality, int totalFrames, int segments) {
    PlanVariants.Plan plan = PlanVariants.plan(presets, VideoType.SHORT, false, "libx264", quality);
    if (plan.variants().size() != 1 || !plan.refusals().isEmpty()) {
      throw new IllegalStateException("the presets do not share one variant: " + plan);
    }
    return RateLadder.first(plan.variants().get(0), totalFrames, segments);
  }
}
