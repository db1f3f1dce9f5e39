package dev.reelbeam.clients.speech;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import dev.reelbeam.fakes.FakeSpeechModels;
import dev.reelbeam.model.failure.FailureCode;
import dev.reelbeam.model.failure.StageException;
import dev.reelbeam.model.port.SpeechSynthesizer;
import dev.reelbeam.model.speech.Speech;
import dev.reelbeam.model.speech.TimesOrigin;
import dev.reelbeam.model.speech.Voice;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Voices and listeners of files, with somebody in place of the native code. */
class FileSpeechTest extends SpeechSynthesizerContract {
  private static final String ENTRY =
      "{name: own, kind: piper-file, model: anna.onnx,"
          + " words: {kind: whisper-file, model: ggml-tiny.bin}}";

  @TempDir Path folder;
  private FakeSpeechModels models = new FakeSpeechModels(Map.of());

  @BeforeEach
  void putFiles() throws IOException {
    Files.writeString(folder.resolve("anna.onnx"), "network");
    Files.writeString(folder.resolve("anna.onnx.json"), "{}");
    Files.writeString(folder.resolve("ggml-tiny.bin"), "model");
  }

  @Override
  SpeechSynthesizer speech() {
    return open(ENTRY);
  }

  private SpeechSynthesizer open(String entry) {
    return SpeechTests.open(entry, folder, () -> models.opened(), SpeechTests.QUICK);
  }

  @Test
  void theWordsAreTimedByWhoListens() throws StageException {
    Speech spoken = speech().synthesize(english("Good morning, world."));

    assertThat(spoken.voiceId()).isEqualTo("own:anna");
    assertThat(spoken.timesFrom()).isEqualTo(TimesOrigin.TRANSCRIPT);
    assertThat(spoken.words().get(1).startUs()).isBetween(290_000L, 360_000L);
  }

  @Test
  void withoutAListenerTheTimesAreAnEstimateAndSayIt() throws StageException {
    Speech spoken =
        open("{name: own, kind: piper-file, model: anna.onnx}")
            .synthesize(english("Good morning."));

    assertThat(spoken.timesFrom()).isEqualTo(TimesOrigin.ESTIMATE);
  }

  @Test
  void eachPersonOfAModelIsAVoice() throws StageException {
    models = new FakeSpeechModels(Map.of("carl", 1, "berta", 0));
    SpeechSynthesizer speech = open(ENTRY.replace("anna.onnx,", "anna.onnx, voice: carl,"));

    assertThat(speech.voices()).extracting(Voice::id).containsExactly("own:berta", "own:carl");
    assertThat(speech.voices()).extracting(Voice::language).containsOnly("en-US");
    assertThat(speech.resolveVoice("default", "en")).isEqualTo("own:carl");
    assertThat(speech.synthesize(english("Hello.")).voiceId()).isEqualTo("own:carl");
    assertThat(speech.speaks("own:carl", "fr")).isFalse();
    assertThat(
            catchThrowableOfType(StageException.class, () -> speech.resolveVoice("default", "fr"))
                .code())
        .isEqualTo(FailureCode.VOICE_MISSING);
    StageException missing =
        catchThrowableOfType(
            StageException.class,
            () ->
                open(ENTRY.replace("anna.onnx,", "anna.onnx, voice: dora,"))
                    .synthesize(english("Hello.")));
    assertThat(missing.code()).isEqualTo(FailureCode.VOICE_MISSING);
    assertThat(missing).hasMessageContaining("no voice dora; it has [berta, carl]");
  }

  @Test
  void anotherModelUnderTheSameNameIsAnotherVoiceForKeys() throws Exception {
    String before = speech().identity();
    assertThat(speech().identity()).isEqualTo(before);

    Files.writeString(folder.resolve("ggml-tiny.bin"), "another one");
    String heardOtherwise = speech().identity();
    Files.writeString(folder.resolve("anna.onnx"), "other network");

    assertThat(heardOtherwise).isNotEqualTo(before);
    assertThat(speech().identity()).isNotEqualTo(heardOtherwise).doesNotContain("" + folder);
  }

  @Test
  void whoClosesItClosesTheModels() throws StageException {
    SpeechSynthesizer speech = speech();
    assertThat(models.users()).isEqualTo(2);

    speech.close();

    assertThat(models.users()).isZero();
  }
}
