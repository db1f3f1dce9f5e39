package dev.reelbeam.simulators;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.util.List;
import java.util.Locale;
import mockwebserver3.MockResponse;
import mockwebserver3.RecordedRequest;
import okhttp3.HttpUrl;
import org.jspecify.annotations.Nullable;

/**
 * A server that speaks Pexels' search for photos and videos, as its published client of February
 * 2023 does: key without a prefix, sizes of files that may be null, counts in rate headers.
 */
public final class PexelsSimulator extends StockSimulator {
  private final String key;

  private PexelsSimulator(String key) {
    this.key = key;
  }

  /** Starts on a free port of this machine. */
  public static PexelsSimulator start(String key) throws IOException {
    PexelsSimulator simulator = new PexelsSimulator(key);
    simulator.begin();
    return simulator;
  }

  /** Base address. */
  public String baseUrl() {
    return address();
  }

  @Override
  MockResponse search(RecordedRequest request, @Nullable Fault fault) {
    if (!key.equals(request.getHeaders().get("Authorization"))) {
      return error(401, "Unauthorized");
    }
    HttpUrl url = request.getUrl();
    boolean clips = url.encodedPath().equals("/videos/search");
    if (!clips && !url.encodedPath().equals("/v1/search")) {
      return error(404, "Not Found");
    }
    String query = String.valueOf(url.queryParameter("query"));
    String orientation = url.queryParameter("orientation");
    int perPage = Integer.parseInt(String.valueOf(url.queryParameter("per_page")));
    if (perPage > 80
        || orientation != null
            && !List.of("landscape", "portrait", "square").contains(orientation)) {
      return error(400, "Bad Request");
    }
    if (fault == Fault.TRUNCATED_JSON) {
      return truncated();
    }
    List<Item> items =
        shelf(query, clips, orientation == null ? null : orientation.equals("portrait"));
    ObjectNode answer = JSON.createObjectNode();
    answer.put("page", 1).put("per_page", perPage).put("total_results", items.size());
    if (fault == Fault.NONSENSE) {
      return json(200, answer.put("photos", "many").put("videos", "many"));
    }
    ArrayNode list = answer.putArray(clips ? "videos" : "photos");
    for (Item item : items) {
      if (clips) {
        video(list.addObject(), item);
      } else {
        photo(list.addObject(), item);
      }
    }
    return json(200, answer);
  }

  private void photo(ObjectNode photo, Item item) {
    photo.put("id", item.id()).put("width", item.width()).put("height", item.height());
    photo.put("url", "https://www.pexels.com/photo/" + slug(item) + "/");
    photo.put("photographer", item.author());
    photo.put("photographer_url", "https://www.pexels.com/@example");
    photo.put("alt", item.words());
    ObjectNode sources = photo.putObject("src");
    sources.put("original", address() + item.path(4_000));
    sources.put("large2x", address() + item.path(1_880));
    sources.put("large", address() + item.path(940));
  }

  private void video(ObjectNode video, Item item) {
    video.put("id", item.id()).put("width", item.width()).put("height", item.height());
    video.put("duration", item.seconds());
    video.put("url", "https://www.pexels.com/video/" + slug(item) + "/");
    video.putObject("user").put("name", item.author());
    ArrayNode files = video.putArray("video_files");
    ObjectNode stream = files.addObject();
    stream.put("quality", "hls").put("file_type", "application/x-mpegURL");
    stream.putNull("width").putNull("height").put("link", address() + "/files/stream.m3u8");
    ObjectNode file = files.addObject();
    file.put("quality", "hd").put("file_type", "video/mp4");
    file.put("width", item.upright() ? 1_080 : 1_920);
    file.put("height", item.upright() ? 1_920 : 1_080);
    file.put("link", address() + item.path(1_920));
    ObjectNode unsized = files.addObject();
    unsized.put("quality", "sd").put("file_type", "video/mp4");
    unsized.putNull("width").putNull("height").put("link", address() + item.path(640));
  }

  private static String slug(Item item) {
    return item.words().toLowerCase(Locale.ROOT).replaceAll("[^a-z0-9]+", "-") + "-" + item.id();
  }

  @Override
  @Nullable MockResponse refusal(Fault fault) {
    return switch (fault) {
      case RATE_LIMIT -> error(429, "API rate limit exceeded");
      case RATE_LIMIT_WITH_RETRY_AFTER ->
          error(429, "API rate limit exceeded").newBuilder().setHeader("Retry-After", "1").build();
      case EMPTY_WALLET ->
          error(429, "monthly limit")
              .newBuilder()
              .setHeader("X-Ratelimit-Reset", "1700000")
              .build();
      case WRONG_KEY -> error(401, "Unauthorized");
      case SERVER_ERROR -> error(500, "Internal Server Error");
      case OVERLOADED -> error(503, "Service Unavailable");
      default -> null;
    };
  }

  private static MockResponse truncated() {
    return new MockResponse.Builder()
        .setHeader("Content-Type", "application/json")
        .body("{\"page\":1,\"photos\":[{\"id\":")
        .build();
  }

  private static MockResponse error(int status, String message) {
    return json(status, JSON.createObjectNode().put("error", message));
  }
}
