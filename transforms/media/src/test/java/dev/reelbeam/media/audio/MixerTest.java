package dev.reelbeam.media.audio;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import dev.reelbeam.media.codec.AudioDecoder;
import dev.reelbeam.media.codec.AudioLevels;
import dev.reelbeam.media.codec.AudioLimits;
import dev.reelbeam.media.codec.AudioLoudness;
import dev.reelbeam.media.codec.AudioPcm;
import dev.reelbeam.media.codec.AudioTestSounds;
import java.nio.file.Path;
import java.util.Arrays;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class MixerTest {
  private static final AudioPcm VOICE = AudioTestSounds.speechLike(8, 5);

  private static MusicTrack calm;

  @TempDir Path folder;

  @BeforeAll
  static void loadMusicOnce() throws Exception {
    calm = MusicTrack.builtIn("calm");
  }

  private SoundTrack render(AudioPcm voice, MusicTrack music, MixSettings settings, String name)
      throws Exception {
    return Mixer.render(voice, music, settings, 240, 30, 1, folder.resolve(name));
  }

  @Test
  void theDecodedTrackIsAsLoudAsPromisedAndEndsOnAWholeFrame() throws Exception {
    SoundTrack track = render(VOICE, calm, MixSettings.DEFAULT, "mix.m4a");

    assertThat(track.levels().integratedMilliLufs()).isBetween(-14_500, -13_500);
    assertThat(track.levels().truePeakMilliDb()).isLessThanOrEqualTo(-1_000);
    assertThat(track.rounds()).isLessThanOrEqualTo(2);
    assertThat(track.samples()).isEqualTo(8 * 48_000 / 1024 * 1024);
    AudioPcm decoded = AudioDecoder.decode(track.file(), AudioLimits.DEFAULT);
    assertThat((long) decoded.samples()).isEqualTo(track.samples());
    assertThat(decoded.channels()).isEqualTo(2);
  }

  @Test
  void theVoiceSoundsInItsPlace() throws Exception {
    SoundTrack track = render(VOICE, null, MixSettings.DEFAULT, "voice.m4a");
    AudioPcm decoded = AudioDecoder.decode(track.file(), AudioLimits.DEFAULT);
    assertThat(AudioTestSounds.offset(VOICE.left(), decoded.left(), 50_000, 48_000, 1500)).isZero();
  }

  @Test
  void musicLiesTwentyPercentUnderTheVoice() throws Exception {
    SoundTrack track = render(VOICE, calm, MixSettings.DEFAULT, "mix.m4a");
    int music = track.musicMilliLufs() + track.musicGainMilliDb();
    assertThat(track.voiceMilliLufs() - music).isCloseTo(13_979, within(1));
  }

  @Test
  void duckedMusicGoesSixDecibelsFurtherDownWhileSomeoneSpeaks() throws Exception {
    // A voice that can be taken out again: it sounds in the first half only, at one pitch.
    float[] tone = AudioTestSounds.sine(1000, 0.2, 0, 48_000 * 8);
    Arrays.fill(tone, 48_000 * 4, tone.length, 0f);
    int lufs = AudioLoudness.measureMilliLufs(AudioPcm.mono(tone));
    DuckingCurve curve = DuckingCurve.of(AudioPcm.mono(tone), lufs);

    assertThat(curve.at(48_000)).isCloseTo(0.501f, within(0.002f));
    assertThat(curve.at(48_000 * 7)).isCloseTo(1f, within(0.002f));
    // 90 % of six decibels after 80 ms, and back after 400 ms.
    double afterAttack = 20 * Math.log10(curve.at(48_000 * 80 / 1000 - 480));
    assertThat(afterAttack).isCloseTo(-5.4, within(0.2));
    double afterRelease = 20 * Math.log10(curve.at(48_000 * 4 + 48_000 * 400 / 1000 - 480));
    assertThat(afterRelease).isCloseTo(-0.6, within(0.1));
  }

  @Test
  void theSameInputGivesTheSameBytes() throws Exception {
    MixSettings ducked = MixSettings.DEFAULT.withMusicMode(MusicMode.DUCKED);
    SoundTrack first = render(VOICE, calm, ducked, "first.m4a");
    SoundTrack second = render(VOICE, calm, ducked, "second.m4a");
    assertThat(second.file()).hasSameBinaryContentAs(first.file());
  }

  @Test
  void nothingAtAllIsSilenceOfTheRightLength() throws Exception {
    SoundTrack track = render(null, null, MixSettings.DEFAULT, "silence.m4a");
    assertThat(track.levels().integratedMilliLufs()).isEqualTo(AudioLevels.SILENT);
    assertThat(track.packets()).isEqualTo(375);
  }

  @Test
  void musicAloneIsBroughtToTheTarget() throws Exception {
    SoundTrack track = render(null, calm, MixSettings.DEFAULT, "music.m4a");
    assertThat(track.levels().integratedMilliLufs()).isBetween(-14_500, -13_500);
    assertThat(track.levels().truePeakMilliDb()).isLessThanOrEqualTo(-1_000);
  }

  @Test
  void soundNeverOutlastsThePicture() {
    for (int frames = 1; frames < 400; frames++) {
      int samples = Mixer.wholeFrames(Math.max(2, frames), 30, 1);
      long video = Math.max(2, frames) * 1600L;
      assertThat((long) samples).isLessThanOrEqualTo(video).isGreaterThan(video - 1024);
    }
    assertThat(Mixer.wholeFrames(900, 30_000, 1001)).isEqualTo(1441440 / 1024 * 1024);
  }
}
