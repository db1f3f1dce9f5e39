package dev.reelbeam.simulators;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.time.Instant;
import java.time.LocalDate;
import java.time.ZoneId;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import mockwebserver3.MockResponse;
import mockwebserver3.MockWebServer;
import mockwebserver3.RecordedRequest;
import okhttp3.HttpUrl;
import okio.ByteString;
import org.jspecify.annotations.Nullable;

/**
 * The metrics interface of one platform: videos whose counters are told late, are corrected
 * downwards, lack a metric or are gone; a metric that is not supported and fails the whole call;
 * quotas, and tokens that expire.
 *
 * <p>Facts are from the platforms' references of 2026; where those were not to be had (Facebook's
 * names of video metrics, LinkedIn's video analytics) it speaks as their older references do.
 */
public final class EngagementSimulator implements AutoCloseable {
  private static final ObjectMapper JSON = new ObjectMapper();
  private static final ZoneId PACIFIC = ZoneId.of("America/Los_Angeles");
  private static final long REPORT_DELAY_MS = 24 * 3_600_000L;

  /** Whose interface is spoken. */
  public enum Dialect {
    YOUTUBE,
    INSTAGRAM,
    FACEBOOK,
    TIKTOK,
    X,
    LINKEDIN
  }

  /** What is counted, by our names. */
  public enum Metric {
    VIEWS,
    LIKES,
    COMMENTS,
    SHARES,
    WATCH_TIME_SECONDS,
    AVG_VIEW_MS,
    IMPRESSIONS,
    CLICKS,
    /** Told by YouTube alone, where {@link #monetized}. */
    REVENUE_MICROS
  }

  private final MockWebServer server = new MockWebServer();
  private final Dialect dialect;
  private final Map<String, TreeMap<Long, Map<Metric, Long>>> videos = new HashMap<>();
  private final Set<String> removed = new HashSet<>();
  private final Set<String> hidden = new HashSet<>();
  private final Set<String> unsupported = new HashSet<>();
  private final Set<String> tokens = new HashSet<>();
  private final Deque<Fault> faults = new ArrayDeque<>();
  private final List<String> requests = new ArrayList<>();
  private long nowMs;
  private long delayMs;
  private long unitsLeft = Long.MAX_VALUE;
  private boolean namesUnsupported = true;
  private boolean monetized;

  private EngagementSimulator(Dialect dialect, String token) {
    this.dialect = dialect;
    tokens.add(token);
  }

  /** Starts on a free port of this machine, with one token that is good. */
  public static EngagementSimulator start(Dialect dialect, String token) throws IOException {
    EngagementSimulator simulator = new EngagementSimulator(dialect, token);
    SimulatedServer.start(simulator.server, simulator::answer);
    return simulator;
  }

  /** Base address. */
  public String baseUrl() {
    return SimulatedServer.address(server);
  }

  /** What was true of a video from a moment on; a metric that is left out is never told. */
  public synchronized void count(String id, long atMs, Map<Metric, Long> counts) {
    videos.computeIfAbsent(id, k -> new TreeMap<>()).put(atMs, Map.copyOf(counts));
  }

  /** Sets the clock. */
  public synchronized void now(long ms) {
    nowMs = ms;
  }

  /** Counters are told so much later: up to 48 hours. */
  public synchronized void delay(long ms) {
    delayMs = ms;
  }

  /** The platform knows the video no longer. */
  public synchronized void remove(String id) {
    removed.add(id);
  }

  /** X's post may not be seen by anybody who asks, and says so in its own way. */
  public synchronized void hide(String id) {
    hidden.add(id);
  }

  /** A metric by its name on the wire that fails the whole call; named in the answer, or not. */
  public synchronized void retire(String metric, boolean named) {
    unsupported.add(metric);
    namesUnsupported = named;
  }

  /** Tokens may ask what videos earn, too. */
  public synchronized void monetized() {
    monetized = true;
  }

  /** So many units, or calls, are left for today. */
  public synchronized void unitsLeft(long units) {
    unitsLeft = units;
  }

  /** The tokens so far expire; this one is good. */
  public synchronized void renew(String token) {
    tokens.clear();
    tokens.add(token);
  }

  /** The next calls go wrong like this, one after the other. */
  public synchronized void next(Fault... inOrder) {
    faults.addAll(List.of(inOrder));
  }

  /** Calls so far: method, path and query without the token, and body. */
  public synchronized List<String> requests() {
    return List.copyOf(requests);
  }

  private synchronized MockResponse answer(RecordedRequest request) {
    HttpUrl url = request.getUrl();
    ByteString sent = request.getBody();
    String body = sent == null ? "" : sent.utf8();
    HttpUrl shown = url.newBuilder().removeAllQueryParameters("access_token").build();
    requests.add(
        (request.getMethod()
                + " "
                + shown.encodedPath()
                + (shown.encodedQuery() == null ? "" : "?" + shown.encodedQuery())
                + " "
                + body)
            .strip());
    Fault fault = faults.poll();
    if (fault != null) {
      MockResponse early = TransportFaults.of(fault);
      return early != null ? early : refusal(fault);
    }
    String given = request.getHeaders().get("Authorization");
    String token =
        dialect == Dialect.INSTAGRAM || dialect == Dialect.FACEBOOK
            ? url.queryParameter("access_token")
            : given == null ? null : given.replaceFirst("^Bearer ", "");
    if (token == null || !tokens.contains(token)) {
      return refusal(Fault.WRONG_KEY);
    }
    if (unitsLeft <= 0) {
      return refusal(Fault.EMPTY_WALLET);
    }
    unitsLeft--;
    return switch (dialect) {
      case YOUTUBE -> youTube(url);
      case INSTAGRAM, FACEBOOK -> meta(url);
      case TIKTOK -> tikTok(request.getMethod(), url, body);
      case X -> x(url);
      case LINKEDIN -> linkedIn(request, url);
    };
  }

  /** What is told of a video now; null when there is no such video. */
  private @Nullable Map<Metric, Long> told(String id) {
    return told(id, nowMs - delayMs);
  }

  private @Nullable Map<Metric, Long> told(String id, long atMs) {
    TreeMap<Long, Map<Metric, Long>> course = videos.get(id);
    if (course == null || removed.contains(id)) {
      return null;
    }
    Map.Entry<Long, Map<Metric, Long>> entry = course.floorEntry(atMs);
    return entry == null ? Map.of() : entry.getValue();
  }

  /** Reports are of whole days of the Pacific; yesterday's is not there yet. */
  private LocalDate lastReported() {
    return Instant.ofEpochMilli(nowMs - delayMs - REPORT_DELAY_MS)
        .atZone(PACIFIC)
        .toLocalDate()
        .minusDays(1);
  }

  private static MockResponse json(int status, JsonNode body) {
    return new MockResponse.Builder()
        .code(status)
        .setHeader("Content-Type", "application/json; charset=UTF-8")
        .body(body.toString())
        .build();
  }

  private static ObjectNode object() {
    return JSON.createObjectNode();
  }

  // ----- YouTube: Data API v3 and Analytics API v2

  private MockResponse youTube(HttpUrl url) {
    if (url.encodedPath().equals("/youtube/v3/videos")) {
      String[] ids = String.valueOf(url.queryParameter("id")).split(",", -1);
      if (ids.length > 50) {
        return google(400, "invalidFilters", "The request specifies more than 50 ids.");
      }
      ObjectNode root = object().put("kind", "youtube#videoListResponse");
      ArrayNode items = root.putArray("items");
      for (String id : ids) {
        Map<Metric, Long> counts = told(id);
        if (counts != null) {
          ObjectNode statistics =
              items.addObject().put("kind", "youtube#video").put("id", id).putObject("statistics");
          // Every count is a string; hidden ones are left out.
          text(statistics, "viewCount", counts.getOrDefault(Metric.VIEWS, 0L));
          text(statistics, "likeCount", counts.get(Metric.LIKES));
          statistics.put("favoriteCount", "0");
          text(statistics, "commentCount", counts.get(Metric.COMMENTS));
        }
      }
      return json(200, root);
    }
    if (url.encodedPath().equals("/v2/reports")) {
      String[] metrics = String.valueOf(url.queryParameter("metrics")).split(",", -1);
      for (String metric : metrics) {
        if (unsupported.contains(metric)) {
          return google(400, "badRequest", "Unknown identifier (" + metric + ") given in field.");
        }
      }
      if (List.of(metrics).contains("estimatedRevenue") && !monetized) {
        return google(403, "forbidden", "Insufficient permission to access this report.");
      }
      ObjectNode root = object().put("kind", "youtubeAnalytics#resultTable");
      ArrayNode headers = root.putArray("columnHeaders");
      LocalDate end = LocalDate.parse(String.valueOf(url.queryParameter("endDate")));
      end = end.isAfter(lastReported()) ? lastReported() : end;
      if ("day".equals(url.queryParameter("dimensions"))) {
        header(headers, "day", "DIMENSION", "STRING");
        header(headers, "views", "METRIC", "INTEGER");
        root.putArray("rows").addArray().add(end.toString()).add(1);
        return json(200, root);
      }
      long endMs = end.plusDays(1).atStartOfDay(PACIFIC).toInstant().toEpochMilli();
      header(headers, "video", "DIMENSION", "STRING");
      for (String metric : metrics) {
        header(headers, metric, "METRIC", "INTEGER");
      }
      ArrayNode rows = JSON.createArrayNode();
      String filter = String.valueOf(url.queryParameter("filters"));
      for (String id : filter.replaceFirst("^video==", "").split(",", -1)) {
        Map<Metric, Long> counts = told(id, endMs - 1);
        if (counts != null && counts.containsKey(Metric.WATCH_TIME_SECONDS)) {
          ArrayNode row = rows.addArray().add(id);
          for (String metric : metrics) {
            if (metric.equals("estimatedRevenue")) {
              row.add(counts.getOrDefault(Metric.REVENUE_MICROS, 0L) / 1e6);
              continue;
            }
            long value =
                switch (metric) {
                  case "estimatedMinutesWatched" -> counts.get(Metric.WATCH_TIME_SECONDS) / 60;
                  case "averageViewDuration" -> counts.getOrDefault(Metric.AVG_VIEW_MS, 0L) / 1000;
                  case "shares" -> counts.getOrDefault(Metric.SHARES, 0L);
                  default -> 0L;
                };
            row.add(value);
          }
        }
      }
      if (!rows.isEmpty()) {
        root.set("rows", rows);
      }
      return json(200, root);
    }
    return google(404, "notFound", "Not Found");
  }

  private static void text(ObjectNode node, String name, @Nullable Long value) {
    if (value != null) {
      node.put(name, Long.toString(value));
    }
  }

  private static void header(ArrayNode headers, String name, String column, String type) {
    headers.addObject().put("name", name).put("columnType", column).put("dataType", type);
  }

  private static MockResponse google(int status, String reason, String message) {
    ObjectNode root = object();
    ObjectNode error = root.putObject("error").put("code", status).put("message", message);
    error
        .putArray("errors")
        .addObject()
        .put("message", message)
        .put("domain", "youtube.quota")
        .put("reason", reason);
    return json(status, root);
  }

  // ----- Instagram and Facebook: Graph API insights

  private MockResponse meta(HttpUrl url) {
    List<String> path = url.pathSegments();
    String edge = dialect == Dialect.INSTAGRAM ? "insights" : "video_insights";
    if (path.size() != 3 || !path.get(0).matches("v\\d+\\.\\d") || !path.get(2).equals(edge)) {
      return graph(400, 2500, 0, "Unknown path components: " + url.encodedPath());
    }
    String id = path.get(1);
    Map<Metric, Long> counts = told(id);
    if (counts == null) {
      return graph(
          400, 100, 33, "Unsupported get request. Object with ID '" + id + "' does not exist");
    }
    String[] metrics = String.valueOf(url.queryParameter("metric")).split(",", -1);
    ArrayNode data = JSON.createArrayNode();
    for (int i = 0; i < metrics.length; i++) {
      if (unsupported.contains(metrics[i])) {
        return graph(
            400,
            100,
            0,
            namesUnsupported
                ? "(#100) The metric " + metrics[i] + " is not supported for this media product."
                : "(#100) metric[" + i + "] must be one of the following values: views, likes");
      }
      JsonNode value = metaValue(metrics[i], counts);
      if (value != null) {
        ObjectNode entry = data.addObject();
        entry.put("name", metrics[i]).put("period", "lifetime");
        entry.putArray("values").addObject().set("value", value);
        entry.put("id", id + "/insights/" + metrics[i] + "/lifetime");
      }
    }
    ObjectNode root = object();
    root.set("data", data);
    return json(200, root);
  }

  private static @Nullable JsonNode metaValue(String metric, Map<Metric, Long> counts) {
    Metric of =
        switch (metric) {
          case "views", "fb_reels_total_plays" -> Metric.VIEWS;
          case "likes", "post_video_likes_by_reaction_type" -> Metric.LIKES;
          case "comments" -> Metric.COMMENTS;
          case "shares" -> Metric.SHARES;
          case "ig_reels_video_view_total_time", "post_video_view_time" ->
              Metric.WATCH_TIME_SECONDS;
          case "ig_reels_avg_watch_time", "post_video_avg_time_watched" -> Metric.AVG_VIEW_MS;
          default -> null;
        };
    if (metric.equals("post_video_social_actions")) {
      ObjectNode actions = object();
      if (counts.containsKey(Metric.COMMENTS)) {
        actions.put("COMMENT", counts.get(Metric.COMMENTS));
      }
      if (counts.containsKey(Metric.SHARES)) {
        actions.put("SHARE", counts.get(Metric.SHARES));
      }
      return actions.isEmpty() ? null : actions;
    }
    Long value = of == null ? null : counts.get(of);
    if (value == null) {
      return null;
    }
    if (metric.equals("post_video_likes_by_reaction_type")) {
      return object().put("REACTION_LIKE", value - value / 4).put("REACTION_LOVE", value / 4);
    }
    return JSON.getNodeFactory().numberNode(of == Metric.WATCH_TIME_SECONDS ? value * 1000 : value);
  }

  private static MockResponse graph(int status, int code, int subcode, String message) {
    ObjectNode root = object();
    ObjectNode error =
        root.putObject("error")
            .put("message", message)
            .put("type", code == 190 ? "OAuthException" : "GraphMethodException")
            .put("code", code)
            .put("fbtrace_id", "AbCdEf");
    if (subcode != 0) {
      error.put("error_subcode", subcode);
    }
    return json(status, root);
  }

  // ----- TikTok: video query

  private MockResponse tikTok(@Nullable String method, HttpUrl url, String body) {
    if (!"POST".equals(method) || !url.encodedPath().equals("/v2/video/query/")) {
      return tikTok(404, "invalid_params", "no such endpoint");
    }
    JsonNode asked;
    try {
      asked = JSON.readTree(body).at("/filters/video_ids");
    } catch (JsonProcessingException e) {
      return tikTok(400, "invalid_params", "the body is no JSON");
    }
    if (!asked.isArray() || asked.size() > 20) {
      return tikTok(400, "invalid_params", "1 to 20 video_ids");
    }
    for (String field : String.valueOf(url.queryParameter("fields")).split(",", -1)) {
      if (unsupported.contains(field)) {
        return tikTok(400, "invalid_params", "Field " + field + " is invalid.");
      }
    }
    ObjectNode root = object();
    ArrayNode list = root.putObject("data").putArray("videos");
    for (JsonNode id : asked) {
      Map<Metric, Long> counts = told(id.asText());
      if (counts != null) {
        ObjectNode video = list.addObject().put("id", id.asText());
        number(video, "view_count", counts.get(Metric.VIEWS));
        number(video, "like_count", counts.get(Metric.LIKES));
        number(video, "comment_count", counts.get(Metric.COMMENTS));
        number(video, "share_count", counts.get(Metric.SHARES));
      }
    }
    root.putObject("error").put("code", "ok").put("message", "").put("log_id", "2026");
    return json(200, root);
  }

  private static void number(ObjectNode node, String name, @Nullable Long value) {
    if (value != null) {
      node.put(name, value.longValue());
    }
  }

  /** TikTok says some errors with 200. */
  private static MockResponse tikTok(int status, String code, String message) {
    ObjectNode root = object();
    root.putObject("data");
    root.putObject("error").put("code", code).put("message", message).put("log_id", "2026");
    return json(status, root);
  }

  // ----- X: posts look-up

  private MockResponse x(HttpUrl url) {
    if (!url.encodedPath().equals("/2/tweets")) {
      return problem(404, "resource-not-found", "Not Found Error", "no such path");
    }
    String[] ids = String.valueOf(url.queryParameter("ids")).split(",", -1);
    if (ids.length > 100) {
      return problem(400, "invalid-request", "Invalid Request", "ids: at most 100");
    }
    String fields = String.valueOf(url.queryParameter("tweet.fields"));
    ObjectNode root = object();
    ArrayNode data = JSON.createArrayNode();
    ArrayNode media = JSON.createArrayNode();
    ArrayNode errors = JSON.createArrayNode();
    for (String id : ids) {
      Map<Metric, Long> counts = told(id);
      if (counts == null) {
        errors
            .addObject()
            .put("resource_id", id)
            .put("parameter", "ids")
            .put("resource_type", "tweet")
            .put("title", "Not Found Error")
            .put("type", "https://api.x.com/2/problems/resource-not-found");
        continue;
      }
      if (hidden.contains(id)) {
        errors
            .addObject()
            .put("resource_id", id)
            .put("parameter", "ids")
            .put("resource_type", "tweet")
            .put("title", "Authorization Error")
            .put("type", "https://api.x.com/2/problems/not-authorized-for-resource");
        continue;
      }
      for (String field : unsupported) {
        if (fields.contains(field)) {
          errors
              .addObject()
              .put("resource_id", id)
              .put("parameter", field)
              .put("title", "Field Authorization Error")
              .put("type", "https://api.x.com/2/problems/not-authorized-for-field");
          counts = null;
        }
      }
      if (counts == null) {
        // One field that may not be seen takes the whole post away.
        continue;
      }
      ObjectNode post = data.addObject().put("id", id).put("text", "…");
      ObjectNode metrics = post.putObject("public_metrics");
      number(metrics, "impression_count", counts.get(Metric.IMPRESSIONS));
      number(metrics, "like_count", counts.get(Metric.LIKES));
      number(metrics, "reply_count", counts.get(Metric.COMMENTS));
      Long shares = counts.get(Metric.SHARES);
      if (shares != null) {
        // The name of older answers and of newer ones; both are about.
        metrics.put(
            Math.floorMod(id.hashCode(), 2) == 0 ? "retweet_count" : "repost_count", shares);
        metrics.put("quote_count", 0);
      }
      if (counts.containsKey(Metric.CLICKS) && fields.contains("non_public_metrics")) {
        post.putObject("non_public_metrics").put("url_link_clicks", counts.get(Metric.CLICKS));
      }
      post.putObject("attachments").putArray("media_keys").add("7_" + id);
      ObjectNode one = media.addObject().put("media_key", "7_" + id).put("type", "video");
      if (counts.containsKey(Metric.VIEWS)) {
        one.putObject("public_metrics").put("view_count", counts.get(Metric.VIEWS));
      }
    }
    if (!data.isEmpty()) {
      root.set("data", data);
      root.putObject("includes").set("media", media);
    }
    if (!errors.isEmpty()) {
      root.set("errors", errors);
    }
    return json(200, root);
  }

  private static MockResponse problem(int status, String type, String title, String detail) {
    return new MockResponse.Builder()
        .code(status)
        .setHeader("Content-Type", "application/problem+json")
        .body(
            object()
                .put("title", title)
                .put("detail", detail)
                .put("type", "https://api.x.com/2/problems/" + type)
                .put("status", status)
                .toString())
        .build();
  }

  // ----- LinkedIn: versioned REST

  private MockResponse linkedIn(RecordedRequest request, HttpUrl url) {
    String version = request.getHeaders().get("LinkedIn-Version");
    if (version == null || version.compareTo("202512") < 0) {
      return restli(426, "NONEXISTENT_VERSION", "Requested version is not active");
    }
    if (!"2.0.0".equals(request.getHeaders().get("X-Restli-Protocol-Version"))) {
      return restli(400, "ILLEGAL_ARGUMENT", "protocol version");
    }
    String path = url.encodedPath();
    if (path.startsWith("/rest/posts/")) {
      String urn = url.pathSegments().get(2);
      return told(urn) == null
          ? restli(404, "NOT_FOUND", "Could not find entity")
          : json(200, object().put("id", urn));
    }
    if (path.equals("/rest/videoAnalytics")) {
      Map<Metric, Long> counts = told(String.valueOf(url.queryParameter("entity")));
      ObjectNode root = object();
      ArrayNode elements = root.putArray("elements");
      if (counts != null && counts.containsKey(Metric.VIEWS)) {
        elements.addObject().put("value", counts.get(Metric.VIEWS));
      }
      return unsupported.contains("VIDEO_VIEW")
          ? restli(400, "ILLEGAL_ARGUMENT", "type VIDEO_VIEW is not supported")
          : json(200, root);
    }
    if (!path.equals("/rest/organizationalEntityShareStatistics")) {
      return restli(404, "NOT_FOUND", "no such resource");
    }
    ObjectNode root = object();
    ArrayNode elements = root.putArray("elements");
    for (String kind : List.of("share", "ugcPost")) {
      String list = url.queryParameter(kind + "s");
      if (list == null) {
        continue;
      }
      for (String urn : list.replaceAll("^List\\(|\\)$", "").split(",", -1)) {
        Map<Metric, Long> counts = told(urn);
        // Nothing was counted: it is left out, as one that is gone.
        if (counts == null || counts.isEmpty()) {
          continue;
        }
        ObjectNode statistics =
            elements.addObject().put(kind, urn).putObject("totalShareStatistics");
        number(statistics, "impressionCount", counts.get(Metric.IMPRESSIONS));
        number(statistics, "clickCount", counts.get(Metric.CLICKS));
        number(statistics, "likeCount", counts.get(Metric.LIKES));
        number(statistics, "commentCount", counts.get(Metric.COMMENTS));
        number(statistics, "shareCount", counts.get(Metric.SHARES));
        statistics.put("engagement", 0.043);
      }
    }
    return json(200, root);
  }

  private static MockResponse restli(int status, String code, String message) {
    return json(status, object().put("status", status).put("code", code).put("message", message));
  }

  // ----- refusals, in each one's words

  private MockResponse refusal(Fault fault) {
    boolean wallet = fault == Fault.EMPTY_WALLET;
    return switch (fault) {
      case WRONG_KEY ->
          switch (dialect) {
            case YOUTUBE -> google(401, "authError", "Invalid Credentials");
            case INSTAGRAM, FACEBOOK ->
                graph(400, 190, 463, "Error validating access token: Session has expired");
            case TIKTOK -> tikTok(401, "access_token_invalid", "The access token is invalid.");
            case X -> problem(401, "not-authorized", "Unauthorized", "Unauthorized");
            case LINKEDIN -> restli(401, "EXPIRED_ACCESS_TOKEN", "The token has expired");
          };
      case EMPTY_WALLET, RATE_LIMIT, RATE_LIMIT_WITH_RETRY_AFTER ->
          switch (dialect) {
            case YOUTUBE ->
                wallet
                    ? google(403, "quotaExceeded", "You have exceeded your quota.")
                    : google(403, "rateLimitExceeded", "Too many calls.");
            case INSTAGRAM, FACEBOOK ->
                graph(400, wallet ? 4 : 32, 0, "Application request limit reached");
            case TIKTOK -> tikTok(wallet ? 200 : 429, "rate_limit_exceeded", "Too many calls.");
            case X ->
                wallet
                    ? problem(429, "usage-capped", "UsageCapExceeded", "credits are used up")
                    : problem(429, "rate-limit-exceeded", "Too Many Requests", "wait");
            case LINKEDIN ->
                restli(429, "TOO_MANY_REQUESTS", "Resource level throttle DAY limit reached");
          };
      case SERVER_ERROR, OVERLOADED ->
          switch (dialect) {
            case YOUTUBE -> google(503, "backendError", "Backend Error");
            case INSTAGRAM, FACEBOOK -> graph(500, 2, 0, "Service temporarily unavailable");
            case TIKTOK -> tikTok(500, "internal_error", "Something went wrong.");
            case X -> problem(503, "service-unavailable", "Service Unavailable", "later");
            case LINKEDIN -> restli(503, "SERVICE_UNAVAILABLE", "later");
          };
      case BODY_CUT -> TransportFaults.cut("application/json", "{\"items\":[" + "1,".repeat(5_000));
      case TRUNCATED_JSON, NONSENSE ->
          new MockResponse.Builder()
              .setHeader("Content-Type", "application/json")
              .body(fault == Fault.NONSENSE ? "[\"what?\"]" : "{\"items\":[{\"id\":\"a")
              .build();
      default -> throw new IllegalArgumentException("no platform fails like " + fault);
    };
  }

  @Override
  public void close() {
    server.close();
  }
}
