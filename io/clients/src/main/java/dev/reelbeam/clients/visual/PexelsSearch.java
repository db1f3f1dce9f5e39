package dev.reelbeam.clients.visual;

import com.fasterxml.jackson.databind.JsonNode;
import dev.reelbeam.clients.http.ServerCalls;
import dev.reelbeam.model.failure.StageException;
import dev.reelbeam.model.visual.Scene;
import dev.reelbeam.model.visual.Visual;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import okhttp3.HttpUrl;
import org.jspecify.annotations.Nullable;

/** Photos and videos of Pexels. They ask for a link to Pexels and for the author's name. */
final class PexelsSearch implements StockSearch {
  private static final String SOURCE = "stock_pexels";
  private static final String LICENCE = "Pexels License";
  private static final String PAGE_SIZE = "30";

  /** An original beyond this is a download without use; the next smaller size serves. */
  private static final long MOST_PIXELS = 30_000_000;

  private static final int FULL_SIDE = 1_080;
  private static final int MOST_CLIP_SIDE = 4_096;

  /** Of those that Pexels names, one for each language; without one it searches in English. */
  private static final Map<String, String> LOCALES =
      Map.of(
          "en", "en-US", "de", "de-DE", "fr", "fr-FR", "es", "es-ES", "it", "it-IT", "pt", "pt-BR",
          "nl", "nl-NL", "pl", "pl-PL");

  private final VisualSettings settings;
  private final ServerCalls calls;

  PexelsSearch(VisualSettings settings, ServerCalls calls) {
    this.settings = settings;
    this.calls = calls;
  }

  @Override
  public List<Visual> search(String query, boolean clips, Scene scene) throws StageException {
    HttpUrl.Builder url =
        calls
            .url(clips ? "videos/search" : "v1/search")
            .addQueryParameter("query", query)
            .addQueryParameter("orientation", scene.shape().name().toLowerCase(Locale.ROOT))
            .addQueryParameter("per_page", PAGE_SIZE);
    String locale = LOCALES.get(scene.language());
    if (locale != null) {
      url.addQueryParameter("locale", locale);
    }
    JsonNode reply = calls.json(calls.get(url.build()));
    JsonNode hits = reply.path(clips ? "videos" : "photos");
    if (!hits.isArray()) {
      throw calls.invalid("its reply lists no " + (clips ? "videos" : "photos"));
    }
    List<Visual> visuals = new ArrayList<>();
    for (JsonNode hit : hits) {
      Visual visual = clips ? clip(hit) : picture(hit);
      if (visual != null) {
        visuals.add(visual);
      }
    }
    return visuals;
  }

  private @Nullable Visual picture(JsonNode photo) {
    long pixels = photo.path("width").asLong() * photo.path("height").asLong();
    String original = photo.path("src").path("original").asText("");
    String smaller = photo.path("src").path("large2x").asText("");
    String address = pixels > MOST_PIXELS || original.isEmpty() ? smaller : original;
    if (address.isEmpty()) {
      return null;
    }
    return new Visual(
        settings.name(),
        SOURCE,
        "photo-" + photo.path("id").asText(),
        /* clip= */ false,
        address,
        photo.path("url").asText(""),
        photo.path("photographer").asText(""),
        LICENCE,
        "",
        photo.path("alt").asText(""),
        photo.path("width").asInt(),
        photo.path("height").asInt(),
        0,
        List.of());
  }

  private @Nullable Visual clip(JsonNode video) {
    JsonNode file = smallestThatFills(video.path("video_files"));
    if (file == null) {
      return null;
    }
    // Sizes of files may be null: those of the video stand for them.
    int width = file.path("width").asInt(video.path("width").asInt());
    int height = file.path("height").asInt(video.path("height").asInt());
    String page = video.path("url").asText("");
    return new Visual(
        settings.name(),
        SOURCE,
        "video-" + video.path("id").asText(),
        /* clip= */ true,
        file.path("link").asText(),
        page,
        video.path("user").path("name").asText(""),
        LICENCE,
        "",
        // A video has no description, but its address is made of words.
        page.replaceFirst("^.*/video/", "").replaceAll("[^\\p{L}]+", " ").strip(),
        width,
        height,
        video.path("duration").asInt() * 1000,
        List.of());
  }

  /** The smallest file that fills the canvas, else the largest there is. */
  private static @Nullable JsonNode smallestThatFills(JsonNode files) {
    JsonNode best = null;
    int bestSide = 0;
    for (JsonNode file : files) {
      int side = Math.min(file.path("width").asInt(), file.path("height").asInt());
      int longer = Math.max(file.path("width").asInt(), file.path("height").asInt());
      boolean takes =
          file.path("file_type").asText().equals("video/mp4")
              && !file.path("link").asText("").isEmpty()
              && longer <= MOST_CLIP_SIDE;
      boolean better =
          best == null
              || (bestSide < FULL_SIDE ? side > bestSide : side >= FULL_SIDE && side < bestSide);
      if (takes && better) {
        best = file;
        bestSide = side;
      }
    }
    return best;
  }
}
