package dev.reelbeam.stages.moderation;

import dev.reelbeam.model.content.ContentRecord;
import dev.reelbeam.model.moderation.ModerationRequest;
import dev.reelbeam.model.video.Platform;
import dev.reelbeam.model.video.Presets;
import dev.reelbeam.stages.flow.PlannedVideo;
import java.util.List;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/** What the looks at source, script and video have in common. */
final class ModerationTexts {
  private static final int MOST_TEXTS = 2_000;

  private ModerationTexts() {}

  static void add(List<ModerationRequest.Text> texts, String where, @Nullable String text) {
    if (text != null && !text.isBlank() && texts.size() < MOST_TEXTS) {
      texts.add(new ModerationRequest.Text(where, text));
    }
  }

  /** A time of the video for people, for example {@code 1:05}. */
  static String clock(long ms) {
    return String.format(Locale.ROOT, "%d:%02d", ms / 60_000, ms / 1_000 % 60);
  }

  static String site(ContentRecord content) {
    return content.siteId() == null ? "" : content.siteId();
  }

  /** Where the video goes, each once. */
  static List<Platform> platforms(PlannedVideo planned) {
    return planned.presets().stream()
        .flatMap(preset -> Presets.find(preset).stream())
        .map(preset -> preset.platform())
        .distinct()
        .sorted()
        .toList();
  }
}
