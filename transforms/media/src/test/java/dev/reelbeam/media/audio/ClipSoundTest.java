package dev.reelbeam.media.audio;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import dev.reelbeam.media.codec.AudioDecoder;
import dev.reelbeam.media.codec.AudioLimits;
import dev.reelbeam.media.codec.AudioPcm;
import dev.reelbeam.media.codec.AudioTestSounds;
import dev.reelbeam.media.codec.ClipReader;
import dev.reelbeam.media.codec.TestClip;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ClipSoundTest {
  @TempDir Path folder;
  private Path clip;

  /** Two seconds of 200 Hz, then two of 1000 Hz. */
  @BeforeEach
  void writeClip() throws Exception {
    float[] tone = new float[4 * 48_000];
    System.arraycopy(AudioTestSounds.sine(200, 0.3, 0, 96_000), 0, tone, 0, 96_000);
    System.arraycopy(AudioTestSounds.sine(1000, 0.3, 0, 96_000), 0, tone, 96_000, 96_000);
    clip = folder.resolve("clip.wav");
    WavFile.write(AudioPcm.mono(tone), clip);
  }

  @Test
  void onlyTheTrimmedPartIsHeardInItsPlace() throws Exception {
    ClipSound sound = ClipSound.of(clip, 1_500_000, 2_500_000, 1000, false, 250_000, 3_000_000, 50);

    assertThat(sound.startSample()).isEqualTo(12_000);
    assertThat(sound.pcm().samples()).isEqualTo(144_000);
    assertThat(hertz(sound.pcm(), 2_000, 20_000)).isCloseTo(200, within(4.0));
    assertThat(hertz(sound.pcm(), 26_000, 20_000)).isCloseTo(1000, within(4.0));
    assertThat(peak(sound.pcm(), 48_000, 90_000)).as("after the part").isZero();
  }

  /** Every container that clips are read from, and has sound. */
  @ParameterizedTest
  @CsvSource({
    "libx264,mp4,mp2",
    "libx264,mov,pcm_s16le",
    "libx264,matroska,pcm_s16le",
    "libvpx-vp9,webm,libopus",
    "mpeg4,avi,pcm_s16le",
    "mpeg4,avi,mp2",
    "libx264,mpegts,mp2"
  })
  void theSoundOfEveryKindOfClipIsHeard(String pictures, String container, String sound)
      throws Exception {
    Path file =
        TestClip.plain(64, 64, 25, 75)
            .by(pictures, container)
            .sounding(sound)
            .numbered(folder, "talk");

    ClipSound heard =
        ClipSound.of(
            file,
            ClipReader.soundDelayUs(file),
            1_000_000,
            2_000_000,
            1000,
            false,
            0,
            1_000_000,
            100);

    assertThat(hertz(heard.pcm(), 4_000, 40_000)).isCloseTo(1000, within(4.0));
    assertThat(peak(heard.pcm(), 4_000, 40_000)).isCloseTo(0.5f, within(0.05f));
  }

  @Test
  void twiceThePaceIsTwiceThePitchAndHalfTheLength() throws Exception {
    ClipSound sound = ClipSound.of(clip, 0, 2_000_000, 2000, false, 0, 3_000_000, 50);

    assertThat(hertz(sound.pcm(), 5_000, 40_000)).isCloseTo(400, within(4.0));
    assertThat(peak(sound.pcm(), 48_100, 90_000)).isZero();
  }

  @Test
  void neitherEndsNorSeamsClick() throws Exception {
    ClipSound sound = ClipSound.of(clip, 0, 513_000, 1000, true, 0, 2_200_000, 50);

    assertThat(peak(sound.pcm(), 90_000, 10_000)).as("it goes on").isGreaterThan(0.25f);
    float[] left = sound.pcm().left();
    assertThat(Math.abs(left[0])).isLessThan(0.001f);
    assertThat(Math.abs(left[left.length - 1])).isLessThan(0.001f);
    // A 200 Hz tone of this level never steps further than this from one sample to the next.
    float steepest = (float) (0.3 * 2 * Math.PI * 200 / 48_000 * 1.25);
    for (int i = 1; i < left.length; i++) {
      assertThat(Math.abs(left[i] - left[i - 1])).as("sample %d", i).isLessThan(steepest);
    }
  }

  @Test
  void soundThatEndsBeforeThePictureOrBeginsAfterItDoesNotClick() throws Exception {
    // A quarter of a period is left: the tone would break off at its peak.
    float[] tone = AudioTestSounds.sine(200, 0.3, 0, 48_000 + 60);
    Path brief = folder.resolve("brief.wav");
    WavFile.write(AudioPcm.mono(tone), brief);

    ClipSound early = ClipSound.of(brief, 0, 3_000_000, 1000, false, 0, 3_000_000, 50);
    ClipSound late = ClipSound.of(brief, 500_000, 0, 3_000_000, 1000, false, 0, 3_000_000, 50);
    ClipSound slow = ClipSound.of(brief, 0, 2_000_000, 500, false, 0, 3_000_000, 50);

    assertThat(peak(early.pcm(), 40_000, 7_000)).isGreaterThan(0.25f);
    assertThat(peak(early.pcm(), 48_100, 90_000)).isZero();
    assertThat(peak(late.pcm(), 0, 23_990)).as("before it begins").isZero();
    assertThat(hertz(late.pcm(), 26_000, 40_000)).isCloseTo(200, within(4.0));
    float steepest = (float) (0.3 * 2 * Math.PI * 200 / 48_000 * 1.25);
    for (ClipSound sound : List.of(early, late, slow)) {
      float[] left = sound.pcm().left();
      for (int i = 1; i < left.length; i++) {
        assertThat(Math.abs(left[i] - left[i - 1])).as("sample %d", i).isLessThan(steepest);
      }
    }
  }

  @Test
  void soundThatBeginsBeforeThePictureIsCutToIt() throws Exception {
    // The tone changes after two seconds of sound, which is one and a half of picture.
    ClipSound sound =
        ClipSound.of(clip, -500_000, 1_000_000, 2_000_000, 1000, false, 0, 1_000_000, 50);

    assertThat(hertz(sound.pcm(), 2_000, 20_000)).isCloseTo(200, within(4.0));
    assertThat(hertz(sound.pcm(), 26_000, 20_000)).isCloseTo(1000, within(4.0));
  }

  @Test
  void theMixPutsItUnderTheVoiceByItsLevel() throws Exception {
    AudioPcm voice = AudioTestSounds.speechLike(4, 3);
    ClipSound sound = ClipSound.of(clip, 2_000_000, 4_000_000, 1000, true, 0, 4_000_000, 25);

    AudioPcm with = mixed(voice, List.of(sound), "with.m4a");
    AudioPcm without = mixed(voice, List.of(), "without.m4a");

    double added = energyAt(1000, with) / Math.max(1e-9, energyAt(1000, without));
    assertThat(added).isGreaterThan(20);
    assertThat(mixed(voice, List.of(silent()), "silent.m4a").left()).isEqualTo(without.left());
  }

  private static ClipSound silent() {
    return new ClipSound(AudioPcm.stereo(new float[48_000], new float[48_000]), 0, 100);
  }

  private AudioPcm mixed(AudioPcm voice, List<ClipSound> clips, String name) throws Exception {
    SoundTrack track =
        Mixer.render(voice, null, clips, MixSettings.DEFAULT, 120, 30, 1, folder.resolve(name));
    return AudioDecoder.decode(track.file(), AudioLimits.DEFAULT);
  }

  /** By counting the ways up through zero. */
  private static double hertz(AudioPcm pcm, int from, int count) {
    int ups = 0;
    for (int i = from; i < from + count; i++) {
      if (pcm.left()[i] < 0 && pcm.left()[i + 1] >= 0) {
        ups++;
      }
    }
    return ups * 48_000.0 / count;
  }

  private static float peak(AudioPcm pcm, int from, int count) {
    float peak = 0;
    for (int i = from; i < Math.min(from + count, pcm.samples()); i++) {
      peak = Math.max(peak, Math.abs(pcm.left()[i]));
    }
    return peak;
  }

  private static double energyAt(double hertz, AudioPcm pcm) {
    double re = 0;
    double im = 0;
    for (int i = 0; i < pcm.samples(); i++) {
      re += pcm.left()[i] * Math.cos(2 * Math.PI * hertz * i / 48_000);
      im += pcm.left()[i] * Math.sin(2 * Math.PI * hertz * i / 48_000);
    }
    return re * re + im * im;
  }
}
