package dev.reelbeam.media.frame;

import static org.assertj.core.api.Assertions.assertThat;

import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import org.junit.jupiter.api.Test;

class Bt709Test {

  @Test
  void blackAndWhiteSpanTheLimitedRange() {
    assertThat(Bt709.luma(0, 0, 0)).isEqualTo(16);
    assertThat(Bt709.luma(255, 255, 255)).isEqualTo(235);
    assertThat(Bt709.blueDifference(0, 0, 255)).isEqualTo(112);
    assertThat(Bt709.redDifference(255, 0, 0)).isEqualTo(112);
  }

  @Property(tries = 256)
  void greyHasNoColour(@ForAll @IntRange(max = 255) int grey) {
    assertThat(Bt709.blueDifference(grey, grey, grey)).isZero();
    assertThat(Bt709.redDifference(grey, grey, grey)).isZero();
  }

  @Property(tries = 500)
  void fixedPointIsWithinHalfAStepOfTheStandard(
      @ForAll @IntRange(max = 255) int r,
      @ForAll @IntRange(max = 255) int g,
      @ForAll @IntRange(max = 255) int b) {
    double y = (0.2126 * r + 0.7152 * g + 0.0722 * b) / 255;
    double cb = (b / 255.0 - y) / 1.8556;
    double cr = (r / 255.0 - y) / 1.5748;

    assertThat((double) Bt709.luma(r, g, b)).isBetween(16 + 219 * y - 0.51, 16 + 219 * y + 0.51);
    assertThat((double) Bt709.blueDifference(r, g, b)).isBetween(224 * cb - 0.51, 224 * cb + 0.51);
    assertThat((double) Bt709.redDifference(r, g, b)).isBetween(224 * cr - 0.51, 224 * cr + 0.51);
  }
}
