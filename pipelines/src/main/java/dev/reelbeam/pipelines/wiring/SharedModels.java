package dev.reelbeam.pipelines.wiring;

import dev.reelbeam.clients.shared.OneForAll;
import dev.reelbeam.embedded.speech.LocalSpeechModels;
import dev.reelbeam.model.failure.FailureCode;
import dev.reelbeam.model.failure.StageException;
import dev.reelbeam.model.port.SpeechModels;
import dev.reelbeam.model.speech.HeardWord;
import java.nio.file.Path;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * One process for speech models per JVM, however many workers open it: a model is loaded once. It
 * ends when the last one closes it.
 */
final class SharedModels implements SpeechModels {
  private static final OneForAll<Path, SpeechModels, StageException> ALL =
      new OneForAll<>(LocalSpeechModels::withVoices, SpeechModels::close);

  private final OneForAll<Path, SpeechModels, StageException>.Share share;

  private SharedModels(OneForAll<Path, SpeechModels, StageException>.Share share) {
    this.share = share;
  }

  /** Opens what the jars of a folder run; nothing is started before the first call. */
  static SpeechModels open(@Nullable Path folder) {
    if (folder == null) {
      return new NoModels();
    }
    try {
      return new SharedModels(ALL.share(folder));
    } catch (StageException e) {
      return new NoModels();
    }
  }

  @Override
  public VoiceFacts look(VoiceFile voice) throws StageException {
    return share.it().look(voice);
  }

  @Override
  public byte[] speak(VoiceFile voice, int speaker, String text, int speedPermille)
      throws StageException {
    return share.it().speak(voice, speaker, text, speedPermille);
  }

  @Override
  public boolean listens(Path model) throws StageException {
    return share.it().listens(model);
  }

  @Override
  public List<HeardWord> hear(Path model, byte[] wav, String language) throws StageException {
    return share.it().hear(model, wav, language);
  }

  @Override
  public void close() {
    share.close();
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
