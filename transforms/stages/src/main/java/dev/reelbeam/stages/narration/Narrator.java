package dev.reelbeam.stages.narration;

import dev.reelbeam.media.composition.FrameClock;
import dev.reelbeam.model.content.FallbackPolicy;
import dev.reelbeam.model.content.Script;
import dev.reelbeam.model.content.ScriptSection;
import dev.reelbeam.model.content.Sentence;
import dev.reelbeam.model.cost.Charge;
import dev.reelbeam.model.cost.CostItem;
import dev.reelbeam.model.failure.Stage;
import dev.reelbeam.model.failure.StageException;
import dev.reelbeam.model.port.SpeechSynthesizer;
import dev.reelbeam.model.speech.Narration;
import dev.reelbeam.model.speech.Speech;
import dev.reelbeam.model.speech.SpeechRequest;
import dev.reelbeam.model.speech.SpokenSentence;
import dev.reelbeam.model.speech.TimesOrigin;
import dev.reelbeam.model.speech.WordTiming;
import dev.reelbeam.model.store.MediaRef;
import dev.reelbeam.model.store.StepKey;
import dev.reelbeam.stages.flow.Artifacts;
import dev.reelbeam.stages.flow.Cashier;
import dev.reelbeam.stages.step.SideBySide;
import java.io.Serializable;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;

/**
 * Speaks scripts by one synthesizer, a sentence at a time or several side by side.
 *
 * <p>Every sentence is spoken once: its audio is stored under its own key, so another round,
 * another variant and a later edit find it.
 *
 * <p>Sentences begin, and the narration ends, on whole frames: an edit then moves what comes later
 * by whole frames, so that everything that is seen with it stays equal and is found.
 */
final class Narrator {
  /** Silence before the first word: the eye arrives before the voice. */
  static final int LEAD_IN_MS = 200;

  static final int SENTENCE_PAUSE_MS = 150;
  static final int SECTION_PAUSE_MS = 330;

  /** After the last word: the end card stands, the music resolves. */
  static final int TAIL_MS = 1_200;

  private final Artifacts artifacts;
  private final Cashier cashier;
  private final SpeechSynthesizer voices;
  private final @Nullable String mood;
  private final Bill bill;

  /**
   * Of one narration.
   *
   * @param mood to speak in, which the synthesizer takes; null for none
   * @param bill gets what the sentences cost
   */
  Narrator(
      Artifacts artifacts,
      Cashier cashier,
      SpeechSynthesizer voices,
      @Nullable String mood,
      Bill bill) {
    this.artifacts = artifacts;
    this.cashier = cashier;
    this.voices = voices;
    this.mood = mood;
    this.bill = bill;
  }

  /**
   * A narration.
   *
   * @param untimed why the times of its words are estimates for now; null if they are not
   */
  record Spoken(Narration narration, @Nullable String untimed) {}

  /**
   * Speaks a script.
   *
   * @param voice one of the synthesizer's own
   * @param round how many drafts there were, this one included
   * @throws StageException why a sentence cannot be spoken; what was spoken before stays stored
   */
  Spoken speak(Script script, String voice, int speedPermille, int round, int frameRate)
      throws StageException {
    List<SpeechRequest> requests = new ArrayList<>();
    for (ScriptSection part : script.sections()) {
      for (Sentence sentence : part.sentences()) {
        requests.add(
            new SpeechRequest(sentence.text(), script.language(), voice, speedPermille, mood));
      }
    }
    Iterator<StoredSpeech> all = speakAll(requests).iterator();
    List<SpokenSentence> spoken = new ArrayList<>();
    TimesOrigin timesFrom = TimesOrigin.ENGINE;
    String untimed = null;
    long cursorUs = onFrame(LEAD_IN_MS * 1000L, frameRate);
    for (int section = 0; section < script.sections().size(); section++) {
      ScriptSection part = script.sections().get(section);
      for (int sentence = 0; sentence < part.sentences().size(); sentence++) {
        if (!spoken.isEmpty()) {
          int pauseMs = sentence == 0 ? SECTION_PAUSE_MS : SENTENCE_PAUSE_MS;
          cursorUs = onFrame(cursorUs + pauseMs * 1000L, frameRate);
        }
        String text = part.sentences().get(sentence).text();
        SpeechRequest request = requests.get(spoken.size());
        StoredSpeech stored = all.next();
        bill.spoken.put(request, stored.charges(request, voices));
        if (stored.timesFrom().compareTo(timesFrom) > 0) {
          timesFrom = stored.timesFrom();
        }
        untimed = untimed == null ? stored.untimed() : untimed;
        long startUs = cursorUs;
        List<WordTiming> words = new ArrayList<>(stored.words().size());
        for (WordTiming word : stored.words()) {
          words.add(
              new WordTiming(
                  word.text(),
                  word.charStart(),
                  word.charEnd(),
                  startUs + word.startUs(),
                  startUs + word.endUs()));
        }
        cursorUs += stored.samples() * 1_000_000L / stored.sampleRate();
        spoken.add(
            new SpokenSentence(
                section,
                sentence,
                text,
                stored.wav(),
                stored.samples(),
                stored.sampleRate(),
                startUs,
                cursorUs,
                List.copyOf(words)));
      }
    }
    int durationMs = (int) ((onFrame(cursorUs + TAIL_MS * 1000L, frameRate) + 500) / 1000);
    return new Spoken(
        new Narration(List.copyOf(spoken), voice, speedPermille, round, durationMs, timesFrom),
        untimed);
  }

  /**
   * Sentences in their order, as many at once as the provider takes; after one that fails, none is
   * begun any more.
   */
  private List<StoredSpeech> speakAll(List<SpeechRequest> requests) throws StageException {
    List<StoredSpeech> spoken = new ArrayList<>();
    int threads = Math.min(voices.parallel(), requests.size());
    if (threads <= 1) {
      for (SpeechRequest request : requests) {
        spoken.add(speakOnce(request));
      }
      return spoken;
    }
    AtomicReference<@Nullable StageException> failed = new AtomicReference<>();
    List<Callable<StoredSpeech>> calls = new ArrayList<>();
    for (SpeechRequest request : requests) {
      calls.add(
          () -> {
            StageException before = failed.get();
            if (before != null) {
              throw before;
            }
            try {
              return speakOnce(request);
            } catch (StageException e) {
              failed.compareAndSet(null, e);
              throw e;
            }
          });
    }
    ExecutorService pool = SideBySide.pool(threads, "reelbeam-speech");
    try {
      for (SideBySide.Result<StoredSpeech> result : SideBySide.all(calls, pool)) {
        spoken.add(result.get());
      }
    } finally {
      pool.shutdownNow();
    }
    return spoken;
  }

  /** The start of the nearest whole frame: a pause is longer or shorter by half a frame at most. */
  private static long onFrame(long us, int frameRate) {
    return FrameClock.startUs(FrameClock.nearest(us, frameRate), frameRate);
  }

  /**
   * Speech of one sentence as it is stored.
   *
   * @param billed what it was billed as; null where an earlier release stored it
   * @param untimed why its word times are an estimate for now; what is stored has none
   */
  record StoredSpeech(
      MediaRef wav,
      int samples,
      int sampleRate,
      List<WordTiming> words,
      TimesOrigin timesFrom,
      @Nullable List<Charge> billed,
      @Nullable String untimed)
      implements Serializable {
    StoredSpeech {
      // Stored by earlier releases, whose only engine timed its words itself.
      timesFrom = timesFrom == null ? TimesOrigin.ENGINE : timesFrom;
    }

    List<Charge> charges(SpeechRequest request, SpeechSynthesizer by) {
      return billed == null
          ? by.charges(request, samples * 1000L / Math.max(1, sampleRate))
          : billed;
    }
  }

  private StoredSpeech speakOnce(SpeechRequest request) throws StageException {
    StepKey key = StepKey.of("speak-sentence", 1, request, voices.identity(request.language()));
    StoredSpeech stored =
        artifacts
            .record(
                Stage.FIT_NARRATION,
                "sentence",
                key,
                StoredSpeech.class,
                () -> {
                  StoredSpeech made =
                      cashier.pay(
                          bill.planned,
                          bill.site,
                          CostItem.SPEECH,
                          till ->
                              stored(
                                  timed(
                                      voices
                                          .paying(till)
                                          .keeping(artifacts.store())
                                          .synthesize(request)),
                                  till));
                  bill.spokenCharacters.addAndGet(request.text().length());
                  return made;
                },
                // What was spoken is kept; its words are timed the next time.
                made -> made.untimed() == null)
            .value();
    bill.heard.put(request, stored.charges(request, voices));
    return stored;
  }

  /**
   * Where nobody may stand in, no estimate stands in for exact word times either.
   *
   * @throws StageException of whoever was to time the words
   */
  private Speech timed(Speech speech) throws StageException {
    StageException untimed = speech.untimed();
    if (untimed != null && bill.planned.settings().standIns() == FallbackPolicy.NONE) {
      throw untimed;
    }
    return speech;
  }

  private StoredSpeech stored(Speech speech, Cashier.Till till) {
    StageException untimed = speech.untimed();
    return new StoredSpeech(
        artifacts.store().put(speech.wav(), "audio/wav"),
        speech.samples(),
        speech.sampleRate(),
        speech.words(),
        speech.timesFrom(),
        till.bill(),
        untimed == null ? null : untimed.describe());
  }
}
