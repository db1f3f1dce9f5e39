package dev.reelbeam.clients.speech;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import dev.reelbeam.fakes.FakeObjectStore;
import dev.reelbeam.model.cost.Charge;
import dev.reelbeam.model.failure.FailureCode;
import dev.reelbeam.model.failure.StageException;
import dev.reelbeam.model.port.ObjectStore;
import dev.reelbeam.model.port.Purse;
import dev.reelbeam.model.port.SpeechSynthesizer;
import dev.reelbeam.model.port.SpeechSynthesizer.Speeds;
import dev.reelbeam.model.speech.HeardWord;
import dev.reelbeam.model.speech.Speech;
import dev.reelbeam.model.speech.SpeechRequest;
import dev.reelbeam.model.speech.TimesOrigin;
import dev.reelbeam.model.speech.Voice;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** What speaking is billed as, whoever sends the bill. */
class ProvidedSpeechTest {
  private static final String FIRST = "The water is clear.";
  private static final String SECOND = " Reeds hold the mud.";

  private final List<String> said = new ArrayList<>();
  private final List<Charge> booked = new ArrayList<>();

  /** The call whose answer is lost; 0 for none. */
  private int lost;

  /** The call that gets no turn; 0 for none. */
  private int withoutTurn;

  private @Nullable ObjectStore store;
  private List<HeardWord> heard = List.of();
  private boolean tellsWords;
  private @Nullable FailureCode deaf;

  /** Says a tenth of a second for each character, at most thirty of them in one call. */
  private final class Engine implements VoiceEngine {
    @Override
    public String name() {
      return "voice";
    }

    @Override
    public String identity() {
      return "voice:m";
    }

    @Override
    public String defaultVoice() {
      return "anna";
    }

    @Override
    public List<Voice> voices() {
      return List.of();
    }

    @Override
    public int maxChars() {
      return 30;
    }

    @Override
    public Speeds speeds() {
      return new Speeds(500, 2_000);
    }

    @Override
    public Spoken speak(Piece piece) throws StageException {
      said.add(piece.text());
      if (said.size() == lost) {
        throw new StageException(FailureCode.PROVIDER_OUTCOME_UNKNOWN, "cut off")
            .withOnceMore(true);
      }
      if (said.size() == withoutTurn) {
        throw new StageException(FailureCode.NO_TURN, "no turn");
      }
      short[] samples = new short[800 * piece.text().length()];
      for (int i = 0; i < samples.length; i++) {
        samples[i] = (short) (8_000 * Math.sin(i / 5.0));
      }
      List<HeardWord> words = new ArrayList<>();
      if (tellsWords) {
        for (String word : piece.text().strip().split(" ")) {
          long fromUs = words.size() * 200_000L;
          words.add(new HeardWord(word, fromUs, fromUs + 200_000));
        }
      }
      return new Spoken(new PcmAudio(samples, 8_000), words);
    }
  }

  private final class Ears implements Transcriber {
    @Override
    public String identity() {
      return "ears:whisper";
    }

    @Override
    public List<HeardWord> hear(PcmAudio audio, String language) throws StageException {
      if (deaf != null) {
        throw new StageException(deaf, "it does not listen");
      }
      return heard;
    }
  }

  private Speech speak(String text) throws StageException {
    SpeechSynthesizer speech =
        new ProvidedSpeech(
                new Engine(), new Ears(), new ProvidedSpeech.Billing("m", "whisper", "ears"), 1)
            .paying(
                (provider, price) ->
                    new Purse.Hold() {
                      @Override
                      public void settle(List<Charge> billed) {
                        booked.addAll(billed);
                      }

                      @Override
                      public void release() {}
                    });
    ObjectStore into = store;
    return (into == null ? speech : speech.keeping(into))
        .synthesize(new SpeechRequest(text, "en", "default", 1_000));
  }

  private long characters() {
    return booked.stream()
        .filter(charge -> charge.unit() == Charge.Unit.CHARACTER)
        .mapToLong(Charge::quantity)
        .sum();
  }

  @Test
  void ofALongTextTheLostPartAloneIsSaidOnceMoreAndAllThatWasSaidIsBooked() throws StageException {
    lost = 2;

    Speech speech = speak(FIRST + SECOND);

    assertThat(speech.samples()).isPositive();
    assertThat(said).hasSize(3);
    assertThat(said.get(1)).isEqualTo(said.get(2)).contains("Reeds");
    assertThat(characters()).isEqualTo(said.stream().mapToInt(String::length).sum());
  }

  @Test
  void aPartThatGetsNoTurnEndsTheTextAndWhatWasSaidIsKept(@TempDir Path folder)
      throws StageException {
    store = new FakeObjectStore(folder);
    withoutTurn = 2;
    assertThat(refused(FIRST + SECOND)).isEqualTo(FailureCode.NO_TURN);

    Speech speech = speak(FIRST + SECOND);

    assertThat(said).hasSize(3);
    assertThat(said.get(0)).contains("water");
    assertThat(said.subList(1, 3)).allSatisfy(text -> assertThat(text).contains("Reeds"));
    assertThat(characters()).isEqualTo(said.get(0).length() + said.get(2).length());
    store = null;
    assertThat(speech.wav()).isEqualTo(speak(FIRST + SECOND).wav());
  }

  @ParameterizedTest
  @EnumSource(
      value = FailureCode.class,
      names = {"NO_TURN", "BUDGET_SPENT"})
  void wordsThatCanBeTimedLaterAreNotEstimatedAndTheSpeechIsKept(
      FailureCode later, @TempDir Path folder) throws StageException {
    store = new FakeObjectStore(folder);
    deaf = later;
    assertThat(refused(FIRST)).isEqualTo(later);

    deaf = null;
    heard =
        List.of(
            new HeardWord("The", 0, 300_000),
            new HeardWord("water", 300_000, 900_000),
            new HeardWord("is", 900_000, 1_200_000),
            new HeardWord("clear", 1_200_000, 1_800_000));
    assertThat(speak(FIRST).timesFrom()).isEqualTo(TimesOrigin.TRANSCRIPT);

    assertThat(said).hasSize(1);
    assertThat(characters()).isEqualTo(FIRST.length());
    // Where nothing is kept, as of a preview, one wait is all.
    store = null;
    deaf = later;
    assertThat(speak(FIRST).timesFrom()).isEqualTo(TimesOrigin.ESTIMATE);
  }

  private FailureCode refused(String text) {
    return catchThrowableOfType(StageException.class, () -> speak(text)).code();
  }

  @Test
  void whoListensIsPaidByTheirOwnName() throws StageException {
    Speech unused = speak(FIRST);

    assertThat(booked)
        .filteredOn(charge -> charge.unit() == Charge.Unit.SECOND)
        .extracting(Charge::provider)
        .containsExactly("ears");
  }

  @Test
  void whomNobodyAsksOrWhoDoesNotListenSendsNoBill() throws StageException {
    tellsWords = true;
    assertThat(speak(FIRST).timesFrom()).isEqualTo(TimesOrigin.ENGINE);
    assertThat(booked).extracting(Charge::provider).containsOnly("voice");

    tellsWords = false;
    deaf = FailureCode.PROVIDER_REQUEST_INVALID;
    assertThat(speak(FIRST).timesFrom()).isEqualTo(TimesOrigin.ESTIMATE);
    assertThat(booked).extracting(Charge::provider).containsOnly("voice");
  }
}
