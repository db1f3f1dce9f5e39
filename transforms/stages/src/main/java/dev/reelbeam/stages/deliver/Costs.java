package dev.reelbeam.stages.deliver;

import dev.reelbeam.model.content.Script;
import dev.reelbeam.model.video.Preset;
import dev.reelbeam.stages.flow.CheckedVideo;
import dev.reelbeam.stages.flow.PlannedVideo;
import java.io.Serializable;
import java.util.ArrayList;
import java.util.List;

/**
 * What the artifacts of a delivery cost when they were made; finding them again costs nothing.
 *
 * <p>Money is in micro-dollars and zero throughout: the embedded providers run on the user's own
 * machine. Credits follow the default rate card.
 */
final class Costs {
  private static final int SCRIPT_CREDITS = 5;
  private static final int VOICE_CREDITS_PER_MINUTE = 2;
  private static final int COMPOSITION_CREDITS = 5;
  private static final int THUMBNAIL_CREDITS = 3;
  private static final int TEXTS_CREDITS = 1;

  private Costs() {}

  /** One line of the account. */
  record Entry(String item, int credits, long microDollars, boolean shared)
      implements Serializable {}

  /**
   * The account of a delivery.
   *
   * @param sharedBy deliveries that share the entries marked so
   */
  record Account(int credits, long microDollars, int sharedBy, List<Entry> entries)
      implements Serializable {}

  static Account of(CheckedVideo checked, Script script, Preset preset) {
    PlannedVideo planned = checked.assembled().video().planned();
    long durationMs =
        checked.assembled().video().totalFrames() * 1000L / planned.variant().frameRate();
    int voice = (int) ((durationMs * VOICE_CREDITS_PER_MINUTE + 59_999) / 60_000);
    List<Entry> entries = new ArrayList<>();
    entries.add(
        new Entry(
            "video_script_generation (" + script.wordCount() + " words)", SCRIPT_CREDITS, 0, true));
    entries.add(new Entry("video_tts_selfhosted", voice, 0, true));
    entries.add(new Entry("video_composition", COMPOSITION_CREDITS, 0, true));
    entries.add(new Entry("video_thumbnail", THUMBNAIL_CREDITS, 0, true));
    entries.add(new Entry("video_seo_metadata", TEXTS_CREDITS, 0, false));
    int credits = entries.stream().mapToInt(Entry::credits).sum();
    return new Account(credits, 0, planned.presets().size(), List.copyOf(entries));
  }
}
