package dev.reelbeam.stages.visuals;

import static org.assertj.core.api.Assertions.assertThat;

import dev.reelbeam.fakes.FakeObjectStore;
import dev.reelbeam.model.speech.Narration;
import dev.reelbeam.model.speech.SpokenSentence;
import dev.reelbeam.model.visual.Scene;
import dev.reelbeam.model.visual.Shape;
import dev.reelbeam.stages.flow.Artifacts;
import dev.reelbeam.stages.flow.Progress;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import java.util.Objects;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class SceneAudioTest {
  @TempDir Path folder;

  /** A voice was changed on its server between the two. */
  @Test
  void sentencesOfTwoSampleRatesAreBothHeard() throws Exception {
    FakeObjectStore store = new FakeObjectStore(folder);
    Narration narration =
        new Narration(
            List.of(sentence(store, 0, 16_000, 0), sentence(store, 1, 22_050, 1_200_000)),
            "v",
            1000,
            1,
            2_500);
    Scene scene = new Scene("One. Two.", "", "", List.of(), "en", Shape.SQUARE, 2_200);

    SceneAudio.Heard heard =
        new SceneAudio(new Artifacts(store, Progress.NONE), narration)
            .of(new Scenes.Needed(0, 0, 1, scene))
            .orElseThrow();

    byte[] wav = store.read(Objects.requireNonNull(heard.scene().narration()));
    assertThat(loudest(wav, 100, 900)).isGreaterThan(5_000);
    assertThat(loudest(wav, 1_050, 1_150)).isZero();
    assertThat(loudest(wav, 1_300, 2_100)).isGreaterThan(5_000);
    assertThat(loudest(wav, 2_250, 2_450)).isZero();
  }

  /** A second of a tone. */
  private static SpokenSentence sentence(
      FakeObjectStore store, int number, int rate, long startUs) {
    ByteBuffer wav = ByteBuffer.allocate(44 + 2 * rate).order(ByteOrder.LITTLE_ENDIAN);
    wav.put("RIFF".getBytes(StandardCharsets.US_ASCII)).putInt(36 + 2 * rate);
    wav.put("WAVEfmt ".getBytes(StandardCharsets.US_ASCII)).putInt(16).putShort((short) 1);
    wav.putShort((short) 1).putInt(rate).putInt(2 * rate).putShort((short) 2).putShort((short) 16);
    wav.put("data".getBytes(StandardCharsets.US_ASCII)).putInt(2 * rate);
    for (int i = 0; i < rate; i++) {
      wav.putShort((short) (9_000 * StrictMath.sin(2 * StrictMath.PI * 180 * i / rate)));
    }
    return new SpokenSentence(
        0,
        number,
        "One.",
        store.put(wav.array(), "audio/wav"),
        rate,
        rate,
        startUs,
        startUs + 1_000_000,
        List.of());
  }

  private static int loudest(byte[] wav, int fromMs, int toMs) {
    ByteBuffer file = ByteBuffer.wrap(wav).order(ByteOrder.LITTLE_ENDIAN);
    int rate = file.getInt(24);
    int loudest = 0;
    for (int i = rate / 1000 * fromMs; i < rate / 1000 * toMs; i++) {
      loudest = Math.max(loudest, Math.abs(file.getShort(44 + 2 * i)));
    }
    return loudest;
  }
}
