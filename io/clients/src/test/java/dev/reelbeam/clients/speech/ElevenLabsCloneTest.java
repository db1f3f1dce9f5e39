package dev.reelbeam.clients.speech;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import com.fasterxml.jackson.dataformat.yaml.YAMLMapper;
import dev.reelbeam.clients.config.SettingsFaults;
import dev.reelbeam.clients.http.CallPolicy;
import dev.reelbeam.model.failure.FailureCode;
import dev.reelbeam.model.failure.StageException;
import dev.reelbeam.model.port.SpeechSynthesizer;
import dev.reelbeam.model.speech.SpeechRequest;
import dev.reelbeam.simulators.ElevenLabsSimulator;
import dev.reelbeam.simulators.Fault;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** A place for a voice is taken once, whatever becomes of the answer. */
class ElevenLabsCloneTest {
  @TempDir Path folder;
  private ElevenLabsSimulator server;
  private List<Path> samples;

  @BeforeEach
  void start() throws IOException {
    server = ElevenLabsSimulator.start("sk-right");
    samples = List.of(Files.writeString(folder.resolve("one.mp3"), "sound"));
  }

  @AfterEach
  void stop() {
    server.close();
  }

  @Test
  void aVoiceIsAddedAndSpeaks() throws Exception {
    SpeechSettings.Cloned ada = add("Ada");

    assertThat(ada.found()).isFalse();
    assertThat(server.voiceNames()).contains("Ada");
    try (SpeechSynthesizer speech =
        settings().open(SpeechTests.KEYS, SpeechTests.NO_MODELS, SpeechTests.QUICK)) {
      assertThat(
              speech
                  .synthesize(new SpeechRequest("Hello there.", "en", ada.voice(), 1000))
                  .voiceId())
          .isEqualTo(ada.voice());
    }
  }

  @Test
  void theSecondTimeItIsFound() throws Exception {
    SpeechSettings.Cloned first = add("Ada");
    SpeechSettings.Cloned second = add("Ada");
    SpeechSettings.Cloned other = add("Ad");

    assertThat(second).isEqualTo(new SpeechSettings.Cloned(first.voice(), false, true));
    assertThat(other.found()).isFalse();
    assertThat(server.voiceNames()).containsOnlyOnce("Ada", "Ad");
  }

  @Test
  void aPremadeVoiceOfThatNameIsNobodysClone() throws Exception {
    assertThat(add("Rachel").found()).isFalse();
  }

  @ParameterizedTest
  @EnumSource(
      value = Fault.class,
      names = {"CONNECTION_RESET", "SILENCE", "BODY_CUT", "HTML_PAGE", "TRUNCATED_JSON"})
  void anAnswerThatIsLostIsLookedForAndNothingIsSentTwice(Fault fault) throws Exception {
    server.nextWhenAdding(fault);

    SpeechSettings.Cloned ada =
        add("Ada", fault == Fault.SILENCE ? SpeechTests.HASTY : SpeechTests.QUICK);

    assertThat(ada.found()).isTrue();
    assertThat(server.voiceNames()).containsOnlyOnce("Ada");
  }

  @Test
  void whatIsNotInTheListStaysUnknownAndTheNextRunAddsIt() throws Exception {
    server.nextWhenAdding(Fault.SERVER_ERROR);

    StageException unknown = catchThrowableOfType(StageException.class, () -> add("Ada"));

    assertThat(unknown.code()).isEqualTo(FailureCode.PROVIDER_OUTCOME_UNKNOWN);
    assertThat(unknown).hasMessageContaining("no voice 'Ada' is listed yet");
    assertThat(server.voiceNames()).doesNotContain("Ada");
    assertThat(add("Ada").found()).isFalse();
  }

  @Test
  void aRefusalIsARefusal() {
    server.nextWhenAdding(Fault.EMPTY_WALLET);

    StageException refused = catchThrowableOfType(StageException.class, () -> add("Ada"));

    assertThat(refused.code()).isEqualTo(FailureCode.PROVIDER_QUOTA);
  }

  @Test
  void samplesAreCheckedBeforeAnythingIsSent() {
    int calls = server.calls();
    for (List<Path> wrong : List.of(List.<Path>of(), List.of(folder.resolve("none.mp3")))) {
      StageException refused =
          catchThrowableOfType(
              StageException.class,
              () -> settings().cloneVoice(SpeechTests.KEYS, "Ada", wrong, SpeechTests.QUICK));
      assertThat(refused.code()).isEqualTo(FailureCode.INPUT_UNREADABLE);
    }
    assertThat(server.calls()).isEqualTo(calls);
  }

  private SpeechSettings.Cloned add(String name) throws StageException, IOException {
    return add(name, SpeechTests.QUICK);
  }

  private SpeechSettings.Cloned add(String name, CallPolicy policy)
      throws StageException, IOException {
    return settings().cloneVoice(SpeechTests.KEYS, name, samples, policy);
  }

  private SpeechSettings settings() throws StageException, IOException {
    String entry =
        "[{name: elevenlabs, kind: elevenlabs, base_url: '"
            + server.baseUrl()
            + "', model: eleven_multilingual_v2, voice: "
            + ElevenLabsSimulator.VOICE
            + ", key: env:KEY}]";
    return SpeechSettings.list(
            new YAMLMapper().readTree(entry), SpeechTests.KEYS, folder, SettingsFaults.END)
        .get(0);
  }
}
