package dev.reelbeam.clients.speech;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.reelbeam.clients.http.Repeatable;
import dev.reelbeam.clients.http.Reply;
import dev.reelbeam.model.failure.FailureCode;
import dev.reelbeam.model.failure.StageException;
import dev.reelbeam.model.json.RecordJson;
import dev.reelbeam.model.port.SpeechSynthesizer.Speeds;
import dev.reelbeam.model.speech.Voice;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import okhttp3.FormBody;
import okhttp3.HttpUrl;
import okhttp3.MediaType;
import okhttp3.Request;
import okhttp3.RequestBody;
import org.jspecify.annotations.Nullable;

/**
 * A voice of a model that runs on a server of one's own, in the protocol of that server: Coqui's
 * {@code tts-server}, {@code xtts-api-server}, {@code Chatterbox-TTS-Server}, or Bark behind the
 * contract of {@code io/clients/README.md}.
 *
 * <p>Where a server lists its voices it is asked before the first word, because some answer a voice
 * or a language that they do not know with 500, which would be tried again in vain.
 */
final class ServedVoice extends ConfiguredVoice {
  private static final MediaType JSON = MediaType.get("application/json");
  private static final Speeds ONE_SPEED = new Speeds(1_000, 1_000);
  private static final Speeds SPEEDS = new Speeds(500, 2_000);

  /** What is a file of a speaker to be imitated, rather than a voice of the server. */
  private static final String CLONE = "clone/";

  /** What the server takes. */
  private static final int LEAST_EXAGGERATION = 250;

  private static final int MOST_EXAGGERATION = 2_000;

  /** Servers whose requests differ. */
  enum Server {
    /** {@code /api/tts}: a form, one call at a time, no list. */
    COQUI("coqui", 1_000),
    /** {@code /tts_to_audio/}: speakers are files of the server. */
    XTTS("xtts-api", 1_000),
    /** {@code /tts}: voices of the server, or a file to be imitated. */
    CHATTERBOX("chatterbox", 2_000),
    /** {@code /generate}: about 13 s of audio a call, so short texts. */
    BARK("bark", 180);

    private final String id;
    private final int maxChars;

    Server(String id, int maxChars) {
      this.id = id;
      this.maxChars = maxChars;
    }

    static Server of(String id) {
      for (Server server : values()) {
        if (server.id.equals(id)) {
          return server;
        }
      }
      throw new IllegalArgumentException(id);
    }
  }

  private final SpeechCalls calls;
  private final Server server;
  private volatile @Nullable Set<String> known;
  private volatile @Nullable Set<String> languages;

  ServedVoice(SpeechSettings settings, SpeechCalls calls) {
    super(
        settings,
        Server.of(settings.kind()).maxChars,
        settings.kind().equals(Server.CHATTERBOX.id) ? SPEEDS : ONE_SPEED);
    this.calls = calls;
    this.server = Server.of(settings.kind());
  }

  @Override
  public String identity() {
    return settings.name()
        + ":"
        + settings.kind()
        + (settings.model().isEmpty() ? "" : "/" + settings.model())
        + (settings.exaggerationPermille() == SpeechSettings.USUAL_EXAGGERATION
            ? ""
            : "/exaggeration-" + settings.exaggerationPermille());
  }

  @Override
  public List<Voice> voices() throws StageException {
    List<Voice> voices = new ArrayList<>();
    for (String id : names()) {
      voices.add(new Voice(id, id, "mul", settings.kind(), "see its model card"));
    }
    return List.copyOf(voices);
  }

  private Set<String> names() throws StageException {
    return switch (server) {
      // It has no list, whatever its page says of speakers.
      case COQUI -> Set.of(settings.voice());
      case XTTS -> names(list("speakers_list"));
      case CHATTERBOX -> names(list("v1/audio/voices").path("voices"));
      case BARK -> names(list("voices").path("voices"));
    };
  }

  private JsonNode list(String path) throws StageException {
    Reply reply = calls.http().call(calls.request(path).get().build(), Repeatable.YES);
    try {
      return RecordJson.readTree(reply.text());
    } catch (com.fasterxml.jackson.core.JsonProcessingException e) {
      throw calls.invalid("its list of voices is no JSON");
    }
  }

  /** A list of names, or of objects that have one. */
  private static Set<String> names(JsonNode list) {
    Set<String> names = new TreeSet<>();
    for (JsonNode one : list) {
      String name =
          one.isTextual() ? one.asText() : one.path("id").asText(one.path("name").asText(""));
      if (!name.isEmpty()) {
        names.add(name);
      }
    }
    return names;
  }

  /** The marks that Bark knows are noises (a laugh, a sigh), no moods. */
  @Override
  public boolean takes(String emotion) {
    return server == Server.CHATTERBOX && Mood.of(emotion).isPresent();
  }

  @Override
  public Spoken speak(Piece piece) throws StageException {
    check(piece.voice());
    String language = spoken(piece.language());
    Request.Builder request =
        switch (server) {
          case COQUI -> {
            FormBody.Builder form = new FormBody.Builder().add("text", piece.text());
            if (!piece.voice().equals("-")) {
              form.add("speaker_id", piece.voice());
              form.add("language_id", language);
            }
            yield calls.request("api/tts").post(form.build());
          }
          case XTTS -> {
            ObjectNode body = RecordJson.newObject();
            body.put("text", piece.text());
            body.put("speaker_wav", piece.voice());
            body.put("language", language);
            HttpUrl url = calls.url("tts_to_audio").addPathSegment("").build();
            yield calls.request(url).post(json(body));
          }
          case CHATTERBOX -> calls.request("tts").post(json(chatterbox(piece, language)));
          case BARK -> {
            ObjectNode body = RecordJson.newObject();
            body.put("text", piece.text());
            body.put("voice", piece.voice());
            body.put("seed", seed(piece.text()));
            yield calls.request("generate").post(json(body));
          }
        };
    return new Spoken(calls.wav(calls.http().call(request.build(), calls.work())), List.of());
  }

  private ObjectNode chatterbox(Piece piece, String language) {
    ObjectNode body = RecordJson.newObject();
    body.put("text", piece.text());
    if (piece.voice().startsWith(CLONE)) {
      body.put("voice_mode", "clone");
      body.put("reference_audio_filename", piece.voice().substring(CLONE.length()));
    } else {
      body.put("voice_mode", "predefined");
      body.put("predefined_voice_id", piece.voice());
    }
    body.put("output_format", "wav");
    // It is cut at sentences here, where pauses and word times are known.
    body.put("split_text", false);
    body.put("language", language);
    body.put("speed_factor", piece.speedPermille() / 1000.0);
    int exaggeration = settings.exaggerationPermille();
    Optional<Mood> mood = Mood.of(piece.emotion());
    if (mood.isPresent()) {
      exaggeration =
          mood.get().moved(exaggeration, 300, -200, LEAST_EXAGGERATION, MOST_EXAGGERATION);
    }
    body.put("exaggeration", exaggeration / 1000.0);
    body.put("seed", seed(piece.text()));
    return body;
  }

  private static RequestBody json(ObjectNode body) {
    return RequestBody.create(body.toString(), JSON);
  }

  /**
   * Of the words alone: the same text sounds alike wherever the server allows it. Never 0, which
   * means any.
   */
  private static int seed(String text) {
    return 1 + Math.floorMod(text.hashCode(), 1_000_000);
  }

  private String spoken(String tag) throws StageException {
    String language = tag.toLowerCase(Locale.ROOT).replaceFirst("[-_].*", "");
    if (server != Server.XTTS) {
      return language;
    }
    Set<String> spoken = languages;
    if (spoken == null) {
      spoken = new TreeSet<>();
      JsonNode list = list("languages").path("languages");
      for (var each : list.properties()) {
        spoken.add(each.getKey());
        spoken.add(each.getValue().asText());
      }
      languages = spoken;
    }
    if (!spoken.contains(language)) {
      throw new StageException(
          FailureCode.VOICE_MISSING, settings.name() + " does not speak '" + language + "'");
    }
    return language;
  }

  private void check(String voice) throws StageException {
    if (server == Server.COQUI || voice.startsWith(CLONE)) {
      return;
    }
    Set<String> there = known;
    if (there == null || !there.contains(voice)) {
      // Asked again for a voice that was not there: it may have been added since.
      there = names();
      known = there;
    }
    if (!there.contains(voice)) {
      throw new StageException(
          FailureCode.VOICE_MISSING,
          settings.name() + " has no voice " + voice + "; it has " + there);
    }
  }
}
