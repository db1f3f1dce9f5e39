package dev.reelbeam.stages.deliver;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.reelbeam.model.content.ContentRecord;
import dev.reelbeam.model.failure.Stage;
import dev.reelbeam.model.failure.StageException;
import dev.reelbeam.model.json.RecordJson;
import dev.reelbeam.model.learning.ArmKind;
import dev.reelbeam.model.learning.ArmQuestion;
import dev.reelbeam.model.learning.LearningSettings;
import dev.reelbeam.model.learning.PostingHours;
import dev.reelbeam.model.port.ArmChooser;
import dev.reelbeam.model.video.Platform;
import dev.reelbeam.model.video.Preset;
import dev.reelbeam.model.video.Presets;
import dev.reelbeam.stages.flow.ArmDraw;
import dev.reelbeam.stages.flow.Artifacts;
import dev.reelbeam.stages.flow.PlannedVideo;
import java.time.Instant;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * When the videos of a variant are suggested to be posted, for each platform apart: viewers of two
 * platforms have different evenings. Pages of the site's own are posted whenever they are ready.
 */
final class PostingPlan {
  /** Whoever posts gets so long to look at the video first. */
  private static final long LEAST_NOTICE_S = 900;

  private final PlannedVideo planned;
  private final ZoneId zone;
  private final Map<Platform, String> parts;

  private PostingPlan(PlannedVideo planned, ZoneId zone, Map<Platform, String> parts) {
    this.planned = planned;
    this.zone = zone;
    this.parts = parts;
  }

  /** Suggests nothing. */
  static PostingPlan none(PlannedVideo planned) {
    return new PostingPlan(planned, ZoneOffset.UTC, Map.of());
  }

  /** Draws for all platforms of a variant, or finds what was drawn; nothing where it is off. */
  static PostingPlan draw(PlannedVideo planned, ArmChooser chooser, Artifacts artifacts)
      throws StageException {
    LearningSettings settings = chooser.settings();
    if (settings == null || !settings.postingHours()) {
      return none(planned);
    }
    Map<Platform, String> parts = new EnumMap<>(Platform.class);
    ContentRecord content = artifacts.read(planned.content(), ContentRecord.class);
    String site = content.siteId() == null ? "" : content.siteId();
    ArmDraw draw = new ArmDraw(chooser, artifacts, Stage.DELIVER);
    for (Platform platform :
        planned.presets().stream()
            .map(Presets::find)
            .flatMap(Optional::stream)
            .map(Preset::platform)
            .filter(platform -> platform != Platform.SITE)
            .distinct()
            .sorted()
            .toList()) {
      String part =
          draw.arm(
              new ArmQuestion(
                  ArmKind.POSTING_HOUR,
                  planned.key(),
                  planned.variant().id() + "@" + platform.id(),
                  site,
                  List.of(platform.id()),
                  PostingHours.SUGGESTED));
      if (part != null) {
        parts.put(platform, part);
      }
    }
    return new PostingPlan(planned, chooser.zone(site), parts);
  }

  /** What the key of a delivery holds; nothing where nothing was drawn. */
  List<String> key() {
    return parts.entrySet().stream()
        .map(part -> part.getKey().id() + "=" + part.getValue() + " " + zone.getId())
        .toList();
  }

  /**
   * What {@code metadata.json} says of a platform; null where nothing is suggested.
   *
   * @param now the moment lies after this, a day after at the most
   */
  @Nullable ObjectNode of(Platform platform, Instant now) {
    String part = parts.get(platform);
    if (part == null) {
      return null;
    }
    ObjectNode publish = RecordJson.newObject();
    publish.put(
        "suggested_at",
        DateTimeFormatter.ISO_OFFSET_DATE_TIME.format(
            PostingHours.next(
                part,
                zone,
                now.plusSeconds(LEAST_NOTICE_S),
                List.of("posting-minute", planned.key(), platform.id()))));
    publish.put("hours", part);
    publish.put("time_zone", zone.getId());
    return publish;
  }
}
