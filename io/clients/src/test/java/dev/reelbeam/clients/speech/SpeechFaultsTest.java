package dev.reelbeam.clients.speech;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;
import static org.junit.jupiter.params.provider.Arguments.arguments;

import dev.reelbeam.clients.http.CallPolicy;
import dev.reelbeam.fakes.SpeechPromises;
import dev.reelbeam.model.failure.FailureCode;
import dev.reelbeam.model.failure.StageException;
import dev.reelbeam.model.port.SpeechSynthesizer;
import dev.reelbeam.model.speech.Speech;
import dev.reelbeam.model.speech.SpeechRequest;
import dev.reelbeam.model.speech.TimesOrigin;
import dev.reelbeam.model.speech.Voice;
import dev.reelbeam.model.speech.WordTiming;
import dev.reelbeam.simulators.ElevenLabsSimulator;
import dev.reelbeam.simulators.Fault;
import dev.reelbeam.simulators.OpenAiSimulator;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What providers of speech do wrong, and what becomes of it. */
class SpeechFaultsTest {
  private static final String TEXT = SpeechSynthesizerContract.TEXT;

  private OpenAiSimulator openAi;
  private ElevenLabsSimulator elevenLabs;

  @BeforeEach
  void start() throws IOException {
    openAi = OpenAiSimulator.start("sk-right", OpenAiSimulator.Dialect.OPENAI);
    elevenLabs = ElevenLabsSimulator.start("sk-right");
  }

  @AfterEach
  void stop() {
    openAi.close();
    elevenLabs.close();
  }

  /** The two protocols under one face. */
  enum Provider {
    OPENAI,
    ELEVENLABS
  }

  private SpeechSynthesizer open(Provider provider, String more) {
    return open(provider, "KEY", more);
  }

  private SpeechSynthesizer open(Provider provider, String key, String more) {
    return open(provider, key, more, SpeechTests.QUICK);
  }

  private SpeechSynthesizer open(Provider provider, String key, String more, CallPolicy policy) {
    return SpeechTests.open(
        provider == Provider.OPENAI
            ? "{name: openai, base_url: '"
                + openAi.baseUrl()
                + "', model: gpt-4o-mini-tts, voice: marin, key: 'env:"
                + key
                + "'"
                + more
                + "}"
            : "{name: eleven, kind: elevenlabs, base_url: '"
                + elevenLabs.baseUrl()
                + "', model: eleven_multilingual_v2, voice: "
                + ElevenLabsSimulator.VOICE
                + ", key: 'env:"
                + key
                + "'"
                + more
                + "}",
        policy);
  }

  private void next(Provider provider, Fault... faults) {
    if (provider == Provider.OPENAI) {
      openAi.next(faults);
    } else {
      elevenLabs.next(faults);
    }
  }

  private int calls(Provider provider) {
    return provider == Provider.OPENAI ? openAi.calls() : elevenLabs.calls();
  }

  private static Stream<Arguments> each(Fault... faults) {
    return Stream.of(Provider.values())
        .flatMap(provider -> Stream.of(faults).map(fault -> arguments(provider, fault)));
  }

  static Stream<Arguments> passing() {
    return Stream.concat(
        each(Fault.RATE_LIMIT_WITH_RETRY_AFTER, Fault.RATE_LIMIT, Fault.OVERLOADED),
        Stream.of(arguments(Provider.OPENAI, Fault.SERVER_ERROR)));
  }

  /** An error of ElevenLabs does not say that nothing was spoken. */
  static Stream<Arguments> lost() {
    return Stream.concat(
        each(Fault.CONNECTION_RESET, Fault.BODY_CUT),
        Stream.of(arguments(Provider.ELEVENLABS, Fault.SERVER_ERROR)));
  }

  /** Whoever asks again, in one run: it may have been spoken, and billed. */
  @ParameterizedTest
  @MethodSource("lost")
  void whatMayHaveBeenSpokenIsBoughtOnceUnlessSomebodyAllowedMore(Provider provider, Fault fault)
      throws StageException {
    next(provider, fault);
    SpeechSynthesizer speech = open(provider, "");

    assertThat(failure(speech, english(TEXT)).code())
        .isEqualTo(FailureCode.PROVIDER_OUTCOME_UNKNOWN);
    assertThat(failure(speech, english(TEXT)).code())
        .isEqualTo(FailureCode.PROVIDER_OUTCOME_UNKNOWN);
    assertThat(calls(provider)).isEqualTo(1);

    assertThat(allowed(provider).synthesize(english(TEXT)).samples()).isPositive();
    assertThat(calls(provider)).isEqualTo(2);
  }

  @ParameterizedTest
  @MethodSource("lost")
  void aSecondPurchaseIsMadeAtOnceWhereSomebodyAllowedIt(Provider provider, Fault fault)
      throws StageException {
    SpeechSynthesizer speech = allowed(provider);
    Speech undisturbed = speech.synthesize(english(TEXT));
    next(provider, fault);

    assertThat(speech.synthesize(english(TEXT)).wav()).isEqualTo(undisturbed.wav());
    assertThat(calls(provider)).isEqualTo(3);
  }

  private SpeechSynthesizer allowed(Provider provider) {
    return open(provider, "KEY", "", SpeechTests.QUICK.withPurchases(2));
  }

  static Stream<Arguments> tooLong() {
    return each(Fault.SILENCE, Fault.GATEWAY_TIMEOUT);
  }

  /** A second call would take as long, and each may be billed. */
  @ParameterizedTest
  @MethodSource("tooLong")
  void whatTakesTooLongIsNotBoughtOnceMore(Provider provider, Fault fault) {
    next(provider, fault);
    SpeechSynthesizer speech =
        open(provider, "KEY", "", fault == Fault.SILENCE ? SpeechTests.HASTY : SpeechTests.QUICK);

    StageException failure = failure(speech, english(TEXT));

    assertThat(calls(provider)).isEqualTo(1);
    assertThat(failure.code()).isEqualTo(FailureCode.PROVIDER_OUTCOME_UNKNOWN);
  }

  @ParameterizedTest
  @MethodSource("passing")
  void aPassingFaultIsOvercomeAndTheSpeechIsTheSame(Provider provider, Fault fault)
      throws StageException {
    SpeechSynthesizer speech = open(provider, "");
    Speech undisturbed = speech.synthesize(english(TEXT));
    next(provider, fault);

    Speech spoken = speech.synthesize(english(TEXT));

    assertThat(calls(provider)).isEqualTo(3);
    assertThat(spoken.wav()).isEqualTo(undisturbed.wav());
  }

  static Stream<Arguments> lasting() {
    return each(
        Fault.EMPTY_WALLET,
        Fault.WRONG_KEY,
        Fault.NO_SUCH_MODEL,
        Fault.HTML_PAGE,
        Fault.ENDLESS_BODY,
        Fault.EMPTY_AUDIO,
        Fault.SILENT_AUDIO,
        Fault.AUDIO_CUT,
        Fault.AUDIO_TOO_SHORT,
        Fault.OTHER_AUDIO,
        Fault.JSON_FOR_AUDIO);
  }

  @ParameterizedTest
  @MethodSource("lasting")
  void whatDoesNotPassIsToldAfterOneCall(Provider provider, Fault fault) {
    next(provider, fault);

    StageException failure = failure(open(provider, ""), english(TEXT));

    assertThat(calls(provider)).isEqualTo(1);
    assertThat(failure.code())
        .isEqualTo(
            switch (fault) {
              case EMPTY_WALLET -> FailureCode.PROVIDER_QUOTA;
              case WRONG_KEY -> FailureCode.PROVIDER_UNAUTHORIZED;
              case NO_SUCH_MODEL -> FailureCode.PROVIDER_REQUEST_INVALID;
              default -> FailureCode.PROVIDER_REPLY_INVALID;
            });
    assertThat(failure.getMessage()).doesNotContain("sk-right").doesNotContain("<html");
  }

  @ParameterizedTest
  @EnumSource(Provider.class)
  void aWrongKeyIsToldByTheProvidersNameAndNeverByItsValue(Provider provider) {
    StageException failure = failure(open(provider, "WRONG", ""), english(TEXT));

    assertThat(failure.code()).isEqualTo(FailureCode.PROVIDER_UNAUTHORIZED);
    assertThat(failure.describe()).doesNotContain("sk-wrong");
  }

  @Test
  void anAccountThatRunsDryIsNotAskedAgain() throws StageException {
    SpeechSynthesizer speech = open(Provider.ELEVENLABS, "");
    elevenLabs.charactersLeft(TEXT.length() + 3);
    assertThat(speech.synthesize(english(TEXT)).words()).isNotEmpty();

    StageException failure = failure(speech, english(TEXT));

    assertThat(failure.code()).isEqualTo(FailureCode.PROVIDER_QUOTA);
    assertThat(elevenLabs.calls()).isEqualTo(2);
  }

  @Test
  void aVoiceThatTheAccountDoesNotHaveIsMissing() {
    StageException failure =
        failure(
            open(Provider.ELEVENLABS, ""),
            new SpeechRequest(TEXT, "en", "eleven:nobodys-voice", 1000));

    assertThat(failure.code()).isEqualTo(FailureCode.VOICE_MISSING);
  }

  @Test
  void whatIsSentIsWhatTheSettingsSay() throws StageException {
    SpeechSynthesizer usual = open(Provider.ELEVENLABS, "");
    SpeechSynthesizer lively = open(Provider.ELEVENLABS, ", stability: 0.25, style: 1");
    usual.synthesize(english(TEXT));
    lively.synthesize(new SpeechRequest(TEXT, "en", "default", 1100));

    assertThat(elevenLabs.requests().get(0).path("voice_settings").toString())
        .isEqualTo("{\"stability\":0.6,\"similarity_boost\":0.75,\"style\":0.3}");
    assertThat(elevenLabs.requests().get(1).path("voice_settings").toString())
        .isEqualTo("{\"stability\":0.25,\"similarity_boost\":0.75,\"style\":1.0,\"speed\":1.1}");
    assertThat(lively.identity()).isNotEqualTo(usual.identity());

    SpeechSynthesizer calm = open(Provider.OPENAI, ", instructions: 'Speak calmly.'");
    calm.synthesize(new SpeechRequest(TEXT, "en", "openai:voice_own", 950));
    assertThat(openAi.requests().get(0).path("instructions").asText()).isEqualTo("Speak calmly.");
    assertThat(openAi.requests().get(0).at("/voice/id").asText()).isEqualTo("voice_own");
    assertThat(openAi.requests().get(0).path("speed").asDouble()).isEqualTo(0.95);
    assertThat(calm.identity()).isNotEqualTo(open(Provider.OPENAI, "").identity());
  }

  @ParameterizedTest
  @ValueSource(strings = {"eleven_multilingual_v2", "eleven_flash_v2_5", "eleven_v3"})
  void eachModelOfElevenLabsIsToldWhatItTakes(String model) throws StageException {
    SpeechSynthesizer speech = eleven(model, ", max_chars: 120");
    SpeechRequest german = new SpeechRequest(TEXT, "de-AT", "default", 1000, "excited");

    assertThat(SpeechPromises.broken(german, speech.synthesize(german))).isEmpty();

    boolean newest = model.equals("eleven_v3");
    assertThat(elevenLabs.requests())
        .hasSizeGreaterThan(1)
        .allSatisfy(
            sent -> {
              assertThat(sent.path("language_code").asText())
                  .isEqualTo(model.equals("eleven_multilingual_v2") ? "" : "de");
              assertThat(sent.has("previous_text") || sent.has("next_text")).isEqualTo(!newest);
              assertThat(sent.at("/voice_settings/stability").asDouble())
                  .isEqualTo(newest ? 0.5 : 0.4);
            });
  }

  @Test
  void elevenLabsIsToldTheLanguagesThatTheModelListsAndFindsWhatItSpokeWithout()
      throws StageException {
    SpeechSynthesizer flash = eleven("eleven_flash_v2_5", "");
    List<String> told = new ArrayList<>();
    for (String language : List.of("nb-NO", "th", "de")) {
      if (language.equals("de")) {
        elevenLabs.unlist("de");
      }
      int before = elevenLabs.requests().size();
      SpeechRequest request = new SpeechRequest(TEXT, language, "default", 1000);
      assertThat(SpeechPromises.broken(request, flash.synthesize(request))).isEmpty();
      elevenLabs.requests().stream()
          .skip(before)
          .forEach(sent -> told.add(language + ":" + sent.path("language_code").asText()));
    }

    assertThat(told)
        .describedAs("a language that is listed no longer is asked for once more without")
        .containsExactly("nb-NO:no", "th:", "de:de", "de:");
    assertThat(flash.identity("th")).isEqualTo(flash.identity());
    assertThat(flash.identity("de")).isNotEqualTo(flash.identity()).contains("/language");
    SpeechSynthesizer older = eleven("eleven_multilingual_v2", "");
    assertThat(older.identity("de")).isEqualTo(older.identity());
  }

  @Test
  void noMoreAreSentAtOnceThanTheSmallestPlanTakes() throws Exception {
    SpeechSynthesizer speech = eleven("eleven_multilingual_v2", "");
    elevenLabs.parallel(speech.parallel());
    ExecutorService threads = Executors.newFixedThreadPool(speech.parallel());
    try {
      List<Future<Speech>> all = new ArrayList<>();
      for (int i = 1; i <= 6; i++) {
        SpeechRequest request = english("word ".repeat(i).strip());
        all.add(threads.submit(() -> speech.synthesize(request)));
      }
      for (Future<Speech> each : all) {
        assertThat(each.get().words()).isNotEmpty();
      }
    } finally {
      threads.shutdownNow();
    }
    assertThat(speech.parallel()).isEqualTo(2);
    assertThat(elevenLabs.refusedInFlight()).isZero();
  }

  @Test
  void moreThanThePlanTakesAreSentOnceMore() throws Exception {
    SpeechSynthesizer speech = eleven("eleven_multilingual_v2", "");
    elevenLabs.parallelUntilRefused(1);
    ExecutorService threads = Executors.newFixedThreadPool(2);
    try {
      Future<Speech> one = threads.submit(() -> speech.synthesize(english("One sentence.")));
      Future<Speech> two = threads.submit(() -> speech.synthesize(english("Two sentences.")));
      assertThat(one.get().words()).hasSize(2);
      assertThat(two.get().words()).hasSize(2);
    } finally {
      threads.shutdownNow();
    }
    assertThat(elevenLabs.refusedInFlight()).isPositive();
  }

  @Test
  void wordsThatElevenLabsDidNotTimeAreEstimated() throws StageException {
    elevenLabs.nextWithoutTimes(1);

    Speech spoken = open(Provider.ELEVENLABS, "").synthesize(english(TEXT));

    assertThat(spoken.timesFrom()).isEqualTo(TimesOrigin.ESTIMATE);
    assertThat(SpeechPromises.broken(english(TEXT), spoken)).isEmpty();
  }

  private SpeechSynthesizer eleven(String model, String more) {
    return SpeechTests.open(
        "{name: eleven, kind: elevenlabs, base_url: '"
            + elevenLabs.baseUrl()
            + "', model: "
            + model
            + ", voice: "
            + ElevenLabsSimulator.VOICE
            + ", key: 'env:KEY'"
            + more
            + "}",
        // Patient enough for the others, however long they take on a busy machine.
        new CallPolicy(
            SpeechTests.QUICK.connectTimeout(),
            SpeechTests.QUICK.readTimeout(),
            SpeechTests.QUICK.callTimeout(),
            /* attempts= */ 300,
            Duration.ofMillis(20),
            Duration.ofMillis(100),
            SpeechTests.QUICK.requestsPerMinute(),
            SpeechTests.QUICK.parallel(),
            SpeechTests.QUICK.maxReplyBytes(),
            SpeechTests.QUICK.limits(),
            SpeechTests.QUICK.kind(),
            SpeechTests.QUICK.purchases()));
  }

  @Test
  void aMoodBecomesWhatEachEngineTakes() throws StageException {
    SpeechSynthesizer eleven = open(Provider.ELEVENLABS, "");
    for (String mood : new String[] {"excited, a little", "calm", "like a pirate"}) {
      eleven.synthesize(new SpeechRequest(TEXT, "en", "default", 1000, mood));
    }
    assertThat(elevenLabs.requests())
        .extracting(request -> request.path("voice_settings").toString())
        .containsExactly(
            "{\"stability\":0.4,\"similarity_boost\":0.75,\"style\":0.6}",
            "{\"stability\":0.8,\"similarity_boost\":0.75,\"style\":0.1}",
            "{\"stability\":0.6,\"similarity_boost\":0.75,\"style\":0.3}");
    assertThat(eleven.takes("calm")).isTrue();
    assertThat(eleven.takes("like a pirate")).describedAs("no number says that").isFalse();

    SpeechSynthesizer told = open(Provider.OPENAI, ", instructions: 'Speak clearly.'");
    told.synthesize(new SpeechRequest(TEXT, "en", "default", 1000, "like a pirate"));
    assertThat(openAi.requests().get(0).path("instructions").asText())
        .isEqualTo("Speak clearly.\nMood: like a pirate.");
    assertThat(told.takes("like a pirate")).isTrue();
  }

  @Test
  void theVoicesOfAnAccountAreReadPageByPage() throws StageException {
    assertThat(open(Provider.ELEVENLABS, "").voices())
        .extracting(Voice::name)
        .containsExactlyInAnyOrder("Rachel", "Domi", "Bella");
    assertThat(elevenLabs.calls()).isEqualTo(3);
  }

  @ParameterizedTest
  @EnumSource(Provider.class)
  void aLongTextIsCutAtItsSentencesAndJoinedWithoutClicks(Provider provider) throws StageException {
    String text = (TEXT + " ").repeat(4).strip();
    SpeechRequest request = english(text);

    Speech spoken = open(provider, ", max_chars: 120").synthesize(request);

    assertThat(SpeechPromises.broken(request, spoken)).isEmpty();
    List<String> sent =
        (provider == Provider.OPENAI ? openAi.requests() : elevenLabs.requests())
            .stream()
                .map(body -> body.path(provider == Provider.OPENAI ? "input" : "text").asText())
                .toList();
    assertThat(sent)
        .hasSizeGreaterThan(4)
        .allSatisfy(part -> assertThat(part).hasSizeLessThan(121));
    assertThat(String.join(" ", sent)).isEqualTo(text);
    assertThat(sent).allSatisfy(part -> assertThat(part).matches("(?s).*[.?]"));
    assertThat(loudestBesidePauses(spoken)).isLessThan(400);
  }

  @Test
  void wordsComeFromTheEngineElseFromATranscriptElseTheyAreCalledAnEstimate()
      throws StageException {
    Speech byEngine = open(Provider.ELEVENLABS, "").synthesize(english(TEXT));
    SpeechSynthesizer heard = open(Provider.OPENAI, ", words: {model: whisper-1}");
    Speech byTranscript = heard.synthesize(english(TEXT));
    Speech estimated = open(Provider.OPENAI, "").synthesize(english(TEXT));

    assertThat(byEngine.timesFrom()).isEqualTo(TimesOrigin.ENGINE);
    assertThat(byTranscript.timesFrom()).isEqualTo(TimesOrigin.TRANSCRIPT);
    assertThat(estimated.timesFrom()).isEqualTo(TimesOrigin.ESTIMATE);
    // Both simulators hum the same way: the transcript has to find what the engine knows.
    assertThat(byTranscript.words()).hasSameSizeAs(byEngine.words());
    for (int i = 0; i < byEngine.words().size(); i++) {
      WordTiming known = byEngine.words().get(i);
      WordTiming found = byTranscript.words().get(i);
      assertThat(found.text()).isEqualTo(known.text());
      // A hum is as long as its letters, so that the lengths of real words mislead a little.
      assertThat(Math.abs(found.startUs() - known.startUs())).as(known.text()).isLessThan(80_000);
    }
  }

  @ParameterizedTest
  @EnumSource(
      value = Fault.class,
      names = {"NONSENSE", "HTML_PAGE", "EMPTY_WALLET", "EMPTY_AUDIO", "JSON_FOR_AUDIO"})
  void aTranscriptThatIsOfNoUseCostsTheTimesAndNotTheSpeech(Fault fault) throws StageException {
    SpeechSynthesizer speech = open(Provider.OPENAI, ", words: {model: whisper-1}");
    // The call for speech first, then the one for its words.
    openAi.next(Fault.REFUSAL, fault);

    Speech spoken = speech.synthesize(english(TEXT));

    assertThat(spoken.timesFrom()).isEqualTo(TimesOrigin.ESTIMATE);
    assertThat(SpeechPromises.broken(english(TEXT), spoken)).isEmpty();
    assertThat(spoken.untimed() != null)
        .as("whoever fills the wallet gets exact times")
        .isEqualTo(fault == Fault.EMPTY_WALLET);
  }

  @ParameterizedTest
  @EnumSource(
      value = Fault.class,
      names = {
        "RATE_LIMIT",
        "RATE_LIMIT_WITH_RETRY_AFTER",
        "SERVER_ERROR",
        "OVERLOADED",
      })
  void aPassingFaultOfWhoTimesTheWordsIsOvercome(Fault fault) throws StageException {
    SpeechSynthesizer speech = open(Provider.OPENAI, ", words: {model: whisper-1}");
    openAi.next(Fault.REFUSAL, fault);

    Speech spoken = speech.synthesize(english(TEXT));

    assertThat(spoken.timesFrom()).isEqualTo(TimesOrigin.TRANSCRIPT);
    assertThat(spoken.untimed()).isNull();
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
        "BAD_GATEWAY",
        "GATEWAY_TIMEOUT",
        "SILENCE",
        "WRONG_KEY"
      })
  void aFaultThatStaysForNowIsToldSoThatTheEstimateIsNot(Fault fault) throws StageException {
    SpeechSynthesizer speech = open(Provider.OPENAI, ", words: {model: whisper-1}");
    openAi.next(Fault.REFUSAL, fault, fault, fault);

    Speech spoken = speech.synthesize(english(TEXT));

    assertThat(spoken.timesFrom()).isEqualTo(TimesOrigin.ESTIMATE);
    assertThat(spoken.untimed()).isNotNull();
  }

  @ParameterizedTest
  @EnumSource(
      value = Fault.class,
      names = {"NONSENSE", "EMPTY_AUDIO", "JSON_FOR_AUDIO"})
  void soItIsWithWhisperOfOnesOwn(Fault fault) throws Exception {
    try (OpenAiSimulator whisper = OpenAiSimulator.start("", OpenAiSimulator.Dialect.WHISPER_CPP)) {
      SpeechSynthesizer speech =
          SpeechTests.open(
              "{name: own, base_url: '"
                  + whisper.baseUrl()
                  + "', model: m, voice: v, words: {model: base}}");
      assertThat(speech.synthesize(english(TEXT)).timesFrom()).isEqualTo(TimesOrigin.TRANSCRIPT);
      whisper.next(Fault.REFUSAL, fault);

      Speech spoken = speech.synthesize(english(TEXT));

      assertThat(spoken.timesFrom()).isEqualTo(TimesOrigin.ESTIMATE);
      assertThat(SpeechPromises.broken(english(TEXT), spoken)).isEmpty();
    }
  }

  @Test
  void timesOfAnEngineThatRunBackwardsAreNotTaken() throws StageException {
    elevenLabs.next(Fault.NONSENSE);

    Speech spoken = open(Provider.ELEVENLABS, "").synthesize(english(TEXT));

    assertThat(spoken.timesFrom()).isEqualTo(TimesOrigin.ESTIMATE);
    assertThat(SpeechPromises.broken(english(TEXT), spoken)).isEmpty();
  }

  /** The loudest sample beside a silence that is longer than those between words. */
  private static int loudestBesidePauses(Speech speech) {
    ByteBuffer wav = ByteBuffer.wrap(speech.wav()).order(ByteOrder.LITTLE_ENDIAN);
    int pause = speech.sampleRate() / 10;
    int pauses = 0;
    int silent = 0;
    int loudest = 0;
    for (int i = 0; i < speech.samples(); i++) {
      int sample = wav.getShort(44 + 2 * i);
      if (sample != 0) {
        if (silent > pause) {
          pauses++;
          int before = wav.getShort(44 + 2 * (i - silent - 1));
          loudest = Math.max(loudest, Math.max(Math.abs(before), Math.abs(sample)));
        }
        silent = 0;
      } else {
        silent++;
      }
    }
    assertThat(pauses).isGreaterThan(4);
    return loudest;
  }

  private static SpeechRequest english(String text) {
    return SpeechSynthesizerContract.english(text);
  }

  private static StageException failure(SpeechSynthesizer speech, SpeechRequest request) {
    return catchThrowableOfType(StageException.class, () -> speech.synthesize(request));
  }
}
