package dev.reelbeam.stages.deliver;

import dev.reelbeam.model.content.Script;
import dev.reelbeam.model.cost.Charge;
import dev.reelbeam.model.cost.CostItem;
import dev.reelbeam.model.cost.Credits;
import dev.reelbeam.model.cost.RateCard;
import dev.reelbeam.model.speech.Narration;
import dev.reelbeam.model.visual.Visual;
import dev.reelbeam.stages.flow.CheckedVideo;
import dev.reelbeam.stages.flow.PlannedVideo;
import dev.reelbeam.stages.visuals.Storyboard;
import java.io.Serializable;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;

/**
 * What the artifacts of a delivery cost when they were made; finding them again costs nothing.
 *
 * <p>Money is in micro-dollars by the rate card, of what providers billed; the embedded ones run on
 * the user's own machine and bill nothing. Credits follow the default rates of {@link Credits}.
 */
final class Costs {
  private static final Set<Charge.Unit> SPEECH =
      EnumSet.of(Charge.Unit.CHARACTER, Charge.Unit.SPOKEN_MILLISECOND, Charge.Unit.SECOND);

  /** Who keeps what was made, on the rate card. */
  private static final String STORAGE = "storage";

  private Costs() {}

  /** One line of the account. */
  record Entry(String item, int credits, long microDollars, boolean shared)
      implements Serializable {}

  /**
   * The account of a delivery.
   *
   * @param rates day of the rate card, empty without one
   * @param sharedBy deliveries that share the entries marked so
   * @param unpriced what was billed and has no price on the card
   */
  record Account(
      int credits,
      long microDollars,
      String rates,
      int sharedBy,
      List<Entry> entries,
      List<String> unpriced)
      implements Serializable {}

  /**
   * The account of a video.
   *
   * @param loose what was billed for the record and no artifact carries
   */
  static Account of(
      CheckedVideo checked,
      Script script,
      Narration narration,
      Storyboard storyboard,
      Map<CostItem, List<Charge>> loose,
      RateCard card) {
    PlannedVideo planned = checked.assembled().video().planned();
    long durationMs =
        checked.assembled().video().totalFrames() * 1000L / planned.variant().frameRate();
    List<Charge> writing = new ArrayList<>();
    List<Charge> speaking = new ArrayList<>();
    for (Charge charge : narration.charges()) {
      boolean spoken = SPEECH.contains(charge.unit());
      (spoken ? speaking : writing).add(charge);
    }
    // A visual that is seen twice was bought once.
    Map<String, Storyboard.Origin> bought = new LinkedHashMap<>();
    for (Storyboard.Shot shot : storyboard.shots()) {
      Storyboard.Picture picture = shot.picture();
      if (picture != null && picture.origin() != null) {
        bought.putIfAbsent(picture.url(), picture.origin());
      }
    }
    List<Charge> drawing = new ArrayList<>();
    int generated = 0;
    int stock = 0;
    for (Storyboard.Origin origin : bought.values()) {
      drawing.addAll(origin.charges());
      boolean uploaded = origin.visual().source().equals(Visual.UPLOADED);
      generated += origin.visual().generated() ? 1 : 0;
      stock += uploaded || origin.visual().generated() ? 0 : 1;
    }
    drawing = new ArrayList<>(card.billed(drawing));
    List<Entry> entries = new ArrayList<>();
    entries.add(
        new Entry(
            "video_script_generation (" + script.wordCount() + " words)",
            Credits.SCRIPT,
            card.microDollars(writing),
            true));
    entries.add(
        new Entry(
            Credits.voiceItem(speaking),
            Credits.voice(speaking, durationMs),
            card.microDollars(speaking),
            true));
    if (!bought.isEmpty()) {
      entries.add(
          new Entry(
              "video_visual_generation (" + generated + " generated, " + stock + " from stock)",
              Credits.visuals(generated),
              card.microDollars(drawing),
              true));
    }
    List<Charge> looking = loose.getOrDefault(CostItem.MODERATION, List.of());
    if (!looking.isEmpty()) {
      entries.add(new Entry("video_moderation", 0, card.microDollars(looking), true));
    }
    List<Charge> vain = new ArrayList<>();
    for (CostItem item : List.of(CostItem.SCRIPT, CostItem.SPEECH, CostItem.VISUALS)) {
      vain.addAll(loose.getOrDefault(item, List.of()));
    }
    vain = new ArrayList<>(card.billed(vain));
    if (!vain.isEmpty()) {
      entries.add(new Entry("video_in_vain", 0, card.microDollars(vain), true));
    }
    entries.add(new Entry("video_composition", Credits.COMPOSITION, 0, true));
    entries.add(new Entry("video_thumbnail", Credits.THUMBNAIL, 0, true));
    entries.add(new Entry("video_seo_metadata", Credits.TEXTS, 0, false));
    long bytes = checked.assembled().mp4().sizeBytes();
    Charge kept = new Charge(STORAGE, "", Charge.Unit.BYTE_MONTH, bytes);
    if (card.knows(kept)) {
      entries.add(
          new Entry(
              String.format(Locale.ROOT, "video_storage (%.1f MB for a month)", bytes / 1e6),
              0,
              card.microDollars(kept),
              true));
    }
    List<Charge> all = new ArrayList<>(writing);
    all.addAll(speaking);
    all.addAll(drawing);
    all.addAll(looking);
    all.addAll(vain);
    return new Account(
        entries.stream().mapToInt(Entry::credits).sum(),
        entries.stream().mapToLong(Entry::microDollars).sum(),
        card.date(),
        planned.presets().size(),
        List.copyOf(entries),
        all.stream()
            .filter(charge -> !card.knows(charge))
            .map(charge -> charge.provider() + " " + charge.model() + " " + charge.unit())
            .distinct()
            .sorted()
            .toList());
  }
}
