package dev.reelbeam.embedded.speech;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.reelbeam.model.failure.FailureCode;
import dev.reelbeam.model.failure.StageException;
import dev.reelbeam.model.json.RecordJson;
import dev.reelbeam.model.speech.Speech;
import dev.reelbeam.model.speech.SpeechRequest;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class EmbeddedSpeechTest {
  @TempDir Path folder;

  @Test
  void speaksWithTimesForEveryDisplayedWord() throws Exception {
    try (EmbeddedSpeech speech = fake("works")) {
      Speech spoken = speech.synthesize(english("It costs $18,500 today."));

      assertThat(spoken.voiceId()).isEqualTo("marytts:cmu-slt-hsmm");
      assertThat(spoken.sampleRate()).isEqualTo(16_000);
      assertThat(spoken.wav()).hasSize(44 + 2 * spoken.samples());
      assertThat(spoken.words().stream().map(word -> word.text()).collect(Collectors.toList()))
          .containsExactly("It", "costs", "$18,500", "today.");
      assertThat(spoken.words().get(3).endUs()).isEqualTo(400_000);
    }
  }

  @Test
  void oneChildServesAllCallsOfAllThreads() throws Exception {
    ExecutorService threads = Executors.newFixedThreadPool(4);
    try (EmbeddedSpeech speech = fake("works")) {
      List<Callable<Speech>> calls =
          IntStream.rangeClosed(1, 12)
              .mapToObj(n -> (Callable<Speech>) () -> speech.synthesize(english("word ".repeat(n))))
              .collect(Collectors.toList());
      List<Future<Speech>> spoken = threads.invokeAll(calls);
      for (int i = 0; i < spoken.size(); i++) {
        assertThat(spoken.get(i).get().words()).hasSize(i + 1);
      }
    } finally {
      threads.shutdownNow();
    }
    assertThat(starts()).isEqualTo(1);
  }

  @Test
  void aChildThatDiedIsReplaced() throws Exception {
    try (EmbeddedSpeech speech = fake("dies-once")) {
      assertThat(speech.synthesize(english("Hello.")).words()).hasSize(1);
    }
    assertThat(starts()).isEqualTo(2);
  }

  @Test
  void aChildThatAlwaysDiesIsAFailureWithItsLastWords() throws Exception {
    try (EmbeddedSpeech speech = fake("dies")) {
      assertFails(() -> speech.synthesize(english("Hello.")), FailureCode.SPEECH_FAILED)
          .hasMessageContaining("the fake is dying");
    }
    assertThat(starts()).isEqualTo(VoicesProcess.MAX_STARTS_IN_A_ROW);
  }

  /** One that was killed takes a moment to be gone; one that was not fails this. */
  private static void awaitNoChild() throws Exception {
    for (ProcessHandle child : ProcessHandle.current().children().toList()) {
      child.onExit().get(120, TimeUnit.SECONDS);
    }
  }

  @Test
  void aChildThatHangsIsEndedAtTheDeadline() throws Exception {
    try (VoicesProcess process = process("hangs")) {
      assertFails(
          () -> process.call(RecordJson.newObject().put("op", "voices"), Duration.ofMillis(900)),
          FailureCode.SPEECH_TIMEOUT);
    }
    awaitNoChild();
  }

  @Test
  void closingEndsTheChildAndFurtherCallsFail() throws Exception {
    EmbeddedSpeech speech = fake("works");
    assertThat(speech.voices()).hasSize(4);
    speech.close();
    speech.close();

    assertFails(() -> speech.synthesize(english("Hello.")), FailureCode.SPEECH_FAILED);
    awaitNoChild();
  }

  @Test
  void theBestVoiceOfALanguageIsItsDefault() throws Exception {
    try (EmbeddedSpeech speech = fake("works")) {
      assertThat(speech.resolveVoice("default", "en-GB")).isEqualTo("marytts:cmu-slt-hsmm");
      assertThat(speech.resolveVoice("default", "fr")).isEqualTo("espeak:fr");
      assertThat(speech.resolveVoice("default", "fr-BE")).isEqualTo("espeak:fr-BE");
      assertThat(speech.resolveVoice("", "zh-Hans")).isEqualTo("espeak:cmn");
      assertThat(speech.resolveVoice("fr-be", "en")).isEqualTo("espeak:fr-BE");
    }
  }

  @Test
  void aLanguageWithNoVoiceNamesThoseThatHaveOne() throws Exception {
    try (EmbeddedSpeech speech = fake("works")) {
      assertFails(
              () -> speech.synthesize(new SpeechRequest("Hej", "tlh", "default", 1000)),
              FailureCode.VOICE_MISSING)
          .hasMessageContaining("tlh")
          .hasMessageContaining("cmn, en, fr");
      assertFails(() -> speech.resolveVoice("nobody", "en"), FailureCode.VOICE_MISSING);
    }
  }

  @Test
  void aPreviewIsShort() throws Exception {
    try (EmbeddedSpeech speech = fake("works")) {
      assertThat(speech.preview(english("so ".repeat(66) + "it")).words()).hasSize(67);
      assertFails(() -> speech.preview(english("a".repeat(201))), FailureCode.SPEECH_TEXT_TOO_LONG);
    }
  }

  @Test
  void nothingToSayIsAFailureBeforeAnyWork() throws Exception {
    try (EmbeddedSpeech speech = fake("works")) {
      assertFails(() -> speech.synthesize(english("🎉 [3]")), FailureCode.SPEECH_FAILED);
    }
    assertThat(Files.exists(folder.resolve("starts"))).isFalse();
  }

  @Test
  void aFolderWithoutJarsIsAFailure() {
    assertFails(() -> EmbeddedSpeech.withVoices(folder), FailureCode.SPEECH_FAILED);
  }

  private static org.assertj.core.api.AbstractThrowableAssert<?, ? extends Throwable> assertFails(
      ThrowingCallable call, FailureCode code) {
    return assertThatThrownBy(call)
        .isInstanceOfSatisfying(
            StageException.class, failure -> assertThat(failure.code()).isEqualTo(code));
  }

  private static SpeechRequest english(String text) {
    return new SpeechRequest(text, "en", "default", 1000);
  }

  private long starts() throws Exception {
    return Files.size(folder.resolve("starts"));
  }

  private EmbeddedSpeech fake(String mode) {
    return EmbeddedSpeech.over(process(mode));
  }

  private VoicesProcess process(String mode) {
    return FakeVoicesHost.process(mode, folder.resolve("starts"));
  }
}
