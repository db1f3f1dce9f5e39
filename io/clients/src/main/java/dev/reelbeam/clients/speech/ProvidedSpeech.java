package dev.reelbeam.clients.speech;

import dev.reelbeam.model.cost.Charge;
import dev.reelbeam.model.failure.FailureCode;
import dev.reelbeam.model.failure.StageException;
import dev.reelbeam.model.json.RecordJson;
import dev.reelbeam.model.port.ObjectStore;
import dev.reelbeam.model.port.Purse;
import dev.reelbeam.model.port.SpeechSynthesizer;
import dev.reelbeam.model.speech.HeardWord;
import dev.reelbeam.model.speech.Speech;
import dev.reelbeam.model.speech.SpeechRequest;
import dev.reelbeam.model.speech.SpokenLanguage;
import dev.reelbeam.model.speech.TimesOrigin;
import dev.reelbeam.model.speech.Voice;
import dev.reelbeam.model.speech.WordTiming;
import dev.reelbeam.model.store.MediaRef;
import dev.reelbeam.model.store.StepKey;
import java.io.IOException;
import java.io.Serializable;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Speech by one provider: what all of them need around the call itself.
 *
 * <p>A text that is longer than one call allows is cut at the ends of sentences and joined without
 * clicks. What comes back is trimmed and is refused if it is silent, or impossibly short or long
 * for its text; its loudness is left to the mixer. Words are timed by the engine where it does,
 * else by a transcription where one is set up, else by an estimate; the speech says which.
 *
 * <p>What was bought of a text that takes more calls than one is kept, if there is a store: a part
 * whose turn does not come in time, and words whose time is over the budget, end the text, and who
 * comes again goes on from there.
 *
 * <p>Voices are named {@code provider:voice}. {@code default} is the voice of the settings.
 */
public final class ProvidedSpeech implements SpeechSynthesizer {
  private static final Logger log = LoggerFactory.getLogger(ProvidedSpeech.class);

  /** Raised whenever the same answer of a provider would be cut, joined or timed differently. */
  private static final int VERSION = 1;

  /** Raised whenever the same transcript would time the words differently. */
  private static final int WORDS_VERSION = 3;

  private static final String DEFAULT_VOICE = "default";
  private static final int SENTENCE_PAUSE_MS = 150;
  private static final int BREATH_MS = 60;

  /** Raised whenever what was kept of a text would be read differently. */
  private static final int TAKE_VERSION = 1;

  /** Nobody speaks faster than a character in 15 ms at the pace that was asked for. */
  private static final long LEAST_US_PER_CHAR = 15_000;

  private static final long MOST_US_PER_CHAR = 600_000;
  private static final long MOST_US_BESIDE = 10_000_000;

  private final VoiceEngine engine;
  private final @Nullable Transcriber transcriber;

  /** Slower than nearly everybody speaks: what a transcription will hear at most. */
  private static final int MS_PER_CHAR = 120;

  private final Billing billing;
  private final int parallel;
  private final Purse purse;
  private final @Nullable ObjectStore store;

  /**
   * What calls are billed as.
   *
   * @param voice model that bills characters, or the time that they take; empty for a server that
   *     bills nothing
   * @param words model that bills seconds of audio, likewise
   * @param listener who bills them: the name of a provider on the rate card
   */
  record Billing(String voice, String words, String listener) {
    static final Billing NONE = new Billing("", "", "");
  }

  /**
   * Speech by an engine.
   *
   * @param transcriber times the words of an engine that does not; null to estimate them
   */
  ProvidedSpeech(VoiceEngine engine, @Nullable Transcriber transcriber) {
    this(engine, transcriber, Billing.NONE, 1);
  }

  ProvidedSpeech(
      VoiceEngine engine, @Nullable Transcriber transcriber, Billing billing, int parallel) {
    this(engine, transcriber, billing, parallel, Purse.OPEN, null);
  }

  private ProvidedSpeech(
      VoiceEngine engine,
      @Nullable Transcriber transcriber,
      Billing billing,
      int parallel,
      Purse purse,
      @Nullable ObjectStore store) {
    this.store = store;
    this.billing = billing;
    this.parallel = parallel;
    this.purse = purse;
    this.engine = engine;
    this.transcriber = transcriber;
  }

  @Override
  public SpeechSynthesizer paying(Purse from) {
    return new ProvidedSpeech(engine, transcriber, billing, parallel, from, store);
  }

  @Override
  public SpeechSynthesizer keeping(ObjectStore into) {
    return new ProvidedSpeech(engine, transcriber, billing, parallel, purse, into);
  }

  @Override
  public boolean takes(String emotion) {
    return engine.takes(emotion);
  }

  @Override
  public Speeds speeds() {
    return engine.speeds();
  }

  @Override
  public int parallel() {
    return parallel;
  }

  @Override
  public List<Charge> charges(SpeechRequest request, long audioMs) {
    List<Charge> charges = new ArrayList<>(spoken(request.text(), audioMs));
    charges.addAll(heard(audioMs));
    return List.copyOf(charges);
  }

  private List<Charge> spoken(String text, long audioMs) {
    if (billing.voice().isEmpty()) {
      return List.of();
    }
    long characters = text.codePointCount(0, text.length());
    return List.of(
        new Charge(provider(), billing.voice(), Charge.Unit.CHARACTER, characters),
        new Charge(provider(), billing.voice(), Charge.Unit.SPOKEN_MILLISECOND, audioMs));
  }

  private List<Charge> heard(long audioMs) {
    return billing.words().isEmpty()
        ? List.of()
        : List.of(
            new Charge(
                billing.listener(), billing.words(), Charge.Unit.SECOND, (audioMs + 999) / 1000));
  }

  @Override
  public String provider() {
    String identity = engine.identity();
    int colon = identity.indexOf(':');
    return colon < 0 ? identity : identity.substring(0, colon);
  }

  @Override
  public String identity() {
    return withOurs(engine.identity());
  }

  @Override
  public String identity(String language) {
    return withOurs(engine.identity(language));
  }

  private String withOurs(String spoken) {
    return spoken
        + "/speech-"
        + VERSION
        + (transcriber == null ? "" : "/words-" + transcriber.identity() + "/" + WORDS_VERSION);
  }

  @Override
  public List<Voice> voices() throws StageException {
    return engine.voices().stream()
        .map(
            voice ->
                new Voice(
                    engine.name() + ":" + voice.id(),
                    voice.name(),
                    voice.language(),
                    voice.engine(),
                    voice.licence()))
        .toList();
  }

  /**
   * {@inheritDoc}
   *
   * <p>Without a call: a voice of the settings, or any after the provider's name. Whether it is
   * there shows when it speaks. The voice of the settings is not {@code default} for a text in
   * another language: it would read it by the sounds of its own.
   */
  @Override
  public String resolveVoice(String voiceId, String language) throws StageException {
    String wanted = voiceId.strip();
    String prefix = engine.name() + ":";
    if (isDefault(wanted)) {
      String spoken = engine.language(engine.defaultVoice());
      if (!SpokenLanguage.fits(spoken, language)) {
        throw new StageException(
            FailureCode.VOICE_MISSING,
            engine.name()
                + " has no voice for '"
                + language
                + "'; "
                + engine.defaultVoice()
                + " speaks "
                + spoken);
      }
      return prefix + engine.defaultVoice();
    }
    if (wanted.equalsIgnoreCase(engine.defaultVoice())) {
      return prefix + engine.defaultVoice();
    }
    if (wanted.startsWith(prefix) && wanted.length() > prefix.length()) {
      return wanted;
    }
    throw new StageException(
        FailureCode.VOICE_MISSING,
        "there is no voice "
            + wanted
            + " of "
            + engine.name()
            + "; its voices begin with "
            + prefix);
  }

  private static boolean isDefault(String voiceId) {
    return voiceId.isEmpty() || voiceId.equalsIgnoreCase(DEFAULT_VOICE);
  }

  @Override
  public boolean speaks(String voiceId, String language) {
    String wanted = voiceId.strip();
    String prefix = engine.name() + ":";
    String voice =
        isDefault(wanted)
            ? engine.defaultVoice()
            : wanted.startsWith(prefix) ? wanted.substring(prefix.length()) : wanted;
    try {
      return SpokenLanguage.fits(engine.language(voice), language);
    } catch (StageException e) {
      return true; // What keeps it from telling keeps it from speaking, and is told then.
    }
  }

  @Override
  public Speech synthesize(SpeechRequest request) throws StageException {
    String voiceId = resolveVoice(request.voiceId(), request.language());
    Speeds speeds = engine.speeds();
    if (!speeds.has(request.speedPermille())) {
      throw new StageException(
          FailureCode.SPEECH_FAILED,
          "speed "
              + request.speedPermille()
              + " is outside "
              + speeds.slowest()
              + " to "
              + speeds.fastest()
              + " permille of "
              + engine.name());
    }
    String text = request.text();
    if (ScriptWord.of(text).isEmpty()) {
      throw new StageException(
          FailureCode.SPEECH_FAILED, "there is nothing to say in \"" + text + "\"");
    }
    return speak(request, voiceId);
  }

  /** What was said of a part, as it came and without the silence around it. */
  private record Take(VoiceEngine.Spoken said, PcmAudio.Trimmed trimmed) {
    long ms() {
      return trimmed.audio().durationUs() / 1_000;
    }
  }

  /** What is stored of a part until the whole text is. */
  record KeptTake(MediaRef wav, List<HeardWord> words) implements Serializable {}

  /**
   * A part that was kept, else a new one.
   *
   * @param more whether other calls follow, which may come to nothing
   */
  private Take take(VoiceEngine.Piece piece, boolean more) throws StageException {
    ObjectStore kept = more ? store : null;
    if (kept == null) {
      return bought(piece);
    }
    StepKey key = StepKey.of("speech-take", TAKE_VERSION, engine.identity(piece.language()), piece);
    Optional<MediaRef> before = kept.find(key);
    if (before.isPresent()) {
      KeptTake found = RecordJson.read(kept.read(before.get()), KeptTake.class);
      // Paid for by whoever bought it.
      return take(
          new VoiceEngine.Spoken(ours(kept.read(found.wav())), List.copyOf(found.words())), piece);
    }
    Take bought = bought(piece);
    MediaRef wav = kept.put(bought.said().audio().toWav(), "audio/wav");
    MediaRef unused =
        kept.putIfAbsent(
            key,
            kept.put(
                RecordJson.canonicalBytes(new KeptTake(wav, bought.said().words())),
                "application/json"));
    return bought;
  }

  private static PcmAudio ours(byte[] wav) {
    try {
      return PcmAudio.parseWav(wav);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private Take take(VoiceEngine.Spoken said, VoiceEngine.Piece piece) throws StageException {
    return new Take(said, checked(said.audio(), piece.text(), piece.speedPermille()).trimmed());
  }

  /** Each part is bought by itself: what was said before it is not paid for a second time. */
  private Take bought(VoiceEngine.Piece piece) throws StageException {
    return purse.buyOnceMore(
        provider(),
        spoken(piece.text(), (long) MS_PER_CHAR * piece.text().length()),
        () -> take(engine.speak(piece), piece),
        take -> spoken(piece.text(), take.ms()),
        lost -> log.warn("{}: a sentence is bought once more; its answer was lost", provider()));
  }

  private Speech speak(SpeechRequest request, String voiceId) throws StageException {
    String text = request.text();
    List<PcmAudio> pieces = new ArrayList<>();
    List<WordTiming> words = new ArrayList<>();
    TimesOrigin timesFrom = TimesOrigin.ENGINE;
    StageException untimed = null;
    long clockUs = 0;
    String wished = request.emotion();
    String emotion = wished != null && engine.takes(wished) ? wished : "";
    List<TextParts.Part> parts = TextParts.of(text, request.language(), engine.maxChars());
    for (int i = 0; i < parts.size(); i++) {
      TextParts.Part part = parts.get(i);
      String said = text.substring(part.start(), part.end());
      if (ScriptWord.of(said).isEmpty()) {
        continue;
      }
      if (!pieces.isEmpty()) {
        int pauseMs = parts.get(i - 1).endsSentence() ? SENTENCE_PAUSE_MS : BREATH_MS;
        PcmAudio pause = PcmAudio.silence(pauseMs, pieces.get(0).sampleRate());
        pieces.add(pause);
        clockUs += pause.durationUs();
      }
      Take take =
          take(
              new VoiceEngine.Piece(
                  said,
                  text.substring(0, part.start()),
                  text.substring(part.end()),
                  request.language(),
                  voiceId.substring(engine.name().length() + 1),
                  request.speedPermille(),
                  emotion),
              parts.size() > 1 || transcriber != null);
      PcmAudio.Trimmed trimmed = take.trimmed();
      PcmAudio audio = trimmed.audio();
      if (!pieces.isEmpty() && pieces.get(0).sampleRate() != audio.sampleRate()) {
        throw invalid("it changed its sample rate within a text");
      }
      Timed timed = time(said, request.language(), take.said().words(), trimmed);
      if (timed.from().compareTo(timesFrom) > 0) {
        timesFrom = timed.from();
      }
      untimed = untimed == null ? timed.untimed() : untimed;
      for (WordTiming word : timed.words()) {
        words.add(
            new WordTiming(
                word.text(),
                word.charStart() + part.start(),
                word.charEnd() + part.start(),
                word.startUs() + clockUs,
                word.endUs() + clockUs));
      }
      pieces.add(audio);
      clockUs += audio.durationUs();
    }
    PcmAudio joined = PcmAudio.join(pieces);
    return new Speech(
        joined.toWav(),
        joined.sampleRate(),
        joined.samples().length,
        List.copyOf(words),
        voiceId,
        timesFrom,
        untimed);
  }

  private PcmAudio checked(PcmAudio audio, String text, int speedPermille) throws StageException {
    if (audio.samples().length == 0) {
      throw invalid("it sent no audio");
    }
    if (audio.silent()) {
      throw invalid("it sent silence");
    }
    long us = audio.durationUs();
    int characters = text.codePointCount(0, text.length());
    if (us < characters * LEAST_US_PER_CHAR * 1000 / speedPermille
        || us > (characters * MOST_US_PER_CHAR + MOST_US_BESIDE) * 1000 / speedPermille) {
      throw invalid(
          String.format(
              Locale.ROOT, "%.1f s of audio for %d characters", us / 1_000_000.0, characters));
    }
    return audio;
  }

  private StageException invalid(String what) {
    return new StageException(FailureCode.PROVIDER_REPLY_INVALID, engine.name() + ": " + what);
  }

  /**
   * Words and where their times are from.
   *
   * @param untimed as {@link Speech#untimed}
   */
  private record Timed(List<WordTiming> words, TimesOrigin from, @Nullable StageException untimed) {
    Timed(List<WordTiming> words, TimesOrigin from) {
      this(words, from, null);
    }
  }

  /** Whether the words can be timed later as well, for what was spoken is kept. */
  private boolean later(StageException e) {
    return store != null
        && (e.code() == FailureCode.NO_TURN || e.code() == FailureCode.BUDGET_SPENT);
  }

  /** Whether the same listener will never make more of it: it heard it, or does not take it. */
  private static boolean lasts(StageException e) {
    return switch (e.code()) {
      case PROVIDER_REPLY_INVALID, PROVIDER_REFUSED, PROVIDER_REQUEST_INVALID -> true;
      default -> !e.code().providersFault();
    };
  }

  /**
   * Words that nobody can time do not fail a narration that was paid for; where somebody could at
   * another time, whoever asked decides what becomes of it.
   */
  private Timed time(
      String text, String language, List<HeardWord> engineWords, PcmAudio.Trimmed trimmed)
      throws StageException {
    PcmAudio audio = trimmed.audio();
    if (!engineWords.isEmpty()) {
      List<HeardWord> moved =
          engineWords.stream()
              .map(
                  word ->
                      new HeardWord(
                          word.text(),
                          Math.max(0, word.startUs() - trimmed.cutUs()),
                          word.endUs() - trimmed.cutUs()))
              .toList();
      Optional<List<WordTiming>> aligned = ScriptAlignment.align(text, moved, audio.durationUs());
      if (aligned.isPresent()) {
        return new Timed(aligned.get(), TimesOrigin.ENGINE);
      }
      log.warn("{}: its word times are not those of the text that was sent", engine.name());
    }
    Transcriber listener = transcriber;
    if (listener != null) {
      List<Charge> price = heard(audio.durationUs() / 1_000);
      try {
        Optional<List<WordTiming>> aligned =
            ScriptAlignment.align(
                text,
                purse.buy(
                    billing.listener(),
                    price,
                    () -> listener.hear(audio, language),
                    unused -> price),
                audio);
        if (aligned.isPresent()) {
          return new Timed(aligned.get(), TimesOrigin.TRANSCRIPT);
        }
        log.warn(
            "{} heard another text than was spoken; word times are estimated", listener.identity());
      } catch (StageException e) {
        if (Thread.currentThread().isInterrupted()
            || e.code() == FailureCode.LEASE_LOST
            || later(e)) {
          throw e; // Given up, not refused: an estimate would stay for ever.
        }
        log.warn(
            "{} could not time the words: {}; they are estimated",
            listener.identity(),
            e.describe());
        return new Timed(EstimatedTimes.of(text, audio), TimesOrigin.ESTIMATE, lasts(e) ? null : e);
      }
    }
    return new Timed(EstimatedTimes.of(text, audio), TimesOrigin.ESTIMATE);
  }

  @Override
  public void close() {
    engine.close();
    if (transcriber != null) {
      transcriber.close();
    }
  }
}
