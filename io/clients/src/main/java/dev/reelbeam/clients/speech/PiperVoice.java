package dev.reelbeam.clients.speech;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.reelbeam.clients.http.Repeatable;
import dev.reelbeam.model.failure.FailureCode;
import dev.reelbeam.model.failure.StageException;
import dev.reelbeam.model.json.RecordJson;
import dev.reelbeam.model.port.SpeechSynthesizer.Speeds;
import dev.reelbeam.model.speech.Voice;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import okhttp3.MediaType;
import okhttp3.Request;
import okhttp3.RequestBody;
import org.jspecify.annotations.Nullable;

/**
 * A voice of a Piper server, in the dialect of its release.
 *
 * <p>A server that does not know a voice speaks with its own and says nothing, so the list of
 * voices is asked for before the first word. The oldest dialect has no list, one voice and one
 * speed. The phoneme times of {@code /info} are those of the last request by anyone and are not
 * used.
 */
final class PiperVoice extends ConfiguredVoice {
  private static final MediaType JSON = MediaType.get("application/json");
  private static final MediaType TEXT = MediaType.get("text/plain; charset=utf-8");

  /** No limit is known; long texts keep a server busy for everybody. */
  private static final int MAX_CHARS = 2_000;

  private static final Pattern NAMED = Pattern.compile("([a-z]{2,3}_[A-Z]{2})-");

  /** Releases whose requests differ. */
  enum Dialect {
    /** From 1.5.0 on: {@code POST /synthesize}. */
    PIPER_1_5("piper-1.5", "synthesize"),
    /** 1.3.0 to 1.4.1: {@code POST /} with JSON. */
    PIPER_1_3("piper-1.3", ""),
    /** The archived line: {@code POST /} with plain text. */
    RHASSPY("piper-rhasspy", "");

    private final String id;
    private final String path;

    Dialect(String id, String path) {
      this.id = id;
      this.path = path;
    }

    static Dialect of(String id) {
      for (Dialect dialect : values()) {
        if (dialect.id.equals(id)) {
          return dialect;
        }
      }
      throw new IllegalArgumentException(id);
    }
  }

  private final SpeechCalls calls;
  private final Dialect dialect;
  private volatile @Nullable Set<String> installed;

  PiperVoice(SpeechSettings settings, SpeechCalls calls) {
    super(
        settings,
        MAX_CHARS,
        settings.kind().equals(Dialect.RHASSPY.id)
            ? new Speeds(1_000, 1_000)
            : new Speeds(500, 2_000));
    this.calls = calls;
    this.dialect = Dialect.of(settings.kind());
  }

  @Override
  public String identity() {
    return settings.name() + ":" + settings.kind();
  }

  @Override
  public List<Voice> voices() throws StageException {
    List<Voice> voices = new ArrayList<>();
    if (dialect == Dialect.RHASSPY) {
      voices.add(voice(settings.voice()));
      return voices;
    }
    JsonNode list =
        calls.json(calls.http().call(calls.request("voices").get().build(), Repeatable.YES));
    list.fieldNames().forEachRemaining(id -> voices.add(voice(id)));
    return List.copyOf(voices);
  }

  private static Voice voice(String id) {
    String language = tag(id);
    return new Voice(id, id, language.isEmpty() ? "mul" : language, "piper", "see its model card");
  }

  /** "en_US-lessac-medium" says which language it speaks; "anna" does not. */
  private static String tag(String id) {
    Matcher named = NAMED.matcher(id);
    return named.lookingAt() ? named.group(1).replace('_', '-') : "";
  }

  @Override
  public String language(String voice) {
    return tag(voice);
  }

  @Override
  public Spoken speak(Piece piece) throws StageException {
    check(piece.voice());
    Request.Builder request =
        dialect.path.isEmpty() ? calls.request(calls.url("").build()) : calls.request(dialect.path);
    if (dialect == Dialect.RHASSPY) {
      request.post(RequestBody.create(piece.text(), TEXT));
    } else {
      ObjectNode body = RecordJson.newObject();
      body.put("text", piece.text());
      body.put("voice", piece.voice());
      if (piece.speedPermille() != 1000) {
        // How long, not how fast.
        body.put("length_scale", 1000.0 / piece.speedPermille());
      }
      request.post(RequestBody.create(body.toString(), JSON));
    }
    return new Spoken(calls.wav(calls.http().call(request.build(), calls.work())), List.of());
  }

  private void check(String voice) throws StageException {
    // The server cuts ".onnx.json" off as if it were a set of letters: "johansson" is "joha" there.
    String listed = voice.replaceAll("[.onxjs]+$", "");
    Set<String> known = installed;
    if (known == null || !(known.contains(voice) || known.contains(listed))) {
      // Asked again for a voice that was not there: it may have been installed since.
      known = Set.copyOf(voices().stream().map(Voice::id).toList());
      installed = known;
    }
    if (!known.contains(voice) && !known.contains(listed)) {
      throw new StageException(
          FailureCode.VOICE_MISSING,
          String.format(
              Locale.ROOT, "%s has no voice %s; it has %s", settings.name(), voice, known));
    }
  }
}
