package dev.reelbeam.media.codec;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;
import static org.bytedeco.ffmpeg.global.avutil.AV_CPU_FLAG_AVX;
import static org.bytedeco.ffmpeg.global.avutil.AV_CPU_FLAG_AVX2;
import static org.bytedeco.ffmpeg.global.avutil.AV_CPU_FLAG_FMA3;
import static org.bytedeco.ffmpeg.global.avutil.av_force_cpu_flags;
import static org.bytedeco.ffmpeg.global.avutil.av_get_cpu_flags;

import dev.reelbeam.model.failure.StageException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class AacEncoderTest {
  @TempDir Path folder;

  private static AudioPcm stereo(int samples) {
    float[] voice = AudioTestSounds.speechLike(samples / 48_000.0 + 0.1, 3).left();
    float[] left = java.util.Arrays.copyOf(voice, samples);
    float[] right = AudioTestSounds.sine(330, 0.2, 0, samples);
    return AudioPcm.stereo(left, right);
  }

  @Test
  void decodedSampleKIsInputSampleK() throws Exception {
    AudioPcm input = stereo(96_000);
    Path file = folder.resolve("mix.m4a");
    AacEncoder.encode(input, 192_000, file);

    AudioPcm decoded = AudioDecoder.decode(file, AudioLimits.DEFAULT);

    assertThat(AudioTestSounds.offset(input.left(), decoded.left(), 10_000, 48_000, 1500)).isZero();
    double error = 0;
    double energy = 0;
    for (int i = 4096; i < decoded.samples() - 1024; i++) {
      double difference = input.right()[i] - decoded.right()[i];
      error += difference * difference;
      energy += input.right()[i] * input.right()[i];
    }
    assertThat(10 * Math.log10(energy / error)).isGreaterThan(40);
  }

  @Test
  void theFileHoldsWholeFramesAndNoEditList() throws Exception {
    Path file = folder.resolve("mix.m4a");
    int packets = AacEncoder.encode(stereo(50_000), 160_000, file);

    assertThat(packets).isEqualTo(50_000 / 1024);
    AudioPcm decoded = AudioDecoder.decode(file, AudioLimits.DEFAULT);
    assertThat(decoded.samples()).isEqualTo(packets * 1024);
    String bytes = new String(Files.readAllBytes(file), StandardCharsets.ISO_8859_1);
    assertThat(bytes).doesNotContain("elst").doesNotContain("Lavf");
  }

  @Test
  void theSameSamplesGiveTheSameBytesOnAMachineWithoutAvx() throws Exception {
    AudioPcm input = stereo(96_000);
    Path first = folder.resolve("first.m4a");
    Path second = folder.resolve("second.m4a");
    AacEncoder.encode(input, 192_000, first);
    int flags = av_get_cpu_flags();
    av_force_cpu_flags(flags & ~(AV_CPU_FLAG_AVX | AV_CPU_FLAG_AVX2 | AV_CPU_FLAG_FMA3));
    try {
      AacEncoder.encode(input, 192_000, second);
    } finally {
      av_force_cpu_flags(flags);
    }
    assertThat(second).hasSameBinaryContentAs(first);
    assertThat(av_get_cpu_flags()).isEqualTo(flags);
  }

  @Test
  void aPlaceThatCannotBeWrittenFailsWithItsName() {
    Path nowhere = folder.resolve("no/such/folder/mix.m4a");
    assertThatThrownBy(() -> AacEncoder.encode(stereo(4096), 192_000, nowhere))
        .isInstanceOf(StageException.class)
        .hasMessageContaining("mix.m4a");
  }

  @Test
  void anEncodedSineKeepsItsLevel() throws Exception {
    float[] tone = AudioTestSounds.sine(1000, 0.25, 0, 96_000);
    Path file = folder.resolve("tone.m4a");
    AacEncoder.encode(AudioPcm.stereo(tone, tone), 192_000, file);
    float highest = 0;
    float[] decoded = AudioDecoder.decode(file, AudioLimits.DEFAULT).left();
    for (int i = 10_000; i < 80_000; i++) {
      highest = Math.max(highest, decoded[i]);
    }
    assertThat(highest).isCloseTo(0.25f, within(0.005f));
  }
}
