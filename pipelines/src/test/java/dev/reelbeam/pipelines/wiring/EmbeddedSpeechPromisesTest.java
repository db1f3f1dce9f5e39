package dev.reelbeam.pipelines.wiring;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.reelbeam.fakes.FakeSpeechSynthesizer;
import dev.reelbeam.fakes.SpeechPromises;
import dev.reelbeam.model.port.SpeechSynthesizer;
import dev.reelbeam.model.speech.SpeechRequest;
import dev.reelbeam.model.speech.TimesOrigin;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

/** The voices that need no provider keep the promises that providers are held to. */
class EmbeddedSpeechPromisesTest {
  private static final List<SpeechRequest> REQUESTS =
      List.of(
          new SpeechRequest("In 2020, it cost $18,500 – they don't care.", "en", "default", 1000),
          new SpeechRequest("So “quite” (very) short …", "en", "default", 1080));

  @Test
  void theEmbeddedVoicesKeepThem() throws Exception {
    Optional<Path> voices = Installation.voices();
    assumeTrue(voices.isPresent(), "the voices are not built");
    try (SpeechSynthesizer speech = LocalProviders.speech(voices.get()).open()) {
      for (SpeechRequest request : REQUESTS) {
        assertThat(SpeechPromises.broken(request, speech.synthesize(request))).isEmpty();
      }
      SpeechRequest german = new SpeechRequest("Bei 93 °C kostet es 3,50 €.", "de", "default", 950);
      assertThat(SpeechPromises.broken(german, speech.synthesize(german))).isEmpty();
      assertThat(speech.synthesize(german).timesFrom()).isEqualTo(TimesOrigin.ENGINE);
      assertThat(speech.alternatives()).containsExactly(speech);
    }
  }

  @Test
  void theFakeKeepsThem() {
    SpeechRequest request = new SpeechRequest("One two, three.", "en", "default", 1000);

    assertThat(SpeechPromises.broken(request, new FakeSpeechSynthesizer().synthesize(request)))
        .isEmpty();
  }
}
