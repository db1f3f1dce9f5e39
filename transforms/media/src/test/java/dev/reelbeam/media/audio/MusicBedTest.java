package dev.reelbeam.media.audio;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import dev.reelbeam.media.codec.AudioPcm;
import dev.reelbeam.media.codec.AudioTestFiles;
import dev.reelbeam.media.codec.AudioTestSounds;
import dev.reelbeam.model.failure.FailureCode;
import dev.reelbeam.model.failure.StageException;
import java.nio.file.Path;
import java.util.Arrays;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class MusicBedTest {
  @TempDir Path folder;

  private static float[][] read(MusicBed bed) {
    float[][] planes = new float[2][bed.samples()];
    bed.read(0, bed.samples(), planes);
    return planes;
  }

  @ParameterizedTest
  @CsvSource({"calm, 75, 12", "bright, 100, 16", "drive, 120, 16"})
  void aBuiltInTrackIsWholeBarsAndItsSeamIsInaudible(String name, int bpm, int bars)
      throws Exception {
    MusicTrack track = MusicTrack.builtIn(name);
    assertThat(track.loopSamples()).isEqualTo(bars * 4 * 60 * AudioPcm.SAMPLE_RATE / bpm);

    float[] left = track.pcm().left();
    int start = track.loopStart();
    int loop = track.loopSamples();
    float[] steps = new float[loop - 1];
    for (int i = 1; i < loop; i++) {
      steps[i - 1] = Math.abs(left[start + i] - left[start + i - 1]);
    }
    Arrays.sort(steps);
    float seam = Math.abs(left[start] - left[start + loop - 1]);
    // The step over the seam is one of the music's own.
    assertThat(seam).isLessThan(steps[steps.length * 95 / 100]);
    // And what follows the loop's end is what follows its start.
    double difference = 0;
    double energy = 0;
    for (int i = 0; i < 4_800; i++) {
      double d = left[start + i] - left[start + loop + i];
      difference += d * d;
      energy += left[start + i] * left[start + i];
    }
    assertThat(10 * Math.log10(energy / difference)).isGreaterThan(15);
  }

  @Test
  void theBedFadesInAndOutAndRepeats() {
    float[] tone = AudioTestSounds.sine(100, 0.5, Math.PI / 2, 96_000);
    MusicTrack track = new MusicTrack(AudioPcm.stereo(tone, tone), 0, 48_000, 0);
    float[] bed = read(MusicBed.of(track, 48_000 * 5))[0];

    assertThat(Math.abs(bed[0])).isLessThan(0.001f);
    // Half way through a raised cosine: half the amplitude.
    assertThat(Math.abs(bed[7_200])).isCloseTo(0.25f, within(0.002f));
    assertThat(bed[48_000]).isCloseTo(0.5f, within(0.001f));
    assertThat(bed[96_480]).isCloseTo(bed[48_480], within(0.0001f));
    assertThat(Math.abs(bed[5 * 48_000 - 28_800])).isCloseTo(0.25f, within(0.002f));
    assertThat(Math.abs(bed[5 * 48_000 - 1])).isLessThan(0.001f);
  }

  @Test
  void musicFromAFileJoinsOnTheBeat() throws Exception {
    // 100 beats a minute: one click in 28,800 samples; the file ends in the middle of a beat.
    int beat = 28_800;
    float[] clicks = AudioTestSounds.clicks(beat, beat * 20 + 11_111);
    float[] hum = AudioTestSounds.sine(220, 0.05, 0, clicks.length);
    for (int i = 0; i < clicks.length; i++) {
      clicks[i] += hum[i];
    }
    Path file = folder.resolve("beat.flac");
    AudioTestFiles.encode(AudioPcm.stereo(clicks, clicks.clone()), "flac", 0, file);

    MusicTrack track = MusicTrack.fromFile(file);

    assertThat(track.loopSamples()).isGreaterThan(beat * 9);
    int offBeat = (track.loopSamples() + beat / 2) % beat - beat / 2;
    assertThat(Math.abs(offBeat)).isLessThan(48);
    assertThat(track.crossFadeSamples()).isEqualTo(2_880);

    float[] bed = read(MusicBed.of(track, track.loopSamples() * 2 + 60_000))[0];
    float own = 0;
    for (int i = 1; i < clicks.length; i++) {
      own = Math.max(own, Math.abs(clicks[i] - clicks[i - 1]));
    }
    float seam = 0;
    for (int i = track.loopSamples() - 2_000; i < track.loopSamples() + 4_000; i++) {
      seam = Math.max(seam, Math.abs(bed[i] - bed[i - 1]));
    }
    assertThat(seam).isLessThanOrEqualTo(own * 1.05f);
  }

  @Test
  void aVeryShortSoundIsRepeatedWithoutAClick() throws Exception {
    float[] tone = AudioTestSounds.sine(333, 0.4, 0, 48_000);
    Path file = folder.resolve("short.wav");
    AudioTestFiles.encode(AudioPcm.stereo(tone, tone), "pcm_s16le", 0, file);
    MusicTrack track = MusicTrack.fromFile(file);
    float[] bed = read(MusicBed.of(track, 48_000 * 4))[0];
    float seam = 0;
    for (int i = 20_000; i < 48_000 * 2; i++) {
      seam = Math.max(seam, Math.abs(bed[i] - bed[i - 1]));
    }
    assertThat(seam).isLessThan(0.4f * 0.0437f * 1.1f);
  }

  @Test
  void anUnknownTrackNamesThoseThereAre() {
    assertThatThrownBy(() -> MusicTrack.builtIn("polka"))
        .isInstanceOf(StageException.class)
        .hasMessageContaining("calm, bright, drive")
        .extracting(e -> ((StageException) e).code())
        .isEqualTo(FailureCode.MUSIC_UNKNOWN);
  }
}
