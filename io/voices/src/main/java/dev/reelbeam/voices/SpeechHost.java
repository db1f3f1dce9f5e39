package dev.reelbeam.voices;

import java.io.BufferedReader;
import java.io.FileDescriptor;
import java.io.FileOutputStream;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/**
 * The speech process: reads requests from standard input, writes one answer per request to standard
 * output, both as JSON lines, and ends when its input closes.
 *
 * <pre>
 * {"id":1,"op":"voices"}
 * {"id":2,"op":"speak","engine":"marytts","voice":"cmu-slt-hsmm","language":"en",
 *  "text":"Hello.","speed_permille":1000,"wav":"/path/out.wav"}
 * {"id":3,"op":"speak","engine":"piper","model":"/path/voice.onnx","config":"/path/voice.json",
 *  "speaker":0,"text":"Hello.","wav":"/path/out.wav"}
 * {"id":4,"op":"look","engine":"piper","model":"/path/voice.onnx","config":"/path/voice.json"}
 * {"id":5,"op":"look","engine":"whisper","model":"/path/ggml-base.bin"}
 * {"id":6,"op":"hear","model":"/path/ggml-base.bin","language":"en","wav":"/path/in.wav"}
 *
 * {"id":2,"ok":true,"sample_rate":48000,"samples":n,
 *  "words":[{"text":"Hello","char_start":0,"char_end":5,"start_us":0,"end_us":480000}]}
 * {"id":2,"ok":false,"code":"no_voice","message":"..."}
 * {"id":4,"ok":true,"sample_rate":22050}
 * {"id":5,"ok":true,"multilingual":true}
 * {"id":6,"ok":true,"words":[{"text":"Hello","start_us":0,"end_us":480000}]}
 * </pre>
 *
 * <p>Codes: {@code bad_request}, {@code no_voice}, {@code bad_model}, {@code no_library}, {@code
 * engine_failed}, {@code write_failed}, and {@code full} for a request that a fresh process serves.
 */
public final class SpeechHost {
  /** A longer text is a mistake of the caller: narration is spoken sentence by sentence. */
  private static final int MAX_TEXT_CHARS = 20_000;

  private static final int MIN_SPEED_PERMILLE = 250;
  private static final int MAX_SPEED_PERMILLE = 4000;

  private final Map<String, Engine> engines;
  private final PiperEngine piper = new PiperEngine();
  private final WhisperEngine whisper = new WhisperEngine();

  private SpeechHost(Map<String, Engine> engines) {
    this.engines = engines;
  }

  /** Serves until standard input closes. */
  public static void main(String[] args) throws IOException {
    PrintStream answers =
        new PrintStream(
            new FileOutputStream(FileDescriptor.out),
            /* autoFlush= */ true,
            StandardCharsets.UTF_8);
    // The engines print as they please; standard output carries answers and nothing else.
    System.setOut(System.err);
    SpeechHost host =
        new SpeechHost(
            Map.of(MaryEngine.NAME, new MaryEngine(), EspeakEngine.NAME, new EspeakEngine()));
    BufferedReader requests =
        new BufferedReader(new InputStreamReader(System.in, StandardCharsets.UTF_8));
    for (String line = requests.readLine(); line != null; line = requests.readLine()) {
      if (!line.isBlank()) {
        answers.print(host.answer(line) + "\n");
        answers.flush();
      }
    }
    // Engine threads that are still alive must not keep an orphan running.
    System.exit(0);
  }

  private String answer(String line) throws IOException {
    long id = -1;
    try {
      Wire.Request request = Wire.parse(line);
      id = request.id();
      switch (request.op()) {
        case "voices":
          return Wire.voices(id, voices());
        case "speak":
          return speak(request);
        case "look":
          return look(request);
        case "hear":
          return hear(request);
        default:
          return Wire.failure(id, "bad_request", "unknown op " + request.op());
      }
    } catch (EngineException e) {
      return Wire.failure(id, e.code(), String.valueOf(e.getMessage()));
    } catch (IOException e) {
      return Wire.failure(id, "bad_request", String.valueOf(e.getMessage()));
    }
  }

  private List<VoiceInfo> voices() throws EngineException {
    List<VoiceInfo> voices = new ArrayList<>();
    for (String name : List.of(MaryEngine.NAME, EspeakEngine.NAME)) {
      Engine engine = engines.get(name);
      if (engine != null) {
        voices.addAll(engine.voices());
      }
    }
    return voices;
  }

  private String speak(Wire.Request request) throws IOException, EngineException {
    long id = request.id();
    boolean ofFile = request.engine().equals(PiperEngine.NAME);
    Engine engine = engines.get(request.engine());
    if (engine == null && !ofFile) {
      return Wire.failure(id, "no_voice", "unknown engine " + request.engine());
    }
    if (request.text().isBlank() || request.text().length() > MAX_TEXT_CHARS) {
      return Wire.failure(
          id, "bad_request", "text must have 1 to " + MAX_TEXT_CHARS + " characters");
    }
    if (request.speedPermille() < MIN_SPEED_PERMILLE
        || request.speedPermille() > MAX_SPEED_PERMILLE) {
      return Wire.failure(
          id,
          "bad_request",
          "speed_permille must be " + MIN_SPEED_PERMILLE + " to " + MAX_SPEED_PERMILLE);
    }
    Utterance utterance =
        engine == null
            ? piper.speak(PiperEngine.Model.of(request), request.text())
            : engine.speak(request.voice(), request.text(), request.speedPermille());
    try {
      WavFile.write(Path.of(request.wav()), utterance);
    } catch (IOException | InvalidPathException e) {
      return Wire.failure(id, "write_failed", "cannot write the audio: " + e);
    }
    return Wire.spoken(id, utterance);
  }

  private String look(Wire.Request request) throws IOException, EngineException {
    return switch (request.engine()) {
      case PiperEngine.NAME ->
          Wire.voice(request.id(), piper.sampleRate(PiperEngine.Model.of(request)));
      case WhisperEngine.NAME ->
          Wire.listener(request.id(), whisper.multilingual(Path.of(request.model())));
      default -> Wire.failure(request.id(), "no_voice", "unknown engine " + request.engine());
    };
  }

  private String hear(Wire.Request request) throws IOException, EngineException {
    Utterance said;
    try {
      said = WavFile.read(Path.of(request.wav()));
    } catch (IOException | InvalidPathException e) {
      return Wire.failure(request.id(), "bad_request", "cannot read the audio: " + e);
    }
    return Wire.heard(
        request.id(), whisper.hear(Path.of(request.model()), said, request.language()));
  }
}
