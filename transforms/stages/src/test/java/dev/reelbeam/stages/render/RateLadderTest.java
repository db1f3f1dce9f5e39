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
