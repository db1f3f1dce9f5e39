package dev.reelbeam.stages.narration;

import dev.reelbeam.model.content.ContentRecord;
import dev.reelbeam.model.content.FallbackPolicy;
import dev.reelbeam.model.content.ProjectRequest;
import dev.reelbeam.model.content.RecordKey;
import dev.reelbeam.model.content.ReviewPolicy;
import dev.reelbeam.model.content.Script;
import dev.reelbeam.model.content.VideoSettings;
import dev.reelbeam.model.cost.Charge;
import dev.reelbeam.model.cost.CostItem;
import dev.reelbeam.model.failure.FailureCode;
import dev.reelbeam.model.failure.Stage;
import dev.reelbeam.model.failure.StageException;
import dev.reelbeam.model.port.ArmChooser;
import dev.reelbeam.model.port.ProjectLedger;
import dev.reelbeam.model.port.ScriptRequest;
import dev.reelbeam.model.port.ScriptWriter;
import dev.reelbeam.model.port.SpeechSynthesizer;
import dev.reelbeam.model.port.Spending;
import dev.reelbeam.model.project.Gate;
import dev.reelbeam.model.speech.Narration;
import dev.reelbeam.model.speech.SpokenSentence;
import dev.reelbeam.model.store.MediaRef;
import dev.reelbeam.model.store.StepKey;
import dev.reelbeam.model.video.DurationRange;
import dev.reelbeam.model.video.Platform;
import dev.reelbeam.model.video.Variant;
import dev.reelbeam.stages.flow.Cashier;
import dev.reelbeam.stages.flow.NarratedVideo;
import dev.reelbeam.stages.flow.PlannedVideo;
import dev.reelbeam.stages.flow.Providers;
import dev.reelbeam.stages.step.ProvidedStep;
import java.io.Serializable;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Objects;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Drafts the script, speaks it, measures it, and writes it again until the length is hit.
 *
 * <p>The writer works with an assumed pace first and with the measured pace afterwards, at most
 * {@value #MAX_ROUNDS} times. Only then the speed of speech is changed, by at most 8 %.
 *
 * <p>How it opens, how long it is to be and who speaks may be tried out ({@link ArmChooser}); what
 * was drawn is stored once and is part of the narration's key.
 *
 * <p>One synthesizer speaks all of a narration. When it cannot, the next of its alternatives begins
 * anew, with its own default voice if the one asked for was the other's; the narration names the
 * voice, and is stored under the identity of who spoke. Sentences that the first one spoke are
 * found when it is tried again.
 */
public final class FitNarration extends ProvidedStep<PlannedVideo, NarratedVideo> {
  private static final long serialVersionUID = 1L;

  /** Raised whenever the same inputs may give another narration. */
  private static final int VERSION = 3;

  static final int MAX_ROUNDS = 3;

  /** Frames round up and AAC ends on whole packets: keep this far from the range's ends. */
  private static final int MARGIN_MS = 200;

  private static final int DRAFT_VERSION = 1;

  /** For keys that do not depend on whose record it is, and on what is wanted of it. */
  private static final RecordKey NOBODY = new RecordKey("", 0);

  private static final ProjectRequest NOTHING_ASKED =
      new ProjectRequest(
          null, List.of(), VideoSettings.DEFAULT, ReviewPolicy.AUTO, "normal", false);

  private static final Logger log = LoggerFactory.getLogger(FitNarration.class);
  private static final String DEFAULT_VOICE = "default";
  private static final int MAX_SPEED_CHANGE_PERMILLE = 80;
  private static final int ASSUMED_MS_PER_WORD = 385;

  /** A first draft this close to the target needs no second one. */
  private static final int CLOSE_ENOUGH_PERMILLE = 120;

  private transient @Nullable ScriptWriter writer;
  private transient @Nullable SpeechSynthesizer speech;
  private transient @Nullable ArmChooser arms;
  private transient @Nullable Spending spending;
  private transient @Nullable ProjectLedger ledger;

  private final boolean again;

  public FitNarration(Providers providers) {
    this(providers, /* again= */ false);
  }

  /**
   * @param again whether the preferred ones are asked once more where somebody stood in, although
   *     somebody may decide about what they made; what was approved stays
   */
  public FitNarration(Providers providers, boolean again) {
    super(providers);
    this.again = again;
  }

  @Override
  public void open() {
    super.open();
    writer = providers().scripts().open();
    speech = providers().speech().open();
    arms = providers().arms().open();
    spending = providers().spending().open();
    ledger = providers().projects().open();
  }

  @Override
  public void close() {
    if (speech != null) {
      speech.close();
    }
    if (arms != null) {
      arms.close();
    }
    if (spending != null) {
      spending.close();
    }
    if (ledger != null) {
      ledger.close();
    }
    super.close();
  }

  /**
   * What is stored for a fitted narration.
   *
   * @param untimed why word times are estimates that somebody could better later; null if none is
   */
  record Fitted(MediaRef script, MediaRef narration, int durationMs, @Nullable String untimed)
      implements Serializable {}

  @Override
  public NarratedVideo apply(PlannedVideo planned) throws StageException {
    SpeechSynthesizer voices = Objects.requireNonNull(speech, "open() first");
    VideoSettings settings = planned.settings();
    String voice = settings.voiceId() != null ? settings.voiceId() : planned.brand().voice();
    Arms.Drawn drawn =
        planned.script() != null
            ? Arms.Drawn.NOTHING
            : new Arms(Objects.requireNonNull(arms, "open() first"), artifacts())
                .draw(
                    planned,
                    Objects.requireNonNull(writer, "open() first"),
                    settings.voiceProvider() == null && voice.equals(DEFAULT_VOICE));
    if (drawn.voice() != null) {
      voice = drawn.voice();
    }
    List<SpeechSynthesizer> alternatives = wanted(voices.alternatives(), settings.voiceProvider());
    if (alternatives.isEmpty()) {
      throw new StageException(
          FailureCode.VOICE_MISSING,
          "the record asks for the embedded voice, which the settings leave out");
    }
    FallbackPolicy standIns = settings.standIns();
    if (standIns == FallbackPolicy.PROVIDERS) {
      SpeechSynthesizer first = alternatives.get(0);
      alternatives =
          alternatives.stream().filter(each -> each == first || !isEmbedded(each)).toList();
    }
    StepKey asked =
        key(
            planned,
            drawn,
            voice,
            Objects.requireNonNull(writer, "open() first"),
            alternatives.get(0));
    SpeechSynthesizer approved = standIns().approvedVoice(planned, asked, alternatives);
    if (approved != null) {
      return with(
          narrate(planned, drawn, DEFAULT_VOICE, approved, new Bill(planned, List.of())),
          standsIn(approved, alternatives.get(0), "approved so"));
    }
    StageException failure = null;
    List<String> silent = new ArrayList<>();
    List<String> foreign = new ArrayList<>();
    List<Charge> owed = new ArrayList<>();
    for (SpeechSynthesizer each : alternatives) {
      if (standIns == FallbackPolicy.NONE && !foreign.isEmpty() && isEmbedded(each)) {
        continue; // It would stand in for the provider of this language that nobody set up.
      }
      Bill bill = new Bill(planned, owed);
      try {
        NarratedVideo narrated = narrate(planned, drawn, voice, each, bill);
        if (settings.emotion() != null && mood(planned, each) == null) {
          progress()
              .note(
                  planned,
                  each.provider()
                      + " cannot speak as '"
                      + settings.emotion()
                      + "'; the mood shows in the words of a model alone");
        }
        noteForeign(planned, voice, each);
        // Another provider of the settings that has the language is theirs for it.
        if (!foreign.isEmpty() && isEmbedded(each)) {
          silent.addAll(foreign);
        }
        if (silent.isEmpty()) {
          return narrated;
        }
        log.warn("{} narrates {} instead", each.identity(), planned.key());
        standIns().keepVoice(planned, asked, each.identity(), narrated.narration());
        return with(narrated, standsIn(each, alternatives.get(0), String.join("; ", silent)));
      } catch (StageException e) {
        boolean missing = e.code() == FailureCode.VOICE_MISSING;
        // No fault, but the wish for a voice that another one has.
        boolean passedOver = missing && !isDefault(voice);
        // Nor is this: another entry of the settings may be the one for the language.
        boolean foreigner = missing && !passedOver && !each.speaks(voice, language(planned));
        if (alternatives.size() == 1
            || !e.code().providersFault()
            || (standIns == FallbackPolicy.NONE && !passedOver && !foreigner)) {
          if (failure != null) {
            e.addSuppressed(failure);
          }
          throw e;
        }
        if (passedOver) {
          log.info("{} has no voice {}", each.identity(), voice);
        } else if (foreigner) {
          log.info("{}: {}", planned.key(), e.describe());
          progress().note(planned, e.describe());
          foreign.add(e.describe());
        } else {
          log.warn("{} cannot narrate {}: {}", each.identity(), planned.key(), e.describe());
          progress().note(planned, each.provider() + " cannot narrate: " + e.describe());
          silent.add(each.provider() + ": " + e.describe());
          owed.addAll(bill.heard());
          // The voice that was wished for is the one that cannot be had.
          voice = DEFAULT_VOICE;
        }
        if (failure == null || !missing) {
          failure = e.insteadOf(failure);
        } else {
          // Who could speak and failed says more than who never could.
          failure.addSuppressed(e);
        }
      }
    }
    throw Objects.requireNonNull(failure);
  }

  private static boolean isDefault(String voice) {
    return voice.isBlank() || voice.strip().equalsIgnoreCase(DEFAULT_VOICE);
  }

  private String language(PlannedVideo planned) {
    return planned.script() == null
        ? artifacts().read(planned.content(), ContentRecord.class).language()
        : artifacts().read(planned.script(), Script.class).language();
  }

  /** Whoever names a voice of another language gets it, and is told. */
  private void noteForeign(PlannedVideo planned, String voice, SpeechSynthesizer voices) {
    if (!isDefault(voice) && !voices.speaks(voice, language(planned))) {
      progress()
          .note(
              planned,
              "the voice " + voice + " is of another language than '" + language(planned) + "'");
    }
  }

  /**
   * The one that the record asks for goes first. Who asks for the embedded one gets no other: a
   * record that wants to cost nothing is never spoken by a paid provider.
   */
  private static List<SpeechSynthesizer> wanted(
      List<SpeechSynthesizer> all, @Nullable String provider) {
    List<SpeechSynthesizer> wanted = new ArrayList<>();
    for (SpeechSynthesizer each : all) {
      if (each.provider().equals(provider)) {
        wanted.add(each);
      }
    }
    if (SpeechSynthesizer.EMBEDDED.equals(provider)) {
      return wanted;
    }
    for (SpeechSynthesizer each : all) {
      if (!wanted.contains(each)) {
        wanted.add(each);
      }
    }
    return wanted;
  }

  private static boolean isEmbedded(SpeechSynthesizer speech) {
    return speech.provider().equals(SpeechSynthesizer.EMBEDDED);
  }

  private static String standsIn(SpeechSynthesizer who, SpeechSynthesizer forWhom, String why) {
    return Gate.VOICE.label()
        + ": "
        + who.provider()
        + " instead of "
        + forWhom.provider()
        + " ("
        + why
        + ")";
  }

  private StepKey key(
      PlannedVideo planned,
      Arms.Drawn drawn,
      String voice,
      ScriptWriter scripts,
      SpeechSynthesizer voices) {
    String spokenBy = voices.identity(language(planned));
    return planned.script() == null
        ? writtenKey(planned, drawn, voice, scripts, voices, spokenBy)
        : editedKey(planned, planned.script(), voice, voices, spokenBy);
  }

  private NarratedVideo narrate(
      PlannedVideo planned, Arms.Drawn drawn, String voice, SpeechSynthesizer voices, Bill bill)
      throws StageException {
    ScriptWriter scripts = Objects.requireNonNull(writer, "open() first");
    StepKey key = key(planned, drawn, voice, scripts, voices);
    boolean reviewed = StandIns.isReviewed(planned);
    Optional<Fitted> waiting =
        reviewed
            ? standIns()
                .narration(planned, key, !again, made -> asPreferred(planned, made, scripts))
            : Optional.empty();
    Fitted fitted =
        waiting.isPresent()
            ? waiting.get()
            : fitted(planned, drawn, voice, scripts, voices, bill, key);
    NarratedVideo narrated =
        new NarratedVideo(
            planned,
            fitted.script(),
            fitted.narration(),
            fitted.durationMs(),
            bill.spokenCharacters.get());
    boolean preferred = asPreferred(planned, fitted, scripts);
    if (preferred && fitted.untimed() == null) {
      return narrated;
    }
    if (reviewed && waiting.isEmpty()) {
      standIns().keepNarration(planned, key, fitted);
    }
    if (fitted.untimed() != null) {
      String line =
          Gate.VOICE.label() + ": words are timed by an estimate (" + fitted.untimed() + ")";
      progress().note(planned, line);
      narrated = with(narrated, line);
    }
    if (preferred) {
      return narrated;
    }
    String line =
        Gate.SCRIPT.label()
            + ": "
            + name(artifacts().read(fitted.script(), Script.class).writer())
            + " instead of "
            + name(scripts.preferred())
            + (bill.failures.isEmpty() ? "" : " (" + String.join("; ", bill.failures) + ")");
    progress().note(planned, line);
    return with(narrated, line);
  }

  private Fitted fitted(
      PlannedVideo planned,
      Arms.Drawn drawn,
      String voice,
      ScriptWriter scripts,
      SpeechSynthesizer voices,
      Bill bill,
      StepKey key)
      throws StageException {
    return artifacts()
        .record(
            Stage.FIT_NARRATION,
            "narration",
            key,
            Fitted.class,
            () -> {
              ContentRecord content = artifacts().read(planned.content(), ContentRecord.class);
              bill.site = content.siteId();
              return planned.script() == null
                  ? fit(planned, content, drawn, voice, scripts, voices, bill)
                  : speakEdited(planned, planned.script(), voice, voices, bill);
            },
            // Of a stand-in, sentences and drafts are kept, each under its own key; the preferred
            // writer is asked again the next time, and so is whoever was to time the words.
            made -> made.untimed() == null && asPreferred(planned, made, scripts))
        .value();
  }

  private boolean asPreferred(PlannedVideo planned, Fitted fitted, ScriptWriter scripts) {
    return planned.script() != null
        || !scripts.calls()
        || artifacts().read(fitted.script(), Script.class).writer().equals(scripts.preferred());
  }

  private static NarratedVideo with(NarratedVideo narrated, String fallback) {
    List<String> fallbacks = new ArrayList<>(narrated.fallbacks());
    fallbacks.add(fallback);
    return new NarratedVideo(
        narrated.planned(),
        narrated.script(),
        narrated.narration(),
        narrated.durationMs(),
        narrated.spokenCharacters(),
        fallbacks);
  }

  /** Who it is, without its model and versions. */
  private static String name(String identity) {
    return identity.replaceFirst("[:/].*$", "");
  }

  private StandIns standIns() {
    return new StandIns(artifacts(), Objects.requireNonNull(ledger, "open() first"));
  }

  private Cashier cashier() {
    return new Cashier(Objects.requireNonNull(spending, "open() first"), artifacts(), progress());
  }

  /** Whether the record lets this writer stand in. */
  private static boolean mayWrite(PlannedVideo planned, ScriptWriter writer, String preferred) {
    return switch (planned.settings().standIns()) {
      case ANY -> true;
      case PROVIDERS -> writer.calls() || writer.identity().equals(preferred);
      case NONE -> writer.identity().equals(preferred);
    };
  }

  /** How the house speaks, and the mood of this video. */
  private static @Nullable String tone(PlannedVideo planned) {
    String house = planned.brand().tone();
    String mood = planned.settings().emotion();
    if (house == null || mood == null) {
      return house == null ? mood : house;
    }
    return house + "; " + mood;
  }

  /** The mood of this video, if the voice can speak in it. */
  private static @Nullable String mood(PlannedVideo planned, SpeechSynthesizer voices) {
    String mood = planned.settings().emotion();
    return mood != null && voices.takes(mood) ? mood : null;
  }

  private Narrator narrator(PlannedVideo planned, SpeechSynthesizer voices, Bill bill) {
    return new Narrator(artifacts(), cashier(), voices, mood(planned, voices), bill);
  }

  private static StepKey editedKey(
      PlannedVideo planned,
      MediaRef script,
      String voice,
      SpeechSynthesizer voices,
      String spokenBy) {
    Variant variant = planned.variant();
    List<Object> inputs =
        new ArrayList<>(
            List.of(
                planned.content(),
                script,
                variant.range(),
                variant.frameRate(),
                voice,
                planned.settings().speedPermille(),
                spokenBy));
    String mood = mood(planned, voices);
    if (mood != null) {
      inputs.add("mood: " + mood);
    }
    return StepKey.of("speak-script", VERSION, inputs.toArray());
  }

  private static StepKey writtenKey(
      PlannedVideo planned,
      Arms.Drawn drawn,
      String voice,
      ScriptWriter scripts,
      SpeechSynthesizer voices,
      String spokenBy) {
    Variant variant = planned.variant();
    List<Object> inputs =
        new ArrayList<>(
            List.of(
                planned.content(),
                variant.type().id(),
                variant.range(),
                variant.targetMs(),
                variant.frameRate(),
                voice,
                planned.settings().speedPermille(),
                planned.brand().ctaText(),
                scripts.identity(),
                spokenBy));
    if (!drawn.key().isEmpty()) {
      inputs.add(drawn.key());
    }
    if (tone(planned) != null) {
      inputs.add("tone: " + tone(planned));
    }
    String mood = mood(planned, voices);
    if (mood != null) {
      inputs.add("mood: " + mood);
    }
    return StepKey.of("fit-narration", VERSION, inputs.toArray());
  }

  private Fitted fit(
      PlannedVideo planned,
      ContentRecord content,
      Arms.Drawn drawn,
      String requestedVoice,
      ScriptWriter scripts,
      SpeechSynthesizer voices,
      Bill bill)
      throws StageException {
    Variant variant = planned.variant();
    String voice = voices.resolveVoice(requestedVoice, content.language());
    DurationRange range =
        new DurationRange(variant.range().minMs() + MARGIN_MS, variant.range().maxMs() - MARGIN_MS);
    int speed = requireSpeed(planned, voices);
    int target = drawn.targetMs(variant, range);
    int msPerWord = ASSUMED_MS_PER_WORD * 1000 / speed;
    int pausePerSentence = Narrator.SENTENCE_PAUSE_MS + 40;
    int fixedMs = Narrator.LEAD_IN_MS + Narrator.TAIL_MS;
    Narrator narrator = narrator(planned, voices, bill);
    Draft best = null;
    for (int round = 1; round <= MAX_ROUNDS; round++) {
      ScriptRequest request =
          new ScriptRequest(
              variant.type(),
              target - fixedMs,
              range.minMs() - fixedMs,
              range.maxMs() - fixedMs,
              msPerWord,
              pausePerSentence,
              planned.brand().ctaText(),
              // All of them at once: a preset that is added later finds its texts.
              List.of(Platform.values()),
              drawn.hookStyle(),
              drawn.titleStyle(),
              tone(planned));
      Script script = draft(planned, content, request, scripts, bill);
      bill.written.addAll(script.charges());
      Draft draft =
          new Draft(script, narrator.speak(script, voice, speed, round, variant.frameRate()));
      Narration narration = draft.narration();
      if (best == null || better(draft, best, range, target)) {
        best = draft;
      }
      int off = Math.abs(narration.durationMs() - target);
      if (range.contains(narration.durationMs())
          && (round > 1 || off * 1000L <= (long) CLOSE_ENOUGH_PERMILLE * target)) {
        break;
      }
      long speechMs = 0;
      for (SpokenSentence sentence : narration.sentences()) {
        speechMs += (sentence.endUs() - sentence.startUs()) / 1000;
      }
      msPerWord = (int) Math.max(150, speechMs / Math.max(1, script.wordCount()));
      int sentences = narration.sentences().size();
      pausePerSentence =
          (int) ((narration.durationMs() - fixedMs - speechMs) / Math.max(1, sentences));
    }
    Draft fitted =
        bySpeed(
            Objects.requireNonNull(best),
            range,
            voice,
            variant.frameRate(),
            narrator,
            voices.speeds());
    if (!range.contains(fitted.narration().durationMs())) {
      throw new StageException(
          FailureCode.LENGTH_NOT_HIT,
          String.format(
              Locale.ROOT,
              "the narration lasts %.1f s after %d drafts, %d-%d s are allowed",
              fitted.narration().durationMs() / 1000.0,
              MAX_ROUNDS,
              variant.range().minMs() / 1000,
              variant.range().maxMs() / 1000));
    }
    return new Fitted(
        artifacts().putRecord(fitted.script()),
        artifacts().putRecord(fitted.narration().withCharges(bill.total())),
        fitted.narration().durationMs(),
        fitted.untimed());
  }

  /**
   * A draft; of writers that call somebody, each is kept under what it was written from alone, and
   * by whom. So another preset, or another attempt after the voice has failed, writes nothing anew.
   */
  private Script draft(
      PlannedVideo planned,
      ContentRecord content,
      ScriptRequest request,
      ScriptWriter scripts,
      Bill bill)
      throws StageException {
    ContentRecord source =
        new ContentRecord(
            NOBODY,
            null,
            null,
            content.kind(),
            content.language(),
            content.title(),
            content.description(),
            content.keywords(),
            content.blocks(),
            content.images(),
            content.listing(),
            NOTHING_ASKED,
            "");
    return scripts.write(
        content,
        request,
        new ScriptWriter.Drafts() {
          /** Of the last one who may write. */
          private @Nullable StageException failed;

          @Override
          public Script of(ScriptWriter each, ContentRecord record, ScriptRequest asked)
              throws StageException {
            if (!mayWrite(planned, each, scripts.preferred())) {
              StageException first = failed;
              throw first == null
                  ? new StageException(
                      FailureCode.PROVIDER_DOWN, "nobody else may write for this record")
                  : new StageException(first.code(), String.valueOf(first.getMessage()), first);
            }
            if (!each.calls()) {
              return each.write(record, asked);
            }
            return artifacts()
                .record(
                    Stage.FIT_NARRATION,
                    "script",
                    StepKey.of("write-script", DRAFT_VERSION, source, asked, each.identity()),
                    Script.class,
                    () ->
                        cashier()
                            .pay(
                                planned,
                                content.siteId(),
                                CostItem.SCRIPT,
                                till ->
                                    each.paying(till)
                                        .write(record, asked)
                                        .withCharges(till.bill())))
                .value();
          }

          @Override
          public void failed(ScriptWriter each, StageException failure) {
            if (!mayWrite(planned, each, scripts.preferred())) {
              return; // It was not asked.
            }
            failed = failure;
            String line = name(each.identity()) + ": " + failure.describe();
            if (!bill.failures.contains(line)) {
              bill.failures.add(line);
            }
          }
        });
  }

  /** Speaks a script that somebody edited; only the speed may still change, within 8 %. */
  private Fitted speakEdited(
      PlannedVideo planned,
      MediaRef edited,
      String requestedVoice,
      SpeechSynthesizer voices,
      Bill bill)
      throws StageException {
    Script script = artifacts().read(edited, Script.class);
    Variant variant = planned.variant();
    String voice = voices.resolveVoice(requestedVoice, script.language());
    DurationRange range =
        new DurationRange(variant.range().minMs() + MARGIN_MS, variant.range().maxMs() - MARGIN_MS);
    int speed = pace(script, requireSpeed(planned, voices), voices.speeds());
    int frameRate = variant.frameRate();
    Narrator narrator = narrator(planned, voices, bill);
    Draft spoken = new Draft(script, narrator.speak(script, voice, speed, 1, frameRate));
    Draft fitted = bySpeed(spoken, range, voice, frameRate, narrator, voices.speeds());
    int durationMs = fitted.narration().durationMs();
    if (!range.contains(durationMs)) {
      boolean tooLong = durationMs > range.maxMs();
      int offMs = tooLong ? durationMs - range.maxMs() : range.minMs() - durationMs;
      throw new StageException(
          FailureCode.SCRIPT_OUT_OF_RANGE,
          String.format(
              Locale.ROOT,
              "the edited script is %.1f s too %s for %s",
              offMs / 1000.0,
              tooLong ? "long" : "short",
              variant.id()));
    }
    bill.written.addAll(script.charges());
    return new Fitted(
        edited,
        artifacts().putRecord(fitted.narration().withCharges(bill.total())),
        durationMs,
        fitted.untimed());
  }

  /**
   * The speed to which the script was fitted before the edit, as long as the settings still allow
   * it: every sentence that stayed is found then.
   */
  private static int pace(Script script, int asked, SpeechSynthesizer.Speeds offered) {
    Integer before = script.pacePermille();
    return before != null
            && offered.has(before)
            && Math.abs(before - asked) * 1000L <= (long) MAX_SPEED_CHANGE_PERMILLE * asked
        ? before
        : asked;
  }

  /**
   * Before anything is written for it: a voice that cannot speak so fast, or so slowly, is none.
   *
   * @throws StageException {@code SPEECH_FAILED}
   */
  private static int requireSpeed(PlannedVideo planned, SpeechSynthesizer voices)
      throws StageException {
    int asked = planned.settings().speedPermille();
    SpeechSynthesizer.Speeds offered = voices.speeds();
    if (!offered.has(asked)) {
      throw new StageException(
          FailureCode.SPEECH_FAILED,
          "speed "
              + asked
              + " is outside "
              + offered.slowest()
              + " to "
              + offered.fastest()
              + " permille of "
              + voices.provider());
    }
    return asked;
  }

  private record Draft(Script script, Narrator.Spoken spoken) {
    Narration narration() {
      return spoken.narration();
    }

    @Nullable String untimed() {
      return spoken.untimed();
    }
  }

  private static boolean better(Draft draft, Draft best, DurationRange range, int targetMs) {
    boolean inside = range.contains(draft.narration().durationMs());
    boolean bestInside = range.contains(best.narration().durationMs());
    if (inside != bestInside) {
      return inside;
    }
    return Math.abs(draft.narration().durationMs() - targetMs)
        < Math.abs(best.narration().durationMs() - targetMs);
  }

  private Draft bySpeed(
      Draft draft,
      DurationRange range,
      String voice,
      int frameRate,
      Narrator narrator,
      SpeechSynthesizer.Speeds offered)
      throws StageException {
    int duration = draft.narration().durationMs();
    if (range.contains(duration)) {
      return draft;
    }
    int wanted = duration > range.maxMs() ? range.maxMs() - MARGIN_MS : range.minMs() + MARGIN_MS;
    long speechMs = 0;
    for (SpokenSentence sentence : draft.narration().sentences()) {
      speechMs += (sentence.endUs() - sentence.startUs()) / 1000;
    }
    long wantedSpeechMs = Math.max(1, speechMs - (duration - wanted));
    int base = draft.narration().speedPermille();
    int change = (int) (1000 * speechMs / wantedSpeechMs) - 1000;
    if (Math.abs(change) > MAX_SPEED_CHANGE_PERMILLE) {
      return draft;
    }
    int speed = offered.nearest(base * (1000 + change) / 1000);
    long reachedMs = duration - speechMs + speechMs * base / speed;
    if (!range.contains((int) reachedMs)) {
      return draft; // Not by this voice: it would be paid for, and come to nothing.
    }
    return new Draft(
        draft.script(), narrator.speak(draft.script(), voice, speed, MAX_ROUNDS, frameRate));
  }
}
