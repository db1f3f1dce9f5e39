package dev.reelbeam.stages.plan;

import dev.reelbeam.model.failure.FailureCode;
import dev.reelbeam.model.failure.StageException;
import dev.reelbeam.model.video.DurationRange;
import dev.reelbeam.model.video.Preset;
import dev.reelbeam.model.video.Presets;
import dev.reelbeam.model.video.Variant;
import dev.reelbeam.model.video.VideoType;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Groups presets into the fewest timelines whose duration and geometry satisfy all of them.
 *
 * <p>A delivery's range is the type's range cut with the preset's; a teaser lowers a preset's
 * minimum to 15 s. Presets of one geometry whose ranges share at least {@value #MIN_OVERLAP_MS} ms
 * become one variant: intervals are stabbed greedily by their ends, which gives the fewest groups.
 */
public final class PlanVariants {
  /** A shared range shorter than this is too hard to hit for speech. */
  static final int MIN_OVERLAP_MS = 6_000;

  private static final int TEASER_MIN_MS = 15_000;

  private PlanVariants() {}

  /** Why one preset of a plan cannot be served. */
  public record Refusal(String preset, StageException failure) {}

  /** The variants of a record, and the presets that were refused. */
  public record Plan(List<Variant> variants, List<Refusal> refusals) {}

  /**
   * Plans the variants of one record.
   *
   * @param watermark whether the brand wants its mark shown
   */
  public static Plan plan(
      List<String> presetIds,
      @Nullable VideoType type,
      boolean watermark,
      String encoder,
      String quality) {
    return plan(presetIds, type, watermark, encoder, quality, null);
  }

  /**
   * Plans the variants of one record.
   *
   * @param watermark whether the brand wants its mark shown
   * @param askedFrameRate frames per second for all presets; null for each preset's own
   */
  public static Plan plan(
      List<String> presetIds,
      @Nullable VideoType type,
      boolean watermark,
      String encoder,
      String quality,
      @Nullable Integer askedFrameRate) {
    List<Refusal> refusals = new ArrayList<>();
    Map<String, List<Wanted>> byGeometry = new LinkedHashMap<>();
    for (String id : new LinkedHashSet<>(presetIds)) {
      Preset preset = Presets.find(id).orElse(null);
      if (preset == null) {
        refusals.add(
            new Refusal(
                id,
                new StageException(
                    FailureCode.PRESET_UNKNOWN,
                    "no preset '"
                        + id
                        + "'; there are "
                        + String.join(", ", Presets.all().stream().map(Preset::id).toList()))));
        continue;
      }
      DurationRange range = range(preset, type);
      if (range.isEmpty() || (type != null && range.maxMs() - range.minMs() < 1_000)) {
        refusals.add(
            new Refusal(
                id,
                new StageException(
                    FailureCode.RANGE_EMPTY,
                    String.format(
                        java.util.Locale.ROOT,
                        "%s allows %d-%d s, a %s lasts %d-%d s",
                        id,
                        preset.range().minMs() / 1000,
                        preset.range().maxMs() / 1000,
                        type == null ? "video" : type.id(),
                        type == null ? 0 : type.range().minMs() / 1000,
                        type == null ? 0 : type.range().maxMs() / 1000))));
        continue;
      }
      int frameRate = askedFrameRate == null ? preset.frameRate() : askedFrameRate;
      if (!preset.platform().allowsFrameRate(frameRate)) {
        refusals.add(
            new Refusal(
                id,
                new StageException(
                    FailureCode.FRAME_RATE_REFUSED,
                    preset.platform().id()
                        + " does not take "
                        + frameRate
                        + " frames per second")));
        continue;
      }
      boolean mark = watermark && preset.watermarkAllowed();
      String geometry =
          preset.width()
              + "x"
              + preset.height()
              + "@"
              + frameRate
              + (preset.captionsBurnedIn() ? "+captions" : "")
              + (mark ? "+mark" : "");
      byGeometry
          .computeIfAbsent(geometry, key -> new ArrayList<>())
          .add(new Wanted(preset, range, mark, frameRate));
    }
    List<Variant> variants = new ArrayList<>();
    for (List<Wanted> wanted : byGeometry.values()) {
      for (List<Wanted> group : stab(wanted)) {
        variants.add(variant(group, type, encoder, quality));
      }
    }
    return new Plan(List.copyOf(variants), List.copyOf(refusals));
  }

  private static DurationRange range(Preset preset, @Nullable VideoType type) {
    if (type == null) {
      return preset.range();
    }
    DurationRange allowed = preset.range();
    if (type == VideoType.TEASER) {
      allowed = new DurationRange(Math.min(TEASER_MIN_MS, allowed.minMs()), allowed.maxMs());
    }
    return type.range().intersect(allowed);
  }

  private static List<List<Wanted>> stab(List<Wanted> wanted) {
    List<Wanted> byEnd = new ArrayList<>(wanted);
    byEnd.sort(Comparator.comparingInt(one -> one.range().maxMs()));
    List<List<Wanted>> groups = new ArrayList<>();
    List<DurationRange> shared = new ArrayList<>();
    for (Wanted one : byEnd) {
      boolean placed = false;
      for (int i = 0; i < groups.size() && !placed; i++) {
        DurationRange common = shared.get(i).intersect(one.range());
        int own = one.range().maxMs() - one.range().minMs();
        if (common.maxMs() - common.minMs() >= Math.min(MIN_OVERLAP_MS, own)) {
          groups.get(i).add(one);
          shared.set(i, common);
          placed = true;
        }
      }
      if (!placed) {
        groups.add(new ArrayList<>(List.of(one)));
        shared.add(one.range());
      }
    }
    for (List<Wanted> group : groups) {
      group.sort(Comparator.comparingInt(wanted::indexOf));
    }
    groups.sort(Comparator.comparingInt(group -> wanted.indexOf(group.get(0))));
    return groups;
  }

  private static Variant variant(
      List<Wanted> group, @Nullable VideoType type, String encoder, String quality) {
    DurationRange range = group.get(0).range();
    long maxBytes = Long.MAX_VALUE;
    for (Wanted one : group) {
      range = range.intersect(one.range());
      maxBytes = Math.min(maxBytes, one.preset().maxBytes());
    }
    Preset first = group.get(0).preset();
    int frameRate = group.get(0).frameRate();
    // Half as long again as the shortest: watched to the end, with room on both sides.
    int target = Math.min(range.minMs() * 3 / 2, (range.minMs() + range.maxMs()) / 2);
    if (type == null && first.id().startsWith("preview")) {
      target = 20_000;
    }
    VideoType pattern = type != null ? type : typeOf(target);
    String id =
        first.width()
            + "x"
            + first.height()
            + "-"
            + pattern.id()
            + "-"
            + range.minMs() / 1000
            + "-"
            + range.maxMs() / 1000
            + "s"
            + (first.captionsBurnedIn() ? "" : "-plain")
            + (group.get(0).watermark() ? "-mark" : "")
            + (frameRate == first.frameRate() ? "" : "-" + frameRate + "fps");
    return new Variant(
        id,
        first.width(),
        first.height(),
        frameRate,
        pattern,
        range,
        target,
        group.stream().map(one -> one.preset().id()).toList(),
        first.captionsBurnedIn(),
        group.get(0).watermark(),
        maxBytes,
        encoder,
        quality);
  }

  private static VideoType typeOf(int targetMs) {
    if (targetMs < VideoType.SHORT.range().minMs()) {
      return VideoType.TEASER;
    }
    if (targetMs <= VideoType.SHORT.range().maxMs()) {
      return VideoType.SHORT;
    }
    return targetMs <= 200_000 ? VideoType.MEDIUM : VideoType.LONG;
  }

  private record Wanted(Preset preset, DurationRange range, boolean watermark, int frameRate) {}
}
