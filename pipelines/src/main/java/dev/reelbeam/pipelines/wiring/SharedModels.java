package dev.reelbeam.pipelines.wiring;

import dev.reelbeam.embedded.speech.LocalSpeechModels;
import dev.reelbeam.model.failure.FailureCode;
import dev.reelbeam.model.failure.StageException;
import dev.reelbeam.model.port.SpeechModels;
import dev.reelbeam.model.speech.HeardWord;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * One process for speech models per JVM, however many workers open it: a model is loaded once. It
 * ends when the last one closes it.
 */
final class SharedModels implements SpeechModels {
  private static final Map<Path, Shared> OPEN = new HashMap<>();

  private final Path folder;
  private final SpeechModels models;
  private boolean closed;

  private SharedModels(Path folder, SpeechModels models) {
    this.folder = folder;
    this.models = models;
  }

  /** Opens what the jars of a folder run; nothing is started before the first call. */
  static SpeechModels open(@Nullable Path folder) {
    if (folder == null) {
      return new NoModels();
    }
    synchronized (OPEN) {
      Shared shared = OPEN.get(folder);
      if (shared == null) {
        try {
          shared = new Shared(LocalSpeechModels.withVoices(folder));
        } catch (StageException e) {
          return new NoModels();
        }
        OPEN.put(folder, shared);
      }
      shared.users++;
      return new SharedModels(folder, shared.models);
    }
  }

  @Override
  public VoiceFacts look(VoiceFile voice) throws StageException {
    return models.look(voice);
  }

  @Override
  public byte[] speak(VoiceFile voice, int speaker, String text, int speedPermille)
      throws StageException {
    return models.speak(voice, speaker, text, speedPermille);
  }

  @Override
  public boolean listens(Path model) throws StageException {
    return models.listens(model);
  }

  @Override
  public List<HeardWord> hear(Path model, byte[] wav, String language) throws StageException {
    return models.hear(model, wav, language);
  }

  @Override
  public void close() {
    synchronized (OPEN) {
      Shared shared = OPEN.get(folder);
      if (closed || shared == null) {
        return;
      }
      closed = true;
      shared.users--;
      if (shared.users == 0) {
        OPEN.remove(folder);
        shared.models.close();
      }
    }
  }

  private static final class Shared {
    private final SpeechModels models;
    private int users;

    Shared(SpeechModels models) {
      this.models = models;
    }
  }

  /** Says at every call what is missing, so that other providers can be asked. */
  private static final class NoModels implements SpeechModels {
    @Override
    public VoiceFacts look(VoiceFile voice) throws StageException {
      throw missing();
    }

    @Override
    public byte[] speak(VoiceFile voice, int speaker, String text, int speedPermille)
        throws StageException {
      throw missing();
    }

    @Override
    public boolean listens(Path model) throws StageException {
      throw missing();
    }

    @Override
    public List<HeardWord> hear(Path model, byte[] wav, String language) throws StageException {
      throw missing();
    }

    @Override
    public void close() {
      // Nothing was opened.
    }

    private static StageException missing() {
      return new StageException(
          FailureCode.NATIVE_MISSING,
          "the speech process is not installed; in a clone `./mvnw package` puts it in place");
    }
  }
}
