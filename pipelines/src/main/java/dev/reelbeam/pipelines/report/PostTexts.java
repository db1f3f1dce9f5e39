package dev.reelbeam.pipelines.report;

import com.fasterxml.jackson.databind.JsonNode;
import dev.reelbeam.model.video.Platform;
import java.time.OffsetDateTime;
import java.time.format.DateTimeFormatter;
import java.time.format.DateTimeParseException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Optional;

/**
 * The texts of a delivery as somebody posts them, with how much of the platform's limits they use.
 */
final class PostTexts {
  private static final DateTimeFormatter DAY_AND_TIME =
      DateTimeFormatter.ofPattern("EEE d MMM yyyy, HH:mm", Locale.UK);

  private PostTexts() {}

  static ReportPage.Text of(DeliveryFolder delivery) {
    JsonNode metadata = delivery.metadata();
    Optional<Platform> platform =
        Arrays.stream(Platform.values())
            .filter(known -> known.id().equals(metadata.path("platform").asText("")))
            .findFirst();
    String title = metadata.path("title").asText("");
    String description = metadata.path("description").asText("");
    List<String> tagList = new ArrayList<>();
    metadata.path("tags").forEach(tag -> tagList.add(tag.asText("")));
    String tags = String.join(", ", tagList);
    return new ReportPage.Text(
        ReportBuilder.nameOf(delivery.preset()),
        metadata.path("language").asText(""),
        title,
        used(title.length(), platform.map(Platform::titleLimit).orElse(0)),
        description,
        used(description.length(), platform.map(Platform::descriptionLimit).orElse(0)),
        tags,
        used(String.join(",", tagList).length(), platform.map(Platform::tagsLimit).orElse(0)),
        tagList,
        metadata.path("category").asText(""),
        postAt(metadata.path("publish")));
  }

  /** For example {@code Fri 4 Dec 2026, 19:42, Europe/Berlin}; empty where nothing is suggested. */
  private static String postAt(JsonNode publish) {
    try {
      return publish.isObject()
          ? DAY_AND_TIME.format(OffsetDateTime.parse(publish.path("suggested_at").asText("")))
              + ", "
              + publish.path("time_zone").asText("")
          : "";
    } catch (DateTimeParseException e) {
      return "";
    }
  }

  private static String used(int length, int limit) {
    return limit == 0 ? String.valueOf(length) : length + " of " + limit;
  }
}
