package dev.reelbeam.embedded.speech;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.reelbeam.fakes.FakeVoiceModel;
import dev.reelbeam.fakes.FakeWhisperModel;
import dev.reelbeam.model.failure.FailureCode;
import dev.reelbeam.model.failure.StageException;
import dev.reelbeam.model.port.SpeechModels;
import dev.reelbeam.model.port.SpeechModels.VoiceFile;
import dev.reelbeam.model.speech.HeardWord;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicLong;
import java.util.stream.Collectors;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Models in the real process, where the voices are built: in the whole build they are. */
class LocalSpeechModelsTest {
  private static final Path VOICES =
      Path.of(System.getProperty("reelbeam.root", "."), "io", "voices", "target", "lib");
  private static final String TEXT = "Good morning, dear world.";

  @TempDir Path folder;

  @Test
  void aVoiceSpeaksAndAListenerHearsInOneProcess() throws Exception {
    assumeTrue(Files.isDirectory(VOICES), "the voices are not built");
    VoiceFile voice = voice("hum", 2);
    Path listener =
        FakeWhisperModel.write(
            folder.resolve("ggml-fake.bin"),
            List.of(
                new HeardWord("good", 0, 500_000),
                new HeardWord("morning", 500_000, 1_000_000),
                new HeardWord("world", 1_000_000, 1_500_000)));
    try (SpeechModels models = LocalSpeechModels.withVoices(VOICES)) {
      assertThat(models.look(voice))
          .isEqualTo(
              new SpeechModels.VoiceFacts(
                  FakeVoiceModel.SAMPLE_RATE, "en-US", Map.of("p0", 0, "p1", 1)));
      byte[] usual = models.speak(voice, 0, TEXT, 1000);
      byte[] slow = models.speak(voice, 0, TEXT, 800);
      WavAudio audio = WavAudio.parse(usual);

      assertThat(audio.sampleRate()).isEqualTo(FakeVoiceModel.SAMPLE_RATE);
      assertThat((double) slow.length / usual.length).isBetween(1.2, 1.3);
      // More paces than one process holds: another one takes over.
      for (int pace : new int[] {900, 950, 1100, 1200}) {
        assertThat(WavAudio.parse(models.speak(voice, 0, TEXT, pace)).sampleRate())
            .isEqualTo(FakeVoiceModel.SAMPLE_RATE);
      }
      assertThat(models.listens(listener)).isFalse();
      assertThat(
              models.hear(listener, usual, "en").stream()
                  .map(HeardWord::text)
                  .collect(Collectors.toList()))
          .startsWith("good", "morning", "world");

      Files.writeString(folder.resolve("other.onnx"), "no network");
      VoiceFile wrong = new VoiceFile(folder.resolve("other.onnx"), voice.config());
      assertFails(() -> models.speak(wrong, -1, TEXT, 1000), FailureCode.MODEL_UNUSABLE)
          .hasMessageContaining("other.onnx is no voice of Piper");
      assertFails(() -> models.listens(wrong.model()), FailureCode.MODEL_UNUSABLE)
          .hasMessageContaining("other.onnx is no model of Whisper");
    }
  }

  @Test
  void whatCannotBeAVoiceNeverReachesTheNativeCode() throws Exception {
    VoiceFile voice = voice("hum", 2);
    Path other = Files.writeString(folder.resolve("other.json"), "{\"audio\": {}}");
    try (SpeechModels models = models(VoicesProcess.ofCommand(List.of("no-java")))) {
      assertFails(
              () -> models.look(new VoiceFile(voice.model(), folder.resolve("none.json"))),
              FailureCode.MODEL_UNUSABLE)
          .hasMessageContaining("none.json' is not there");
      assertFails(
              () -> models.look(new VoiceFile(voice.model(), other)), FailureCode.MODEL_UNUSABLE)
          .hasMessageContaining("audio.sample_rate");
      assertFails(
              () -> models.look(new VoiceFile(voice.model(), voice.model())),
              FailureCode.MODEL_UNUSABLE)
          .hasMessageContaining("hum.onnx");
      assertFails(() -> models.speak(voice, 2, TEXT, 1000), FailureCode.VOICE_MISSING)
          .hasMessageContaining("has 2 speakers");
    }
  }

  @Test
  void aCrashOfAModelIsAFailureOfTheCallAndNoMore() throws Exception {
    VoiceFile voice = voice("hum", 1);
    try (SpeechModels models =
        models(FakeVoicesHost.process("dies-once", folder.resolve("starts")))) {
      assertThat(WavAudio.parse(models.speak(voice, -1, TEXT, 1000)).samples()).isNotEmpty();
    }
    try (SpeechModels models = models(FakeVoicesHost.process("dies", folder.resolve("again")))) {
      assertFails(() -> models.speak(voice, -1, TEXT, 1000), FailureCode.SPEECH_FAILED)
          .hasMessageContaining("the fake is dying");
    }
  }

  @Test
  void aModelThatCrashesIsLeftAloneUntilItsFileChangesOrSomeTimeIsOver() throws Exception {
    VoiceFile voice = voice("hum", 1);
    VoiceFile other = voice("other", 1);
    Path starts = folder.resolve("starts");
    AtomicLong now = new AtomicLong();
    try (SpeechModels models =
        LocalSpeechModels.over(
            FakeVoicesHost.process("dies", starts), new ModelCircuit(now::get))) {
      assertFails(() -> models.speak(voice, -1, TEXT, 1000), FailureCode.SPEECH_FAILED);
      assertThat(Files.size(starts)).isEqualTo(3);

      assertFails(() -> models.speak(voice, -1, TEXT, 1000), FailureCode.MODEL_UNUSABLE)
          .hasMessageContaining("hum.onnx' is left alone")
          .hasMessageContaining("the fake is dying");
      assertFails(() -> models.look(voice), FailureCode.MODEL_UNUSABLE);
      assertThat(Files.size(starts)).describedAs("nothing is started for it").isEqualTo(3);

      assertFails(() -> models.speak(other, -1, TEXT, 1000), FailureCode.SPEECH_FAILED);
      assertThat(Files.size(starts)).describedAs("others are tried").isEqualTo(6);

      Files.write(voice.model(), new byte[] {1}, StandardOpenOption.APPEND);
      assertFails(() -> models.speak(voice, -1, TEXT, 1000), FailureCode.SPEECH_FAILED);
      assertThat(Files.size(starts)).describedAs("another file is tried").isEqualTo(9);

      now.addAndGet(ModelCircuit.REST.toNanos() + 1);
      assertFails(() -> models.speak(voice, -1, TEXT, 1000), FailureCode.SPEECH_FAILED);
      assertThat(Files.size(starts)).describedAs("after a while it is tried").isEqualTo(12);
    }
  }

  private static SpeechModels models(VoicesProcess process) {
    return LocalSpeechModels.over(process, new ModelCircuit(System::nanoTime));
  }

  private static org.assertj.core.api.AbstractThrowableAssert<?, ? extends Throwable> assertFails(
      ThrowingCallable call, FailureCode code) {
    return assertThatThrownBy(call)
        .isInstanceOfSatisfying(
            StageException.class, failure -> assertThat(failure.code()).isEqualTo(code));
  }

  private VoiceFile voice(String name, int speakers) throws Exception {
    Path model = FakeVoiceModel.write(folder, name, speakers);
    return new VoiceFile(model, Path.of(model + ".json"));
  }
}
