package dev.reelbeam.media.codec;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import dev.reelbeam.model.failure.FailureCode;
import dev.reelbeam.model.failure.StageException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class AudioDecoderTest {
  private static final AudioPcm VOICE = AudioTestSounds.speechLike(2, 7);

  @TempDir Path folder;

  @ParameterizedTest
  @CsvSource({
    "pcm_s16le, wav, 0",
    "flac, flac, 0",
    "libmp3lame, mp3, 0",
    "aac, m4a, 0",
    "aac, aac, 1024",
    "libopus, opus, 0",
    "libopus, ogg, 0",
    "libopus, webm, 0"
  })
  void everyUsualKindIsReadInPlace(String encoder, String ending, int delay) throws Exception {
    Path file = folder.resolve("voice." + ending);
    AudioTestFiles.encode(VOICE, encoder, 128_000, file);

    AudioPcm decoded = AudioDecoder.decode(file, AudioLimits.DEFAULT);

    assertThat(decoded.channels()).isEqualTo(1);
    // ADTS names no encoder delay and ends on whole frames.
    assertThat(decoded.samples()).isCloseTo(VOICE.samples(), within(2600));
    assertThat(AudioTestSounds.offset(VOICE.left(), decoded.left(), 20_000, 24_000, 1100))
        .isEqualTo(delay);
  }

  @ParameterizedTest
  @CsvSource({"16000", "22050", "24000", "44100", "96000"})
  void resamplingKeepsPlaceAndLength(int rate) throws Exception {
    int seconds = 2;
    float[] samples = new float[rate * seconds];
    for (int i = 0; i < samples.length; i++) {
      double t = i / (double) rate;
      samples[i] =
          (float) (0.5 * StrictMath.sin(2 * Math.PI * 440 * t) * StrictMath.exp(-(t % 0.5) * 9));
    }
    Path file = folder.resolve("tone.wav");
    AudioTestFiles.encode(AudioPcm.mono(samples), "pcm_s16le", 0, rate, file);

    AudioPcm decoded = AudioDecoder.decode(file, AudioLimits.DEFAULT);

    assertThat(decoded.samples()).isCloseTo(seconds * AudioPcm.SAMPLE_RATE, within(1));
    double worst = 0;
    // Away from the steps at each half second, where a band limit rings.
    for (int i = 0; i < decoded.samples(); i++) {
      double t = i / (double) AudioPcm.SAMPLE_RATE;
      double into = t % 0.5;
      if (into > 0.05 && into < 0.45) {
        double ideal = 0.5 * StrictMath.sin(2 * Math.PI * 440 * t) * StrictMath.exp(-into * 9);
        worst = Math.max(worst, Math.abs(ideal - decoded.left()[i]));
      }
    }
    assertThat(worst).isLessThan(0.0002);
  }

  @Test
  void oneChannelSoundsOnBothSidesAtItsOwnLevelAndTwoFoldToTheirMean() throws Exception {
    Path mono = folder.resolve("mono.wav");
    AudioTestFiles.encode(VOICE, "pcm_s16le", 0, mono);
    AudioPcm stereo = AudioDecoder.decodeStereo(mono, AudioLimits.DEFAULT);
    assertThat(stereo.channels()).isEqualTo(2);
    assertThat(stereo.right()[30_000]).isCloseTo(VOICE.left()[30_000], within(0.0001f));

    float[] left = AudioTestSounds.sine(440, 0.4, 0, 48_000);
    float[] right = new float[48_000];
    Path both = folder.resolve("both.wav");
    AudioTestFiles.encode(AudioPcm.stereo(left, right), "pcm_s16le", 0, both);
    float[] folded = AudioDecoder.decodeMono(both, AudioLimits.DEFAULT).left();
    assertThat(folded[1234]).isCloseTo(left[1234] / 2, within(0.0001f));
  }

  @Test
  void aFileThatIsNotAudioIsNamedWithTheNumber() throws Exception {
    Path empty = Files.createFile(folder.resolve("empty.mp3"));
    Path text = Files.writeString(folder.resolve("notes.mp3"), "These are notes.\n".repeat(200));
    Path missing = folder.resolve("missing.wav");
    for (Path file : new Path[] {empty, text, missing, folder}) {
      assertThatThrownBy(() -> AudioDecoder.decode(file, AudioLimits.DEFAULT))
          .isInstanceOf(StageException.class)
          .hasMessageStartingWith(file.getFileName().toString())
          .extracting(e -> ((StageException) e).code().number())
          .isEqualTo(3010);
    }
  }

  @ParameterizedTest
  @CsvSource({"pcm_s16le, wav", "flac, flac", "libopus, opus", "aac, m4a", "libmp3lame, mp3"})
  void aTruncatedFileIsRefused(String encoder, String ending) throws Exception {
    Path whole = folder.resolve("whole." + ending);
    AudioTestFiles.encode(VOICE, encoder, 96_000, whole);
    byte[] bytes = Files.readAllBytes(whole);
    Path cut = folder.resolve("cut." + ending);
    Files.write(cut, Arrays.copyOf(bytes, bytes.length * 6 / 10));

    assertThatThrownBy(() -> AudioDecoder.decode(cut, AudioLimits.DEFAULT))
        .isInstanceOf(StageException.class)
        .hasMessageContaining("cut." + ending)
        .extracting(e -> ((StageException) e).code())
        .isEqualTo(FailureCode.AUDIO_UNDECODABLE);
  }

  @Test
  void sizeAndLengthAreBounded() throws Exception {
    Path file = folder.resolve("voice.wav");
    AudioTestFiles.encode(VOICE, "pcm_s16le", 0, file);
    assertThatThrownBy(() -> AudioDecoder.decode(file, new AudioLimits(1000, 60)))
        .hasMessageContaining("over the limit of 1000");
    assertThatThrownBy(() -> AudioDecoder.decode(file, new AudioLimits(1 << 20, 1)))
        .hasMessageContaining("longer than 1 s");
  }

  @Test
  void aPlaylistLeadsNowhere() throws Exception {
    Path secret = folder.resolve("secret.wav");
    AudioTestFiles.encode(VOICE, "pcm_s16le", 0, secret);
    Path playlist =
        Files.writeString(
            folder.resolve("list.mp3"), "ffconcat version 1.0\nfile '" + secret + "'\n");
    Path hls =
        Files.writeString(
            folder.resolve("list.m4a"),
            "#EXTM3U\n#EXT-X-TARGETDURATION:2\n#EXTINF:2,\n" + secret + "\n#EXT-X-ENDLIST\n");
    for (Path file : new Path[] {playlist, hls}) {
      assertThatThrownBy(() -> AudioDecoder.decode(file, AudioLimits.DEFAULT))
          .isInstanceOf(StageException.class);
    }
  }
}
