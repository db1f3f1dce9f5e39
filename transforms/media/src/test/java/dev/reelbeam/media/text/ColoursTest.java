package dev.reelbeam.media.text;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import org.junit.jupiter.api.Test;

class ColoursTest {
  @Test
  void contrastIsThatOfTheStandard() {
    assertThat(Colours.contrast(0xffffff, 0x000000)).isCloseTo(21, within(0.001));
    assertThat(Colours.contrast(0x777777, 0xffffff)).isCloseTo(4.48, within(0.01));
  }

  @Property(tries = 300)
  void everyColourCanBeMadeReadableOnEveryOther(
      @ForAll @IntRange(max = 0xffffff) int colour,
      @ForAll @IntRange(max = 0xffffff) int background) {
    int result = Colours.ensureContrast(colour, background, 4.5);
    assertThat(Colours.contrast(result, background)).isGreaterThanOrEqualTo(4.5);
  }

  @Property(tries = 300)
  void hueSaturationAndLightnessLeadBack(@ForAll @IntRange(max = 0xffffff) int colour) {
    double[] hsl = Colours.toHsl(colour);
    assertThat(Colours.fromHsl(hsl[0], hsl[1], hsl[2])).isEqualTo(colour);
  }

  @Test
  void onlyHexColoursAreRead() {
    assertThat(Colours.parse("#ffC531")).isEqualTo(0xffc531);
    assertThatThrownBy(() -> Colours.parse("yellow")).isInstanceOf(IllegalArgumentException.class);
  }
}
