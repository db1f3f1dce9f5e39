package dev.reelbeam.clients.speech;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.reelbeam.clients.http.Repeatable;
import dev.reelbeam.clients.http.Reply;
import dev.reelbeam.model.failure.FailureCode;
import dev.reelbeam.model.failure.StageException;
import dev.reelbeam.model.json.RecordJson;
import dev.reelbeam.model.port.SpeechSynthesizer.Speeds;
import dev.reelbeam.model.speech.HeardWord;
import dev.reelbeam.model.speech.Voice;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import okhttp3.HttpUrl;
import okhttp3.MediaType;
import okhttp3.RequestBody;

/**
 * A voice of ElevenLabs with the times of its characters.
 *
 * <p>Word times are those of the sent text ({@code alignment}), not of the spoken one ("$5" as
 * "five dollars"). Samples are asked for rather than MP3: they need no decoder and join without a
 * seam.
 *
 * <p>Where a model can be told the language of a text it is, if it lists it: a short sentence of
 * names and numbers would be read in any. One that then refuses is asked once more without. The
 * newest knows no neighbouring texts, and stability in three steps alone.
 */
final class ElevenLabsVoice extends ConfiguredVoice {
  private static final MediaType JSON = MediaType.get("application/json");

  /** The smallest of the limits known; the settings may say more. */
  private static final Map<String, Integer> MAX_CHARS =
      Map.of("eleven_multilingual_v2", 10_000, "eleven_flash_v2_5", 40_000);

  private static final Set<String> OF_V2_5 =
      Set.of(
          "ar bg cs da de el en es fi fil fr hi hr hu id it ja ko ms nl no pl pt ro ru sk sv ta tr"
              .concat(" uk vi zh")
              .split(" "));

  private static final Set<String> OF_V3 =
      Set.of(
          "af ar as az be bg bn bs ca ceb cs cy da de el en es et fa fi fil fr ga gl gu ha he hi hr"
              .concat(" hu hy id is it ja jv ka kk kn ko ky lb ln lt lv mk ml mr ms ne nl no ny pa")
              .concat(" pl ps pt ro ru sd sk sl so sr sv sw ta te th tr uk ur vi zh")
              .split(" "));

  /** What each model may be told, as their pages list it; others refuse to be told a language. */
  private static final Map<String, Set<String>> TOLD_LANGUAGES =
      Map.of("eleven_v3", OF_V3, "eleven_flash_v2_5", OF_V2_5, "eleven_turbo_v2_5", OF_V2_5);

  /** Both written forms of Norwegian are one to them. */
  private static final Set<String> NORWEGIAN = Set.of("nb", "nn");

  private static final String LANGUAGE = "language_code";
  private static final String V3 = "eleven_v3";
  private static final int V3_STEP = 500;

  private static final int LEAST_MAX_CHARS = 3_000;
  private static final Speeds SPEEDS = new Speeds(700, 1_200);
  private static final int CONTEXT_CHARS = 300;
  private static final int MAX_PAGES = 20;

  private final SpeechCalls calls;

  ElevenLabsVoice(SpeechSettings settings, SpeechCalls calls) {
    super(settings, MAX_CHARS.getOrDefault(settings.model(), LEAST_MAX_CHARS), SPEEDS);
    this.calls = calls;
  }

  @Override
  public String identity() {
    return String.format(
        Locale.ROOT,
        "%s:%s/%s/pcm%d",
        settings.name(),
        settings.model(),
        settings.character().describe(),
        settings.sampleRate());
  }

  /** What was spoken before anybody told the language is found where nobody tells it now. */
  @Override
  public String identity(String language) {
    return identity() + (told(language).isEmpty() ? "" : "/language");
  }

  /** What the model is told of a tag; empty for nothing. */
  private String told(String tag) {
    String language = tag.replaceFirst("[-_].*", "").toLowerCase(Locale.ROOT);
    String code = NORWEGIAN.contains(language) ? "no" : language;
    return TOLD_LANGUAGES.getOrDefault(settings.model(), Set.of()).contains(code) ? code : "";
  }

  @Override
  public List<Voice> voices() throws StageException {
    return list(calls, "").stream()
        .map(
            voice -> {
              String language = voice.path("labels").path("language").asText("");
              return new Voice(
                  voice.path("voice_id").asText(),
                  voice.path("name").asText(),
                  language.isEmpty() ? "mul" : language,
                  settings.model(),
                  voice.path("category").asText(""));
            })
        .toList();
  }

  /**
   * The voices of the account, page by page.
   *
   * @param search what the server looks for in names and labels; empty for all
   */
  static List<JsonNode> list(SpeechCalls calls, String search) throws StageException {
    List<JsonNode> voices = new ArrayList<>();
    String next = "";
    for (int page = 0; page < MAX_PAGES; page++) {
      HttpUrl.Builder url = calls.url("v2/voices").addQueryParameter("page_size", "100");
      if (!search.isEmpty()) {
        url.addQueryParameter("search", search);
      }
      if (!next.isEmpty()) {
        url.addQueryParameter("next_page_token", next);
      }
      JsonNode reply =
          calls.json(calls.http().call(calls.request(url.build()).get().build(), Repeatable.YES));
      reply.path("voices").forEach(voices::add);
      next = reply.path("next_page_token").asText("");
      if (!reply.path("has_more").asBoolean() || next.isEmpty()) {
        break;
      }
    }
    return voices;
  }

  @Override
  public boolean takes(String emotion) {
    return Mood.of(emotion).isPresent();
  }

  @Override
  public Spoken speak(Piece piece) throws StageException {
    ObjectNode body = RecordJson.newObject();
    body.put("text", piece.text());
    body.put("model_id", settings.model());
    String language = told(piece.language());
    if (!language.isEmpty()) {
      body.put(LANGUAGE, language);
    }
    SpeechSettings.Character character = settings.character();
    ObjectNode voice = body.putObject("voice_settings");
    Optional<Mood> mood = Mood.of(piece.emotion());
    // A steady voice is a calm one; style exaggerates.
    int stability = character.stabilityPermille();
    int style = character.stylePermille();
    if (mood.isPresent()) {
      stability = mood.get().moved(stability, -200, 200, 0, 1000);
      style = mood.get().moved(style, 300, -200, 0, 1000);
    }
    boolean v3 = settings.model().startsWith(V3);
    if (v3) {
      stability = (stability + V3_STEP / 2) / V3_STEP * V3_STEP;
    }
    voice.put("stability", stability / 1000.0);
    voice.put("similarity_boost", character.similarityPermille() / 1000.0);
    voice.put("style", style / 1000.0);
    if (piece.speedPermille() != 1000) {
      voice.put("speed", piece.speedPermille() / 1000.0);
    }
    // The voice goes on in the same breath where a long text was cut.
    if (!v3 && !piece.before().isBlank()) {
      String before = piece.before();
      body.put("previous_text", before.substring(Math.max(0, before.length() - CONTEXT_CHARS)));
    }
    if (!v3 && !piece.after().isBlank()) {
      String after = piece.after();
      body.put("next_text", after.substring(0, Math.min(after.length(), CONTEXT_CHARS)));
    }
    HttpUrl url =
        calls
            .url("v1/text-to-speech")
            .addPathSegment(piece.voice())
            .addPathSegment("with-timestamps")
            .addQueryParameter("output_format", "pcm_" + settings.sampleRate())
            .build();
    Reply reply;
    try {
      reply = sent(url, body);
    } catch (StageException e) {
      // Their lists change; a refusal is billed by nobody.
      boolean ofTheLanguage =
          e.code() == FailureCode.PROVIDER_REQUEST_INVALID
              && String.valueOf(e.getMessage()).contains("language");
      if (language.isEmpty() || !ofTheLanguage) {
        throw e;
      }
      body.remove(LANGUAGE);
      reply = sent(url, body);
    }
    JsonNode json = calls.json(reply);
    byte[] samples;
    try {
      samples = Base64.getDecoder().decode(json.path("audio_base64").asText(""));
    } catch (IllegalArgumentException e) {
      throw calls.invalid("its audio is not base64");
    }
    return new Spoken(
        PcmAudio.ofRaw(samples, settings.sampleRate()), words(json.path("alignment")));
  }

  private Reply sent(HttpUrl url, ObjectNode body) throws StageException {
    return calls
        .http()
        .call(
            calls.request(url).post(RequestBody.create(body.toString(), JSON)).build(),
            calls.work());
  }

  /** Words from the times of characters; none if the lists do not belong together. */
  private static List<HeardWord> words(JsonNode alignment) {
    JsonNode characters = alignment.path("characters");
    JsonNode starts = alignment.path("character_start_times_seconds");
    JsonNode ends = alignment.path("character_end_times_seconds");
    List<HeardWord> words = new ArrayList<>();
    if (characters.size() != starts.size() || characters.size() != ends.size()) {
      return words;
    }
    StringBuilder word = new StringBuilder();
    long startUs = 0;
    long endUs = 0;
    for (int i = 0; i < characters.size(); i++) {
      String character = characters.get(i).asText();
      if (!character.isBlank()) {
        if (word.isEmpty()) {
          startUs = micros(starts.get(i));
        }
        word.append(character);
        endUs = micros(ends.get(i));
      } else if (!word.isEmpty()) {
        words.add(new HeardWord(word.toString(), startUs, endUs));
        word.setLength(0);
      }
    }
    if (!word.isEmpty()) {
      words.add(new HeardWord(word.toString(), startUs, endUs));
    }
    return words;
  }

  private static long micros(JsonNode seconds) {
    return Math.round(seconds.asDouble() * 1_000_000);
  }
}
