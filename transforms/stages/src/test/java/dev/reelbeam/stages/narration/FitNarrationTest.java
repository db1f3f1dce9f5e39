package dev.reelbeam.stages.narration;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import dev.reelbeam.fakes.FakeAssetReader;
import dev.reelbeam.fakes.FakeObjectStore;
import dev.reelbeam.fakes.FakeScriptWriter;
import dev.reelbeam.fakes.FakeSpeechSynthesizer;
import dev.reelbeam.model.content.BlockKind;
import dev.reelbeam.model.content.ContentKind;
import dev.reelbeam.model.content.ContentRecord;
import dev.reelbeam.model.content.ProjectRequest;
import dev.reelbeam.model.content.RecordKey;
import dev.reelbeam.model.content.ReviewPolicy;
import dev.reelbeam.model.content.SourceBlock;
import dev.reelbeam.model.content.VideoSettings;
import dev.reelbeam.model.failure.FailureCode;
import dev.reelbeam.model.failure.StageException;
import dev.reelbeam.model.json.RecordJson;
import dev.reelbeam.model.speech.Narration;
import dev.reelbeam.model.speech.SpokenSentence;
import dev.reelbeam.model.speech.WordTiming;
import dev.reelbeam.model.video.Brand;
import dev.reelbeam.model.video.DurationRange;
import dev.reelbeam.model.video.Variant;
import dev.reelbeam.model.video.VideoType;
import dev.reelbeam.stages.flow.NarratedVideo;
import dev.reelbeam.stages.flow.PlannedVideo;
import dev.reelbeam.stages.flow.Progress;
import dev.reelbeam.stages.flow.Providers;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class FitNarrationTest {
  @TempDir Path folder;
  private FakeObjectStore store = new FakeObjectStore(Path.of("unset"));
  private final FakeSpeechSynthesizer speech = new FakeSpeechSynthesizer();

  @BeforeEach
  void openStore() {
    store = new FakeObjectStore(folder);
  }

  @Test
  void theNarrationHitsTheRangeAndEveryWordLiesInsideItsSentence() throws Exception {
    NarratedVideo narrated = fit(60, 30_000, 60_000, 45_000);

    assertThat(narrated.durationMs()).isBetween(30_000, 60_000);
    Narration narration = RecordJson.read(store.read(narrated.narration()), Narration.class);
    assertThat(narration.rounds()).isLessThanOrEqualTo(FitNarration.MAX_ROUNDS);
    long last = 0;
    for (SpokenSentence sentence : narration.sentences()) {
      assertThat(sentence.startUs()).isGreaterThanOrEqualTo(last);
      for (WordTiming word : sentence.words()) {
        assertThat(word.startUs()).isGreaterThanOrEqualTo(sentence.startUs());
        assertThat(word.endUs()).isLessThanOrEqualTo(sentence.endUs());
        assertThat(sentence.text().substring(word.charStart(), word.charEnd()))
            .isEqualTo(word.text());
      }
      last = sentence.endUs();
    }
    assertThat(narration.durationMs()).isGreaterThan((int) (last / 1000));
  }

  @Test
  void nothingIsSpokenTwice() throws Exception {
    fit(60, 30_000, 60_000, 45_000);
    int calls = speech.calls();

    NarratedVideo again = fit(60, 30_000, 60_000, 45_000);

    assertThat(speech.calls()).isEqualTo(calls);
    assertThat(again.spokenCharacters()).isZero();
  }

  @Test
  void aSourceTooThinIsANumberedFailure() {
    StageException failure =
        catchThrowableOfType(StageException.class, () -> fit(2, 30_000, 60_000, 45_000));
    assertThat(failure.code()).isEqualTo(FailureCode.SOURCE_TOO_THIN);
  }

  @Test
  void aRangeThatSpeechCannotHitIsToldWithTheFigure() {
    StageException failure =
        catchThrowableOfType(StageException.class, () -> fit(60, 31_000, 31_300, 31_150));
    assertThat(failure.code()).isEqualTo(FailureCode.LENGTH_NOT_HIT);
    assertThat(failure.getMessage()).contains("31-31 s are allowed");
  }

  private NarratedVideo fit(int sentences, int minMs, int maxMs, int targetMs)
      throws StageException {
    StringBuilder text = new StringBuilder();
    for (int i = 0; i < sentences; i++) {
      text.append("Sentence number ").append(i).append(" says one more thing. ");
    }
    ContentRecord content =
        new ContentRecord(
            new RecordKey("r", 1),
            null,
            null,
            ContentKind.ARTICLE,
            "en",
            "Title",
            null,
            List.of(),
            List.of(
                new SourceBlock(
                    BlockKind.PARAGRAPH, 0, text.toString().strip(), List.of(), null, -1)),
            List.of(),
            null,
            new ProjectRequest(
                null, List.of(), VideoSettings.DEFAULT, ReviewPolicy.AUTO, "normal", true),
            "file:///");
    Variant variant =
        new Variant(
            "v",
            270,
            480,
            15,
            VideoType.SHORT,
            new DurationRange(minMs, maxMs),
            targetMs,
            List.of("preview"),
            true,
            false,
            1_000_000,
            "libx264",
            "standard");
    FitNarration step =
        new FitNarration(
            new Providers(
                () -> store,
                FakeAssetReader::new,
                FakeScriptWriter::new,
                () -> speech,
                () -> Progress.NONE));
    step.open();
    try {
      return step.apply(
          new PlannedVideo(
              content.key(),
              store.put(RecordJson.canonicalBytes(content), "application/json"),
              "Title",
              VideoSettings.DEFAULT,
              Brand.DEFAULT,
              variant));
    } finally {
      step.close();
    }
  }
}
