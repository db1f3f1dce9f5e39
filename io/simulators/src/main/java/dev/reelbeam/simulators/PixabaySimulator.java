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
 * A server that speaks Pixabay's search for pictures and videos: the key in the address, errors as
 * plain text, the address of the large video sometimes empty.
 */
public final class PixabaySimulator extends StockSimulator {
  private final String key;

  private PixabaySimulator(String key) {
    this.key = key;
  }

  /** Starts on a free port of this machine. */
  public static PixabaySimulator start(String key) throws IOException {
    PixabaySimulator simulator = new PixabaySimulator(key);
    simulator.begin();
    return simulator;
  }

  /** Base address. */
  public String baseUrl() {
    return address();
  }

  @Override
  MockResponse search(RecordedRequest request, @Nullable Fault fault) {
    HttpUrl url = request.getUrl();
    if (!key.equals(url.queryParameter("key"))) {
      return error(400, "Invalid or missing API key");
    }
    boolean clips = url.encodedPath().equals("/api/videos/");
    if (!clips && !url.encodedPath().equals("/api/")) {
      return error(404, "Not found");
    }
    String query = String.valueOf(url.queryParameter("q"));
    int perPage = Integer.parseInt(String.valueOf(url.queryParameter("per_page")));
    if (query.length() > 100 || perPage < 3 || perPage > 200) {
      return error(400, "\"q\" or \"per_page\" is out of valid range.");
    }
    String orientation = url.queryParameter("orientation");
    if (fault == Fault.TRUNCATED_JSON) {
      return new MockResponse.Builder()
          .setHeader("Content-Type", "application/json")
          .body("{\"total\":4,\"hits\":[{\"id\":")
          .build();
    }
    List<Item> items =
        shelf(
            query,
            clips,
            orientation == null || orientation.equals("all")
                ? null
                : orientation.equals("vertical"));
    ObjectNode answer = JSON.createObjectNode();
    answer.put("total", items.size()).put("totalHits", items.size());
    if (fault == Fault.NONSENSE) {
      return json(200, answer.put("hits", "many"));
    }
    ArrayNode hits = answer.putArray("hits");
    for (Item item : items) {
      hit(hits.addObject(), item);
    }
    return json(200, answer);
  }

  private void hit(ObjectNode hit, Item item) {
    hit.put("id", item.id());
    hit.put(
        "pageURL",
        "https://pixabay.com/" + (item.clip() ? "videos" : "photos") + "/id-" + item.id() + "/");
    hit.put("tags", item.words().toLowerCase(Locale.ROOT).replace(' ', ','));
    hit.put("user", item.author()).put("user_id", 7);
    if (!item.clip()) {
      hit.put("webformatURL", address() + item.path(640));
      hit.put("largeImageURL", address() + item.path(1_280));
      hit.put("imageWidth", item.width()).put("imageHeight", item.height());
      return;
    }
    hit.put("duration", item.seconds());
    ObjectNode videos = hit.putObject("videos");
    size(videos, "large", "", 0, 0);
    boolean upright = item.upright();
    size(
        videos,
        "medium",
        address() + item.path(1_920),
        upright ? 1_080 : 1_920,
        upright ? 1_920 : 1_080);
    size(
        videos,
        "small",
        address() + item.path(1_280),
        upright ? 720 : 1_280,
        upright ? 1_280 : 720);
    size(videos, "tiny", address() + item.path(640), upright ? 360 : 640, upright ? 640 : 360);
  }

  private static void size(ObjectNode videos, String name, String url, int width, int height) {
    ObjectNode file = videos.putObject(name);
    file.put("url", url).put("width", width).put("height", height).put("size", 1_000_000);
  }

  @Override
  @Nullable MockResponse refusal(Fault fault) {
    return switch (fault) {
      case RATE_LIMIT -> error(429, "API rate limit exceeded");
      case RATE_LIMIT_WITH_RETRY_AFTER ->
          error(429, "API rate limit exceeded").newBuilder().setHeader("Retry-After", "1").build();
      case EMPTY_WALLET ->
          error(429, "API rate limit exceeded")
              .newBuilder()
              .setHeader("X-RateLimit-Reset", "1700000")
              .build();
      case WRONG_KEY -> error(400, "Invalid or missing API key");
      case SERVER_ERROR -> error(500, "Internal Server Error");
      case OVERLOADED -> error(503, "Service Unavailable");
      default -> null;
    };
  }

  private static MockResponse error(int status, String message) {
    return new MockResponse.Builder()
        .code(status)
        .setHeader("Content-Type", "text/plain")
        .body("[ERROR " + status + "] " + message)
        .build();
  }
}
