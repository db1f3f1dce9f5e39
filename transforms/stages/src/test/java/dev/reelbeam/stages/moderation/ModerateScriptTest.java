package dev.reelbeam.stages.moderation;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;
import static org.assertj.core.api.Assertions.tuple;

import dev.reelbeam.fakes.FakeAssetReader;
import dev.reelbeam.fakes.FakeObjectStore;
import dev.reelbeam.fakes.FakeScriptWriter;
import dev.reelbeam.fakes.FakeSpeechSynthesizer;
import dev.reelbeam.model.content.BlockKind;
import dev.reelbeam.model.content.ContentKind;
import dev.reelbeam.model.content.ContentRecord;
import dev.reelbeam.model.content.PlannedScene;
import dev.reelbeam.model.content.ProjectRequest;
import dev.reelbeam.model.content.RecordKey;
import dev.reelbeam.model.content.ReviewPolicy;
import dev.reelbeam.model.content.Script;
import dev.reelbeam.model.content.ScriptSection;
import dev.reelbeam.model.content.SectionRole;
import dev.reelbeam.model.content.Sentence;
import dev.reelbeam.model.content.SourceBlock;
import dev.reelbeam.model.content.VideoSettings;
import dev.reelbeam.model.failure.FailureCode;
import dev.reelbeam.model.failure.StageException;
import dev.reelbeam.model.json.RecordJson;
import dev.reelbeam.model.moderation.Finding;
import dev.reelbeam.model.moderation.ModerationReport;
import dev.reelbeam.model.moderation.ModerationRequest;
import dev.reelbeam.model.moderation.Verdict;
import dev.reelbeam.model.port.Moderator;
import dev.reelbeam.model.store.MediaRef;
import dev.reelbeam.model.video.Brand;
import dev.reelbeam.model.video.DurationRange;
import dev.reelbeam.model.video.Variant;
import dev.reelbeam.model.video.VideoType;
import dev.reelbeam.stages.flow.Handling;
import dev.reelbeam.stages.flow.NarratedVideo;
import dev.reelbeam.stages.flow.PlannedVideo;
import dev.reelbeam.stages.flow.Progress;
import dev.reelbeam.stages.flow.Providers;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What is looked at before anything is ordered by a script. */
class ModerateScriptTest {
  private static final String SAID = "The kettle boils in a minute.";

  @TempDir Path folder;
  private FakeObjectStore store = new FakeObjectStore(Path.of("unset"));
  private final Guard guard = new Guard();

  @BeforeEach
  void openStore() {
    store = new FakeObjectStore(folder);
  }

  @Test
  void whatPicturesAreOrderedByIsLookedAtToo() throws Exception {
    look(
        section("A kettle", new PlannedScene("A cup on a table", 2_000, List.of("cup"), "soft")),
        section(SAID),
        section("A steaming cup"));

    assertThat(guard.seen)
        .filteredOn(text -> text.where().startsWith(ModerationRequest.PICTURED))
        .extracting(ModerationRequest.Text::where, ModerationRequest.Text::text)
        .containsExactly(
            tuple("what is seen in scene 1", "A cup on a table"),
            tuple("what is seen in scene 1", "cup"),
            tuple("what is seen in scene 1", "soft"),
            tuple("what is seen at sentence 3", "A steaming cup"));
  }

  /** Chapter cards show them, and descriptions. */
  @Test
  void headingsAreLookedAtToo() {
    guard.blocks = "Miracles";

    StageException blocked =
        catchThrowableOfType(
            StageException.class,
            () ->
                look(
                    section(SAID),
                    new ScriptSection(
                        SectionRole.POINT,
                        List.of(new Sentence(SAID, 0)),
                        SAID,
                        "",
                        "Miracles of tea",
                        2_000,
                        List.of())));

    assertThat(blocked.code()).isEqualTo(FailureCode.CONTENT_BLOCKED);
    assertThat(blocked).hasMessageContaining("heading at sentence 2");
  }

  @Test
  void aSceneThatMayNotBeShownEndsTheRecordBeforeItsPictureIsOrdered() {
    guard.blocks = "gun";

    StageException blocked =
        catchThrowableOfType(
            StageException.class,
            () ->
                look(
                    section(
                        "A kettle",
                        new PlannedScene("A cup", 2_000, List.of(), ""),
                        new PlannedScene("A gun on a table", 2_000, List.of(), ""))));

    assertThat(blocked.code()).isEqualTo(FailureCode.CONTENT_BLOCKED);
    assertThat(blocked).hasMessageContaining("what is seen in scene 2");
  }

  private static ScriptSection section(String cue, PlannedScene... scenes) {
    return new ScriptSection(
        SectionRole.POINT, List.of(new Sentence(SAID, 0)), cue, "", "", 2_000, List.of(scenes));
  }

  private void look(ScriptSection... sections) throws StageException {
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
            List.of(new SourceBlock(BlockKind.PARAGRAPH, 0, SAID, List.of(), null, -1)),
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
            new DurationRange(30_000, 60_000),
            45_000,
            List.of("preview"),
            true,
            false,
            1_000_000,
            "libx264",
            "standard");
    MediaRef script = json(new Script(List.of(sections), "en", 1, "model"));
    ModerateScript step =
        new ModerateScript(
            new Providers(
                    () -> store,
                    FakeAssetReader::new,
                    FakeScriptWriter::new,
                    FakeSpeechSynthesizer::new,
                    () -> Progress.NONE)
                .withModeration(() -> guard));
    step.open();
    try {
      NarratedVideo unused =
          step.apply(
              new NarratedVideo(
                  new PlannedVideo(
                      content.key(),
                      json(content),
                      content.title(),
                      VideoSettings.DEFAULT,
                      Brand.DEFAULT,
                      variant,
                      null,
                      Map.of(),
                      Handling.PLAIN),
                  script,
                  script,
                  40_000,
                  0));
    } finally {
      step.close();
    }
  }

  private MediaRef json(Object value) {
    return store.put(RecordJson.canonicalBytes(value), "application/json");
  }

  /** Remembers what it is shown, and blocks texts with a word. */
  private static final class Guard implements Moderator {
    private final List<ModerationRequest.Text> seen = new ArrayList<>();
    private String blocks = "nothing at all";

    @Override
    public String identity() {
      return "guard";
    }

    @Override
    public ModerationReport review(ModerationRequest request) {
      seen.addAll(request.texts());
      return new ModerationReport(
          request.texts().stream()
              .filter(text -> text.text().contains(blocks))
              .map(text -> new Finding(Verdict.BLOCK, "guard", text.where(), blocks, "no"))
              .toList());
    }
  }
}
