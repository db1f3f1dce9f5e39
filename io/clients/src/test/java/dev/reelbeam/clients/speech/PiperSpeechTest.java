package dev.reelbeam.clients.speech;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import dev.reelbeam.clients.http.CallPolicy;
import dev.reelbeam.fakes.SpeechPromises;
import dev.reelbeam.model.failure.FailureCode;
import dev.reelbeam.model.failure.StageException;
import dev.reelbeam.model.port.SpeechSynthesizer;
import dev.reelbeam.model.speech.Speech;
import dev.reelbeam.model.speech.SpeechRequest;
import dev.reelbeam.model.speech.Voice;
import dev.reelbeam.simulators.Fault;
import dev.reelbeam.simulators.PiperSimulator;
import java.io.IOException;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** A Piper server in each of its dialects. */
class PiperSpeechTest {
  private static SpeechSynthesizer open(PiperSimulator server, String kind) {
    return open(server, kind, SpeechTests.QUICK);
  }

  private static SpeechSynthesizer open(PiperSimulator server, String kind, CallPolicy policy) {
    return SpeechTests.open(
        "{name: piper, kind: "
            + kind
            + ", base_url: '"
            + server.baseUrl()
            + "', voice: "
            + PiperSimulator.VOICE
            + "}",
        policy);
  }

  private abstract static class InDialect extends SpeechSynthesizerContract {
    private final PiperSimulator.Dialect dialect;
    private final String kind;
    private PiperSimulator server;
    private SpeechSynthesizer speech;

    InDialect(PiperSimulator.Dialect dialect, String kind) {
      this.dialect = dialect;
      this.kind = kind;
    }

    @BeforeEach
    void start() throws IOException {
      server = PiperSimulator.start(dialect);
      speech = open(server, kind);
    }

    @AfterEach
    void stop() {
      server.close();
    }

    @Override
    SpeechSynthesizer speech() {
      return speech;
    }
  }

  @Nested
  class Newest extends InDialect {
    Newest() {
      super(PiperSimulator.Dialect.SYNTHESIZE, "piper-1.5");
    }
  }

  @Nested
  class Middle extends InDialect {
    Middle() {
      super(PiperSimulator.Dialect.ROOT_JSON, "piper-1.3");
    }
  }

  @Test
  void theOldestTakesPlainTextAndHasOneVoiceAndOneSpeed() throws Exception {
    try (PiperSimulator server = PiperSimulator.start(PiperSimulator.Dialect.ROOT_TEXT)) {
      SpeechSynthesizer speech = open(server, "piper-rhasspy");
      SpeechRequest request = SpeechSynthesizerContract.english("Grüße, 5 µm and “quotes”.");

      Speech spoken = speech.synthesize(request);

      assertThat(SpeechPromises.broken(request, spoken)).isEmpty();
      assertThat(server.requests()).containsExactly(request.text());
      assertThat(speech.voices())
          .extracting(Voice::id)
          .containsExactly("piper:en_US-lessac-medium");
      assertThat(failure(speech, new SpeechRequest("Hello.", "en", "default", 1080)))
          .isEqualTo(FailureCode.SPEECH_FAILED);
    }
  }

  @Test
  void aVoiceThatTheServerWouldSilentlyReplaceIsMissing() throws Exception {
    try (PiperSimulator server = PiperSimulator.start(PiperSimulator.Dialect.SYNTHESIZE)) {
      SpeechSynthesizer speech = open(server, "piper-1.5");

      assertThat(failure(speech, new SpeechRequest("Hello.", "en", "piper:fr_FR-none", 1000)))
          .isEqualTo(FailureCode.VOICE_MISSING);
      assertThat(server.requests()).isEmpty();
      SpeechRequest custom =
          new SpeechRequest("Hallo.", "de", "piper:" + PiperSimulator.CUSTOM_VOICE, 1000);
      assertThat(SpeechPromises.broken(custom, speech.synthesize(custom))).isEmpty();
      assertThat(server.requests().get(0)).contains("johansson");
      assertThat(speech.voices()).extracting(Voice::language).containsExactly("de-DE", "en-US");
    }
  }

  @Test
  void theUsualVoiceReadsNoTextOfAnotherLanguageUnlessItIsNamed() throws Exception {
    try (PiperSimulator server = PiperSimulator.start(PiperSimulator.Dialect.SYNTHESIZE)) {
      SpeechSynthesizer speech = open(server, "piper-1.5");
      SpeechRequest german = new SpeechRequest("Guten Morgen.", "de-AT", "default", 1000);

      assertThat(failure(speech, german)).isEqualTo(FailureCode.VOICE_MISSING);
      assertThat(speech.speaks("default", "de-AT")).isFalse();
      assertThat(speech.speaks("piper:" + PiperSimulator.CUSTOM_VOICE, "de-AT")).isTrue();
      assertThat(server.requests()).isEmpty();
      assertThat(speech.resolveVoice("default", "en-GB"))
          .isEqualTo("piper:" + PiperSimulator.VOICE);
      assertThat(speech.resolveVoice("piper:" + PiperSimulator.VOICE, "de"))
          .isEqualTo("piper:" + PiperSimulator.VOICE);
    }
  }

  @Test
  void theWrongDialectIsToldAtOnce() throws Exception {
    try (PiperSimulator server = PiperSimulator.start(PiperSimulator.Dialect.SYNTHESIZE)) {
      assertThat(
              failure(open(server, "piper-1.3"), SpeechSynthesizerContract.english("Hello there.")))
          .isEqualTo(FailureCode.PROVIDER_REQUEST_INVALID);
    }
  }

  @ParameterizedTest
  @EnumSource(
      value = Fault.class,
      names = {
        "RATE_LIMIT",
        "SERVER_ERROR",
        "OVERLOADED",
        "CONNECTION_RESET",
        "BODY_CUT",
        "SILENCE"
      })
  void aPassingFaultIsOvercome(Fault fault) throws Exception {
    try (PiperSimulator server = PiperSimulator.start(PiperSimulator.Dialect.SYNTHESIZE)) {
      server.next(fault);

      SpeechRequest request = SpeechSynthesizerContract.english("Hello there, all of you.");
      SpeechSynthesizer speech =
          open(server, "piper-1.5", fault == Fault.SILENCE ? SpeechTests.HASTY : SpeechTests.QUICK);
      assertThat(SpeechPromises.broken(request, speech.synthesize(request))).isEmpty();
    }
  }

  /** Who has a key is billed: nobody was heard, the work went on. */
  @Test
  void whatAHostedServerMayHaveSpokenIsNotOrderedBlindlyAgain() throws Exception {
    try (PiperSimulator server = PiperSimulator.start(PiperSimulator.Dialect.SYNTHESIZE)) {
      SpeechSynthesizer hosted =
          SpeechTests.open(
              "{name: piper, kind: piper-1.5, base_url: '"
                  + server.baseUrl()
                  + "', voice: "
                  + PiperSimulator.VOICE
                  + ", key: 'env:KEY'}");
      Speech unused = hosted.synthesize(SpeechSynthesizerContract.english("Hello there."));
      int before = server.requests().size();
      server.next(Fault.SILENCE);

      assertThat(failure(hosted, SpeechSynthesizerContract.english("And all of you.")))
          .isEqualTo(FailureCode.PROVIDER_OUTCOME_UNKNOWN);
      assertThat(server.requests()).as("those that it answered").hasSize(before);
    }
  }

  @ParameterizedTest
  @EnumSource(
      value = Fault.class,
      names = {
        "HTML_PAGE",
        "EMPTY_AUDIO",
        "SILENT_AUDIO",
        "AUDIO_CUT",
        "AUDIO_TOO_SHORT",
        "OTHER_AUDIO",
        "JSON_FOR_AUDIO"
      })
  void whatIsNoSpeechIsRefused(Fault fault) throws Exception {
    try (PiperSimulator server = PiperSimulator.start(PiperSimulator.Dialect.SYNTHESIZE)) {
      server.next(fault);

      assertThat(
              failure(
                  open(server, "piper-1.5"),
                  SpeechSynthesizerContract.english("Hello there, all of you.")))
          .isEqualTo(FailureCode.PROVIDER_REPLY_INVALID);
    }
  }

  private static FailureCode failure(SpeechSynthesizer speech, SpeechRequest request) {
    return catchThrowableOfType(StageException.class, () -> speech.synthesize(request)).code();
  }
}
