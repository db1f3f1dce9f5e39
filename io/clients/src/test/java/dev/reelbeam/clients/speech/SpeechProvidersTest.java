package dev.reelbeam.clients.speech;

import dev.reelbeam.model.port.SpeechSynthesizer;
import dev.reelbeam.simulators.ElevenLabsSimulator;
import dev.reelbeam.simulators.OpenAiSimulator;
import java.io.IOException;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Nested;

/** Every provider keeps the contract, each against a server that speaks its protocol. */
class SpeechProvidersTest {
  private static OpenAiSimulator openAi;
  private static OpenAiSimulator whisper;
  private static ElevenLabsSimulator elevenLabs;

  @BeforeAll
  static void start() throws IOException {
    openAi = OpenAiSimulator.start("sk-right", OpenAiSimulator.Dialect.OPENAI);
    whisper = OpenAiSimulator.start("", OpenAiSimulator.Dialect.WHISPER_CPP);
    elevenLabs = ElevenLabsSimulator.start("sk-right");
  }

  @AfterAll
  static void stop() {
    openAi.close();
    whisper.close();
    elevenLabs.close();
  }

  private static SpeechSynthesizer openAi(String more) {
    return SpeechTests.open(
        "{name: openai, base_url: '"
            + openAi.baseUrl()
            + "', model: gpt-4o-mini-tts, voice: marin, key: 'env:KEY'"
            + more
            + "}");
  }

  @Nested
  class OpenAiWithEstimatedWords extends SpeechSynthesizerContract {
    private final SpeechSynthesizer speech = openAi("");

    @Override
    SpeechSynthesizer speech() {
      return speech;
    }
  }

  @Nested
  class OpenAiSamplesInShortParts extends SpeechSynthesizerContract {
    private final SpeechSynthesizer speech = openAi(", format: pcm, max_chars: 30");

    @Override
    SpeechSynthesizer speech() {
      return speech;
    }
  }

  @Nested
  class OpenAiWithTranscription extends SpeechSynthesizerContract {
    private final SpeechSynthesizer speech = openAi(", words: {model: whisper-1}");

    @Override
    SpeechSynthesizer speech() {
      return speech;
    }
  }

  @Nested
  class LocalServerWithWhisperCpp extends SpeechSynthesizerContract {
    private final SpeechSynthesizer speech =
        SpeechTests.open(
            "{name: local, base_url: '"
                + whisper.baseUrl()
                + "', model: any, voice: 'Emily.wav', words: {model: any}}");

    @Override
    SpeechSynthesizer speech() {
      return speech;
    }
  }

  @Nested
  class ElevenLabs extends SpeechSynthesizerContract {
    private final SpeechSynthesizer speech =
        SpeechTests.open(
            "{name: eleven, kind: elevenlabs, base_url: '"
                + elevenLabs.baseUrl()
                + "', model: eleven_v3, key: 'env:KEY', voice: "
                + ElevenLabsSimulator.VOICE
                + "}");

    @Override
    SpeechSynthesizer speech() {
      return speech;
    }
  }

  @Nested
  class Chain extends SpeechSynthesizerContract {
    private final SpeechSynthesizer speech =
        new SpeechChain(List.of(openAi(", words: {model: whisper-1}"), openAi("")));

    @Override
    SpeechSynthesizer speech() {
      return speech;
    }
  }
}
