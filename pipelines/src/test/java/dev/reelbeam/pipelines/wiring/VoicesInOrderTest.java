package dev.reelbeam.pipelines.wiring;

import static org.assertj.core.api.Assertions.assertThat;

import dev.reelbeam.clients.http.CallLimits;
import dev.reelbeam.clients.provider.ProviderSettings;
import dev.reelbeam.fakes.FakeSpeechSynthesizer;
import dev.reelbeam.model.port.SpeechSynthesizer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class VoicesInOrderTest {
  @TempDir Path folder;

  @Test
  void theEmbeddedVoicesSpeakWhenAllOfTheSettingsCannot() throws Exception {
    Path settings =
        Files.writeString(
            folder.resolve("reelbeam.yaml"),
            """
            speech:
              - {name: first, kind: piper-1.5, base_url: "http://127.0.0.1:1", voice: a}
              - {name: second, kind: piper-1.5, base_url: "http://127.0.0.1:1", voice: b}
            """);
    FakeSpeechSynthesizer embedded = new FakeSpeechSynthesizer();

    try (SpeechSynthesizer voices =
        LocalProviders.speech(
                ProviderSettings.read(settings, Map.of()),
                () -> embedded,
                () -> CallLimits.OF_THIS_PROCESS)
            .open()) {
      List<SpeechSynthesizer> asked = voices.alternatives();

      assertThat(asked)
          .extracting(SpeechSynthesizer::provider)
          .containsExactly("first", "second", SpeechSynthesizer.EMBEDDED);
      assertThat(asked.get(2)).isSameAs(embedded);
    }
  }
}
