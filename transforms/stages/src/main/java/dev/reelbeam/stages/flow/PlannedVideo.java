package dev.reelbeam.stages.flow;

import dev.reelbeam.model.content.ContentRecord;
import dev.reelbeam.model.content.RecordKey;
import dev.reelbeam.model.content.TextOverlay;
import dev.reelbeam.model.content.Tracked;
import dev.reelbeam.model.content.VideoSettings;
import dev.reelbeam.model.store.MediaRef;
import dev.reelbeam.model.video.Brand;
import dev.reelbeam.model.video.Variant;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * One variant of a record, to be made.
 *
 * @param script the script that somebody edited, as JSON; null: the writer writes it
 * @param assets bytes by the url of the picture that they replace
 * @param overlays texts to be read at their times instead of the record's; null for the record's
 */
public record PlannedVideo(
    RecordKey key,
    MediaRef content,
    String title,
    VideoSettings settings,
    Brand brand,
    Variant variant,
    @Nullable MediaRef script,
    Map<String, MediaRef> assets,
    Handling handling,
    @Nullable List<TextOverlay> overlays)
    implements Tracked {
  public PlannedVideo {
    // Elements of earlier releases have neither.
    assets = assets == null ? Map.of() : assets;
    handling = handling == null ? Handling.PLAIN : handling;
    overlays = overlays == null ? null : List.copyOf(overlays);
  }

  /** A variant with the record's own texts. */
  public PlannedVideo(
      RecordKey key,
      MediaRef content,
      String title,
      VideoSettings settings,
      Brand brand,
      Variant variant,
      @Nullable MediaRef script,
      Map<String, MediaRef> assets,
      Handling handling) {
    this(key, content, title, settings, brand, variant, script, assets, handling, null);
  }

  /** A variant without edits, handled plainly. */
  public PlannedVideo(
      RecordKey key,
      MediaRef content,
      String title,
      VideoSettings settings,
      Brand brand,
      Variant variant) {
    this(key, content, title, settings, brand, variant, null, Map.of(), Handling.PLAIN);
  }

  /** What the result depends on: the same video, handled plainly. */
  public PlannedVideo handledPlainly() {
    return handled(Handling.PLAIN);
  }

  /** The same video, handled like this. */
  public PlannedVideo handled(Handling newHandling) {
    return newHandling.equals(handling)
        ? this
        : new PlannedVideo(
            key, content, title, settings, brand, variant, script, assets, newHandling, overlays);
  }

  /** Texts to be read at their times: those that somebody put there, else the record's own. */
  public List<TextOverlay> texts(ContentRecord record) {
    return overlays == null ? record.project().texts() : overlays;
  }

  /** The same as another variant. */
  public PlannedVideo withVariant(Variant newVariant) {
    return new PlannedVideo(
        key, content, title, settings, brand, newVariant, script, assets, handling, overlays);
  }

  @Override
  public RecordKey recordKey() {
    return key;
  }

  @Override
  public List<String> presets() {
    return variant.presets();
  }

  @Override
  public long epoch() {
    return handling.epoch();
  }

  @Override
  public String priority() {
    return handling.priority();
  }
}
