package dev.reelbeam.stages.render;

import static org.assertj.core.api.Assertions.assertThat;

import dev.reelbeam.media.composition.EncodingSettings;
import dev.reelbeam.model.video.DurationRange;
import dev.reelbeam.model.video.Variant;
import dev.reelbeam.model.video.VideoType;
import java.util.List;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import net.jqwik.api.constraints.LongRange;
import org.junit.jupiter.api.Test;

class RateLadderTest {
  private static final long TIKTOK_BYTES = 72_000_000;

  @Property
  void whatTheFirstRungLetsThroughStaysUnderTheLimit(
      @ForAll @LongRange(min = 5_000_000, max = 400_000_000) long maxBytes,
      @ForAll @IntRange(min = 10, max = 180) int seconds,
      @ForAll @IntRange(min = 2, max = 60) int segments) {
    Variant variant = variant(maxBytes, "standard");
    int frames = seconds * 30;

    EncodingSettings settings = RateLadder.first(variant, frames, segments);

    long most =
        RateLadder.mostBits(settings.maxrateKbps(), settings.bufferKbits(), frames, 30, segments);
    long sound = 192_000L * seconds;
    assertThat(settings.maxrateKbps()).isPositive();
    // Unless even the lowest cap lets more through.
    if (settings.maxrateKbps() > 64) {
      assertThat(most + sound).isLessThan(8 * maxBytes);
    }
  }

  @Property
  void theNextRungIsLower(
      @ForAll @IntRange(min = 10, max = 180) int seconds,
      @ForAll @IntRange(min = 1001, max = 40_000) int tooLargePermille) {
    Variant variant = variant(TIKTOK_BYTES, "best");
    EncodingSettings first = RateLadder.first(variant, seconds * 30, seconds / 3);
    long bytes = RateLadder.pictureBits(variant, seconds * 30) / 8 * tooLargePermille / 1000;

    EncodingSettings next = RateLadder.next(first, bytes, variant, seconds * 30);

    assertThat(RateLadder.fits(bytes, variant, seconds * 30)).isFalse();
    assertThat(next.crf()).isGreaterThan(first.crf());
    assertThat(next.maxrateKbps()).isLessThan(first.maxrateKbps());
    assertThat(next.preset()).isEqualTo(first.preset());
  }

  @Test
  void aMinuteForTikTokIsHardlyBoundByItsLimit() {
    EncodingSettings settings = RateLadder.first(variant(TIKTOK_BYTES, "standard"), 60 * 30, 18);

    assertThat(settings.maxrateKbps()).isEqualTo(6_200);
    assertThat(settings.withCap(12_000, 24_000)).isEqualTo(EncodingSettings.standard(30));
  }

  @Test
  void someSecondsMoreLeaveTheSettingsAsTheyWere() {
    Variant variant = variant(TIKTOK_BYTES, "standard");

    for (int seconds : new int[] {33, 47, 62, 95, 130}) {
      assertThat(RateLadder.first(variant, (seconds + 8) * 30, seconds / 3 + 2))
          .as("%d s", seconds)
          .isEqualTo(RateLadder.first(variant, seconds * 30, seconds / 3));
    }
  }

  /** A teaser is cut into anything from 5 to 15 segments; one more is one edit. */
  @Property
  void oneMoreCutOrSecondOfATeaserLeavesTheSettingsAsTheyWere(
      @ForAll @IntRange(min = 15, max = 29) int seconds,
      @ForAll @IntRange(min = 5, max = 15) int segments,
      @ForAll @LongRange(min = 5_000_000, max = 400_000_000) long maxBytes) {
    Variant variant = variant(maxBytes, "standard");

    EncodingSettings before = RateLadder.first(variant, seconds * 30, segments);

    assertThat(RateLadder.first(variant, (seconds + 1) * 30, segments + 1)).isEqualTo(before);
    assertThat(RateLadder.first(variant, seconds * 30, segments - 1)).isEqualTo(before);
  }

  @Test
  void aTeaserForTikTokIsCappedWhereNobodySeesIt() {
    assertThat(RateLadder.first(variant(TIKTOK_BYTES, "standard"), 28 * 30, 11).maxrateKbps())
        .isEqualTo(9_600);
  }

  /** What is looked at in seconds is quick, unless somebody asked for the best. */
  @Test
  void theBestIsTheBestInEverySize() {
    for (String quality : List.of("draft", "standard", "best")) {
      Variant large = variant(400_000_000, quality);
      Variant small =
          new Variant(
              "270x480",
              270,
              480,
              30,
              large.type(),
              large.range(),
              large.targetMs(),
              large.presets(),
              true,
              false,
              large.maxBytes(),
              "libx264",
              quality);

      assertThat(RateLadder.first(small, 300, 4))
          .isEqualTo(
              quality.equals("best") ? EncodingSettings.best(30) : EncodingSettings.preview(30));
    }
  }

  @Test
  void aGenerousLimitBindsNothing() {
    assertThat(RateLadder.first(variant(300_000_000, "best"), 45 * 30, 15))
        .isEqualTo(EncodingSettings.best(30));
  }

  @Test
  void twiceTheBytesAreAnsweredBySixStepsAndHalfTheRate() {
    Variant variant = variant(TIKTOK_BYTES, "standard");
    EncodingSettings first = RateLadder.first(variant, 1800, 18);
    long bytes = RateLadder.pictureBits(variant, 1800) / 4;

    EncodingSettings next = RateLadder.next(first, bytes, variant, 1800);

    assertThat(next.crf()).isEqualTo(first.crf() + 6);
    assertThat(next.maxrateKbps()).isEqualTo(2_500);
  }

  static Variant variant(long maxBytes, String quality) {
    return new Variant(
        "1080x1920-30s-60s",
        1080,
        1920,
        30,
        VideoType.SHORT,
        new DurationRange(30_000, 60_000),
        45_000,
        List.of("tiktok"),
        true,
        false,
        maxBytes,
        "libx264",
        quality);
  }
}
