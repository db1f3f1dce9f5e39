package dev.reelbeam.clients.visual;

import com.fasterxml.jackson.databind.JsonNode;
import dev.reelbeam.clients.http.ServerCalls;
import dev.reelbeam.model.failure.StageException;
import dev.reelbeam.model.visual.Scene;
import dev.reelbeam.model.visual.Shape;
import dev.reelbeam.model.visual.Visual;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import okhttp3.HttpUrl;
import org.jspecify.annotations.Nullable;

/**
 * Photos and videos of Pixabay. Its key goes in the address, where {@code ProviderHttp} takes it
 * out of every message; its results are kept for a day and its files are downloaded, as it asks.
 */
final class PixabaySearch implements StockSearch {
  private static final String SOURCE = "stock_pixabay";
  private static final String LICENCE = "Pixabay Content License";
  private static final String PAGE_SIZE = "30";
  private static final int MOST_QUERY_CHARS = 100;
  private static final int FULL_SIDE = 1_080;

  private static final Set<String> LANGUAGES =
      Set.of(
          "cs", "da", "de", "en", "es", "fr", "id", "it", "hu", "nl", "no", "pl", "pt", "ro", "sk",
          "fi", "sv", "tr", "vi", "th", "bg", "ru", "el", "ja", "ko", "zh");

  private final VisualSettings settings;
  private final ServerCalls calls;

  PixabaySearch(VisualSettings settings, ServerCalls calls) {
    this.settings = settings;
    this.calls = calls;
  }

  @Override
  public List<Visual> search(String query, boolean clips, Scene scene) throws StageException {
    HttpUrl.Builder url =
        calls
            .url(clips ? "api/videos/" : "api/")
            .addQueryParameter("key", calls.key().reveal())
            .addQueryParameter("q", bounded(query))
            .addQueryParameter(
                "lang", LANGUAGES.contains(scene.language()) ? scene.language() : "en")
            .addQueryParameter("safesearch", "true")
            .addQueryParameter("per_page", PAGE_SIZE);
    if (clips) {
      url.addQueryParameter("video_type", "film");
    } else {
      url.addQueryParameter("image_type", "photo")
          .addQueryParameter("orientation", orientation(scene));
    }
    JsonNode reply = calls.json(calls.get(url.build()));
    JsonNode hits = reply.path("hits");
    if (!hits.isArray()) {
      throw calls.invalid("its reply lists no hits");
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

  private static String bounded(String query) {
    if (query.length() <= MOST_QUERY_CHARS) {
      return query;
    }
    int space = query.lastIndexOf(' ', MOST_QUERY_CHARS);
    // A script without spaces is cut between two letters.
    int end =
        space > 0 ? space : query.offsetByCodePoints(0, query.codePointCount(0, MOST_QUERY_CHARS));
    return query.substring(0, end).strip();
  }

  private static String orientation(Scene scene) {
    return scene.shape() == Shape.PORTRAIT
        ? "vertical"
        : scene.shape() == Shape.LANDSCAPE ? "horizontal" : "all";
  }

  private @Nullable Visual picture(JsonNode hit) {
    String address = hit.path("largeImageURL").asText("");
    if (address.isEmpty()) {
      return null;
    }
    // The large picture has 1280 pixels on its longer side; sizes are told of the original.
    long width = hit.path("imageWidth").asLong();
    long height = hit.path("imageHeight").asLong();
    long longer = Math.max(1, Math.max(width, height));
    long side = Math.min(1_280, longer);
    return visual(
        "photo-",
        hit,
        /* clip= */ false,
        address,
        (int) (width * side / longer),
        (int) (height * side / longer),
        0);
  }

  private @Nullable Visual clip(JsonNode hit) {
    JsonNode best = null;
    for (String size : List.of("tiny", "small", "medium", "large")) {
      JsonNode file = hit.path("videos").path(size);
      boolean filled =
          best != null
              && Math.min(best.path("width").asInt(), best.path("height").asInt()) >= FULL_SIDE;
      // The large one may have an empty address.
      if (!file.path("url").asText("").isEmpty() && !filled) {
        best = file;
      }
    }
    return best == null
        ? null
        : visual(
            "video-",
            hit,
            /* clip= */ true,
            best.path("url").asText(),
            best.path("width").asInt(),
            best.path("height").asInt(),
            hit.path("duration").asInt() * 1000);
  }

  private Visual visual(
      String prefix,
      JsonNode hit,
      boolean clip,
      String address,
      int width,
      int height,
      int durationMs) {
    return new Visual(
        settings.name(),
        SOURCE,
        prefix + hit.path("id").asText(),
        clip,
        address,
        hit.path("pageURL").asText(""),
        hit.path("user").asText(""),
        LICENCE,
        "",
        hit.path("tags").asText(""),
        width,
        height,
        durationMs,
        List.of());
  }
}
