package dev.reelbeam.embedded.speech;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Arrays;
import org.junit.jupiter.api.Test;

class SilenceTrimTest {
  private static final int RATE = 16_000;

  @Test
  void silenceAroundTheSpeechIsCutToTwentyMilliseconds() {
    short[] samples = new short[RATE];
    Arrays.fill(samples, 4_000, 12_000, (short) 5_000);

    SilenceTrim.Trimmed trimmed = SilenceTrim.trim(new WavAudio(samples, RATE));

    assertThat(trimmed.audio().samples()).hasSize(8_000 + 2 * 320);
    assertThat(trimmed.cutUs()).isEqualTo(230_000);
  }

  @Test
  void theEndsAreRampedToZero() {
    short[] samples = new short[RATE];
    Arrays.fill(samples, (short) 5_000);

    short[] ramped = SilenceTrim.trim(new WavAudio(samples, RATE)).audio().samples();

    assertThat(ramped[0]).isZero();
    assertThat(ramped[40]).isEqualTo((short) 2_500);
    assertThat(ramped[80]).isEqualTo((short) 5_000);
    assertThat(ramped[ramped.length - 1]).isZero();
  }

  @Test
  void silenceAloneStays() {
    WavAudio silence = new WavAudio(new short[100], RATE);

    assertThat(SilenceTrim.trim(silence).audio()).isSameAs(silence);
  }

  @Test
  void aWavFileIsReadAsItWasWritten() throws Exception {
    WavAudio audio = new WavAudio(new short[] {1, -2, 32767, -32768}, RATE);

    WavAudio read = WavAudio.parse(audio.toBytes());

    assertThat(read.samples()).containsExactly(1, -2, 32767, -32768);
    assertThat(read.sampleRate()).isEqualTo(RATE);
  }
}
