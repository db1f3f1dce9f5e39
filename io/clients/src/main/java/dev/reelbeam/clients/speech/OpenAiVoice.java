package dev.reelbeam.clients.speech;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.reelbeam.clients.http.Reply;
import dev.reelbeam.model.failure.StageException;
import dev.reelbeam.model.json.RecordJson;
import dev.reelbeam.model.port.SpeechSynthesizer.Speeds;
import dev.reelbeam.model.speech.Voice;
import java.util.List;
import okhttp3.MediaType;
import okhttp3.Request;
import okhttp3.RequestBody;

/**
 * A voice behind {@code POST /audio/speech}: OpenAI, and the servers that speak like it. It gives
 * no word times.
 *
 * <p>WAV is asked for by default: a cut in it shows, and it tells its own rate. What a server sends
 * instead of the format it was asked for is refused.
 */
final class OpenAiVoice extends ConfiguredVoice {
  private static final MediaType JSON = MediaType.get("application/json");
  private static final int MAX_CHARS = 4_096;
  private static final Speeds SPEEDS = new Speeds(250, 4_000);

  private final SpeechCalls calls;

  OpenAiVoice(SpeechSettings settings, SpeechCalls calls) {
    super(settings, MAX_CHARS, SPEEDS);
    this.calls = calls;
  }

  @Override
  public String identity() {
    return settings.name()
        + ":"
        + settings.model()
        + (settings.instructions().isEmpty()
            ? ""
            : "/instructions-" + SpeechSettings.fingerprint(settings.instructions()))
        + (settings.format().equals("wav") ? "" : "/" + settings.format() + settings.sampleRate());
  }

  @Override
  public List<Voice> voices() {
    // There is no list to be asked for: a server takes names that its pages tell.
    return List.of(
        new Voice(settings.voice(), settings.voice(), "mul", settings.model(), settings.name()));
  }

  /** The models of tts-1 take no instructions. */
  @Override
  public boolean takes(String emotion) {
    return !settings.model().startsWith("tts-1");
  }

  @Override
  public Spoken speak(Piece piece) throws StageException {
    ObjectNode body = RecordJson.newObject();
    body.put("model", settings.model());
    body.put("input", piece.text());
    if (piece.voice().startsWith("voice_")) {
      // A voice of the account's own goes by its id.
      body.putObject("voice").put("id", piece.voice());
    } else {
      body.put("voice", piece.voice());
    }
    body.put("response_format", settings.format());
    if (piece.speedPermille() != 1000) {
      body.put("speed", piece.speedPermille() / 1000.0);
    }
    String instructions = settings.instructions();
    if (!piece.emotion().isEmpty()) {
      instructions =
          (instructions.isEmpty() ? "" : instructions + "\n") + "Mood: " + piece.emotion() + ".";
    }
    if (!instructions.isEmpty()) {
      body.put("instructions", instructions);
    }
    Request request =
        calls.request("audio/speech").post(RequestBody.create(body.toString(), JSON)).build();
    // One that was cut off leaves nothing that could be found again, and may be billed.
    Reply reply = calls.http().call(request, calls.work());
    return new Spoken(
        settings.format().equals("pcm")
            ? calls.raw(reply, settings.sampleRate())
            : calls.wav(reply),
        List.of());
  }
}
