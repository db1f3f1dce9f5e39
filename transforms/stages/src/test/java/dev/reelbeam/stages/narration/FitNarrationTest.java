package dev.reelbeam.stages.narration;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import dev.reelbeam.fakes.FakeAssetReader;
import dev.reelbeam.fakes.FakeObjectStore;
import dev.reelbeam.fakes.FakeProjectLedger;
import dev.reelbeam.fakes.FakeScriptWriter;
import dev.reelbeam.fakes.FakeSpeechSynthesizer;
import dev.reelbeam.model.content.BlockKind;
import dev.reelbeam.model.content.ContentKind;
import dev.reelbeam.model.content.ContentRecord;
import dev.reelbeam.model.content.FallbackPolicy;
import dev.reelbeam.model.content.HookStyle;
import dev.reelbeam.model.content.ProjectRequest;
import dev.reelbeam.model.content.RecordKey;
import dev.reelbeam.model.content.ReviewPolicy;
import dev.reelbeam.model.content.Script;
import dev.reelbeam.model.content.ScriptSection;
import dev.reelbeam.model.content.SectionRole;
import dev.reelbeam.model.content.Sentence;
import dev.reelbeam.model.content.SourceBlock;
import dev.reelbeam.model.content.TitleStyle;
import dev.reelbeam.model.content.VideoSettings;
import dev.reelbeam.model.failure.FailureCode;
import dev.reelbeam.model.failure.StageException;
import dev.reelbeam.model.json.RecordJson;
import dev.reelbeam.model.learning.ArmChoice;
import dev.reelbeam.model.learning.ArmKind;
import dev.reelbeam.model.learning.ArmQuestion;
import dev.reelbeam.model.learning.LearningSettings;
import dev.reelbeam.model.port.ArmChooser;
import dev.reelbeam.model.port.ObjectStore;
import dev.reelbeam.model.port.SpeechSynthesizer;
import dev.reelbeam.model.project.Decision;
import dev.reelbeam.model.project.Gate;
import dev.reelbeam.model.speech.Narration;
import dev.reelbeam.model.speech.Speech;
import dev.reelbeam.model.speech.SpeechRequest;
import dev.reelbeam.model.speech.SpokenLanguage;
import dev.reelbeam.model.speech.SpokenSentence;
import dev.reelbeam.model.speech.TimesOrigin;
import dev.reelbeam.model.speech.Voice;
import dev.reelbeam.model.speech.WordTiming;
import dev.reelbeam.model.video.Brand;
import dev.reelbeam.model.video.DurationRange;
import dev.reelbeam.model.video.Variant;
import dev.reelbeam.model.video.VideoType;
import dev.reelbeam.stages.flow.Handling;
import dev.reelbeam.stages.flow.NarratedVideo;
import dev.reelbeam.stages.flow.NoArms;
import dev.reelbeam.stages.flow.PlannedVideo;
import dev.reelbeam.stages.flow.Progress;
import dev.reelbeam.stages.flow.Providers;
import java.nio.file.Path;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class FitNarrationTest {
  @TempDir Path folder;
  private FakeObjectStore store = new FakeObjectStore(Path.of("unset"));
  private ArmChooser chooser = new NoArms();
  private final FakeSpeechSynthesizer speech = new FakeSpeechSynthesizer();
  private final FakeProjectLedger ledger = new FakeProjectLedger();
  private Handling handling = Handling.PLAIN;

  @BeforeEach
  void openStore() {
    store = new FakeObjectStore(folder);
  }

  @Test
  void theNarrationHitsTheRangeAndEveryWordLiesInsideItsSentence() throws Exception {
    NarratedVideo narrated = fit(60, 30_000, 60_000, 45_000);

    assertThat(narrated.durationMs()).isBetween(30_000, 60_000);
    Narration narration = RecordJson.read(store.read(narrated.narration()), Narration.class);
    assertThat(narration.rounds()).isLessThanOrEqualTo(FitNarration.MAX_ROUNDS);
    long last = 0;
    for (SpokenSentence sentence : narration.sentences()) {
      assertThat(sentence.startUs()).isGreaterThanOrEqualTo(last);
      for (WordTiming word : sentence.words()) {
        assertThat(word.startUs()).isGreaterThanOrEqualTo(sentence.startUs());
        assertThat(word.endUs()).isLessThanOrEqualTo(sentence.endUs());
        assertThat(sentence.text().substring(word.charStart(), word.charEnd()))
            .isEqualTo(word.text());
      }
      last = sentence.endUs();
    }
    assertThat(narration.durationMs()).isGreaterThan((int) (last / 1000));
  }

  @Test
  void nothingIsSpokenTwice() throws Exception {
    fit(60, 30_000, 60_000, 45_000);
    int calls = speech.calls();

    NarratedVideo again = fit(60, 30_000, 60_000, 45_000);

    assertThat(speech.calls()).isEqualTo(calls);
    assertThat(again.spokenCharacters()).isZero();
  }

  @Test
  void anEditedScriptIsSpokenAtThePaceThatItHadSoThatOnlyWhatIsNewIsSpoken() throws Exception {
    Script written =
        RecordJson.read(store.read(fit(60, 30_000, 60_000, 45_000).script()), Script.class);
    Narration before = narration(edited(written.withPace(1_040)));
    assertThat(before.speedPermille()).isEqualTo(1_040);
    int calls = speech.calls();

    List<ScriptSection> sections = new ArrayList<>(written.sections());
    ScriptSection last = sections.get(sections.size() - 1);
    sections.set(
        sections.size() - 1,
        new ScriptSection(
            last.role(), List.of(new Sentence("A last word.", -1)), "", "", "", 1_000));
    Narration after = narration(edited(new Script(sections, "en", 2, "ann").withPace(1_040)));

    assertThat(after.speedPermille()).isEqualTo(1_040);
    assertThat(speech.calls()).isEqualTo(calls + 1);
    // Not farther than a fitted narration may be from what is asked for.
    assertThat(narration(edited(written.withPace(1_200))).speedPermille()).isEqualTo(1_000);
  }

  @Test
  void anEditedScriptThatNoSpeedFitsIsRefusedWithHowMuchItIsOff() {
    Script tooShort =
        new Script(
            List.of(
                new ScriptSection(
                    SectionRole.HOOK, List.of(new Sentence("Far too short.", -1)), "", "", "", 1)),
            "en",
            2,
            "ann");
    StageException failure = catchThrowableOfType(StageException.class, () -> edited(tooShort));

    assertThat(failure.code()).isEqualTo(FailureCode.SCRIPT_OUT_OF_RANGE);
    assertThat(failure).hasMessageMatching("the edited script is \\d+\\.\\d s too short for .+");
  }

  private NarratedVideo edited(Script script) throws StageException {
    return fit(speech, VideoSettings.DEFAULT, 60, 20_000, 70_000, 45_000, script);
  }

  private Narration narration(NarratedVideo narrated) {
    return RecordJson.read(store.read(narrated.narration()), Narration.class);
  }

  @Test
  void aSourceTooThinIsANumberedFailure() {
    StageException failure =
        catchThrowableOfType(StageException.class, () -> fit(2, 30_000, 60_000, 45_000));
    assertThat(failure.code()).isEqualTo(FailureCode.SOURCE_TOO_THIN);
  }

  @Test
  void aRangeThatSpeechCannotHitIsToldWithTheFigure() {
    StageException failure =
        catchThrowableOfType(StageException.class, () -> fit(60, 31_000, 31_300, 31_150));
    assertThat(failure.code()).isEqualTo(FailureCode.LENGTH_NOT_HIT);
    assertThat(failure.getMessage()).contains("31-31 s are allowed");
  }

  @Test
  void whenAVoiceFailsInTheMiddleTheNextOneSpeaksAllOfIt() throws Exception {
    Unsteady first = new Unsteady("first", 5, FailureCode.PROVIDER_DOWN);
    NarratedVideo narrated =
        fit(new Alternatives(first, speech), VideoSettings.DEFAULT, 60, 30_000, 60_000, 45_000);
    Narration narration = RecordJson.read(store.read(narrated.narration()), Narration.class);

    assertThat(first.calls).isEqualTo(6);
    assertThat(narration.voiceId()).isEqualTo("hum");
    assertThat(speech.calls()).isGreaterThanOrEqualTo(narration.sentences().size());
  }

  @Test
  void nobodySpeaksForAVoiceThatOnlyHasNoTurnYet() {
    Unsteady first = new Unsteady("first", 5, FailureCode.NO_TURN);

    StageException failure =
        catchThrowableOfType(
            StageException.class,
            () ->
                fit(
                    new Alternatives(first, speech),
                    VideoSettings.DEFAULT,
                    60,
                    30_000,
                    60_000,
                    45_000));

    assertThat(failure.code()).isEqualTo(FailureCode.NO_TURN);
    assertThat(speech.calls()).isZero();
  }

  @Test
  void whatAStandInSpokeIsNeverTakenForTheOthers() throws Exception {
    Unsteady first = new Unsteady("first", 5, FailureCode.PROVIDER_QUOTA);
    NarratedVideo standIn =
        fit(new Alternatives(first, speech), VideoSettings.DEFAULT, 60, 30_000, 60_000, 45_000);
    first.failsAfter = Integer.MAX_VALUE;

    NarratedVideo own =
        fit(new Alternatives(first, speech), VideoSettings.DEFAULT, 60, 30_000, 60_000, 45_000);
    int spoken = speech.calls();
    NarratedVideo found = fit(60, 30_000, 60_000, 45_000);

    assertThat(RecordJson.read(store.read(own.narration()), Narration.class).voiceId())
        .isEqualTo("first:hum");
    assertThat(found.narration()).isEqualTo(standIn.narration());
    assertThat(speech.calls()).isEqualTo(spoken);
  }

  @Test
  void aStandInWhoseVoiceWasApprovedStaysUntilAnotherVoiceIsAskedFor() throws Exception {
    handling = new Handling(1, new ReviewPolicy("auto", "manual", "auto", "auto"), "normal");
    Unsteady first = new Unsteady("first", 5, FailureCode.PROVIDER_QUOTA);
    Alternatives voices = new Alternatives(first, speech);
    NarratedVideo standIn = fit(voices, VideoSettings.DEFAULT, 60, 30_000, 60_000, 45_000);
    Decision unused =
        ledger.decide(
            new Decision(
                "r", Gate.VOICE, standIn.narration().sha256(), true, "e1", "editor", 1, null, 1));
    first.failsAfter = Integer.MAX_VALUE;
    int asked = first.calls;

    for (int epoch = 1; epoch <= 2; epoch++) {
      handling = new Handling(epoch, handling.review(), "normal");
      NarratedVideo later = fit(voices, VideoSettings.DEFAULT, 60, 30_000, 60_000, 45_000);
      assertThat(later.narration()).isEqualTo(standIn.narration());
      assertThat(later.fallbacks()).singleElement().asString().startsWith("voice: ");
    }
    assertThat(first.calls).isEqualTo(asked);

    VideoSettings named = VideoSettings.DEFAULT.withVoiceId("first:hum");
    assertThat(narration(fit(voices, named, 60, 30_000, 60_000, 45_000)).voiceId())
        .isEqualTo("first:hum");
  }

  @Test
  void aVoiceThatWasAskedForByNameIsStoodInForAndOneThatNobodyHasIsTold() throws Exception {
    VideoSettings named = VideoSettings.DEFAULT.withVoiceId("first:hum");
    Unsteady down = new Unsteady("first", 0, FailureCode.PROVIDER_UNREACHABLE);
    NarratedVideo narrated = fit(new Alternatives(down, speech), named, 60, 30_000, 60_000, 45_000);
    assertThat(RecordJson.read(store.read(narrated.narration()), Narration.class).voiceId())
        .isEqualTo("hum");

    Unsteady second = new Unsteady("second", 0, FailureCode.PROVIDER_UNREACHABLE);
    StageException failure =
        catchThrowableOfType(
            StageException.class,
            () -> fit(new Alternatives(second, speech), named, 60, 30_000, 60_000, 45_000));
    assertThat(failure.code()).isEqualTo(FailureCode.VOICE_MISSING);
  }

  @Test
  void theProviderThatARecordAsksForSpeaksFirstAndTheEmbeddedOneAlone() throws Exception {
    Unsteady first = new Unsteady("first", Integer.MAX_VALUE, FailureCode.PROVIDER_DOWN);
    Unsteady second = new Unsteady("second", Integer.MAX_VALUE, FailureCode.PROVIDER_DOWN);
    Alternatives all = new Alternatives(first, second, speech);

    fit(all, by("second"), 60, 30_000, 60_000, 45_000);
    assertThat(second.calls).isPositive();
    assertThat(first.calls).isZero();

    int before = second.calls;
    fit(all, by("embedded"), 50, 30_000, 60_000, 45_000);
    assertThat(speech.calls()).isPositive();
    assertThat(first.calls).isZero();
    assertThat(second.calls).isEqualTo(before);

    fit(all, by("nobody"), 40, 30_000, 60_000, 45_000);
    assertThat(first.calls).isPositive();
  }

  private static VideoSettings by(String provider) {
    return VideoSettings.DEFAULT.withVoiceProvider(provider);
  }

  @Test
  void aNarrationSaysWhenItsWordTimesAreAnEstimate() throws Exception {
    assertThat(origin(fit(60, 30_000, 60_000, 45_000))).isEqualTo(TimesOrigin.ENGINE);
    Unsteady unsure = new Unsteady("unsure", Integer.MAX_VALUE, FailureCode.PROVIDER_DOWN);
    unsure.timesFrom = TimesOrigin.ESTIMATE;

    NarratedVideo narrated = fit(unsure, VideoSettings.DEFAULT, 60, 30_000, 60_000, 45_000);

    assertThat(origin(narrated)).isEqualTo(TimesOrigin.ESTIMATE);
    Narration earlier =
        RecordJson.read(
            "{\"sentences\":[],\"voice_id\":\"v\",\"speed_permille\":1000,\"rounds\":1,"
                + "\"duration_ms\":1}",
            Narration.class);
    assertThat(earlier.timesFrom()).isEqualTo(TimesOrigin.ENGINE);
  }

  @Test
  void wordsThatSomebodyCouldTimeLaterAreEstimatedForNowAndTimedTheNextTime() throws Exception {
    Unsteady voice = new Unsteady("ann", Integer.MAX_VALUE, FailureCode.PROVIDER_DOWN);
    voice.timesFrom = TimesOrigin.ESTIMATE;
    voice.untimed = new StageException(FailureCode.PROVIDER_DOWN, "whisper answered 503");
    Alternatives voices = new Alternatives(voice, speech);

    NarratedVideo estimated = fit(voices, VideoSettings.DEFAULT, 60, 30_000, 60_000, 45_000);

    assertThat(origin(estimated)).isEqualTo(TimesOrigin.ESTIMATE);
    assertThat(narration(estimated).voiceId()).isEqualTo("ann:hum");
    assertThat(estimated.fallbacks())
        .containsExactly(
            "voice: words are timed by an estimate (2010 PROVIDER_DOWN: whisper answered 503)");

    voice.timesFrom = TimesOrigin.TRANSCRIPT;
    voice.untimed = null;
    NarratedVideo timed = fit(voices, VideoSettings.DEFAULT, 60, 30_000, 60_000, 45_000);
    assertThat(origin(timed)).isEqualTo(TimesOrigin.TRANSCRIPT);
    assertThat(timed.fallbacks()).isEmpty();

    int calls = voice.calls;
    fit(voices, VideoSettings.DEFAULT, 60, 30_000, 60_000, 45_000);
    assertThat(voice.calls).as("exact times are kept").isEqualTo(calls);
  }

  /** The step then waits for whoever times the words, as it does for a voice. */
  @Test
  void whereNobodyMayStandInNoEstimateDoesEither() {
    Unsteady voice = new Unsteady("ann", Integer.MAX_VALUE, FailureCode.PROVIDER_REFUSED);
    voice.timesFrom = TimesOrigin.ESTIMATE;
    voice.untimed = new StageException(FailureCode.PROVIDER_DOWN, "whisper answered 503");

    StageException failure =
        refusal(
            new Alternatives(voice, speech),
            VideoSettings.DEFAULT.withFallback(FallbackPolicy.NONE));

    assertThat(failure).isSameAs(voice.untimed);
    assertThat(speech.calls()).isZero();
  }

  @Test
  void aVoiceOfOneSpeedIsNotAskedForAnother() throws Exception {
    Unsteady voice = new Unsteady("ann", Integer.MAX_VALUE, FailureCode.PROVIDER_DOWN);
    voice.speeds = new SpeechSynthesizer.Speeds(1_000, 1_000);
    Alternatives voices = new Alternatives(voice, speech);
    NarratedVideo written = fit(voice, VideoSettings.DEFAULT, 60, 30_000, 60_000, 45_000);
    Script script = RecordJson.read(store.read(written.script()), Script.class);
    int most = written.durationMs() - 800;
    int calls = voice.calls;

    StageException failure =
        catchThrowableOfType(
            StageException.class,
            () -> fit(voices, VideoSettings.DEFAULT, 60, 20_000, most, most - 5_000, script));

    assertThat(failure.code()).isEqualTo(FailureCode.SCRIPT_OUT_OF_RANGE);
    assertThat(failure).hasMessageMatching("the edited script is \\d\\.\\d s too long for .+");
    assertThat(voice.calls).as("what was spoken is found").isEqualTo(calls);
    assertThat(speech.calls()).isZero();
    voice.speeds = new SpeechSynthesizer.Speeds(700, 1_200);
    assertThat(
            fit(voices, VideoSettings.DEFAULT, 60, 20_000, most, most - 5_000, script).durationMs())
        .isLessThanOrEqualTo(most);
  }

  @Test
  void aSpeedThatAVoiceDoesNotHaveIsToldBeforeAnythingIsWrittenOrSpoken() throws Exception {
    Unsteady voice = new Unsteady("ann", Integer.MAX_VALUE, FailureCode.PROVIDER_DOWN);
    voice.speeds = new SpeechSynthesizer.Speeds(1_000, 1_000);
    VideoSettings fast = VideoSettings.DEFAULT.withSpeedPermille(1_200);

    NarratedVideo narrated = fit(new Alternatives(voice, speech), fast, 60, 30_000, 60_000, 45_000);

    assertThat(voice.calls).isZero();
    assertThat(narration(narrated).speedPermille()).isBetween(1_100, 1_300);
    assertThat(narrated.fallbacks())
        .singleElement()
        .asString()
        .contains("speed 1200 is outside 1000 to 1000 permille of ann");
  }

  private TimesOrigin origin(NarratedVideo narrated) throws StageException {
    return RecordJson.read(store.read(narrated.narration()), Narration.class).timesFrom();
  }

  @Test
  void theRecordsOwnFaultAsksNobodyElse() {
    Unsteady first = new Unsteady("first", Integer.MAX_VALUE, FailureCode.PROVIDER_DOWN);
    StageException failure =
        catchThrowableOfType(
            StageException.class,
            () ->
                fit(
                    new Alternatives(first, speech),
                    VideoSettings.DEFAULT,
                    2,
                    30_000,
                    60_000,
                    45_000));
    assertThat(failure.code()).isEqualTo(FailureCode.SOURCE_TOO_THIN);
    assertThat(speech.calls()).isZero();
  }

  @Test
  void aRecordThatAllowsNoOtherVoiceEndsWithTheProvidersOwnLetter() throws Exception {
    Unsteady voice = new Unsteady("voice", 0, FailureCode.PROVIDER_QUOTA);
    Unsteady other = new Unsteady("other", Integer.MAX_VALUE, FailureCode.PROVIDER_DOWN);
    Alternatives voices = new Alternatives(voice, other, speech);
    VideoSettings alone = VideoSettings.DEFAULT.withFallback(FallbackPolicy.NONE);
    VideoSettings paid = VideoSettings.DEFAULT.withFallback(FallbackPolicy.PROVIDERS);

    assertThat(refusal(voices, alone).code()).isEqualTo(FailureCode.PROVIDER_QUOTA);
    assertThat(narration(fit(voices, paid, 60, 30_000, 60_000, 45_000)).voiceId())
        .isEqualTo("other:hum");
    assertThat(refusal(new Alternatives(voice, speech), paid).code())
        .isEqualTo(FailureCode.PROVIDER_QUOTA);
    assertThat(speech.calls()).isZero();
    // A voice that is another one's is no stand-in.
    VideoSettings named =
        VideoSettings.DEFAULT.withVoiceId("other:hum").withFallback(FallbackPolicy.NONE);
    assertThat(narration(fit(voices, named, 60, 30_000, 60_000, 45_000)).voiceId())
        .isEqualTo("other:hum");
  }

  @Test
  void noVoiceOfAnotherLanguageNarratesUnlessItIsNamed() throws Exception {
    Unsteady german = new Unsteady("anna", Integer.MAX_VALUE, FailureCode.PROVIDER_DOWN);
    german.language = "de-DE";

    NarratedVideo embedded =
        fit(new Alternatives(german, speech), VideoSettings.DEFAULT, 60, 30_000, 60_000, 45_000);

    assertThat(german.calls).isZero();
    assertThat(narration(embedded).voiceId()).isEqualTo("hum");
    assertThat(embedded.fallbacks())
        .singleElement()
        .asString()
        .startsWith("voice: embedded instead of anna (");
    assertThat(
            refusal(
                    new Alternatives(german, speech),
                    VideoSettings.DEFAULT.withFallback(FallbackPolicy.NONE))
                .code())
        .isEqualTo(FailureCode.VOICE_MISSING);

    // Another provider of the settings is theirs for its language.
    Unsteady english = new Unsteady("ann", Integer.MAX_VALUE, FailureCode.PROVIDER_DOWN);
    english.language = "en-US";
    NarratedVideo own =
        fit(
            new Alternatives(german, english, speech),
            VideoSettings.DEFAULT,
            60,
            30_000,
            60_000,
            45_000);
    assertThat(narration(own).voiceId()).isEqualTo("ann:hum");
    assertThat(own.fallbacks()).isEmpty();

    VideoSettings named = VideoSettings.DEFAULT.withVoiceId("anna:hum");
    assertThat(
            narration(fit(new Alternatives(german, speech), named, 60, 30_000, 60_000, 45_000))
                .voiceId())
        .isEqualTo("anna:hum");
  }

  @Test
  void twoVoicesForTwoLanguagesSpeakTheirOwnWhereNobodyMayStandIn() throws Exception {
    Unsteady german = new Unsteady("anna", Integer.MAX_VALUE, FailureCode.PROVIDER_DOWN);
    german.language = "de-DE";
    Unsteady english = new Unsteady("ann", Integer.MAX_VALUE, FailureCode.PROVIDER_DOWN);
    english.language = "en-US";
    VideoSettings alone = VideoSettings.DEFAULT.withFallback(FallbackPolicy.NONE);

    NarratedVideo own =
        fit(new Alternatives(german, english, speech), alone, 60, 30_000, 60_000, 45_000);

    assertThat(narration(own).voiceId()).isEqualTo("ann:hum");
    assertThat(own.fallbacks()).isEmpty();
    Unsteady away = new Unsteady("bea", 0, FailureCode.PROVIDER_DOWN);
    assertThat(refusal(new Alternatives(german, away, speech), alone).code())
        .isEqualTo(FailureCode.PROVIDER_DOWN);
    assertThat(speech.calls()).isZero();
  }

  @Test
  void aVoiceOfAnotherLanguageDoesNotHideThatTheRightOneIsAway() {
    Unsteady english = new Unsteady("ann", 0, FailureCode.PROVIDER_DOWN);
    Unsteady german = new Unsteady("anna", Integer.MAX_VALUE, FailureCode.PROVIDER_DOWN);
    german.language = "de-DE";
    Unsteady broken = new Unsteady("bob", 0, FailureCode.PROVIDER_REPLY_INVALID);

    assertThat(refusal(new Alternatives(english, german), VideoSettings.DEFAULT).code())
        .isEqualTo(FailureCode.PROVIDER_DOWN);
    assertThat(refusal(new Alternatives(german, english), VideoSettings.DEFAULT).code())
        .isEqualTo(FailureCode.PROVIDER_DOWN);
    assertThat(refusal(new Alternatives(english, broken), VideoSettings.DEFAULT).code())
        .isEqualTo(FailureCode.PROVIDER_DOWN);
    assertThat(refusal(new Alternatives(broken, german), VideoSettings.DEFAULT).code())
        .isEqualTo(FailureCode.PROVIDER_REPLY_INVALID);
  }

  /** Else an upgrade would buy every narration again, also of languages that nobody is told. */
  @Test
  void whatWasSpokenBeforeIsFoundWhereTheLanguageIsNotTold() throws Exception {
    Unsteady before = new Unsteady("ann", Integer.MAX_VALUE, FailureCode.PROVIDER_DOWN);
    fit(new Alternatives(before), VideoSettings.DEFAULT, 60, 30_000, 60_000, 45_000);
    Unsteady elsewhere = new Unsteady("ann", Integer.MAX_VALUE, FailureCode.PROVIDER_DOWN);
    elsewhere.toldLanguage = "de";
    Unsteady told = new Unsteady("ann", Integer.MAX_VALUE, FailureCode.PROVIDER_DOWN);
    told.toldLanguage = "en";

    fit(new Alternatives(elsewhere), VideoSettings.DEFAULT, 60, 30_000, 60_000, 45_000);
    fit(new Alternatives(told), VideoSettings.DEFAULT, 60, 30_000, 60_000, 45_000);

    assertThat(elsewhere.calls).isZero();
    assertThat(told.calls).isEqualTo(before.calls).isPositive();
    assertThat(told.keptIn).describedAs("where parts of a sentence are kept").isNotNull();
  }

  @Test
  void aMoodReachesTheVoiceThatTakesItAndIsAnotherNarration() throws Exception {
    VideoSettings calm = VideoSettings.DEFAULT.withEmotion("calm");
    Unsteady actor = new Unsteady("actor", Integer.MAX_VALUE, FailureCode.PROVIDER_DOWN);
    actor.mood = "calm";
    NarratedVideo plain =
        fit(new Alternatives(actor), VideoSettings.DEFAULT, 60, 30_000, 60_000, 45_000);
    assertThat(actor.moods).containsOnlyNulls();
    actor.moods.clear();

    NarratedVideo told = fit(new Alternatives(actor), calm, 60, 30_000, 60_000, 45_000);

    assertThat(actor.moods).isNotEmpty().containsOnly("calm");
    assertThat(narration(told).sentences()).hasSameSizeAs(narration(plain).sentences());

    Unsteady flat = new Unsteady("flat", Integer.MAX_VALUE, FailureCode.PROVIDER_DOWN);
    fit(new Alternatives(flat), calm, 60, 30_000, 60_000, 45_000);
    assertThat(flat.moods).isNotEmpty().containsOnlyNulls();
  }

  private StageException refusal(SpeechSynthesizer voices, VideoSettings settings) {
    return catchThrowableOfType(
        StageException.class, () -> fit(voices, settings, 60, 30_000, 60_000, 45_000));
  }

  /** Hums like the fake, under its own name, until it fails. */
  private static final class Unsteady implements SpeechSynthesizer {
    private final FakeSpeechSynthesizer hum = new FakeSpeechSynthesizer();
    private final String name;
    private final FailureCode code;
    private int failsAfter;
    private int calls;
    private TimesOrigin timesFrom = TimesOrigin.ENGINE;
    private @Nullable StageException untimed;
    private Speeds speeds = new Speeds(500, 2_000);
    private String mood = "";
    private String language = "";
    private String toldLanguage = "";
    private @Nullable ObjectStore keptIn;
    private final List<@Nullable String> moods = new ArrayList<>();

    Unsteady(String name, int failsAfter, FailureCode code) {
      this.name = name;
      this.failsAfter = failsAfter;
      this.code = code;
    }

    @Override
    public String identity() {
      return name;
    }

    @Override
    public String provider() {
      return name;
    }

    @Override
    public List<Voice> voices() {
      return List.of();
    }

    @Override
    public String resolveVoice(String voiceId, String wanted) throws StageException {
      boolean usual = voiceId.equals("default") && speaks(voiceId, wanted);
      if (usual || voiceId.equals(name + ":hum")) {
        return name + ":hum";
      }
      throw new StageException(FailureCode.VOICE_MISSING, "no voice " + voiceId);
    }

    @Override
    public boolean speaks(String voiceId, String wanted) {
      return SpokenLanguage.fits(language, wanted);
    }

    @Override
    public String identity(String spoken) {
      return spoken.equals(toldLanguage) ? name + "/language" : name;
    }

    @Override
    public SpeechSynthesizer keeping(ObjectStore into) {
      keptIn = into;
      return this;
    }

    @Override
    public boolean takes(String emotion) {
      return emotion.equals(mood);
    }

    @Override
    public Speech synthesize(SpeechRequest request) throws StageException {
      calls++;
      moods.add(request.emotion());
      if (calls > failsAfter) {
        throw new StageException(code, "out of voice");
      }
      Speech speech = hum.synthesize(request);
      return new Speech(
          speech.wav(),
          speech.sampleRate(),
          speech.samples(),
          speech.words(),
          speech.voiceId(),
          timesFrom,
          untimed);
    }

    @Override
    public Speeds speeds() {
      return speeds;
    }

    @Override
    public void close() {
      // Nothing is held.
    }
  }

  private record Alternatives(List<SpeechSynthesizer> alternatives) implements SpeechSynthesizer {
    Alternatives(SpeechSynthesizer... all) {
      this(List.of(all));
    }

    @Override
    public String identity() {
      return "alternatives";
    }

    @Override
    public List<Voice> voices() {
      throw new AssertionError("a narration has one voice");
    }

    @Override
    public String resolveVoice(String voiceId, String language) {
      throw new AssertionError("a narration has one voice");
    }

    @Override
    public Speech synthesize(SpeechRequest request) {
      throw new AssertionError("a narration has one voice");
    }

    @Override
    public void close() {
      // Nothing is held.
    }
  }

  @Test
  void anArmIsDrawnOnceAndANarrationIsFoundWhateverIsLearnedAfterwards() throws Exception {
    CountingArms arms = new CountingArms(HookStyle.STORY, TitleStyle.QUESTION, "longer");
    chooser = arms;
    NarratedVideo first = fit(60, 30_000, 60_000, 40_000);
    int spoken = speech.calls();
    // Much was learned since, and another worker asks.
    CountingArms later = new CountingArms(HookStyle.NUMBER, TitleStyle.PLAIN, "shorter");
    chooser = later;
    NarratedVideo again = fit(60, 30_000, 60_000, 40_000);

    Script script = RecordJson.read(store.read(first.script()), Script.class);
    assertThat(script.hookStyle()).isEqualTo(HookStyle.STORY);
    assertThat(script.titleStyle()).isEqualTo(TitleStyle.QUESTION);
    assertThat(first.durationMs()).isBetween(46_000, 54_000);
    assertThat(again.script()).isEqualTo(first.script());
    assertThat(again.narration()).isEqualTo(first.narration());
    assertThat(speech.calls()).isEqualTo(spoken);
    assertThat(arms.asked).isEqualTo(3);
    assertThat(arms.kept)
        .extracting(ArmChoice::arm)
        .containsExactly(HookStyle.STORY.id(), TitleStyle.QUESTION.id(), "longer");
    assertThat(later.asked).isZero();
    // What was drawn is kept again: whoever drew it may have ended before it was in the books.
    assertThat(later.kept).isEqualTo(arms.kept);
  }

  @Test
  void theKeyHoldsTheArmAndWithoutArmsNothingChanges() throws Exception {
    NarratedVideo plain = fit(60, 30_000, 60_000, 45_000);
    chooser = new CountingArms(HookStyle.PROMISE, TitleStyle.PLAIN, "usual");
    NarratedVideo drawn = fit(60, 30_000, 60_000, 45_000);
    chooser = new NoArms();

    assertThat(drawn.script()).isNotEqualTo(plain.script());
    // Another title is another script; what is said and seen is found.
    assertThat(drawn.narration()).isEqualTo(plain.narration());
    assertThat(fit(60, 30_000, 60_000, 45_000).script()).isEqualTo(plain.script());
    assertThat(RecordJson.read(store.read(plain.script()), Script.class).hookStyle()).isNull();
  }

  /** Draws what it was told to, and counts. */
  private static final class CountingArms implements ArmChooser {
    private final HookStyle style;
    private final TitleStyle title;
    private final String duration;
    private final List<ArmChoice> kept = new ArrayList<>();
    private int asked;

    CountingArms(HookStyle style, TitleStyle title, String duration) {
      this.style = style;
      this.title = title;
      this.duration = duration;
    }

    @Override
    public LearningSettings settings() {
      return new LearningSettings(100, 90, true, List.of(), true, false, ZoneOffset.UTC);
    }

    @Override
    public Optional<ArmChoice> choose(ArmQuestion question) {
      asked++;
      assertThat(question.options())
          .isEqualTo(
              switch (question.kind()) {
                case DURATION -> ArmKind.DURATIONS;
                case TITLE_STYLE -> Stream.of(TitleStyle.values()).map(TitleStyle::id).toList();
                default -> Stream.of(HookStyle.values()).map(HookStyle::id).toList();
              });
      return Optional.of(
          new ArmChoice(
              question.kind(),
              question.key(),
              question.variant(),
              question.site(),
              question.platforms(),
              question.options(),
              switch (question.kind()) {
                case DURATION -> duration;
                case TITLE_STYLE -> title.id();
                default -> style.id();
              },
              500_000,
              false));
    }

    @Override
    public void keep(ArmChoice choice) {
      kept.add(choice);
    }

    @Override
    public void close() {
      // Nothing is open.
    }
  }

  private NarratedVideo fit(int sentences, int minMs, int maxMs, int targetMs)
      throws StageException {
    return fit(speech, VideoSettings.DEFAULT, sentences, minMs, maxMs, targetMs);
  }

  private NarratedVideo fit(
      SpeechSynthesizer voices,
      VideoSettings settings,
      int sentences,
      int minMs,
      int maxMs,
      int targetMs)
      throws StageException {
    return fit(voices, settings, sentences, minMs, maxMs, targetMs, null);
  }

  private NarratedVideo fit(
      SpeechSynthesizer voices,
      VideoSettings settings,
      int sentences,
      int minMs,
      int maxMs,
      int targetMs,
      @Nullable Script edited)
      throws StageException {
    StringBuilder text = new StringBuilder();
    for (int i = 0; i < sentences; i++) {
      text.append("Sentence number ").append(i).append(" says one more thing. ");
    }
    ContentRecord content =
        new ContentRecord(
            new RecordKey("r", 1),
            null,
            null,
            ContentKind.ARTICLE,
            "en",
            "Title",
            null,
            List.of(),
            List.of(
                new SourceBlock(
                    BlockKind.PARAGRAPH, 0, text.toString().strip(), List.of(), null, -1)),
            List.of(),
            null,
            new ProjectRequest(
                null, List.of(), VideoSettings.DEFAULT, ReviewPolicy.AUTO, "normal", true),
            "file:///");
    Variant variant =
        new Variant(
            "v",
            270,
            480,
            15,
            VideoType.SHORT,
            new DurationRange(minMs, maxMs),
            targetMs,
            List.of("preview"),
            true,
            false,
            1_000_000,
            "libx264",
            "standard");
    FitNarration step =
        new FitNarration(
            new Providers(
                    () -> store,
                    FakeAssetReader::new,
                    FakeScriptWriter::new,
                    () -> voices,
                    () -> Progress.NONE)
                .withArms(() -> chooser)
                .withProjects(() -> ledger));
    step.open();
    try {
      return step.apply(
          new PlannedVideo(
              content.key(),
              store.put(RecordJson.canonicalBytes(content), "application/json"),
              "Title",
              settings,
              Brand.DEFAULT,
              variant,
              edited == null
                  ? null
                  : store.put(RecordJson.canonicalBytes(edited), "application/json"),
              Map.of(),
              handling));
    } finally {
      step.close();
    }
  }
}
