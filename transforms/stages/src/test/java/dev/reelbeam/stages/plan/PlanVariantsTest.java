package dev.reelbeam.stages.plan;

import static org.assertj.core.api.Assertions.assertThat;

import dev.reelbeam.model.failure.FailureCode;
import dev.reelbeam.model.video.DurationRange;
import dev.reelbeam.model.video.Presets;
import dev.reelbeam.model.video.Variant;
import dev.reelbeam.model.video.VideoType;
import java.util.List;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.Size;
import org.junit.jupiter.api.Test;

class PlanVariantsTest {
  @Test
  void theThreeVerticalPresetsAreOneVariant() {
    PlanVariants.Plan plan = plan(Presets.defaults(), VideoType.SHORT);
    assertThat(plan.refusals()).isEmpty();
    assertThat(plan.variants()).hasSize(1);
    Variant variant = plan.variants().get(0);
    assertThat(variant.presets()).containsExactly("youtube_short", "instagram_reel", "tiktok");
    assertThat(variant.range()).isEqualTo(new DurationRange(30_000, 60_000));
    assertThat(variant.maxBytes()).isEqualTo(72_000_000L);
    assertThat(variant.targetMs()).isEqualTo(45_000);
  }

  @Test
  void aTeaserLowersThePresetsMinimum() {
    Variant variant = plan(List.of("tiktok"), VideoType.TEASER).variants().get(0);
    assertThat(variant.range()).isEqualTo(new DurationRange(15_000, 30_000));
  }

  @Test
  void anEmptyRangeAndAnUnknownPresetRefuseThatDeliveryAlone() {
    PlanVariants.Plan plan = plan(List.of("youtube_long", "tiktok", "vine"), VideoType.SHORT);
    assertThat(plan.variants()).hasSize(1);
    assertThat(plan.refusals())
        .extracting(PlanVariants.Refusal::preset)
        .containsExactly("youtube_long", "vine");
    assertThat(plan.refusals())
        .extracting(refusal -> refusal.failure().code())
        .containsExactly(FailureCode.RANGE_EMPTY, FailureCode.PRESET_UNKNOWN);
  }

  @Test
  void aFrameRateThatAPlatformDoesNotTakeIsRefusedThere() {
    PlanVariants.Plan plan =
        PlanVariants.plan(
            List.of("tiktok"), VideoType.SHORT, /* watermark= */ false, "libx264", "standard", 90);
    assertThat(plan.variants()).isEmpty();
    assertThat(plan.refusals())
        .extracting(refusal -> refusal.failure().code())
        .containsExactly(FailureCode.FRAME_RATE_REFUSED);
  }

  @Test
  void aWatermarkSplitsOffThePlatformThatForbidsIt() {
    PlanVariants.Plan plan =
        PlanVariants.plan(Presets.defaults(), VideoType.SHORT, true, "libx264", "standard");
    assertThat(plan.variants()).extracting(Variant::watermark).containsExactly(true, false);
    assertThat(plan.variants().get(1).presets()).containsExactly("tiktok");
  }

  @Test
  void differentShapesAreDifferentVariants() {
    PlanVariants.Plan plan = plan(List.of("youtube_long", "tiktok", "landscape"), null);
    assertThat(plan.variants()).hasSize(3);
  }

  @Property
  void everyPresetIsServedOnceOrRefusedOnce(
      @ForAll @Size(max = 10) List<@net.jqwik.api.constraints.IntRange(max = 9) Integer> chosen,
      @ForAll VideoType type) {
    List<String> ids = chosen.stream().map(i -> Presets.all().get(i).id()).distinct().toList();
    PlanVariants.Plan plan = plan(ids, type);
    List<String> outcome = new java.util.ArrayList<>();
    plan.variants().forEach(variant -> outcome.addAll(variant.presets()));
    plan.refusals().forEach(refusal -> outcome.add(refusal.preset()));
    assertThat(outcome).containsExactlyInAnyOrderElementsOf(ids);
    assertThat(plan.variants()).allMatch(v -> v.range().contains(v.targetMs()));
  }

  private static PlanVariants.Plan plan(
      List<String> presets, @org.jspecify.annotations.Nullable VideoType type) {
    return PlanVariants.plan(presets, type, false, "libx264", "standard");
  }
}
