package dev.reelbeam.stages.guard;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;
import static org.assertj.core.api.Assertions.tuple;

import dev.reelbeam.fakes.FakeObjectStore;
import dev.reelbeam.model.content.RecordKey;
import dev.reelbeam.model.content.Tracked;
import dev.reelbeam.model.cost.Charge;
import dev.reelbeam.model.cost.RateCard;
import dev.reelbeam.model.failure.FailureCode;
import dev.reelbeam.model.failure.Stage;
import dev.reelbeam.model.failure.StageException;
import dev.reelbeam.model.moderation.Finding;
import dev.reelbeam.model.moderation.ModerationReport;
import dev.reelbeam.model.moderation.ModerationRequest;
import dev.reelbeam.model.moderation.Verdict;
import dev.reelbeam.model.port.Moderator;
import dev.reelbeam.model.video.Platform;
import dev.reelbeam.stages.flow.Artifacts;
import dev.reelbeam.stages.flow.Cashier;
import dev.reelbeam.stages.flow.NoSpending;
import dev.reelbeam.stages.flow.Progress;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What was shown to a moderator once is not shown again. */
class StoredLooksTest {
  private static final Tracked ELEMENT =
      new Tracked() {
        @Override
        public RecordKey recordKey() {
          return new RecordKey("r", 1);
        }

        @Override
        public List<String> presets() {
          return List.of("tiktok");
        }
      };

  @TempDir Path folder;

  private final Guard guard = new Guard();
  private StoredLooks looks;

  @BeforeEach
  void open() {
    Artifacts artifacts = new Artifacts(new FakeObjectStore(folder), Progress.NONE);
    looks =
        new StoredLooks(
            artifacts, new Cashier(new NoSpending(), artifacts, Progress.NONE), RateCard.NONE);
  }

  private List<Finding> texts(Platform platform, boolean finished, String... placed)
      throws StageException {
    List<ModerationRequest.Text> texts =
        Stream.of(placed)
            .map(each -> each.split(":", 2))
            .map(each -> new ModerationRequest.Text(each[0], each[1]))
            .toList();
    return looks.texts(
        Stage.MODERATE_SCRIPT,
        ELEMENT,
        guard,
        new ModerationRequest("en", "acme", List.of(platform), finished, texts, List.of()));
  }

  @Test
  void aTextIsShownOnceWhereverItStandsAndWhereverItGoes() throws StageException {
    assertThat(texts(Platform.TIKTOK, true, "title:A lake", "sentence 1:bad reeds", "tags:A lake"))
        .extracting(Finding::where, Finding::excerpt)
        .containsExactly(tuple("sentence 1", "bad"));
    assertThat(guard.shown).containsExactly("A lake", "bad reeds");

    assertThat(texts(Platform.YOUTUBE, false, "sentence 3:bad reeds", "sentence 4:bad reeds"))
        .extracting(Finding::where)
        .containsExactly("sentence 3", "sentence 4");
    assertThat(texts(Platform.TIKTOK, true, "title:A lake", "sentence 1:bad reeds")).hasSize(1);
    assertThat(guard.calls).as("another platform, an edit elsewhere").isEqualTo(1);

    assertThat(texts(Platform.TIKTOK, true, "title:A new lake", "sentence 1:bad reeds")).hasSize(1);
    assertThat(guard.shown).containsExactly("A lake", "bad reeds", "A new lake");
  }

  @Test
  void aPictureIsShownOnceByItsBytesWhateverItIsCalled() throws StageException {
    ModerationRequest request =
        new ModerationRequest("en", "", List.of(), false, List.of(), List.of());
    for (String where : List.of("picture a.png", "frame at 0:03")) {
      assertThat(
              looks.picture(
                  Stage.MODERATE_VIDEO,
                  ELEMENT,
                  guard,
                  request,
                  new StoredLooks.Seen(where, "ab".repeat(32), () -> new byte[] {1})))
          .extracting(Finding::where)
          .containsExactly(where);
    }
    assertThat(guard.calls).isEqualTo(1);
  }

  @Test
  void whatNobodyCouldBeAskedAboutIsAskedAgain() throws StageException {
    guard.away = true;
    assertThat(
            catchThrowableOfType(
                    StageException.class, () -> texts(Platform.TIKTOK, true, "title:A lake"))
                .code())
        .isEqualTo(FailureCode.PROVIDER_DOWN);
    guard.away = false;

    assertThat(texts(Platform.TIKTOK, true, "title:A lake")).isEmpty();
    assertThat(guard.shown).containsExactly("A lake");
  }

  /** Remembers what it is shown; doubts pictures, and texts with a word. */
  private static final class Guard implements Moderator {
    private final List<String> shown = new ArrayList<>();
    private int calls;
    private boolean away;

    @Override
    public String identity() {
      return "guard";
    }

    @Override
    public boolean calls() {
      return true;
    }

    @Override
    public List<Charge> price(ModerationRequest request) {
      return List.of();
    }

    @Override
    public ModerationReport review(ModerationRequest request) throws StageException {
      if (away) {
        throw new StageException(FailureCode.PROVIDER_DOWN, "away");
      }
      calls++;
      List<Finding> findings = new ArrayList<>();
      for (ModerationRequest.Text text : request.texts()) {
        shown.add(text.text());
        if (text.text().contains("bad")) {
          findings.add(new Finding(Verdict.REVIEW, "guard", text.where(), "bad", "it is bad"));
        }
      }
      for (ModerationRequest.Picture picture : request.pictures()) {
        findings.add(new Finding(Verdict.REVIEW, "guard", picture.where(), "", "it is red"));
      }
      return new ModerationReport(findings);
    }
  }
}
