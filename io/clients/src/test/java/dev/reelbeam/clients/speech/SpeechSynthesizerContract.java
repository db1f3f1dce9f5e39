package dev.reelbeam.clients.speech;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.reelbeam.fakes.SpeechPromises;
import dev.reelbeam.model.failure.FailureCode;
import dev.reelbeam.model.failure.StageException;
import dev.reelbeam.model.port.SpeechSynthesizer;
import dev.reelbeam.model.speech.Speech;
import dev.reelbeam.model.speech.SpeechRequest;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.junit.jupiter.api.Test;

/** What every provider of speech promises, whatever protocol it speaks. */
abstract class SpeechSynthesizerContract {
  static final String TEXT =
      "In 2020, a good espresso machine cost $18,500; today – it costs about 3.5x less. "
          + "Don't they know? The API & the GPU don't care.";

  /** Ready to speak, with {@code default} for a voice. */
  abstract SpeechSynthesizer speech();

  /** Whether it speaks faster or slower when it is asked to. */
  boolean hasSpeeds() {
    return true;
  }

  static SpeechRequest english(String text) {
    return new SpeechRequest(text, "en", "default", 1000);
  }

  @Test
  void everyWordIsTimedAndTheAudioIsWhole() throws StageException {
    for (String text : List.of(TEXT, "Hello.", "So — “quite” (very) short …")) {
      SpeechRequest request = english(text);

      Speech spoken = speech().synthesize(request);

      assertThat(SpeechPromises.broken(request, spoken)).isEmpty();
      assertThat(spoken.voiceId()).isEqualTo(speech().resolveVoice("default", "en"));
    }
  }

  @Test
  void theSameRequestGivesTheSameSpeech() throws StageException {
    Speech first = speech().synthesize(english(TEXT));
    Speech second = speech().synthesize(english(TEXT));

    assertThat(second.wav()).isEqualTo(first.wav());
    assertThat(second.words()).isEqualTo(first.words());
  }

  @Test
  void aResolvedVoiceIsItselfAndAnUnknownOneIsTold() throws StageException {
    String voice = speech().resolveVoice("default", "en");

    assertThat(speech().resolveVoice(voice, "en")).isEqualTo(voice);
    assertThat(
            catchThrowableOfType(
                    StageException.class, () -> speech().resolveVoice("nobody-at-all", "en"))
                .code())
        .isEqualTo(FailureCode.VOICE_MISSING);
  }

  @Test
  void fasterSpeechIsShorter() throws StageException {
    assumeTrue(hasSpeeds());
    String voice = speech().resolveVoice("default", "en");

    int usual = speech().synthesize(new SpeechRequest(TEXT, "en", voice, 1000)).samples();
    int faster = speech().synthesize(new SpeechRequest(TEXT, "en", voice, 1080)).samples();

    assertThat(faster).isLessThan(usual).isGreaterThan(usual * 8 / 10);
  }

  @Test
  void whatCannotBeSaidIsRefused() {
    assertThat(
            catchThrowableOfType(StageException.class, () -> speech().synthesize(english(" – … ")))
                .code())
        .isEqualTo(FailureCode.SPEECH_FAILED);
    assertThat(
            catchThrowableOfType(
                    StageException.class,
                    () -> speech().synthesize(new SpeechRequest(TEXT, "en", "default", 9_000)))
                .code())
        .isEqualTo(FailureCode.SPEECH_FAILED);
  }

  @Test
  void manyMaySpeakAtOnce() throws Exception {
    ExecutorService threads = Executors.newFixedThreadPool(4);
    try {
      List<Future<Speech>> all = new ArrayList<>();
      for (int i = 1; i <= 8; i++) {
        SpeechRequest request = english("word ".repeat(i).strip());
        all.add(threads.submit(() -> speech().synthesize(request)));
      }
      for (int i = 0; i < all.size(); i++) {
        assertThat(all.get(i).get().words()).hasSize(i + 1);
      }
    } finally {
      threads.shutdownNow();
    }
  }

  @Test
  void theIdentityHoldsNoSecret() {
    assertThat(speech().identity()).isEqualTo(speech().identity()).doesNotContain("sk-right");
  }
}
