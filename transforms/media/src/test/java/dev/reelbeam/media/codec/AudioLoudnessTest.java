package dev.reelbeam.media.codec;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.util.Arrays;
import org.junit.jupiter.api.Test;

class AudioLoudnessTest {
  private static double amplitude(double decibels) {
    return StrictMath.pow(10, decibels / 20);
  }

  /** EBU Tech 3341, test case 1. */
  @Test
  void aStereoSineAtMinus23ReadsMinus23() {
    float[] tone = AudioTestSounds.sine(1000, amplitude(-23), 0, 48_000 * 10);
    AudioLevels levels = AudioLoudness.measure(AudioPcm.stereo(tone, tone));
    assertThat(levels.integratedMilliLufs()).isCloseTo(-23_000, within(100));
    assertThat(levels.rangeMilliLu()).isCloseTo(0, within(100));
  }

  @Test
  void oneChannelReadsAsItSoundsOnTwo() {
    float[] tone = AudioTestSounds.sine(1000, amplitude(-23), 0, 48_000 * 5);
    AudioLevels levels = AudioLoudness.measure(AudioPcm.mono(tone));
    assertThat(levels.integratedMilliLufs()).isCloseTo(-23_000, within(100));
    assertThat(AudioLoudness.measureMilliLufs(AudioPcm.mono(tone)))
        .isEqualTo(levels.integratedMilliLufs());
  }

  /** EBU Tech 3341, test case 15: the peak lies between the samples. */
  @Test
  void aPeakBetweenTheSamplesIsFound() {
    float[] tone = AudioTestSounds.sine(12_000, 0.5, Math.PI / 4, 48_000 * 2);
    // A sudden start would ring above the tone itself.
    for (int i = 0; i < 4800; i++) {
      tone[i] *= i / 4800f;
      tone[tone.length - 1 - i] *= i / 4800f;
    }
    AudioLevels levels = AudioLoudness.measure(AudioPcm.stereo(tone, tone));
    assertThat(levels.truePeakMilliDb()).isBetween(-6_400, -5_800);
  }

  @Test
  void pausesDoNotCount() {
    float[] tone = AudioTestSounds.sine(1000, amplitude(-20), 0, 48_000 * 9);
    Arrays.fill(tone, 48_000 * 3, 48_000 * 6, 0f);
    assertThat(AudioLoudness.measureMilliLufs(AudioPcm.stereo(tone, tone)))
        .isCloseTo(-20_000, within(300));
  }

  @Test
  void silenceIsSilent() {
    AudioLevels levels = AudioLoudness.measure(AudioPcm.mono(new float[48_000]));
    assertThat(levels.integratedMilliLufs()).isEqualTo(AudioLevels.SILENT);
    assertThat(levels.truePeakMilliDb()).isEqualTo(AudioLevels.SILENT);
  }
}
