package dev.reelbeam.embedded.speech;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.reelbeam.model.failure.FailureCode;
import dev.reelbeam.model.failure.StageException;
import dev.reelbeam.model.json.RecordJson;
import dev.reelbeam.model.meter.WorkMeter;
import dev.reelbeam.model.port.SpeechSynthesizer;
import dev.reelbeam.model.speech.Speech;
import dev.reelbeam.model.speech.SpeechRequest;
import dev.reelbeam.model.speech.SpokenLanguage;
import dev.reelbeam.model.speech.Voice;
import dev.reelbeam.model.speech.WordTiming;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/**
 * Speech with no account and no network: MaryTTS for English, espeak-ng for about a hundred other
 * languages, both in a child process.
 *
 * <p>The same request gives the same bytes, in this process and in any other. The audio keeps the
 * engine's own rate (48 kHz for MaryTTS, 22.05 kHz for espeak), begins and ends with at most 20 ms
 * of silence, and its ends are ramped. Thread-safe; calls are spoken one after the other.
 *
 * <p>Threads of less than normal priority have a process of their own, started by one of them: it
 * inherits their priority, and nobody who is in a hurry waits behind them.
 */
public final class EmbeddedSpeech implements SpeechSynthesizer {
  /** Longest text of {@link #preview}, in characters. */
  public static final int MAX_PREVIEW_CHARS = 200;

  /** Longest text of one request; narration is spoken sentence by sentence. */
  public static final int MAX_TEXT_CHARS = 10_000;

  private static final String DEFAULT_VOICE = "default";
  private static final String ENGLISH_VOICE = "marytts:cmu-slt-hsmm";

  /** Raised whenever the same request would sound different or be timed differently. */
  private static final int VERSION = 1;

  private static final int MIN_SPEED_PERMILLE = 500;
  private static final int MAX_SPEED_PERMILLE = 2000;
  private static final Duration BASE_DEADLINE = Duration.ofSeconds(60);
  private static final Duration DEADLINE_PER_CHAR = Duration.ofMillis(60);

  private final VoicesProcess process;
  private final VoicesProcess patientProcess;
  private volatile @Nullable List<Voice> voices;

  private EmbeddedSpeech(VoicesProcess process, VoicesProcess patientProcess) {
    this.process = process;
    this.patientProcess = patientProcess;
  }

  /**
   * Speech by the voices whose jars lie in a folder; nothing is started yet.
   *
   * @throws StageException {@code SPEECH_FAILED} if the folder holds no jars
   */
  public static EmbeddedSpeech withVoices(Path voicesClassPathFolder) throws StageException {
    return new EmbeddedSpeech(
        VoicesProcess.over(voicesClassPathFolder), VoicesProcess.over(voicesClassPathFolder));
  }

  static EmbeddedSpeech over(VoicesProcess process) {
    return over(process, process);
  }

  static EmbeddedSpeech over(VoicesProcess process, VoicesProcess patientProcess) {
    return new EmbeddedSpeech(process, patientProcess);
  }

  @Override
  public String identity() {
    return "embedded-speech-" + VERSION + "/marytts-5.2.1/espeak-ng-1.52";
  }

  @Override
  public List<Voice> voices() throws StageException {
    List<Voice> known = voices;
    if (known == null) {
      JsonNode answer = process().call(RecordJson.newObject().put("op", "voices"), BASE_DEADLINE);
      List<Voice> found = new ArrayList<>();
      for (JsonNode voice : answer.path("voices")) {
        String engine = voice.path("engine").asText();
        found.add(
            new Voice(
                engine + ":" + voice.path("voice").asText(),
                voice.path("name").asText(),
                voice.path("language").asText(),
                engine,
                voice.path("licence").asText()));
      }
      known = List.copyOf(found);
      voices = known;
    }
    return known;
  }

  @Override
  public String resolveVoice(String voiceId, String language) throws StageException {
    String wanted = voiceId.strip();
    if (wanted.equalsIgnoreCase(ENGLISH_VOICE)) {
      return ENGLISH_VOICE;
    }
    if (wanted.isEmpty() || wanted.equalsIgnoreCase(DEFAULT_VOICE)) {
      // Known without asking: the usual case must not load a second engine.
      return SpokenLanguage.of(language).equals("en") ? ENGLISH_VOICE : bestFor(language);
    }
    for (Voice voice : voices()) {
      String id = voice.id();
      if (id.equalsIgnoreCase(wanted)
          || id.substring(id.indexOf(':') + 1).equalsIgnoreCase(wanted)) {
        return id;
      }
    }
    throw new StageException(FailureCode.VOICE_MISSING, "there is no voice " + wanted);
  }

  private String bestFor(String language) throws StageException {
    String wanted = language.toLowerCase(Locale.ROOT).replace('_', '-');
    String primary = SpokenLanguage.of(wanted);
    Voice samePrimary = null;
    Voice sameLanguage = null;
    for (Voice voice : voices()) {
      String tag = voice.language().toLowerCase(Locale.ROOT);
      if (tag.equals(wanted)) {
        return voice.id();
      }
      if (samePrimary == null && tag.equals(primary)) {
        samePrimary = voice;
      }
      // "fr" is best served by fr-fr, not by the first regional voice.
      boolean home = tag.equals(primary + "-" + primary);
      if (SpokenLanguage.of(tag).equals(primary) && (sameLanguage == null || home)) {
        sameLanguage = voice;
      }
    }
    if (samePrimary != null) {
      return samePrimary.id();
    }
    if (sameLanguage != null) {
      return sameLanguage.id();
    }
    TreeSet<String> languages = new TreeSet<>();
    voices().forEach(voice -> languages.add(SpokenLanguage.of(voice.language())));
    throw new StageException(
        FailureCode.VOICE_MISSING,
        "no voice speaks \""
            + language
            + "\"; there are voices for "
            + String.join(", ", languages));
  }

  /** Voices of espeak are called by what they speak. */
  @Override
  public boolean speaks(String voiceId, String language) {
    String wanted = voiceId.strip();
    String name = wanted.substring(wanted.indexOf(':') + 1);
    boolean english =
        name.equalsIgnoreCase(ENGLISH_VOICE.substring(ENGLISH_VOICE.indexOf(':') + 1));
    return wanted.isEmpty()
        || wanted.equalsIgnoreCase(DEFAULT_VOICE)
        || SpokenLanguage.fits(english ? "en" : name, language);
  }

  @Override
  public Speech synthesize(SpeechRequest request) throws StageException {
    boolean failed = true;
    try {
      Speech speech = spoken(request);
      failed = false;
      return speech;
    } finally {
      WorkMeter.called("embedded", failed);
    }
  }

  @Override
  public Speeds speeds() {
    return new Speeds(MIN_SPEED_PERMILLE, MAX_SPEED_PERMILLE);
  }

  private Speech spoken(SpeechRequest request) throws StageException {
    if (request.text().length() > MAX_TEXT_CHARS) {
      throw new StageException(
          FailureCode.SPEECH_TEXT_TOO_LONG,
          "a text of "
              + request.text().length()
              + " characters is spoken in parts of at most "
              + MAX_TEXT_CHARS);
    }
    if (!speeds().has(request.speedPermille())) {
      throw new StageException(
          FailureCode.SPEECH_FAILED,
          "speed "
              + request.speedPermille()
              + " is outside "
              + MIN_SPEED_PERMILLE
              + " to "
              + MAX_SPEED_PERMILLE
              + " permille");
    }
    String voiceId = resolveVoice(request.voiceId(), request.language());
    int colon = voiceId.indexOf(':');
    String engine = voiceId.substring(0, colon);
    SpokenText spoken = SpokenForm.forLanguage(request.language(), engine).of(request.text());
    if (spoken.pieces().isEmpty()) {
      throw new StageException(
          FailureCode.SPEECH_FAILED, "there is nothing to say in \"" + request.text() + "\"");
    }
    ObjectNode call = RecordJson.newObject();
    call.put("op", "speak");
    call.put("engine", engine);
    call.put("voice", voiceId.substring(colon + 1));
    call.put("language", request.language());
    call.put("text", spoken.text());
    call.put("speed_permille", request.speedPermille());
    VoicesProcess.Spoken answer =
        process()
            .speak(
                call, BASE_DEADLINE.plus(DEADLINE_PER_CHAR.multipliedBy(spoken.text().length())));
    SilenceTrim.Trimmed trimmed = SilenceTrim.trim(answer.audio());
    List<EngineWord> engineWords = new ArrayList<>();
    for (JsonNode word : answer.answer().path("words")) {
      engineWords.add(
          new EngineWord(
              word.path("char_start").asInt(),
              word.path("char_end").asInt(),
              word.path("start_us").asLong(),
              word.path("end_us").asLong()));
    }
    WavAudio audio = trimmed.audio();
    List<WordTiming> words = WordTimes.of(spoken, engineWords, trimmed.cutUs(), audio.durationUs());
    return new Speech(audio.toBytes(), audio.sampleRate(), audio.samples().length, words, voiceId);
  }

  /**
   * Speaks a short text, for trying voices.
   *
   * @throws StageException {@code SPEECH_TEXT_TOO_LONG} over {@link #MAX_PREVIEW_CHARS} characters
   */
  public Speech preview(SpeechRequest request) throws StageException {
    int characters = request.text().codePointCount(0, request.text().length());
    if (characters > MAX_PREVIEW_CHARS) {
      throw new StageException(
          FailureCode.SPEECH_TEXT_TOO_LONG,
          "a preview has at most " + MAX_PREVIEW_CHARS + " characters, this has " + characters);
    }
    return synthesize(request);
  }

  @Override
  public void close() {
    process.close();
    patientProcess.close();
  }

  private VoicesProcess process() {
    return Thread.currentThread().getPriority() < Thread.NORM_PRIORITY ? patientProcess : process;
  }
}
