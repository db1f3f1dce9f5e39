package dev.reelbeam.embedded.speech;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.reelbeam.model.failure.StageException;
import dev.reelbeam.model.json.RecordJson;
import dev.reelbeam.model.port.SpeechModels;
import dev.reelbeam.model.speech.HeardWord;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import java.util.concurrent.atomic.AtomicLong;

/**
 * Models of Piper and Whisper in a speech process of their own, apart from the one of the embedded
 * voices: those have to be there still when a model has crashed for the third time.
 *
 * <p>Threads of less than normal priority have a process of their own, started by one of them: it
 * inherits their priority, and nobody who is in a hurry waits behind them.
 */
public final class LocalSpeechModels implements SpeechModels {
  private static final int USUAL_PACE = 1000;
  private static final int SAMPLES_PER_SECOND_AT_LEAST = 8_000;

  /** Models of gigabytes are read from slow disks. */
  private static final Duration LOADING = Duration.ofMinutes(3);

  private static final Duration PER_CHAR = Duration.ofMillis(150);

  /** For a large model on few cores. */
  private static final int PER_SECOND_HEARD_SECONDS = 20;

  private final VoicesProcess process;
  private final VoicesProcess patientProcess;
  private final ModelCircuit circuit;
  private final AtomicLong heard = new AtomicLong();

  private LocalSpeechModels(
      VoicesProcess process, VoicesProcess patientProcess, ModelCircuit circuit) {
    this.process = process;
    this.patientProcess = patientProcess;
    this.circuit = circuit;
  }

  /**
   * Models that run with the jars of a folder, the same as those of {@link
   * EmbeddedSpeech#withVoices}; nothing is started yet.
   *
   * @throws StageException {@code SPEECH_FAILED} if the folder holds no jars
   */
  public static LocalSpeechModels withVoices(Path voicesClassPathFolder) throws StageException {
    return new LocalSpeechModels(
        VoicesProcess.over(voicesClassPathFolder),
        VoicesProcess.over(voicesClassPathFolder),
        new ModelCircuit(System::nanoTime));
  }

  static LocalSpeechModels over(VoicesProcess process, ModelCircuit circuit) {
    return new LocalSpeechModels(process, process, circuit);
  }

  private VoicesProcess process() {
    return Thread.currentThread().getPriority() < Thread.NORM_PRIORITY ? patientProcess : process;
  }

  @Override
  public VoiceFacts look(VoiceFile voice) throws StageException {
    VoiceConfig config = VoiceConfig.read(voice.config());
    JsonNode unused =
        circuit.call(
            files(voice),
            () -> process().call(request("look", voice, voice.config(), -1), LOADING));
    return config.facts();
  }

  @Override
  public byte[] speak(VoiceFile voice, int speaker, String text, int speedPermille)
      throws StageException {
    VoiceConfig config = VoiceConfig.read(voice.config());
    config.check(speaker);
    Path paced =
        speedPermille == USUAL_PACE
            ? voice.config()
            : process().put(pacedName(voice, speedPermille), config.atPace(speedPermille));
    ObjectNode request = request("speak", voice, paced, speaker);
    request.put("text", text);
    Duration deadline = LOADING.plus(PER_CHAR.multipliedBy(text.length()));
    return circuit.call(files(voice), () -> process().speak(request, deadline)).audio().toBytes();
  }

  private static List<Path> files(VoiceFile voice) {
    return List.of(voice.model(), voice.config());
  }

  private static String pacedName(VoiceFile voice, int speedPermille) {
    byte[] path = voice.config().toString().getBytes(StandardCharsets.UTF_8);
    return "voice-" + UUID.nameUUIDFromBytes(path) + "-" + speedPermille + ".json";
  }

  private static ObjectNode request(String op, VoiceFile voice, Path config, int speaker) {
    return RecordJson.newObject()
        .put("op", op)
        .put("engine", "piper")
        .put("model", absolute(voice.model()))
        .put("config", absolute(config))
        .put("speaker", speaker);
  }

  @Override
  public boolean listens(Path model) throws StageException {
    ObjectNode request =
        RecordJson.newObject()
            .put("op", "look")
            .put("engine", "whisper")
            .put("model", absolute(model));
    return circuit
        .call(List.of(model), () -> process().call(request, LOADING))
        .path("multilingual")
        .asBoolean();
  }

  @Override
  public List<HeardWord> hear(Path model, byte[] wav, String language) throws StageException {
    long seconds = wav.length / 2 / SAMPLES_PER_SECOND_AT_LEAST;
    VoicesProcess listener = process();
    Path file = listener.put("heard-" + heard.incrementAndGet() + ".wav", wav);
    ObjectNode request =
        RecordJson.newObject()
            .put("op", "hear")
            .put("model", absolute(model))
            .put("language", language)
            .put("wav", file.toString());
    List<HeardWord> words = new ArrayList<>();
    Duration deadline = LOADING.plusSeconds(seconds * PER_SECOND_HEARD_SECONDS);
    try {
      JsonNode answer = circuit.call(List.of(model), () -> listener.call(request, deadline));
      for (JsonNode word : answer.path("words")) {
        words.add(
            new HeardWord(
                word.path("text").asText(),
                word.path("start_us").asLong(),
                word.path("end_us").asLong()));
      }
    } finally {
      listener.remove(file);
    }
    return List.copyOf(words);
  }

  /** The child runs in a folder of its own. */
  private static String absolute(Path file) {
    return file.toAbsolutePath().toString();
  }

  @Override
  public void close() {
    process.close();
    patientProcess.close();
  }
}
