package dev.reelbeam.clients.speech;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Test;

class PcmAudioTest {
  @Test
  void atAnotherRateItSoundsTheSameAndNothingFoldsBack() {
    int from = 24_000;
    short[] samples = new short[from];
    for (int i = 0; i < from; i++) {
      // What 16 kHz can hold, and a tone that it cannot.
      samples[i] =
          (short)
              (8_000 * Math.sin(2 * Math.PI * 440 * i / from)
                  + 8_000 * Math.sin(2 * Math.PI * 10_000 * i / from));
    }

    PcmAudio at16 = new PcmAudio(samples, from).resampled(16_000);

    assertThat(at16.sampleRate()).isEqualTo(16_000);
    assertThat(at16.durationUs()).isEqualTo(1_000_000);
    double worst = 0;
    for (int i = 200; i < 15_800; i++) {
      double wanted = 8_000 * Math.sin(2 * Math.PI * 440 * i / 16_000);
      worst = Math.max(worst, Math.abs(at16.samples()[i] - wanted));
    }
    assertThat(worst).isLessThan(80);
  }

  @Test
  void whatWasWrittenIsRead() throws IOException {
    PcmAudio audio = new PcmAudio(new short[] {1, -2, 300, Short.MIN_VALUE}, 22_050);

    PcmAudio read = PcmAudio.parseWav(audio.toWav());

    assertThat(read.samples()).isEqualTo(audio.samples());
    assertThat(read.sampleRate()).isEqualTo(22_050);
  }

  @Test
  void otherFormsAreBroughtIntoOurs() throws IOException {
    assertThat(PcmAudio.parseWav(wav(1, 2, 16, 8, new byte[] {2, 0, 4, 0, 0, 1, 0, 3})).samples())
        .as("two channels")
        .containsExactly(3, 512);
    assertThat(PcmAudio.parseWav(wav(1, 1, 24, 6, new byte[] {9, 1, 0, 9, 0, -1})).samples())
        .as("24 bit")
        .containsExactly(1, -256);
    byte[] floats = new byte[8];
    ByteBuffer.wrap(floats).order(ByteOrder.LITTLE_ENDIAN).putFloat(0.5f).putFloat(-3f);
    assertThat(PcmAudio.parseWav(wav(3, 1, 32, 8, floats)).samples())
        .as("floats, too loud ones as well")
        .containsExactly(16384, -32767);
  }

  @Test
  void aStreamThatDoesNotKnowItsLengthIsReadToItsEnd() throws IOException {
    assertThat(PcmAudio.parseWav(wav(1, 1, 16, -1, new byte[] {1, 0, 2, 0})).samples())
        .containsExactly(1, 2);
  }

  @Test
  void aFileThatIsCutOffOrOfAnotherKindIsRefused() {
    assertThatThrownBy(() -> PcmAudio.parseWav(wav(1, 1, 16, 400, new byte[] {1, 0, 2, 0})))
        .hasMessage("its audio is cut off: 4 of 400 bytes");
    assertThatThrownBy(() -> PcmAudio.parseWav(wav(85, 1, 16, 4, new byte[4])))
        .hasMessageContaining("format 85");
    assertThatThrownBy(() -> PcmAudio.parseWav(Arrays.copyOf(wav(1, 1, 16, 4, new byte[4]), 36)))
        .hasMessage("it is a WAV file without audio");
    assertThatThrownBy(() -> PcmAudio.parseWav("ID3".getBytes(StandardCharsets.US_ASCII)))
        .hasMessage("it is no WAV file");
  }

  @Test
  void silenceIsTrimmedAndHardEndsAreRamped() {
    short[] samples = new short[16_000];
    Arrays.fill(samples, 4_000, 8_000, (short) 9_000);

    PcmAudio.Trimmed trimmed = new PcmAudio(samples, 16_000).trimmed();
    PcmAudio whole = new PcmAudio(Arrays.copyOfRange(samples, 4_000, 8_000), 16_000);

    assertThat(trimmed.cutUs()).isEqualTo(230_000);
    assertThat(trimmed.audio().durationUs()).isEqualTo(290_000);
    PcmAudio joined =
        PcmAudio.join(
            List.of(
                whole.trimmed().audio(), PcmAudio.silence(10, 16_000), whole.trimmed().audio()));
    int largestStep = 0;
    for (int i = 1; i < joined.samples().length; i++) {
      largestStep = Math.max(largestStep, Math.abs(joined.samples()[i] - joined.samples()[i - 1]));
    }
    assertThat(largestStep).isLessThan(200);
    assertThat(new PcmAudio(new short[100], 16_000).trimmed().audio().samples()).hasSize(100);
  }

  /** A file with a chunk that nobody knows before its audio. */
  private static byte[] wav(int format, int channels, int bits, int dataBytes, byte[] data) {
    ByteBuffer bytes =
        ByteBuffer.allocate(12 + 24 + 10 + 8 + data.length).order(ByteOrder.LITTLE_ENDIAN);
    bytes.put("RIFF".getBytes(StandardCharsets.US_ASCII)).putInt(-1);
    bytes.put("WAVEfmt ".getBytes(StandardCharsets.US_ASCII)).putInt(16);
    bytes.putShort((short) format).putShort((short) channels).putInt(16_000);
    bytes.putInt(16_000 * channels * bits / 8).putShort((short) (channels * bits / 8));
    bytes.putShort((short) bits);
    bytes.put("LIST".getBytes(StandardCharsets.US_ASCII)).putInt(2).putShort((short) 7);
    bytes.put("data".getBytes(StandardCharsets.US_ASCII)).putInt(dataBytes).put(data);
    return bytes.array();
  }
}
