package dev.reelbeam.stages.deliver;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.reelbeam.fakes.FakeObjectStore;
import dev.reelbeam.model.content.ContentKind;
import dev.reelbeam.model.content.ContentRecord;
import dev.reelbeam.model.content.ProjectRequest;
import dev.reelbeam.model.content.RecordKey;
import dev.reelbeam.model.content.ReviewPolicy;
import dev.reelbeam.model.content.VideoSettings;
import dev.reelbeam.model.failure.StageException;
import dev.reelbeam.model.json.RecordJson;
import dev.reelbeam.model.learning.ArmChoice;
import dev.reelbeam.model.learning.ArmEvidence;
import dev.reelbeam.model.learning.ArmQuestion;
import dev.reelbeam.model.learning.LearningSettings;
import dev.reelbeam.model.learning.PostingHours;
import dev.reelbeam.model.learning.ThompsonSampling;
import dev.reelbeam.model.port.ArmChooser;
import dev.reelbeam.model.video.Brand;
import dev.reelbeam.model.video.DurationRange;
import dev.reelbeam.model.video.Platform;
import dev.reelbeam.model.video.Variant;
import dev.reelbeam.model.video.VideoType;
import dev.reelbeam.stages.flow.Artifacts;
import dev.reelbeam.stages.flow.NoArms;
import dev.reelbeam.stages.flow.PlannedVideo;
import dev.reelbeam.stages.flow.Progress;
import java.nio.file.Path;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class PostingPlanTest {
  private static final ZoneId NEW_YORK = ZoneId.of("America/New_York");
  private static final Instant NOW = Instant.parse("2026-11-28T18:00:00Z");

  @TempDir Path folder;
  private FakeObjectStore store = new FakeObjectStore(Path.of("unset"));
  private final List<ArmChoice> kept = new ArrayList<>();
  private int asked;

  @BeforeEach
  void openStore() {
    store = new FakeObjectStore(folder);
  }

  /** Draws with nothing learned; posting hours are on or off. */
  private ArmChooser chooser(boolean hours) {
    return new ArmChooser() {
      @Override
      public LearningSettings settings() {
        return new LearningSettings(100, 90, false, List.of(), false, hours, ZoneOffset.UTC);
      }

      @Override
      public Optional<ArmChoice> choose(ArmQuestion question) {
        asked++;
        return Optional.of(ThompsonSampling.choose(question, ArmEvidence.EMPTY, 100));
      }

      @Override
      public ZoneId zone(String site) {
        return site.equals("acme") ? NEW_YORK : ZoneOffset.UTC;
      }

      @Override
      public void keep(ArmChoice choice) {
        kept.add(choice);
      }

      @Override
      public void close() {
        // Nothing is open.
      }
    };
  }

  private PostingPlan plan(ArmChooser chooser, String record, String... presets)
      throws StageException {
    ContentRecord content =
        new ContentRecord(
            new RecordKey(record, 1),
            "acme",
            null,
            ContentKind.ARTICLE,
            "en",
            "Title",
            null,
            List.of(),
            List.of(),
            List.of(),
            null,
            new ProjectRequest(
                null, List.of(), VideoSettings.DEFAULT, ReviewPolicy.AUTO, "normal", true),
            "file:///");
    Variant variant =
        new Variant(
            "v",
            1080,
            1920,
            30,
            VideoType.SHORT,
            new DurationRange(30_000, 60_000),
            45_000,
            List.of(presets),
            true,
            false,
            1_000_000,
            "libx264",
            "standard");
    return PostingPlan.draw(
        new PlannedVideo(
            content.key(),
            store.put(RecordJson.canonicalBytes(content), "application/json"),
            "Title",
            VideoSettings.DEFAULT,
            Brand.DEFAULT,
            variant),
        chooser,
        new Artifacts(store, Progress.NONE));
  }

  @Test
  void eachPlatformGetsAnHourOfItsOwnByTheSitesClockDrawnOnce() throws Exception {
    PostingPlan plan = plan(chooser(true), "r1", "youtube_short", "tiktok", "preview");

    assertThat(kept)
        .extracting(ArmChoice::variant)
        .containsExactlyInAnyOrder("v@youtube", "v@tiktok");
    for (Platform platform : List.of(Platform.YOUTUBE, Platform.TIKTOK)) {
      ObjectNode publish = Objects.requireNonNull(plan.of(platform, NOW));
      OffsetDateTime at = OffsetDateTime.parse(publish.path("suggested_at").asText());
      assertThat(at.toInstant()).isBetween(NOW.plusSeconds(900), NOW.plusSeconds(90_000));
      assertThat(at.getOffset()).isEqualTo(ZoneOffset.ofHours(-5));
      assertThat(publish.path("time_zone").asText()).isEqualTo("America/New_York");
      assertThat(PostingHours.of(at.toInstant().toEpochMilli(), NEW_YORK))
          .isEqualTo(publish.path("hours").asText());
    }
    assertThat(plan.of(Platform.SITE, NOW)).isNull();

    PostingPlan again = plan(chooser(true), "r1", "youtube_short", "tiktok", "facebook_reel");
    assertThat(asked).as("what was drawn is found, the new platform is drawn").isEqualTo(3);
    assertThat(again.of(Platform.TIKTOK, NOW)).isEqualTo(plan.of(Platform.TIKTOK, NOW));
    assertThat(again.key()).containsAll(plan.key());
  }

  @Test
  void recordsDifferSoThatEveryHourIsMeasured() throws Exception {
    List<String> parts = new ArrayList<>();
    for (int record = 0; record < 60; record++) {
      parts.add(
          Objects.requireNonNull(
                  plan(chooser(true), "r" + record, "tiktok").of(Platform.TIKTOK, NOW))
              .path("hours")
              .asText());
    }
    assertThat(parts).containsAll(PostingHours.SUGGESTED);
  }

  @Test
  void whereItIsOffNothingIsSuggestedAndTheKeyIsAsBefore() throws Exception {
    for (ArmChooser chooser : List.of(chooser(false), new NoArms())) {
      PostingPlan plan = plan(chooser, "r1", "tiktok");
      assertThat(plan.key()).isEmpty();
      assertThat(plan.of(Platform.TIKTOK, NOW)).isNull();
    }
    assertThat(asked).isZero();
  }
}
