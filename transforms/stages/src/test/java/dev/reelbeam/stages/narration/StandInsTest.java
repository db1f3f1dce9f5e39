package dev.reelbeam.stages.narration;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import dev.reelbeam.fakes.FakeAssetReader;
import dev.reelbeam.fakes.FakeObjectStore;
import dev.reelbeam.fakes.FakeProjectLedger;
import dev.reelbeam.fakes.FakeScriptWriter;
import dev.reelbeam.fakes.FakeSpeechSynthesizer;
import dev.reelbeam.model.content.BlockKind;
import dev.reelbeam.model.content.ContentKind;
import dev.reelbeam.model.content.ContentRecord;
import dev.reelbeam.model.content.FallbackPolicy;
import dev.reelbeam.model.content.ProjectRequest;
import dev.reelbeam.model.content.RecordKey;
import dev.reelbeam.model.content.ReviewPolicy;
import dev.reelbeam.model.content.Script;
import dev.reelbeam.model.content.SeoMetadata;
import dev.reelbeam.model.content.SourceBlock;
import dev.reelbeam.model.content.VideoSettings;
import dev.reelbeam.model.failure.FailureCode;
import dev.reelbeam.model.failure.StageException;
import dev.reelbeam.model.json.RecordJson;
import dev.reelbeam.model.port.ScriptRequest;
import dev.reelbeam.model.port.ScriptWriter;
import dev.reelbeam.model.project.Decision;
import dev.reelbeam.model.project.Gate;
import dev.reelbeam.model.video.Brand;
import dev.reelbeam.model.video.DurationRange;
import dev.reelbeam.model.video.Platform;
import dev.reelbeam.model.video.Variant;
import dev.reelbeam.model.video.VideoType;
import dev.reelbeam.stages.flow.Handling;
import dev.reelbeam.stages.flow.NarratedVideo;
import dev.reelbeam.stages.flow.PlannedVideo;
import dev.reelbeam.stages.flow.Progress;
import dev.reelbeam.stages.flow.Providers;
import dev.reelbeam.stages.review.Subject;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What becomes of a script that another writer wrote than the one that should have. */
class StandInsTest {
  private static final ReviewPolicy FALLBACK = new ReviewPolicy("fallback", "auto", "auto", "auto");

  @TempDir Path folder;
  private FakeObjectStore store = new FakeObjectStore(Path.of("unset"));
  private final Paid paid = new Paid();
  private final FakeProjectLedger ledger = new FakeProjectLedger();
  private VideoSettings settings = VideoSettings.DEFAULT;
  private boolean again;

  @BeforeEach
  void openStore() {
    store = new FakeObjectStore(folder);
  }

  @Test
  void aStandInsScriptIsToldAndThePreferredWriterIsAskedAgain() throws Exception {
    paid.down = true;
    NarratedVideo standIn = fit(1, ReviewPolicy.AUTO);
    assertThat(writer(standIn)).isEqualTo("fake-script-1");
    assertThat(standIn.fallbacks())
        .singleElement()
        .asString()
        .startsWith("script: fake-script-1 instead of paid (")
        .contains("PROVIDER_DOWN");

    paid.down = false;
    NarratedVideo own = fit(1, ReviewPolicy.AUTO);
    assertThat(writer(own)).isEqualTo("paid/1");
    assertThat(own.fallbacks()).isEmpty();

    int calls = paid.calls;
    assertThat(fit(1, ReviewPolicy.AUTO).script()).isEqualTo(own.script());
    assertThat(paid.calls).describedAs("what is kept is found").isEqualTo(calls);
  }

  @Test
  void aGateForFallbacksHoldsItAndWhatIsApprovedIsWhatGoesOn() throws Exception {
    paid.down = true;
    NarratedVideo standIn = fit(1, FALLBACK);
    assertThat(Subject.script().mode(standIn).manual()).isTrue();

    paid.down = false;
    assertThat(fit(1, FALLBACK).script()).isEqualTo(standIn.script());

    // Whoever asks for another one gets the preferred writer's.
    NarratedVideo own = fit(2, FALLBACK);
    assertThat(writer(own)).isEqualTo("paid/1");
    assertThat(Subject.script().mode(own).manual()).isFalse();
  }

  @Test
  void whatWasApprovedOutlivesARetryAndAnEditElsewhere() throws Exception {
    paid.down = true;
    NarratedVideo standIn = fit(1, FALLBACK);
    Decision unused =
        ledger.decide(
            new Decision(
                "r", Gate.SCRIPT, standIn.script().sha256(), true, "e1", "editor", 1, null, 1));
    paid.down = false;
    int asked = paid.calls;

    NarratedVideo later = fit(3, FALLBACK);
    again = true;
    NarratedVideo retried = fit(4, FALLBACK);

    assertThat(later.script()).isEqualTo(standIn.script());
    assertThat(later.narration()).isEqualTo(standIn.narration());
    assertThat(retried.script()).isEqualTo(standIn.script());
    assertThat(paid.calls).isEqualTo(asked);
  }

  @Test
  void whatWasRejectedIsWrittenAnewInTheNextEpoch() throws Exception {
    paid.down = true;
    NarratedVideo standIn = fit(1, FALLBACK);
    Decision unused =
        ledger.decide(
            new Decision(
                "r", Gate.SCRIPT, standIn.script().sha256(), false, "e1", "editor", 1, null, 1));
    paid.down = false;

    assertThat(writer(fit(2, FALLBACK))).isEqualTo("paid/1");
  }

  @Test
  void aRecordThatAllowsNoStandInEndsWithTheProvidersOwnLetter() throws Exception {
    paid.down = true;
    for (FallbackPolicy policy : List.of(FallbackPolicy.NONE, FallbackPolicy.PROVIDERS)) {
      settings = VideoSettings.DEFAULT.withFallback(policy);
      assertThat(catchThrowableOfType(StageException.class, () -> fit(1, ReviewPolicy.AUTO)).code())
          .isEqualTo(FailureCode.PROVIDER_DOWN);
    }
    paid.down = false;
    assertThat(writer(fit(1, ReviewPolicy.AUTO))).isEqualTo("paid/1");
  }

  private String writer(NarratedVideo narrated) {
    return RecordJson.read(store.read(narrated.script()), Script.class).writer();
  }

  private NarratedVideo fit(int epoch, ReviewPolicy review) throws Exception {
    StringBuilder text = new StringBuilder();
    for (int i = 0; i < 60; i++) {
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
            new ProjectRequest(null, List.of(), VideoSettings.DEFAULT, review, "normal", true),
            "file:///");
    Variant variant =
        new Variant(
            "v",
            270,
            480,
            15,
            VideoType.SHORT,
            new DurationRange(30_000, 60_000),
            45_000,
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
                    () -> new Chain(paid, new FakeScriptWriter()),
                    FakeSpeechSynthesizer::new,
                    () -> Progress.NONE)
                .withProjects(() -> ledger),
            again);
    step.open();
    try {
      return step.apply(
          new PlannedVideo(
              content.key(),
              store.put(RecordJson.canonicalBytes(content), "application/json"),
              content.title(),
              settings,
              Brand.DEFAULT,
              variant,
              null,
              Map.of(),
              new Handling(epoch, review, "normal")));
    } finally {
      step.close();
    }
  }

  /** Writes like the other, under its own name, when it is there. */
  private static final class Paid implements ScriptWriter {
    private boolean down;
    private int calls;

    @Override
    public String identity() {
      return "paid/1";
    }

    @Override
    public boolean calls() {
      return true;
    }

    @Override
    public Script write(ContentRecord record, ScriptRequest request) throws StageException {
      calls++;
      if (down) {
        throw new StageException(FailureCode.PROVIDER_DOWN, "nobody answers");
      }
      Script script = new FakeScriptWriter().write(record, request);
      return new Script(
          script.sections(), script.language(), 1, identity(), Map.of(), request.hookStyle());
    }

    @Override
    public SeoMetadata describe(ContentRecord record, Script script, Platform platform) {
      return new FakeScriptWriter().describe(record, script, platform);
    }
  }

  /** The order of a settings file. */
  private record Chain(ScriptWriter first, ScriptWriter second) implements ScriptWriter {
    @Override
    public String identity() {
      return first.identity() + " > " + second.identity();
    }

    @Override
    public String preferred() {
      return first.preferred();
    }

    @Override
    public boolean calls() {
      return true;
    }

    @Override
    public Script write(ContentRecord record, ScriptRequest request) throws StageException {
      return write(record, request, Drafts.NONE);
    }

    @Override
    public Script write(ContentRecord record, ScriptRequest request, Drafts drafts)
        throws StageException {
      try {
        return first.write(record, request, drafts);
      } catch (StageException e) {
        drafts.failed(first, e);
        return second.write(record, request, drafts);
      }
    }

    @Override
    public SeoMetadata describe(ContentRecord record, Script script, Platform platform)
        throws StageException {
      return second.describe(record, script, platform);
    }
  }
}
