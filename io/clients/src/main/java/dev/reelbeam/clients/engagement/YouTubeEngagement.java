package dev.reelbeam.clients.engagement;

import com.fasterxml.jackson.databind.JsonNode;
import dev.reelbeam.clients.http.CallPolicy;
import dev.reelbeam.model.engagement.EngagementReading;
import dev.reelbeam.model.engagement.EngagementSnapshot;
import dev.reelbeam.model.engagement.PublishedPost;
import dev.reelbeam.model.failure.StageException;
import dev.reelbeam.model.port.AccessTokens;
import dev.reelbeam.model.port.EngagementReader;
import java.time.Instant;
import java.time.LocalDate;
import java.time.ZoneId;
import java.time.format.DateTimeParseException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import okhttp3.HttpUrl;
import okhttp3.Request;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * YouTube: counts from {@code videos.list}, 50 videos for one unit; watch time, shares, the average
 * view and revenue from Analytics reports, which are of whole days of the Pacific and one to three
 * of them late. So those are told as of the end of the last day that is reported: a snapshot of its
 * own.
 *
 * <p>An account that did not allow Analytics, or whose Analytics quota is used up, gives the counts
 * alone.
 */
public final class YouTubeEngagement implements EngagementReader {
  public static final String DATA_API = "https://www.googleapis.com";
  public static final String ANALYTICS_API = "https://youtubeanalytics.googleapis.com";

  private static final Logger log = LoggerFactory.getLogger(YouTubeEngagement.class);
  private static final ZoneId PACIFIC = PollSettings.zone("youtube");
  private static final int BATCH = 50;

  /** Longer ago than any report is late. */
  private static final int LOOK_BACK_DAYS = 10;

  private static final List<String> REPORTED =
      List.of("estimatedMinutesWatched", "averageViewDuration", "shares");

  /** Asked for by itself: a token without the monetary scope fails a whole call. */
  private static final String REVENUE = "estimatedRevenue";

  private final Set<String> withoutRevenue = ConcurrentHashMap.newKeySet();
  private final PlatformCalls data;
  private final PlatformCalls analytics;

  public YouTubeEngagement(
      String dataApi, String analyticsApi, AccessTokens tokens, CallPolicy policy) {
    data = new PlatformCalls(platformId(), dataApi, tokens, policy, PlatformErrors::google);
    analytics =
        new PlatformCalls(platformId(), analyticsApi, tokens, policy, PlatformErrors::google);
  }

  private static String platformId() {
    return "youtube";
  }

  @Override
  public String platform() {
    return platformId();
  }

  @Override
  public int batch() {
    return BATCH;
  }

  /** Of the Data API; Analytics has a quota of its own. */
  @Override
  public int units(int videos) {
    return 1;
  }

  @Override
  public EngagementReading read(String account, List<PublishedPost> posts, long nowMs)
      throws StageException {
    PlatformCalls.Raw raw = new PlatformCalls.Raw(platform(), nowMs);
    String ids = String.join(",", posts.stream().map(PublishedPost::platformVideoId).toList());
    HttpUrl videos =
        HttpUrl.get(data.endpoint() + "/youtube/v3/videos")
            .newBuilder()
            .addQueryParameter("part", "statistics")
            .addQueryParameter("id", ids)
            .addQueryParameter("maxResults", Integer.toString(BATCH))
            .build();
    JsonNode listed = raw.add("videos.list", data.call(account, token -> get(videos, token)));
    Map<String, JsonNode> statistics = new HashMap<>();
    for (JsonNode item : data.list(listed, "items")) {
      statistics.put(item.path("id").asText(), item.path("statistics"));
    }
    LocalDate last = lastReported(account, nowMs, raw);
    Map<String, Map<String, Long>> reported =
        last == null ? Map.of() : reported(account, posts, last, raw);
    Map<String, Map<String, Long>> earned =
        last == null ? Map.of() : earned(account, posts, last, raw);
    List<EngagementSnapshot> snapshots = new ArrayList<>();
    List<EngagementSnapshot> reports = new ArrayList<>();
    for (PublishedPost post : posts) {
      JsonNode counts = statistics.get(post.platformVideoId());
      if (counts == null) {
        snapshots.add(Counts.removed(post, nowMs));
        continue;
      }
      Counts known = new Counts(post, nowMs);
      known.views = data.count(counts, "viewCount");
      known.likes = data.count(counts, "likeCount");
      known.comments = data.count(counts, "commentCount");
      snapshots.add(known.snapshot());
      Map<String, Long> report = reported.getOrDefault(post.platformVideoId(), Map.of());
      Map<String, Long> money = earned.getOrDefault(post.platformVideoId(), Map.of());
      if (last == null || (report.isEmpty() && money.isEmpty())) {
        continue;
      }
      long endMs = last.plusDays(1).atStartOfDay(PACIFIC).toInstant().toEpochMilli();
      if (endMs > post.publishedAtMs()) {
        Counts then = new Counts(post, endMs);
        then.watchTimeSeconds = Counts.times(report.get("estimatedMinutesWatched"), 60);
        then.avgViewDurationMs = Counts.times(report.get("averageViewDuration"), 1_000);
        then.shares = report.get("shares");
        then.revenueMicros = money.get(REVENUE);
        reports.add(then.snapshot());
      }
    }
    // Analytics has a quota of its own.
    return new EngagementReading(snapshots, reports, raw.bytes(), units(posts.size()));
  }

  /**
   * The last day that the account's reports speak of; null where there are none, or none to be had.
   */
  private @Nullable LocalDate lastReported(String account, long nowMs, PlatformCalls.Raw raw)
      throws StageException {
    LocalDate today = Instant.ofEpochMilli(nowMs).atZone(PACIFIC).toLocalDate();
    HttpUrl days =
        HttpUrl.get(analytics.endpoint() + "/v2/reports")
            .newBuilder()
            .addQueryParameter("ids", "channel==MINE")
            .addQueryParameter("startDate", today.minusDays(LOOK_BACK_DAYS).toString())
            .addQueryParameter("endDate", today.toString())
            .addQueryParameter("metrics", "views")
            .addQueryParameter("dimensions", "day")
            .addQueryParameter("sort", "-day")
            .addQueryParameter("maxResults", "1")
            .build();
    JsonNode reply;
    try {
      reply = raw.add("reports.query", analytics.call(account, token -> get(days, token)));
    } catch (StageException e) {
      switch (e.code()) {
        case PROVIDER_UNAUTHORIZED, PROVIDER_QUOTA -> {
          log.warn("counts of {} come without Analytics: {}", account, e.getMessage());
          return null;
        }
        default -> throw e;
      }
    }
    String day = reply.path("rows").path(0).path(0).asText("");
    try {
      return day.isEmpty() ? null : LocalDate.parse(day);
    } catch (DateTimeParseException e) {
      throw analytics.invalid("a day that is none", e);
    }
  }

  /** Metrics by video; empty where the report has no row, or where there is none to be had. */
  private Map<String, Map<String, Long>> reported(
      String account, List<PublishedPost> posts, LocalDate last, PlatformCalls.Raw raw)
      throws StageException {
    List<String> metrics = new ArrayList<>(REPORTED);
    while (!metrics.isEmpty()) {
      HttpUrl report = report(posts, last, String.join(",", metrics));
      try {
        return rows(raw.add("reports.query", analytics.call(account, token -> get(report, token))));
      } catch (StageException e) {
        switch (e.code()) {
          case METRIC_UNSUPPORTED -> {
            String named = metrics.stream().filter(e.describe()::contains).findFirst().orElse("");
            log.warn("youtube reports no {}: {}", named, e.getMessage());
            if (!metrics.remove(named)) {
              return Map.of();
            }
          }
          case PROVIDER_UNAUTHORIZED, PROVIDER_QUOTA -> {
            log.warn("counts of {} come without Analytics: {}", account, e.getMessage());
            return Map.of();
          }
          default -> throw e;
        }
      }
    }
    return Map.of();
  }

  /**
   * What videos earned, in micro-dollars; empty where an account may not tell, which is asked once.
   */
  private Map<String, Map<String, Long>> earned(
      String account, List<PublishedPost> posts, LocalDate last, PlatformCalls.Raw raw)
      throws StageException {
    if (withoutRevenue.contains(account)) {
      return Map.of();
    }
    HttpUrl report =
        report(posts, last, REVENUE).newBuilder().addQueryParameter("currency", "USD").build();
    try {
      return rows(raw.add("reports.query", analytics.call(account, token -> get(report, token))));
    } catch (StageException e) {
      switch (e.code()) {
        case METRIC_UNSUPPORTED, PROVIDER_UNAUTHORIZED -> {
          log.info("youtube tells no revenue of {}: {}", account, e.getMessage());
          withoutRevenue.add(account);
          return Map.of();
        }
        case PROVIDER_QUOTA -> {
          return Map.of();
        }
        default -> throw e;
      }
    }
  }

  private HttpUrl report(List<PublishedPost> posts, LocalDate last, String metrics) {
    long first = posts.stream().mapToLong(PublishedPost::publishedAtMs).min().orElse(0);
    LocalDate begin = Instant.ofEpochMilli(first).atZone(PACIFIC).toLocalDate();
    return HttpUrl.get(analytics.endpoint() + "/v2/reports")
        .newBuilder()
        .addQueryParameter("ids", "channel==MINE")
        .addQueryParameter("startDate", (begin.isAfter(last) ? last : begin).toString())
        .addQueryParameter("endDate", last.toString())
        .addQueryParameter("metrics", metrics)
        .addQueryParameter("dimensions", "video")
        .addQueryParameter(
            "filters",
            "video=="
                + String.join(",", posts.stream().map(PublishedPost::platformVideoId).toList()))
        .addQueryParameter("maxResults", Integer.toString(BATCH))
        .build();
  }

  /** Rows are positional; no row is no zero. Money comes in dollars. */
  private Map<String, Map<String, Long>> rows(JsonNode report) throws StageException {
    JsonNode headers = analytics.list(report, "columnHeaders");
    Map<String, Map<String, Long>> rows = new HashMap<>();
    for (JsonNode row : report.path("rows")) {
      Map<String, Long> values = new HashMap<>();
      String video = "";
      for (int i = 0; i < headers.size(); i++) {
        String name = headers.path(i).path("name").asText();
        if (name.equals("video")) {
          video = row.path(i).asText();
        } else if (row.path(i).isNumber()) {
          values.put(
              name,
              name.equals(REVENUE)
                  ? row.path(i).decimalValue().movePointRight(6).longValue()
                  : row.path(i).longValue());
        }
      }
      rows.put(video, values);
    }
    return rows;
  }

  private static Request get(HttpUrl url, String token) {
    return new Request.Builder().url(url).header("Authorization", "Bearer " + token).build();
  }
}
