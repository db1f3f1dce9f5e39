package dev.reelbeam.clients.speech;

import com.fasterxml.jackson.databind.JsonNode;
import dev.reelbeam.clients.config.LostAnswer;
import dev.reelbeam.clients.config.SettingsEntry;
import dev.reelbeam.clients.config.SettingsFaults;
import dev.reelbeam.clients.http.CallLimits;
import dev.reelbeam.clients.http.CallPolicy;
import dev.reelbeam.clients.http.ErrorReader;
import dev.reelbeam.clients.http.OpenAiErrors;
import dev.reelbeam.clients.http.Probed;
import dev.reelbeam.clients.http.ProviderHttp;
import dev.reelbeam.clients.http.Reply;
import dev.reelbeam.clients.http.Secret;
import dev.reelbeam.clients.http.ServerCalls;
import dev.reelbeam.model.failure.FailureCode;
import dev.reelbeam.model.failure.StageException;
import dev.reelbeam.model.port.PortFactory;
import dev.reelbeam.model.port.SpeechModels;
import dev.reelbeam.model.port.SpeechSynthesizer;
import java.io.Serializable;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Pattern;
import okhttp3.HttpUrl;
import org.jspecify.annotations.Nullable;

/**
 * One provider of the {@code speech} list of a settings file:
 *
 * <pre>{@code
 * speech:
 *   - name: elevenlabs
 *     kind: elevenlabs
 *     model: eleven_multilingual_v2
 *     voice: VOICE_ID
 *     key: env:ELEVENLABS_API_KEY
 *   - name: openai
 *     kind: openai
 *     base_url: https://api.openai.com/v1
 *     model: gpt-4o-mini-tts
 *     voice: marin
 *     key: env:OPENAI_API_KEY
 *     words: {model: whisper-1}
 *   - name: lessac
 *     kind: piper-file
 *     model: models/en_US-lessac-medium.onnx
 *     words: {kind: whisper-file, model: models/ggml-base.en.bin}
 * }</pre>
 *
 * <p>It travels to workers, so it names its key and never holds it.
 *
 * @param kind the protocol: {@code openai}, {@code elevenlabs}, {@code piper-} with the release,
 *     {@code coqui}, {@code xtts-api}, {@code chatterbox} or {@code bark}; or {@code piper-file}
 *     for a voice that this machine speaks with
 * @param baseUrl address of the server; empty for a file
 * @param model as the provider calls it; of a file, its absolute path
 * @param config what belongs to the file of a voice, likewise; empty for a server
 * @param voice what {@code default} stands for; empty for the usual one of a file
 * @param key {@code env:NAME}, {@code file:PATH}, or empty for a server that asks for none
 * @param instructions how to speak, for models that take it; empty for none
 * @param format {@code wav}, or {@code pcm} from a server that knows no other
 * @param sampleRate of {@code pcm}; a WAV file tells its own
 * @param exaggerationPermille how lively it speaks, of {@code chatterbox}
 * @param limitChars longest text of one call; 0 for what is known of the provider
 * @param words who times the words where the engine does not; null to estimate them
 * @param timeoutSeconds longest silence of the server; it says nothing until it is done
 * @param requestsPerMinute over all who use its key for speech
 * @param parallel calls in flight at once, likewise
 * @param lostAnswer what is done when nobody knows whether it spoke
 */
public record SpeechSettings(
    String name,
    String kind,
    String baseUrl,
    String model,
    String config,
    String voice,
    String key,
    String instructions,
    String format,
    int sampleRate,
    Character character,
    int exaggerationPermille,
    int limitChars,
    @Nullable Words words,
    int timeoutSeconds,
    int requestsPerMinute,
    int parallel,
    LostAnswer lostAnswer)
    implements Serializable {
  /** Speech, and the times of its words. */
  public static final String KIND = "speech";

  private static final int MAX_RATE = 100_000;

  /** Four thousand characters are about five minutes; 32 bit float at 48 kHz is the worst case. */
  private static final long MAX_REPLY_BYTES = 96_000_000;

  private static final String OPENAI = "https://api.openai.com/";
  private static final int OPENAI_RATE = 24_000;
  private static final Set<Integer> ELEVENLABS_RATES =
      Set.of(8_000, 16_000, 22_050, 24_000, 32_000, 44_100, 48_000);
  private static final String ELEVENLABS = "https://api.elevenlabs.io";
  private static final String PIPER_FILE = "piper-file";
  private static final String WHISPER_FILE = "whisper-file";
  private static final Set<String> KINDS =
      Set.of(
          PIPER_FILE,
          "openai",
          "elevenlabs",
          "piper-1.5",
          "piper-1.3",
          "piper-rhasspy",
          "coqui",
          "xtts-api",
          "chatterbox",
          "bark");

  /** Kinds that speak with a model of one's own, one text after the other. */
  private static final Set<String> OWN_MODEL =
      Set.of(
          PIPER_FILE,
          "piper-1.5",
          "piper-1.3",
          "piper-rhasspy",
          "coqui",
          "xtts-api",
          "chatterbox",
          "bark");

  /** Names of what comes with the program. */
  private static final Set<String> EMBEDDED = Set.of("embedded", "marytts", "espeak");

  /** How lively {@code chatterbox} speaks: its own usual. */
  static final int USUAL_EXAGGERATION = 500;

  private static final Set<String> FORMATS = Set.of("wav", "pcm");
  private static final Set<String> KEYS =
      Set.of(
          "name",
          "kind",
          "base_url",
          "model",
          "config",
          "voice",
          "key",
          "instructions",
          "format",
          "sample_rate",
          "stability",
          "similarity",
          "style",
          "exaggeration",
          "max_chars",
          "words",
          "timeout_seconds",
          "requests_per_minute",
          "parallel",
          "lost_answer");

  /** Models of OpenAI that refuse to tell when a word is said. */
  private static final Pattern NO_TIMES = Pattern.compile("gpt-.*transcribe.*");

  private static final Set<String> WORDS_KEYS = Set.of("name", "kind", "base_url", "model", "key");

  /**
   * How an ElevenLabs voice speaks, each in permille.
   *
   * @param stabilityPermille higher is more even
   * @param similarityPermille how closely it keeps to the original voice
   * @param stylePermille how much it exaggerates
   */
  public record Character(int stabilityPermille, int similarityPermille, int stylePermille)
      implements Serializable {
    /** Even enough for narration, with some life in it. */
    public static final Character DEFAULT = new Character(600, 750, 300);

    String describe() {
      return "stability-"
          + stabilityPermille
          + "/similarity-"
          + similarityPermille
          + "/style-"
          + stylePermille;
    }
  }

  /**
   * A voice that was added to an account.
   *
   * @param voice as records name it
   * @param verify whether the provider wants the person to be verified first
   * @param found whether a voice of that name was there, so that this call may have added none
   */
  public record Cloned(String voice, boolean verify, boolean found) {}

  /**
   * Who listens and tells when the words are said.
   *
   * @param kind {@code openai} for a server, {@code whisper-file} for a model that this machine
   *     runs
   * @param name whose bill it is, as the rate card calls it; empty for a file
   * @param baseUrl address of the server; empty for a file
   * @param model as the server calls it; of a file, its absolute path
   */
  public record Words(String kind, String name, String baseUrl, String model, String key)
      implements Serializable {
    boolean ofFile() {
      return kind.equals(WHISPER_FILE);
    }
  }

  /**
   * Reads the list and sees to it that every key it names is there.
   *
   * @param list the value of {@code speech}
   * @param environment usually {@code System.getenv()}
   * @param folder of the settings file, for files that stand in it
   * @param faults what is done about an entry with a mistake
   * @throws StageException {@code CONFIG_INVALID} naming the entry
   */
  public static List<SpeechSettings> list(
      JsonNode list, Map<String, String> environment, Path folder, SettingsFaults faults)
      throws StageException {
    return List.copyOf(
        faults.list(
            list,
            "speech",
            KEYS,
            entry -> {
              SpeechSettings one = entry(entry, folder);
              entry.secret("key", one.key(), one.baseUrl(), environment);
              if (one.words() != null) {
                entry.secret("words.key", one.words().key(), environment);
              }
              return one;
            },
            SpeechSettings::name));
  }

  private static SpeechSettings entry(SettingsEntry entry, Path folder) throws StageException {
    String name = entry.text("name");
    if (!name.matches("[A-Za-z0-9_.-]+") || EMBEDDED.contains(name)) {
      throw invalid(
          entry.where()
              + ".name: letters, digits, '-', '_' and '.', and not the name of an embedded engine");
    }
    String kind = entry.oneOf("kind", "openai", KINDS);
    boolean ofFile = kind.equals(PIPER_FILE);
    if (ofFile) {
      for (String unused : List.of("base_url", "key")) {
        if (entry.node().has(unused)) {
          throw invalid(entry.where() + "." + unused + ": a voice of a file asks no server");
        }
      }
    } else if (entry.node().has("config")) {
      throw invalid(entry.where() + ".config: only a voice of a file has one");
    }
    String baseUrl =
        ofFile
            ? ""
            : address(
                kind.equals("elevenlabs")
                    ? entry.text("base_url", ELEVENLABS)
                    : entry.text("base_url"),
                entry.where() + ".base_url");
    String key = entry.text("key", "");
    String model =
        ofFile
            ? ModelFile.find(entry.text("model"), folder, entry.where() + ".model")
            : OWN_MODEL.contains(kind) ? entry.text("model", "") : entry.text("model");
    String config =
        ofFile
            ? ModelFile.find(
                entry.text("config", model + ".json"), folder, entry.where() + ".config")
            : "";
    int sampleRate = entry.number("sample_rate", OPENAI_RATE, 8_000, 48_000);
    String format = entry.oneOf("format", "wav", FORMATS);
    checkRate(entry, kind, baseUrl, format, sampleRate);
    return new SpeechSettings(
        name,
        kind,
        baseUrl,
        model,
        config,
        ofFile ? entry.text("voice", "") : entry.text("voice"),
        key,
        entry.text("instructions", ""),
        format,
        sampleRate,
        new Character(
            entry.permille("stability", Character.DEFAULT.stabilityPermille()),
            entry.permille("similarity", Character.DEFAULT.similarityPermille()),
            entry.permille("style", Character.DEFAULT.stylePermille())),
        entry.permille("exaggeration", USUAL_EXAGGERATION),
        entry.number("max_chars", 0, 20, 100_000),
        words(entry, baseUrl, key, folder),
        entry.timeoutSeconds(key.isEmpty()),
        entry.number("requests_per_minute", CallPolicy.DEFAULT.requestsPerMinute(), 1, MAX_RATE),
        entry.number("parallel", usualParallel(kind), 1, MAX_RATE),
        LostAnswer.of(entry));
  }

  /** Samples say no rate: read at another than they were made, they are another voice. */
  private static void checkRate(
      SettingsEntry entry, String kind, String baseUrl, String format, int sampleRate)
      throws StageException {
    if (kind.equals("elevenlabs") && !ELEVENLABS_RATES.contains(sampleRate)) {
      throw invalid(
          entry.where()
              + ".sample_rate: elevenlabs sends samples at one of "
              + new TreeSet<>(ELEVENLABS_RATES));
    }
    if (kind.equals("openai")
        && format.equals("pcm")
        && baseUrl.startsWith(OPENAI)
        && sampleRate != OPENAI_RATE) {
      throw invalid(entry.where() + ".sample_rate: samples of OpenAI are at " + OPENAI_RATE);
    }
  }

  private static int usualParallel(String kind) {
    // A model on one's own machine speaks one text after the other; the smallest plan of
    // ElevenLabs, two.
    return OWN_MODEL.contains(kind)
        ? 1
        : kind.equals("elevenlabs") ? 2 : CallPolicy.DEFAULT.parallel();
  }

  /** On the same server with the same key, unless another is named. */
  private static @Nullable Words words(SettingsEntry entry, String baseUrl, String key, Path folder)
      throws StageException {
    if (!entry.node().has("words")) {
      return null;
    }
    String where = entry.where() + ".words";
    SettingsEntry words = SettingsEntry.of(entry.node().path("words"), where, WORDS_KEYS);
    boolean elsewhere = words.node().has("base_url");
    String kind = words.oneOf("kind", "openai", Set.of("openai", WHISPER_FILE));
    if (kind.equals(WHISPER_FILE)) {
      if (elsewhere || words.node().has("key") || words.node().has("name")) {
        throw invalid(where + ": a model of a file has no base_url, no key and no name");
      }
      return new Words(
          kind, "", "", ModelFile.find(words.text("model"), folder, where + ".model"), "");
    }
    String server =
        baseUrl.isEmpty() || elsewhere
            ? address(words.text("base_url"), where + ".base_url")
            : baseUrl;
    String model = words.text("model");
    if (NO_TIMES.matcher(model).matches()) {
      throw invalid(where + ".model: " + model + " writes down what is said, and not when");
    }
    return new Words(
        kind,
        words.text("name", server.equals(baseUrl) ? entry.text("name") : host(server)),
        server,
        model,
        // A key goes to the server that it is for, and to no other.
        words.text("key", elsewhere ? "" : key));
  }

  /** By whom a server is known on a rate card. */
  private static String host(String url) {
    HttpUrl parsed = HttpUrl.parse(url);
    String host = parsed == null ? url : parsed.host();
    return host.equals("api.openai.com") ? "openai" : host;
  }

  private static String address(String url, String where) throws StageException {
    if (HttpUrl.parse(url) == null) {
      throw invalid(where + ": '" + url + "' is not an http address");
    }
    return url;
  }

  private static StageException invalid(String message) {
    return new StageException(FailureCode.CONFIG_INVALID, message);
  }

  /** The same with other limits. */
  public SpeechSettings withRates(int perMinute, int inFlight) {
    return new SpeechSettings(
        name,
        kind,
        baseUrl,
        model,
        config,
        voice,
        key,
        instructions,
        format,
        sampleRate,
        character,
        exaggerationPermille,
        limitChars,
        words,
        timeoutSeconds,
        perMinute,
        inFlight,
        lostAnswer);
  }

  private CallPolicy policy() {
    return CallPolicy.DEFAULT
        .withRates(requestsPerMinute, parallel)
        .withSilence(timeoutSeconds)
        .ofKind(KIND)
        .withPurchases(lostAnswer.purchases());
  }

  /** Longest text of one call: the setting, else what is known. */
  int maxChars(int known) {
    return limitChars > 0 ? limitChars : known;
  }

  /** A short name of a long text, for keys. */
  static String fingerprint(String text) {
    try {
      byte[] hash =
          MessageDigest.getInstance("SHA-256").digest(text.getBytes(StandardCharsets.UTF_8));
      return HexFormat.of().formatHex(hash, 0, 6);
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("every JDK has SHA-256", e);
    }
  }

  /**
   * Opens the provider on a worker.
   *
   * @param models who runs models of files; opened for those alone
   * @param limits who counts its calls for other processes, too
   * @throws StageException {@code CONFIG_INVALID} if a key is not there, {@code MODEL_UNUSABLE}
   */
  public SpeechSynthesizer open(
      Map<String, String> environment, PortFactory<SpeechModels> models, CallLimits limits)
      throws StageException {
    return open(environment, models, policy().sharing(limits));
  }

  /**
   * Asks for voices and models, and loads the models of files: what costs nothing.
   *
   * @return what was found, for people
   * @throws StageException as {@link SpeechSynthesizer#voices} and {@link SpeechModels#look}
   */
  public Probed probe(Map<String, String> environment, PortFactory<SpeechModels> models)
      throws StageException {
    StringBuilder found = new StringBuilder();
    Probed listed = Probed.of("");
    switch (kind) {
      case "openai" -> listed = listed(calls(baseUrl, key, environment), model);
      // They have no list: that they answer is all that can be asked.
      case "coqui", "piper-rhasspy" -> found.append(answers(calls(baseUrl, key, environment)));
      default -> {
        try (SpeechSynthesizer opened = open(environment, models, CallLimits.OF_THIS_PROCESS)) {
          int voices = opened.voices().size();
          found.append(voices == 1 ? "1 voice" : voices + " voices");
        }
        if (kind.equals("elevenlabs")) {
          found.append(left(environment));
        }
      }
    }
    Words timer = words;
    if (timer != null && timer.ofFile()) {
      Path file = Path.of(timer.model());
      try (SpeechModels ears = models.open()) {
        found
            .append("; words by ")
            .append(file.getFileName())
            .append(ears.listens(file) ? "" : ", which knows English alone");
      }
    } else if (timer != null && wordsElsewhere().isEmpty()) {
      Probed heard = probeWords(environment);
      return listed.and(Probed.of(found + "; words: ")).and(heard);
    }
    return listed.and(Probed.of(found.toString()));
  }

  /** Who times the words, where that is another account than the voice's. */
  public Optional<Words> wordsElsewhere() {
    return Optional.ofNullable(words)
        .filter(timer -> !timer.ofFile())
        .filter(timer -> !timer.baseUrl().equals(baseUrl) || !timer.key().equals(key));
  }

  /**
   * Asks the server that times the words for its models.
   *
   * @return what was found, for people
   * @throws StageException {@code PROVIDER_*}
   */
  public Probed probeWords(Map<String, String> environment) throws StageException {
    Words timer = Objects.requireNonNull(words, "nobody times the words");
    return listed(calls(timer.baseUrl(), timer.key(), environment), timer.model());
  }

  private SpeechCalls calls(String url, String reference, Map<String, String> environment)
      throws StageException {
    return bearer(url, Secret.resolve(reference, environment), policy());
  }

  /** Whether a server has a model; servers of one's own often have no list. */
  private static Probed listed(SpeechCalls calls, String model) throws StageException {
    JsonNode models;
    try {
      models = calls.json(calls.server().get(calls.url("models").build()));
    } catch (StageException e) {
      if (calls.server().key().present()
          || (e.code() != FailureCode.PROVIDER_REQUEST_INVALID
              && e.code() != FailureCode.PROVIDER_REPLY_INVALID)) {
        throw e;
      }
      return Probed.of("it answers, and lists no models");
    }
    Optional<Probed> found = Probed.listed(models, model);
    if (found.isPresent()) {
      return found.get();
    }
    if (calls.server().key().present()) {
      throw new StageException(
          FailureCode.PROVIDER_REQUEST_INVALID, calls.name() + " offers no model '" + model + "'");
    }
    return Probed.of("it answers; '" + model + "' is not in its list");
  }

  private static String answers(SpeechCalls calls) throws StageException {
    try {
      Reply unused = calls.server().get(calls.url("").build());
    } catch (StageException e) {
      // An error of its own is an answer.
      if (e.code() == FailureCode.PROVIDER_UNREACHABLE
          || e.code() == FailureCode.PROVIDER_TIMEOUT
          || e.code() == FailureCode.PROVIDER_UNAUTHORIZED) {
        throw e;
      }
    }
    return "it answers";
  }

  /**
   * What an account of ElevenLabs may still speak; a key may be allowed to speak and not to look.
   */
  private String left(Map<String, String> environment) {
    try {
      SpeechCalls calls =
          calls(
              baseUrl,
              Secret.resolve(key, environment),
              "xi-api-key",
              "",
              policy(),
              new ElevenLabsErrors());
      JsonNode account = calls.json(calls.server().get(calls.url("v1/user/subscription").build()));
      long limit = account.path("character_limit").asLong(-1);
      return limit < 0
          ? ""
          : "; " + (limit - account.path("character_count").asLong()) + " characters left";
    } catch (StageException e) {
      return "; what is left it does not tell";
    }
  }

  /** Whether it adds voices of people. */
  public boolean clones() {
    return kind.equals("elevenlabs");
  }

  /** What it speaks with, in one line for people. */
  public String describe() {
    String what = model.isEmpty() ? kind : model;
    return switch (kind) {
      case "elevenlabs" ->
          String.format(
              Locale.ROOT,
              "%s, stability %.2f, similarity %.2f, style %.2f",
              what,
              character.stabilityPermille() / 1000.0,
              character.similarityPermille() / 1000.0,
              character.stylePermille() / 1000.0);
      case "chatterbox" ->
          String.format(Locale.ROOT, "%s, exaggeration %.2f", what, exaggerationPermille / 1000.0);
      default -> what;
    };
  }

  /**
   * Adds a voice to the account, after samples of a person who agreed to it; one of the same name
   * that is there already is taken instead.
   *
   * @throws StageException {@code CONFIG_INVALID} if this kind of provider adds none; {@code
   *     INPUT_UNREADABLE}, {@code PROVIDER_*}
   */
  public Cloned cloneVoice(Map<String, String> environment, String voiceName, List<Path> samples)
      throws StageException {
    return cloneVoice(environment, voiceName, samples, policy());
  }

  Cloned cloneVoice(
      Map<String, String> environment, String voiceName, List<Path> samples, CallPolicy policy)
      throws StageException {
    if (!clones()) {
      throw invalid(name + " is of kind " + kind + ": only elevenlabs adds voices");
    }
    Secret secret = Secret.resolve(key, environment);
    return new ElevenLabsClone(
            calls(baseUrl, secret, "xi-api-key", "", policy, new ElevenLabsErrors()),
            policy.firstPause())
        .add(voiceName, samples);
  }

  SpeechSynthesizer open(
      Map<String, String> environment, PortFactory<SpeechModels> models, CallPolicy policy)
      throws StageException {
    CallPolicy roomy = policy.withMaxReplyBytes(MAX_REPLY_BYTES);
    Secret secret = Secret.resolve(key, environment);
    VoiceEngine engine =
        switch (kind) {
          case PIPER_FILE -> FileVoice.open(this, models);
          case "elevenlabs" ->
              new ElevenLabsVoice(
                  this, calls(baseUrl, secret, "xi-api-key", "", roomy, new ElevenLabsErrors()));
          case "piper-1.5", "piper-1.3", "piper-rhasspy" ->
              new PiperVoice(
                  this,
                  calls(baseUrl, secret, "Authorization", "Bearer ", roomy, new PiperErrors()));
          case "coqui", "xtts-api", "chatterbox", "bark" ->
              new ServedVoice(this, bearer(baseUrl, secret, roomy));
          default -> new OpenAiVoice(this, bearer(baseUrl, secret, roomy));
        };
    Words timer = words;
    Transcriber transcriber;
    try {
      transcriber = timer == null ? null : transcriber(timer, environment, models, roomy);
    } catch (StageException e) {
      engine.close();
      throw e;
    }
    return new ProvidedSpeech(
        engine,
        transcriber,
        // Who asks for no key sends no bill.
        new ProvidedSpeech.Billing(
            key.isEmpty() ? "" : model.isEmpty() ? kind : model,
            timer == null || timer.key().isEmpty() ? "" : timer.model(),
            timer == null ? "" : timer.name()),
        parallel);
  }

  private Transcriber transcriber(
      Words timer,
      Map<String, String> environment,
      PortFactory<SpeechModels> models,
      CallPolicy policy)
      throws StageException {
    return timer.ofFile()
        ? FileTranscriber.open(Path.of(timer.model()), models)
        : new OpenAiTranscriber(
            timer.model(),
            bearer(timer.baseUrl(), Secret.resolve(timer.key(), environment), policy));
  }

  private SpeechCalls bearer(String url, Secret secret, CallPolicy policy) {
    return calls(url, secret, "Authorization", "Bearer ", policy, new OpenAiErrors());
  }

  private SpeechCalls calls(
      String url,
      Secret secret,
      String header,
      String prefix,
      CallPolicy policy,
      ErrorReader errors) {
    return new SpeechCalls(
        new ServerCalls(
            name,
            url,
            secret,
            header,
            prefix,
            new ProviderHttp(name, url, secret, policy, errors)));
  }
}
