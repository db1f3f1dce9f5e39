package dev.reelbeam.fakes;

import dev.reelbeam.model.failure.FailureCode;
import dev.reelbeam.model.failure.StageException;
import dev.reelbeam.model.port.SpeechModels;
import dev.reelbeam.model.speech.HeardWord;
import dev.reelbeam.model.speech.Speech;
import dev.reelbeam.model.speech.SpeechRequest;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * Speech models that hum like {@link FakeSpeechSynthesizer} and hear each word of it again: of what
 * was hummed the text that is as long as what they hear. A model file that does not exist is
 * unusable; what is in it does not matter. Counts those who have not closed it.
 */
public final class FakeSpeechModels implements SpeechModels {
  private final Map<String, Integer> speakers;
  private final FakeSpeechSynthesizer voice = new FakeSpeechSynthesizer();
  private final AtomicInteger users = new AtomicInteger();
  private final List<Speech> spoken = new CopyOnWriteArrayList<>();

  /**
   * Models in which these persons speak.
   *
   * @param speakers numbers by names; empty for a voice of one person
   */
  public FakeSpeechModels(Map<String, Integer> speakers) {
    this.speakers = Map.copyOf(speakers);
  }

  @Override
  public VoiceFacts look(VoiceFile file) throws StageException {
    check(file.model());
    return new VoiceFacts(FakeVoiceModel.SAMPLE_RATE, "en-US", speakers);
  }

  @Override
  public byte[] speak(VoiceFile file, int speaker, String text, int speedPermille)
      throws StageException {
    check(file.model());
    Speech speech = voice.synthesize(new SpeechRequest(text, "en", "default", speedPermille));
    spoken.add(speech);
    return speech.wav();
  }

  @Override
  public boolean listens(Path model) throws StageException {
    check(model);
    return true;
  }

  @Override
  public List<HeardWord> hear(Path model, byte[] wav, String language) throws StageException {
    check(model);
    // Silence at its ends may have been cut off since it was spoken.
    return spoken.stream()
        .min(Comparator.comparingInt(each -> Math.abs(each.wav().length - wav.length)))
        .map(Speech::words)
        .orElse(List.of())
        .stream()
        .map(word -> new HeardWord(word.text(), word.startUs(), word.endUs()))
        .toList();
  }

  private static void check(Path model) throws StageException {
    if (!Files.exists(model)) {
      throw new StageException(FailureCode.MODEL_UNUSABLE, "'" + model + "' is not there");
    }
  }

  /** The same for another user. */
  public FakeSpeechModels opened() {
    users.incrementAndGet();
    return this;
  }

  /** How many have opened it and not closed it. */
  public int users() {
    return users.get();
  }

  @Override
  public void close() {
    users.decrementAndGet();
  }
}
