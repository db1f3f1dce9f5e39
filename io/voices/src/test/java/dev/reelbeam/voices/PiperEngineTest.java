package dev.reelbeam.voices;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.reelbeam.fakes.FakeVoiceModel;
import java.nio.file.Files;
import java.nio.file.Path;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The real native library with a network that hums. */
class PiperEngineTest {
  private static final String TEXT = "Hello world, it is 5.";

  private final PiperEngine engine = new PiperEngine();

  @TempDir Path folder;

  @Test
  void aVoiceOfAFileSpeaksAndSaysMoreForMore() throws Exception {
    PiperEngine.Model model = model(1, -1);

    assertThat(engine.sampleRate(model)).isEqualTo(FakeVoiceModel.SAMPLE_RATE);
    Utterance spoken = engine.speak(model, TEXT);
    Utterance more = engine.speak(model, TEXT + " And that is not all of it.");

    assertThat(spoken.sampleRate()).isEqualTo(FakeVoiceModel.SAMPLE_RATE);
    assertThat(spoken.sampleCount()).isBetween(15_000, 60_000);
    assertThat(more.sampleCount()).isGreaterThan(spoken.sampleCount() * 3 / 2);
    assertThat(peak(spoken)).isGreaterThan(10_000);
  }

  @Test
  void aModelOfSeveralPersonsHasAVoiceForEach() throws Exception {
    Utterance first = engine.speak(model(3, 0), TEXT);
    Utterance last = engine.speak(model(3, 2), TEXT);

    assertThat(last.sampleCount()).isEqualTo(first.sampleCount());
    assertThat(last.samples()).isNotEqualTo(first.samples());
  }

  @Test
  void aProcessThatIsFullSaysSo() throws Exception {
    PiperEngine.Model model = model(6, 0);
    for (int speaker = 0; speaker < 4; speaker++) {
      engine.sampleRate(new PiperEngine.Model(model.model(), model.config(), speaker));
    }

    assertThat(engine.speak(model, TEXT).sampleCount()).isPositive();
    assertThatThrownBy(
            () -> engine.speak(new PiperEngine.Model(model.model(), model.config(), 4), TEXT))
        .isInstanceOfSatisfying(
            EngineException.class, refused -> assertThat(refused.code()).isEqualTo("full"));
  }

  @Test
  void theSlowerPaceOfAConfigurationIsHeard() throws Exception {
    PiperEngine.Model model = model(1, -1);
    Path slow = folder.resolve("slow.json");
    Files.writeString(
        slow,
        Files.readString(model.config()).replace("\"length_scale\": 1", "\"length_scale\": 1.5"));

    double ratio =
        (double) engine.speak(new PiperEngine.Model(model.model(), slow, -1), TEXT).sampleCount()
            / engine.speak(model, TEXT).sampleCount();

    assertThat(ratio).isBetween(1.4, 1.6);
  }

  @Test
  void whatIsNoVoiceIsRefusedAndTheNextOneSpeaks() throws Exception {
    PiperEngine.Model model = model(1, -1);
    Path other = Files.writeString(folder.resolve("other.onnx"), "no network");

    assertRefused(() -> engine.speak(model("missing.onnx"), TEXT), "is not there");
    assertRefused(
        () -> engine.speak(new PiperEngine.Model(other, model.config(), -1), TEXT),
        "is no voice of Piper");
    assertRefused(
        () -> engine.speak(new PiperEngine.Model(model.model(), other, -1), TEXT),
        "is no voice of Piper");

    assertThat(engine.speak(model, TEXT).sampleCount()).isPositive();
  }

  private static void assertRefused(ThrowingCallable call, String message) {
    assertThatThrownBy(call)
        .isInstanceOfSatisfying(
            EngineException.class, refused -> assertThat(refused.code()).isEqualTo("bad_model"))
        .hasMessageContaining(message);
  }

  private PiperEngine.Model model(int speakers, int speaker) throws Exception {
    Path model = FakeVoiceModel.write(folder, "hum" + speakers, speakers);
    return new PiperEngine.Model(model, Path.of(model + ".json"), speaker);
  }

  private PiperEngine.Model model(String name) {
    return new PiperEngine.Model(folder.resolve(name), folder.resolve(name + ".json"), -1);
  }

  private static int peak(Utterance spoken) {
    int peak = 0;
    for (short sample : spoken.samples()) {
      peak = Math.max(peak, Math.abs(sample));
    }
    return peak;
  }
}
