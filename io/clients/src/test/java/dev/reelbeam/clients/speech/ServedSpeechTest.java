package dev.reelbeam.clients.speech;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import dev.reelbeam.model.failure.FailureCode;
import dev.reelbeam.model.failure.StageException;
import dev.reelbeam.model.port.SpeechSynthesizer;
import dev.reelbeam.model.speech.Speech;
import dev.reelbeam.model.speech.SpeechRequest;
import dev.reelbeam.model.speech.Voice;
import dev.reelbeam.simulators.Fault;
import dev.reelbeam.simulators.ServedVoiceSimulator;
import java.io.IOException;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;

/** Speech models behind servers of one's own. */
class ServedSpeechTest {
  private static SpeechSynthesizer open(ServedVoiceSimulator server, String kind) {
    return SpeechTests.open(
        "{name: own, kind: "
            + kind
            + ", base_url: '"
            + server.baseUrl()
            + "', voice: "
            + ServedVoiceSimulator.VOICE
            + "}");
  }

  private abstract static class OnServer extends SpeechSynthesizerContract {
    private final ServedVoiceSimulator.Server kindOfServer;
    private final String kind;
    ServedVoiceSimulator server;
    private SpeechSynthesizer speech;

    OnServer(ServedVoiceSimulator.Server kindOfServer, String kind) {
      this.kindOfServer = kindOfServer;
      this.kind = kind;
    }

    @BeforeEach
    void start() throws IOException {
      server = ServedVoiceSimulator.start(kindOfServer);
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
  class Coqui extends OnServer {
    Coqui() {
      super(ServedVoiceSimulator.Server.COQUI, "coqui");
    }

    @Override
    boolean hasSpeeds() {
      return false;
    }
  }

  @Nested
  class Xtts extends OnServer {
    Xtts() {
      super(ServedVoiceSimulator.Server.XTTS, "xtts-api");
    }

    @Override
    boolean hasSpeeds() {
      return false;
    }

    @Test
    void aLanguageThatItDoesNotSpeakIsToldWithoutACallThatFails() {
      StageException failure =
          catchThrowableOfType(
              StageException.class,
              () -> speech().synthesize(new SpeechRequest("Hej.", "sv", "default", 1_000)));

      assertThat(failure.code()).isEqualTo(FailureCode.VOICE_MISSING);
      assertThat(server.requests()).isEmpty();
    }
  }

  @Nested
  class Chatterbox extends OnServer {
    Chatterbox() {
      super(ServedVoiceSimulator.Server.CHATTERBOX, "chatterbox");
    }

    @Test
    void aModelThatLoadsIsWaitedForAndAFileIsImitated() throws Exception {
      server.loadingFor(2);
      String text = "One moment.";
      assertThat(
              speech()
                  .synthesize(new SpeechRequest(text, "en", "own:clone/mine.wav", 1_000))
                  .voiceId())
          .isEqualTo("own:clone/mine.wav");
      assertThat(server.requests().get(2).path("reference_audio_filename").asText())
          .isEqualTo("mine.wav");
      assertThat(speech().voices()).extracting(Voice::id).contains("own:Emily.wav");
    }

    @Test
    void aMoodIsMoreOrLessExaggeration() throws Exception {
      assertThat(speech().takes("cheerful")).isTrue();
      for (String mood : new String[] {"cheerful", "serious"}) {
        Speech spoken =
            speech().synthesize(new SpeechRequest("One moment.", "en", "default", 1_000, mood));
        assertThat(spoken.samples()).isPositive();
      }
      assertThat(server.requests())
          .extracting(request -> request.path("exaggeration").asDouble())
          .containsExactly(0.8, 0.3);
    }
  }

  @Nested
  class Bark extends OnServer {
    Bark() {
      super(ServedVoiceSimulator.Server.BARK, "bark");
    }

    @Test
    void itHasNoMoods() throws Exception {
      assertThat(speech().takes("cheerful")).isFalse();
      Speech unused =
          speech().synthesize(new SpeechRequest("One moment.", "en", "default", 1_000, "cheerful"));
      assertThat(server.requests().get(0).path("text").asText()).isEqualTo("One moment.");
    }

    @Override
    boolean hasSpeeds() {
      return false;
    }

    @Test
    void faultsOfAnAnswerGoToTheNextProvider() {
      for (Fault fault : new Fault[] {Fault.SILENT_AUDIO, Fault.AUDIO_TOO_SHORT, Fault.HTML_PAGE}) {
        server.next(fault);
        StageException failure =
            catchThrowableOfType(
                StageException.class,
                () ->
                    speech()
                        .synthesize(
                            new SpeechRequest(
                                "A sentence of some length.", "en", "default", 1_000)));
        assertThat(failure.code()).isEqualTo(FailureCode.PROVIDER_REPLY_INVALID);
      }
    }
  }
}
