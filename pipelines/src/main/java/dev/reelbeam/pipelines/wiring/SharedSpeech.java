package dev.reelbeam.pipelines.wiring;

import dev.reelbeam.embedded.speech.EmbeddedSpeech;
import dev.reelbeam.model.failure.FailureCode;
import dev.reelbeam.model.failure.StageException;
import dev.reelbeam.model.port.SpeechSynthesizer;
import dev.reelbeam.model.speech.Speech;
import dev.reelbeam.model.speech.SpeechRequest;
import dev.reelbeam.model.speech.Voice;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * One speech process per JVM, however many workers open it: loading an engine takes seconds and
 * hundreds of megabytes. It ends when the last one closes it.
 */
final class SharedSpeech implements SpeechSynthesizer {
  private static final Map<Path, Shared> OPEN = new HashMap<>();

  private final Path folder;
  private final SpeechSynthesizer speech;
  private boolean closed;

  private SharedSpeech(Path folder, SpeechSynthesizer speech) {
    this.folder = folder;
    this.speech = speech;
  }

  /** Opens the voices of a folder; nothing is started before the first call. */
  static SpeechSynthesizer open(@Nullable Path folder) {
    if (folder == null) {
      return new NoSpeech();
    }
    synchronized (OPEN) {
      Shared shared = OPEN.get(folder);
      if (shared == null) {
        try {
          shared = new Shared(EmbeddedSpeech.withVoices(folder));
        } catch (StageException e) {
          return new NoSpeech();
        }
        OPEN.put(folder, shared);
      }
      shared.users++;
      return new SharedSpeech(folder, shared.speech);
    }
  }

  @Override
  public String identity() {
    return speech.identity();
  }

  @Override
  public List<Voice> voices() throws StageException {
    return speech.voices();
  }

  @Override
  public String resolveVoice(String voiceId, String language) throws StageException {
    return speech.resolveVoice(voiceId, language);
  }

  @Override
  public Speech synthesize(SpeechRequest request) throws StageException {
    return speech.synthesize(request);
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
        shared.speech.close();
      }
    }
  }

  private static final class Shared {
    private final SpeechSynthesizer speech;
    private int users;

    Shared(SpeechSynthesizer speech) {
      this.speech = speech;
    }
  }

  /** Says at every call what is missing, so that a run without speech still finds old results. */
  private static final class NoSpeech implements SpeechSynthesizer {
    @Override
    public String identity() {
      return "no-speech";
    }

    @Override
    public List<Voice> voices() throws StageException {
      throw missing();
    }

    @Override
    public String resolveVoice(String voiceId, String language) throws StageException {
      throw missing();
    }

    @Override
    public Speech synthesize(SpeechRequest request) throws StageException {
      throw missing();
    }

    @Override
    public void close() {
      // Nothing was opened.
    }

    private static StageException missing() {
      return new StageException(
          FailureCode.SPEECH_FAILED,
          "the voices are not installed; in a clone `./mvnw package` puts them in place");
    }
  }
}
