package dev.reelbeam.voices;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.reelbeam.fakes.FakeWhisperModel;
import dev.reelbeam.model.speech.HeardWord;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The real native library with a model that hears the same words in everything. */
class WhisperEngineTest {
  private static final List<HeardWord> WORDS =
      List.of(
          new HeardWord("Good", 100_000, 400_000),
          new HeardWord("morning,", 400_000, 1_000_000),
          new HeardWord("dear", 1_400_000, 1_700_000),
          new HeardWord("world.", 1_700_000, 2_200_000));

  @TempDir Path folder;

  @Test
  void aModelOfAFileHearsWordsWithTheirTimes() throws Exception {
    WhisperEngine engine = new WhisperEngine();
    Path model = FakeWhisperModel.write(folder.resolve("ggml-fake.bin"), WORDS);

    List<WhisperEngine.Heard> heard = engine.hear(model, hum(2_200), "en");

    assertThat(heard.stream().map(WhisperEngine.Heard::text).collect(Collectors.toList()))
        .containsExactly("Good", "morning,", "dear", "world.");
    for (int i = 0; i < heard.size(); i++) {
      assertThat(heard.get(i).startUs())
          .as(heard.get(i).text())
          .isBetween(WORDS.get(i).startUs() - 150_000, WORDS.get(i).startUs() + 150_000);
    }
    assertThat(engine.multilingual(model)).isFalse();
    assertThat(engine.hear(model, hum(2_200), "en")).isEqualTo(heard);
  }

  @Test
  void aSingleShortWordIsHeard() throws Exception {
    Path model =
        FakeWhisperModel.write(
            folder.resolve("short.bin"), List.of(new HeardWord("Yes.", 0, 400_000)));

    assertThat(new WhisperEngine().hear(model, hum(400), "en"))
        .singleElement()
        .satisfies(
            word -> {
              assertThat(word.text()).isEqualTo("Yes.");
              assertThat(word.startUs()).isLessThan(100_000);
            });
  }

  @Test
  void whatIsNoModelIsRefusedWithItsReason() throws Exception {
    WhisperEngine engine = new WhisperEngine();
    Path other = Files.writeString(folder.resolve("other.bin"), "no model of anything at all");
    Path model = FakeWhisperModel.write(folder.resolve("whole.bin"), WORDS);
    byte[] bytes = Files.readAllBytes(model);
    Path cut = folder.resolve("cut.bin");
    Files.write(cut, java.util.Arrays.copyOf(bytes, bytes.length / 2));

    for (Path wrong : List.of(other, cut, folder.resolve("missing.bin"))) {
      assertThatThrownBy(() -> engine.hear(wrong, hum(500), "en"))
          .as(wrong.toString())
          .isInstanceOfSatisfying(
              EngineException.class, refused -> assertThat(refused.code()).isEqualTo("bad_model"))
          .hasMessageContaining(wrong.toString());
    }
    assertThatThrownBy(() -> engine.hear(other, hum(500), "en")).hasMessageContaining("bad magic");

    assertThat(engine.hear(model, hum(2_200), "en")).hasSize(4);
  }

  @Test
  void aToneKeepsItsHeightAndItsLoudnessAtAnotherRate() {
    float[] samples = Resampler.to(16_000, hum(1_000));

    assertThat(samples).hasSize(16_000);
    int crossings = 0;
    float peak = 0;
    for (int i = 1_000; i < 15_000; i++) {
      crossings += samples[i - 1] < 0 && samples[i] >= 0 ? 1 : 0;
      peak = Math.max(peak, samples[i]);
    }
    assertThat(crossings).isBetween(191, 194);
    assertThat(peak).isBetween(0.3f, 0.312f);
  }

  /** 220 Hz at the rate of the embedded English voice. */
  private static Utterance hum(int milliseconds) {
    short[] samples = new short[48 * milliseconds];
    for (int i = 0; i < samples.length; i++) {
      samples[i] = (short) (10_000 * Math.sin(2 * Math.PI * 220 * i / 48_000));
    }
    return new Utterance(samples, samples.length, 48_000, List.of());
  }
}
