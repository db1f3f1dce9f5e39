package dev.reelbeam.media.audio;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import dev.reelbeam.media.codec.AudioDecoder;
import dev.reelbeam.media.codec.AudioLimits;
import dev.reelbeam.media.codec.AudioPcm;
import dev.reelbeam.media.codec.AudioTestFiles;
import dev.reelbeam.model.failure.StageException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class NarrationTrackTest {
  @TempDir Path folder;

  /** A second at 16 kHz, silent but for one cycle of a sine that begins at half a second. */
  private Path pulseAtHalfASecond() throws Exception {
    float[] samples = new float[16_000];
    for (int i = 0; i < 160; i++) {
      samples[8_000 + i] = (float) (0.5 * StrictMath.sin(2 * Math.PI * i / 160.0));
    }
    Path file = folder.resolve("pulse.wav");
    AudioTestFiles.encode(AudioPcm.mono(samples), "pcm_s16le", 0, 16_000, file);
    return file;
  }

  @Test
  void everyPieceLiesAtItsSample() throws Exception {
    Path pulse = pulseAtHalfASecond();
    NarrationTrack track =
        NarrationTrack.join(
            250_000,
            List.of(
                new NarrationPiece(pulse, 150_000),
                new NarrationPiece(pulse, 333_333),
                new NarrationPiece(pulse, 0)));

    assertThat(track.placements())
        .extracting(NarrationTrack.Placement::startSample)
        .containsExactly(12_000, 12_000 + 48_000 + 7_200, 12_000 + 2 * 48_000 + 7_200 + 16_000);
    assertThat(track.pcm().samples()).isEqualTo(12_000 + 3 * 48_000 + 7_200 + 16_000);
    assertThat(track.placements().get(1).startUs()).isEqualTo(1_400_000);
    for (NarrationTrack.Placement placement : track.placements()) {
      int half = placement.startSample() + 24_000;
      float[] samples = track.pcm().left();
      // The sine's first quarter is its top: 120 samples behind its start.
      assertThat(samples[half + 120]).isCloseTo(0.5f, within(0.005f));
      assertThat(samples[half + 240]).isCloseTo(0f, within(0.02f));
      assertThat(samples[half - 100]).isCloseTo(0f, within(0.02f));
    }
  }

  @Test
  void noCutClicks() throws Exception {
    float[] constant = new float[48_000];
    Arrays.fill(constant, 0.8f);
    Path file = folder.resolve("loud.wav");
    AudioTestFiles.encode(AudioPcm.mono(constant), "pcm_s16le", 0, file);
    float[] joined =
        NarrationTrack.join(
                0, List.of(new NarrationPiece(file, 100_000), new NarrationPiece(file, 0)))
            .pcm()
            .left();
    float step = Math.abs(joined[0]);
    for (int i = 1; i < joined.length; i++) {
      step = Math.max(step, Math.abs(joined[i] - joined[i - 1]));
    }
    // A raised cosine of 480 samples has no step above pi / 2 / 480 of its height.
    assertThat(step).isLessThan(0.8f * 0.0034f);
    assertThat(joined[480]).isCloseTo(0.8f, within(0.001f));
  }

  @Test
  void theWavIsReadBackSampleBySample() throws Exception {
    NarrationTrack track =
        NarrationTrack.join(0, List.of(new NarrationPiece(pulseAtHalfASecond(), 20_000)));
    Path wav = folder.resolve("narration.wav");
    track.writeWav(wav);
    AudioPcm read = AudioDecoder.decode(wav, AudioLimits.DEFAULT);
    assertThat(Files.size(wav)).isEqualTo(44 + 2L * track.pcm().samples());
    assertThat(read.samples()).isEqualTo(track.pcm().samples());
    for (int i = 0; i < read.samples(); i += 7) {
      assertThat(read.left()[i]).isCloseTo(track.pcm().left()[i], within(1f / 32_000));
    }
  }

  @Test
  void aPieceThatIsNotAudioIsNamed() throws Exception {
    Path text = Files.writeString(folder.resolve("sentence-3.wav"), "no sound");
    assertThatThrownBy(() -> NarrationTrack.join(0, List.of(new NarrationPiece(text, 0))))
        .isInstanceOf(StageException.class)
        .hasMessageContaining("sentence-3.wav");
  }
}
