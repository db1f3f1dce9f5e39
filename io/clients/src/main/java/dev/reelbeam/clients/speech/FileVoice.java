package dev.reelbeam.clients.speech;

import dev.reelbeam.model.failure.FailureCode;
import dev.reelbeam.model.failure.StageException;
import dev.reelbeam.model.port.PortFactory;
import dev.reelbeam.model.port.SpeechModels;
import dev.reelbeam.model.port.SpeechModels.VoiceFacts;
import dev.reelbeam.model.port.SpeechModels.VoiceFile;
import dev.reelbeam.model.port.SpeechSynthesizer.Speeds;
import dev.reelbeam.model.speech.Voice;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.TreeMap;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/**
 * A voice of Piper from files, spoken by this machine.
 *
 * <p>A model with one person has one voice, named like its file; one with several has a voice for
 * each of them, by the names that the model gives.
 */
final class FileVoice extends ConfiguredVoice {
  private static final Speeds SPEEDS = new Speeds(500, 2_000);
  private static final int MAX_CHARS = 2_000;

  private final VoiceFile file;
  private final ModelFile.Print model;
  private final ModelFile.Print config;
  private final SpeechModels models;
  private volatile @Nullable Known known;

  /** What the files say, and the state of them that says so. */
  private record Known(String identity, VoiceFacts facts) {}

  private FileVoice(
      SpeechSettings settings,
      VoiceFile file,
      ModelFile.Print model,
      ModelFile.Print config,
      SpeechModels models) {
    super(settings, MAX_CHARS, SPEEDS);
    this.file = file;
    this.model = model;
    this.config = config;
    this.models = models;
  }

  /**
   * The voice of a settings entry.
   *
   * @param models opened when the files are there, and closed with it
   */
  static FileVoice open(SpeechSettings settings, PortFactory<SpeechModels> models)
      throws StageException {
    VoiceFile file = new VoiceFile(Path.of(settings.model()), Path.of(settings.config()));
    ModelFile.Print model = new ModelFile.Print(file.model());
    ModelFile.Print config = new ModelFile.Print(file.config());
    return new FileVoice(settings, file, model, config, models.open());
  }

  @Override
  public String identity() {
    // Of the files as they are now: a model that was replaced is another voice.
    return String.format(
        Locale.ROOT, "%s:%s/%s/%s", name(), settings.kind(), model.now(), config.now());
  }

  @Override
  public String defaultVoice() {
    return settings.voice().isEmpty() ? fileName() : settings.voice();
  }

  private String fileName() {
    return String.valueOf(file.model().getFileName()).replaceFirst("\\.onnx$", "");
  }

  @Override
  public List<Voice> voices() throws StageException {
    VoiceFacts facts = facts();
    List<Voice> voices = new ArrayList<>();
    if (facts.speakers().isEmpty()) {
      voices.add(voice(fileName(), facts));
    }
    new TreeMap<>(facts.speakers()).keySet().forEach(person -> voices.add(voice(person, facts)));
    return List.copyOf(voices);
  }

  @Override
  public String language(String voice) throws StageException {
    return facts().language();
  }

  private Voice voice(String id, VoiceFacts facts) {
    return new Voice(id, fileName(), facts.language(), "piper", "see its model card");
  }

  @Override
  public Spoken speak(Piece piece) throws StageException {
    byte[] wav = models.speak(file, speaker(piece.voice()), piece.text(), piece.speedPermille());
    try {
      return new Spoken(PcmAudio.parseWav(wav), List.of());
    } catch (IOException e) {
      throw new StageException(
          FailureCode.SPEECH_FAILED, name() + " made audio that cannot be used", e);
    }
  }

  /** -1 for the model's usual person. */
  private int speaker(String voice) throws StageException {
    Integer number = facts().speakers().get(voice);
    if (number == null && voice.equals(fileName())) {
      return -1;
    }
    if (number == null) {
      throw new StageException(
          FailureCode.VOICE_MISSING,
          String.format(
              Locale.ROOT,
              "%s has no voice %s; it has %s",
              name(),
              voice,
              facts().speakers().isEmpty()
                  ? List.of(fileName())
                  : new TreeSet<>(facts().speakers().keySet())));
    }
    return number;
  }

  private VoiceFacts facts() throws StageException {
    String identity = identity();
    Known before = known;
    if (before != null && before.identity().equals(identity)) {
      return before.facts();
    }
    VoiceFacts facts = models.look(file);
    known = new Known(identity, facts);
    return facts;
  }

  @Override
  public void close() {
    models.close();
  }
}
