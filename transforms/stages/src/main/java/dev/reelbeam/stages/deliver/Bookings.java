package dev.reelbeam.stages.deliver;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import dev.reelbeam.model.content.Delivery;
import dev.reelbeam.model.json.RecordJson;
import dev.reelbeam.model.port.ObjectStore;
import dev.reelbeam.model.project.MadeVideo.Booking;
import dev.reelbeam.model.store.MediaRef;
import dev.reelbeam.stages.flow.CheckedVideo;
import dev.reelbeam.stages.flow.LaidOutVideo;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;

/**
 * The credits that a video is booked with, as its own account in {@code metadata.json} has them.
 * Each entry is known by what was made, so an edit books what it made anew, and a retry that finds
 * everything books nothing.
 */
final class Bookings {
  private Bookings() {}

  static List<Booking> of(CheckedVideo checked, List<Delivery> deliveries, ObjectStore store) {
    List<Booking> bookings = new ArrayList<>();
    for (int i = 0; i < deliveries.size(); i++) {
      Delivery delivery = deliveries.get(i);
      MediaRef metadata = Objects.requireNonNull(delivery.files().get("metadata.json"));
      for (JsonNode entry : entries(store, metadata)) {
        int credits = entry.path("credits").asInt();
        boolean shared = entry.path("shared").asBoolean();
        if (credits == 0 || (shared && i > 0)) {
          continue;
        }
        String item = entry.path("item").asText().replaceFirst(" \\(.*", "");
        String what =
            shared ? made(item, checked, delivery).sha256() : delivery.preset() + metadata.sha256();
        bookings.add(
            new Booking(
                RecordJson.sha256(List.of("credits", checked.recordKey().recordId(), item, what)),
                item,
                credits));
      }
    }
    return List.copyOf(bookings);
  }

  private static JsonNode entries(ObjectStore store, MediaRef metadata) {
    try {
      return RecordJson.readTree(new String(store.read(metadata), StandardCharsets.UTF_8))
          .path("cost")
          .path("entries");
    } catch (JsonProcessingException e) {
      throw new IllegalStateException("a metadata.json of our own", e);
    }
  }

  private static MediaRef made(String item, CheckedVideo checked, Delivery delivery) {
    LaidOutVideo laidOut = checked.assembled().video();
    return switch (item) {
      case "video_script_generation" -> laidOut.illustrated().narrated().script();
      case "video_tts_selfhosted", "video_tts_standard", "video_tts_hd" ->
          laidOut.illustrated().narrated().narration();
      case "video_visual_generation" -> laidOut.illustrated().storyboard();
      case "video_thumbnail" -> Objects.requireNonNull(delivery.files().get("thumbnail.jpg"));
      default -> checked.assembled().mp4();
    };
  }
}
