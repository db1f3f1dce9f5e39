package dev.reelbeam.clients.speech;

import dev.reelbeam.model.failure.StageException;
import dev.reelbeam.model.port.PortFactory;
import dev.reelbeam.model.port.SpeechModels;
import dev.reelbeam.model.speech.HeardWord;
import java.nio.file.Path;
import java.util.List;

/** Word times by a model of Whisper in a file, which this machine runs. */
final class FileTranscriber implements Transcriber {
  private final Path model;
  private final ModelFile.Print print;
  private final SpeechModels models;

  private FileTranscriber(Path model, ModelFile.Print print, SpeechModels models) {
    this.model = model;
    this.print = print;
    this.models = models;
  }

  /**
   * A listener with this model.
   *
   * @param models opened when the file is there, and closed with it
   */
  static FileTranscriber open(Path model, PortFactory<SpeechModels> models) throws StageException {
    return new FileTranscriber(model, new ModelFile.Print(model), models.open());
  }

  @Override
  public String identity() {
    return "whisper-file:" + model.getFileName() + "/" + print.now();
  }

  @Override
  public List<HeardWord> hear(PcmAudio audio, String language) throws StageException {
    return models.hear(model, audio.toWav(), language);
  }

  @Override
  public void close() {
    models.close();
  }
}
