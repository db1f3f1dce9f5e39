package dev.reelbeam.pipelines.wiring;

import dev.reelbeam.clients.shared.OneForAll;
import dev.reelbeam.embedded.speech.EmbeddedSpeech;
import dev.reelbeam.model.failure.FailureCode;
import dev.reelbeam.model.failure.StageException;
import dev.reelbeam.model.port.SpeechSynthesizer;
import dev.reelbeam.model.speech.Speech;
import dev.reelbeam.model.speech.SpeechRequest;
import dev.reelbeam.model.speech.Voice;
import java.nio.file.Path;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * One speech process per JVM, however many workers open it: loading an engine takes seconds and
 * hundreds of megabytes. It ends when the last one closes it.
 */
final class SharedSpeech implements SpeechSynthesizer {
  private static final OneForAll<Path, SpeechSynthesizer, StageException> ALL =
      new OneForAll<>(EmbeddedSpeech::withVoices, SpeechSynthesizer::close);

  private final OneForAll<Path, SpeechSynthesizer, StageException>.Share share;

  private SharedSpeech(OneForAll<Path, SpeechSynthesizer, StageException>.Share share) {
    this.share = share;
  }

  /** Opens the voices of a folder; nothing is started before the first call. */
  static SpeechSynthesizer open(@Nullable Path folder) {
    if (folder == null) {
      return new NoSpeech();
    }
    try {
      return new SharedSpeech(ALL.share(folder));
    } catch (StageException e) {
      return new NoSpeech();
    }
  }

  @Override
  public String identity() {
    return share.it().identity();
  }

  @Override
  public List<Voice> voices() throws StageException {
    return share.it().voices();
  }

  @Override
  public String resolveVoice(String voiceId, String language) throws StageException {
    return share.it().resolveVoice(voiceId, language);
  }

  @Override
  public boolean speaks(String voiceId, String language) {
    return share.it().speaks(voiceId, language);
  }

  @Override
  public Speeds speeds() {
    return share.it().speeds();
  }

  @Override
  public Speech synthesize(SpeechRequest request) throws StageException {
    return share.it().synthesize(request);
  }

  @Override
  public void close() {
    share.close();
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
