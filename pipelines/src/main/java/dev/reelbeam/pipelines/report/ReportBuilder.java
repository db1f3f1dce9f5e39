package dev.reelbeam.pipelines.report;

import com.fasterxml.jackson.core.JsonProcessingException;
import dev.reelbeam.model.failure.DeadLetter;
import dev.reelbeam.model.json.RecordJson;
import dev.reelbeam.model.video.Preset;
import dev.reelbeam.model.video.Presets;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.DateTimeException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** Puts a record's page together from its deliveries' files; writes the frames on the way. */
final class ReportBuilder {
  private final Path recordFolder;
  private final String fingerprint;
  private final List<Estimate> estimates;
  private final Set<String> pictures = new LinkedHashSet<>();

  ReportBuilder(Path recordFolder, String fingerprint, List<Estimate> estimates) {
    this.recordFolder = recordFolder;
    this.fingerprint = fingerprint;
    this.estimates = estimates;
  }

  /** Names of the small pictures that the page shows, inside {@link RecordReport#PICTURES}. */
  Set<String> pictures() {
    return pictures;
  }

  ReportPage build(List<DeliveryFolder> deliveries, List<DeadLetter> deadLetters)
      throws IOException {
    Map<String, List<DeliveryFolder>> byVariant = new LinkedHashMap<>();
    deliveries.stream()
        .sorted(Comparator.comparingInt(delivery -> placeOf(delivery.preset())))
        .forEach(
            delivery ->
                byVariant
                    .computeIfAbsent(delivery.variantKey(), key -> new ArrayList<>())
                    .add(delivery));
    List<ReportPage.Variant> variants = new ArrayList<>();
    for (List<DeliveryFolder> sharing : byVariant.values()) {
      String id = "video-" + (variants.size() + 1);
      variants.add(new VariantBuilder(recordFolder, id, sharing, pictures, estimates).build());
    }
    Instant made = madeAt(deliveries);
    long complete = deliveries.stream().filter(d -> d.has(DeliveryFolder.VIDEO)).count();
    long early = deliveries.size() - complete;
    String completed = Wording.count(complete, "video");
    if (early > 0) {
      completed = (complete > 0 ? completed + ", " : "") + early + " ended early";
    }
    return new ReportPage(
        fingerprint,
        String.join(" ", pictures),
        title(deliveries, deadLetters),
        language(deliveries),
        recordId(deliveries, deadLetters),
        revision(deliveries, deadLetters),
        made == null ? "" : Wording.made(made),
        made == null ? "" : made.toString(),
        completed,
        deadLetters.isEmpty()
            ? "none"
            : Wording.count(deadLetters.size(), "delivery", "deliveries"),
        !deadLetters.isEmpty(),
        deadLetters.stream().map(ReportBuilder::letter).toList(),
        variants.size() > 1,
        List.copyOf(variants));
  }

  private static int placeOf(String preset) {
    List<String> known = Presets.all().stream().map(Preset::id).toList();
    int place = known.indexOf(preset);
    return place < 0 ? known.size() : place;
  }

  /** What people call a preset. */
  static String nameOf(String preset) {
    if (preset.startsWith("preview")) {
      return preset.equals("preview") ? "Preview" : "Preview, landscape";
    }
    return Presets.find(preset).map(Preset::description).orElse(preset);
  }

  private static ReportPage.Letter letter(DeadLetter letter) {
    String preset = letter.preset();
    return new ReportPage.Letter(
        letter.number() + " " + letter.code(),
        preset == null ? "the whole record" : nameOf(preset),
        letter.stage(),
        letter.message(),
        letter.remedy(),
        letter.replayable()
            ? "The same input can succeed when it is run again."
            : "The same input will fail again: change it first.");
  }

  private String title(List<DeliveryFolder> deliveries, List<DeadLetter> deadLetters) {
    for (DeliveryFolder delivery : deliveries) {
      String title = delivery.metadata().path("title").asText("");
      if (!title.isBlank()) {
        return title;
      }
    }
    for (DeadLetter letter : deadLetters) {
      String title = titleOf(letter.payloadJson());
      if (!title.isBlank()) {
        return title;
      }
    }
    return recordId(deliveries, deadLetters);
  }

  private static String titleOf(String payloadJson) {
    try {
      var title = RecordJson.readTree(payloadJson).findValue("title");
      return title == null ? "" : title.asText("");
    } catch (JsonProcessingException e) {
      return ""; // What could not be parsed has no title.
    }
  }

  private static String language(List<DeliveryFolder> deliveries) {
    return deliveries.stream()
        .map(delivery -> delivery.script().path("language").asText(""))
        .filter(language -> !language.isEmpty())
        .findFirst()
        .orElse("");
  }

  private String recordId(List<DeliveryFolder> deliveries, List<DeadLetter> deadLetters) {
    for (DeliveryFolder delivery : deliveries) {
      String id = delivery.metadata().path("record_id").asText("");
      if (!id.isEmpty()) {
        return id;
      }
    }
    if (!deadLetters.isEmpty()) {
      return deadLetters.get(0).recordId();
    }
    return String.valueOf(recordFolder.getFileName());
  }

  private static String revision(List<DeliveryFolder> deliveries, List<DeadLetter> deadLetters) {
    int revision = 0;
    for (DeliveryFolder delivery : deliveries) {
      revision = Math.max(revision, delivery.metadata().path("revision").asInt(0));
    }
    for (DeadLetter letter : deadLetters) {
      revision = Math.max(revision, letter.revision());
    }
    return revision == 0 ? "" : String.valueOf(revision);
  }

  /** When the newest delivery was made; null when there is none. */
  private static @Nullable Instant madeAt(List<DeliveryFolder> deliveries) throws IOException {
    Instant newest = null;
    for (DeliveryFolder delivery : deliveries) {
      Instant made = madeAt(delivery);
      if (newest == null || made.isAfter(newest)) {
        newest = made;
      }
    }
    return newest;
  }

  private static Instant madeAt(DeliveryFolder delivery) throws IOException {
    String uploaded = delivery.videoObject().path("uploadDate").asText("");
    try {
      return Instant.parse(uploaded);
    } catch (DateTimeException e) {
      return Files.getLastModifiedTime(delivery.file("script.json")).toInstant();
    }
  }
}
