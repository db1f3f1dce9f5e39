package dev.reelbeam.stages.flow;

import dev.reelbeam.model.content.ProjectRequest;
import dev.reelbeam.model.content.VideoSettings;
import dev.reelbeam.model.video.Brand;
import dev.reelbeam.model.video.VideoType;
import java.io.Serializable;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What the user of a run says about every record; it wins over what the record says.
 *
 * @param type null: what the record says
 * @param presets empty: what the record says, else the default presets
 * @param language null: what the record says
 * @param settings null members: what the record says
 * @param speedGiven whether {@code settings.speedPermille} wins over the record's
 * @param brand the brand of this run
 * @param assumeEnabled whether a record without {@code video_enabled} is taken as enabled
 * @param encoder encoder of the pool, for example {@code libx264}
 * @param quality one of {@link VideoSettings#QUALITIES}, for records that ask for none
 * @param routes variants that other pools render
 */
public record RecordOverrides(
    @Nullable VideoType type,
    List<String> presets,
    @Nullable String language,
    VideoSettings settings,
    boolean speedGiven,
    Brand brand,
    boolean assumeEnabled,
    String encoder,
    String quality,
    RenderRoutes routes)
    implements Serializable {
  /** One pool renders everything. */
  public RecordOverrides(
      @Nullable VideoType type,
      List<String> presets,
      @Nullable String language,
      VideoSettings settings,
      boolean speedGiven,
      Brand brand,
      boolean assumeEnabled,
      String encoder,
      String quality) {
    this(
        type,
        presets,
        language,
        settings,
        speedGiven,
        brand,
        assumeEnabled,
        encoder,
        quality,
        RenderRoutes.NONE);
  }

  /** The quality that a project is made in: what was asked for, else the run's own. */
  public String quality(ProjectRequest project) {
    String asked = project.settings().quality();
    return asked == null ? quality : asked;
  }

  /** Nothing is overridden; libx264 at standard quality. */
  public static final RecordOverrides NONE =
      new RecordOverrides(
          null,
          List.of(),
          null,
          VideoSettings.DEFAULT,
          false,
          Brand.DEFAULT,
          true,
          "libx264",
          "standard");
}
