package dev.reelbeam.pipelines.report;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class WaveformTest {
  @TempDir Path folder;

  @Test
  void eachStretchHasItsLoudestSample() throws Exception {
    Path wav = Files.write(folder.resolve("a.wav"), RecordFolders.wav(48_000));

    int[] peaks = Waveform.peaks(wav, 1_000_000);

    assertThat(Arrays.copyOf(peaks, Waveform.COLUMNS / 2 - 1)).containsOnly(0);
    assertThat(Arrays.copyOfRange(peaks, Waveform.COLUMNS / 2 + 1, Waveform.COLUMNS))
        .containsOnly(20_000);
  }

  @Test
  void aVideoLongerThanItsSoundEndsInSilence() throws Exception {
    Path wav = Files.write(folder.resolve("a.wav"), RecordFolders.wav(48_000));

    int[] peaks = Waveform.peaks(wav, 2_000_000);

    assertThat(peaks[Waveform.COLUMNS * 3 / 8]).isEqualTo(20_000);
    assertThat(peaks[Waveform.COLUMNS * 5 / 8]).isZero();
  }

  @Test
  void theOutlineStaysInsideItsBox() {
    assertThat(Waveform.path(new int[] {0, 32_768, 8192}))
        .isEqualTo("M0 50L0 50L1 2L2 26L2 74L1 98L0 50Z");
    assertThat(Waveform.path(new int[] {0, 0})).isEqualTo("M0 50L0 50L1 50L1 50L0 50Z");
  }

  @Test
  void aFileThatIsCutOrOfAnotherKindSaysSo() throws Exception {
    byte[] whole = RecordFolders.wav(100);
    for (int length : new int[] {0, 3, 11, 20, 40}) {
      Path cut = Files.write(folder.resolve("cut.wav"), Arrays.copyOf(whole, length));
      assertThatThrownBy(() -> Waveform.peaks(cut, 1_000_000)).isInstanceOf(IOException.class);
    }
    Path eightBit = folder.resolve("eight.wav");
    whole[34] = 8;
    Files.write(eightBit, whole);
    assertThatThrownBy(() -> Waveform.peaks(eightBit, 1_000_000))
        .hasMessage("eight.wav has no 16-bit samples");
  }
}
