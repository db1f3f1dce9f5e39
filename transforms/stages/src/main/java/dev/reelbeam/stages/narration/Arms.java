package dev.reelbeam.stages.narration;

import dev.reelbeam.model.content.ContentRecord;
import dev.reelbeam.model.content.HookStyle;
import dev.reelbeam.model.content.TitleStyle;
import dev.reelbeam.model.failure.Stage;
import dev.reelbeam.model.failure.StageException;
import dev.reelbeam.model.learning.ArmKind;
import dev.reelbeam.model.learning.ArmQuestion;
import dev.reelbeam.model.learning.LearningSettings;
import dev.reelbeam.model.port.ArmChooser;
import dev.reelbeam.model.port.ScriptWriter;
import dev.reelbeam.model.video.DurationRange;
import dev.reelbeam.model.video.Preset;
import dev.reelbeam.model.video.Presets;
import dev.reelbeam.model.video.Variant;
import dev.reelbeam.stages.flow.ArmDraw;
import dev.reelbeam.stages.flow.Artifacts;
import dev.reelbeam.stages.flow.PlannedVideo;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** The arms that a variant's narration takes; see {@link ArmDraw}. */
final class Arms {
  private final ArmChooser chooser;
  private final Artifacts artifacts;

  Arms(ArmChooser chooser, Artifacts artifacts) {
    this.chooser = chooser;
    this.artifacts = artifacts;
  }

  /**
   * What was drawn.
   *
   * @param hookStyle null: as the writer finds best
   * @param duration one of {@link ArmKind#DURATIONS}; null: the variant's own target
   * @param voice null: the usual one
   * @param titleStyle null: as the writer finds best
   */
  record Drawn(
      @Nullable HookStyle hookStyle,
      @Nullable String duration,
      @Nullable String voice,
      @Nullable TitleStyle titleStyle) {
    static final Drawn NOTHING = new Drawn(null, null, null, null);

    /** What the narration's key holds: kind and arm of each, nothing where nothing was drawn. */
    List<String> key() {
      return java.util.stream.Stream.of(
              hookStyle == null ? "" : ArmKind.HOOK_STYLE.id() + "=" + hookStyle.id(),
              duration == null ? "" : ArmKind.DURATION.id() + "=" + duration,
              voice == null ? "" : ArmKind.VOICE.id() + "=" + voice,
              titleStyle == null ? "" : ArmKind.TITLE_STYLE.id() + "=" + titleStyle.id())
          .filter(arm -> !arm.isEmpty())
          .toList();
    }

    /** The length to aim at: the variant's, or off it, inside the range. */
    int targetMs(Variant variant, DurationRange range) {
      int target = variant.targetMs();
      if ("shorter".equals(duration)) {
        target = target * 85 / 100;
      } else if ("longer".equals(duration)) {
        target = target * 125 / 100;
      }
      return Math.max(range.minMs(), Math.min(range.maxMs(), target));
    }
  }

  /**
   * Draws for a variant, or finds what was drawn.
   *
   * @param voiceIsFree whether neither record nor brand says who speaks
   */
  Drawn draw(PlannedVideo planned, ScriptWriter writer, boolean voiceIsFree) throws StageException {
    LearningSettings settings = chooser.settings();
    if (settings == null) {
      return Drawn.NOTHING;
    }
    ContentRecord content = artifacts.read(planned.content(), ContentRecord.class);
    List<String> styles = writer.hookStyles(content).stream().map(HookStyle::id).toList();
    String style = arm(ArmKind.HOOK_STYLE, planned, content, styles);
    String title =
        settings.titles()
            ? arm(
                ArmKind.TITLE_STYLE,
                planned,
                content,
                writer.titleStyles(content).stream().map(TitleStyle::id).toList())
            : null;
    return new Drawn(
        style == null ? null : HookStyle.of(style).orElse(null),
        settings.durations() ? arm(ArmKind.DURATION, planned, content, ArmKind.DURATIONS) : null,
        voiceIsFree && settings.voices().size() > 1
            ? arm(ArmKind.VOICE, planned, content, settings.voices())
            : null,
        title == null ? null : TitleStyle.of(title).orElse(null));
  }

  private @Nullable String arm(
      ArmKind kind, PlannedVideo planned, ContentRecord content, List<String> options)
      throws StageException {
    if (options.size() < 2) {
      return options.isEmpty() ? null : options.get(0);
    }
    String site = content.siteId() == null ? "" : content.siteId();
    List<String> platforms =
        planned.variant().presets().stream()
            .map(Presets::find)
            .flatMap(Optional::stream)
            .map(Preset::platform)
            .map(platform -> platform.id())
            .distinct()
            .sorted()
            .toList();
    // A writer that came later may not know the style that an earlier one was to use.
    return new ArmDraw(chooser, artifacts, Stage.FIT_NARRATION)
        .arm(
            new ArmQuestion(kind, planned.key(), planned.variant().id(), site, platforms, options));
  }
}
