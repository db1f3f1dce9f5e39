package dev.reelbeam.pipelines.report;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;

/** What the deliveries of one bitstream cost together: what they share is counted once. */
final class CostAccount {
  private static final Estimate NOT_ESTIMATED = new Estimate(List.of(), Map.of());

  private CostAccount() {}

  static ReportPage.Account of(List<DeliveryFolder> deliveries, List<Estimate> estimates) {
    Estimate estimate =
        estimates.stream()
            .filter(each -> each.presets().contains(deliveries.get(0).preset()))
            .findFirst()
            .orElse(NOT_ESTIMATED);
    boolean estimated = !estimate.presets().isEmpty();
    long expected = 0;
    List<ReportPage.Item> shared = new ArrayList<>();
    List<ReportPage.Item> own = new ArrayList<>();
    long credits = 0;
    long microDollars = 0;
    boolean sharedCounted = false;
    Set<String> names = new HashSet<>();
    for (DeliveryFolder delivery : deliveries) {
      JsonNode cost = delivery.metadata().path("cost");
      for (JsonNode entry : cost.path("entries")) {
        boolean isShared = entry.path("shared").asBoolean(false);
        if (isShared && sharedCounted) {
          continue;
        }
        names.add(entry.path("item").asText(""));
        credits += entry.path("credits").asLong(0);
        microDollars += entry.path("micro_dollars").asLong(0);
        int sharedBy = cost.path("shared_by").asInt(1);
        String share =
            !isShared
                ? "for " + ReportBuilder.nameOf(delivery.preset())
                : sharedBy > 1 ? "once for " + sharedBy + " deliveries" : "";
        Estimate.Line line = estimate.of(entry.path("item").asText(""));
        expected += line.microDollars();
        (isShared ? shared : own)
            .add(
                new ReportPage.Item(
                    itemName(entry.path("item").asText("")),
                    share,
                    estimated ? expected(line) : "",
                    entry.path("credits").asText("0"),
                    Wording.money(entry.path("micro_dollars").asLong(0))));
      }
      sharedCounted |= !shared.isEmpty();
    }
    shared.addAll(own);
    for (String name : estimate.lines().keySet().stream().sorted().toList()) {
      Estimate.Line line = Objects.requireNonNull(estimate.lines().get(name));
      if (line.microDollars() > 0 && names.stream().noneMatch(item -> item.startsWith(name))) {
        // Expected, and found to be unneeded: a picture for which the record had one.
        expected += line.microDollars();
        shared.add(new ReportPage.Item(itemName(name), "", expected(line), "0", Wording.money(0)));
      }
    }
    return new ReportPage.Account(
        !shared.isEmpty(),
        estimated,
        estimated ? Wording.money(expected) : "",
        Wording.count(credits, "credit"),
        Wording.money(microDollars),
        shared);
  }

  private static String expected(Estimate.Line line) {
    return Wording.count(line.credits(), "credit")
        + (line.microDollars() == 0 ? "" : ", " + Wording.money(line.microDollars()));
  }

  /** The rate card's name of an item in words; one that is not known stays as it is. */
  private static String itemName(String item) {
    return item.replaceFirst("^video_script_generation", "Script")
        .replaceFirst("^video_tts_selfhosted", "Voice on this machine")
        .replaceFirst("^video_tts_standard", "Voice, standard")
        .replaceFirst("^video_tts_hd", "Voice, high definition")
        .replaceFirst("^video_visual(_generation)?", "Generated pictures")
        .replaceFirst("^video_thumbnail", "Thumbnails")
        .replaceFirst("^video_composition", "Composition")
        .replaceFirst("^video_moderation", "Moderation")
        .replaceFirst("^video_in_vain", "Calls that came to nothing")
        .replaceFirst("^video_storage", "Storage")
        .replaceFirst("^video_seo_metadata", "Texts");
  }
}
