package dev.reelbeam.clients.engagement;

import com.fasterxml.jackson.databind.JsonNode;
import dev.reelbeam.clients.http.CallPolicy;
import dev.reelbeam.model.engagement.EngagementReading;
import dev.reelbeam.model.engagement.PublishedPost;
import dev.reelbeam.model.failure.FailureCode;
import dev.reelbeam.model.failure.StageException;
import dev.reelbeam.model.port.AccessTokens;
import dev.reelbeam.model.port.EngagementReader;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicInteger;
import okhttp3.HttpUrl;
import okhttp3.Request;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Instagram and Facebook: insights of the Graph API, a call for each video. They are up to 48 hours
 * late, and empty rather than zero.
 *
 * <p>One metric that is not supported fails the whole call. The others are asked for without it,
 * and it is left out from then on; where the answer does not name it, each is asked for alone once.
 * So a metric that Meta retires costs that metric.
 */
public final class MetaEngagement implements EngagementReader {
  public static final String GRAPH_API = "https://graph.facebook.com/v26.0";

  private static final Logger log = LoggerFactory.getLogger(MetaEngagement.class);

  private final PlatformCalls calls;
  private final String edge;
  private final List<String> metrics;
  private final Set<String> unsupported = ConcurrentHashMap.newKeySet();

  private MetaEngagement(PlatformCalls calls, String edge, List<String> metrics) {
    this.calls = calls;
    this.edge = edge;
    this.metrics = metrics;
  }

  /** Insights of reels of Instagram accounts. */
  public static MetaEngagement instagram(String graphApi, AccessTokens tokens, CallPolicy policy) {
    return new MetaEngagement(
        new PlatformCalls("instagram", graphApi, tokens, policy, PlatformErrors::graph),
        "insights",
        List.of(
            "views",
            "likes",
            "comments",
            "shares",
            "ig_reels_avg_watch_time",
            "ig_reels_video_view_total_time"));
  }

  /** Insights of reels and videos of Facebook pages. */
  public static MetaEngagement facebook(String graphApi, AccessTokens tokens, CallPolicy policy) {
    return new MetaEngagement(
        new PlatformCalls("facebook", graphApi, tokens, policy, PlatformErrors::graph),
        "video_insights",
        List.of(
            "fb_reels_total_plays",
            "post_video_likes_by_reaction_type",
            "post_video_social_actions",
            "post_video_avg_time_watched",
            "post_video_view_time"));
  }

  @Override
  public String platform() {
    return calls.platform();
  }

  @Override
  public int batch() {
    return 1;
  }

  @Override
  public int units(int videos) {
    return videos;
  }

  @Override
  public EngagementReading read(String account, List<PublishedPost> posts, long nowMs)
      throws StageException {
    PublishedPost post = posts.get(0);
    PlatformCalls.Raw raw = new PlatformCalls.Raw(platform(), nowMs);
    // Refused ones, too: each is a call of the account's hour.
    AtomicInteger asked = new AtomicInteger();
    Map<String, JsonNode> values;
    try {
      values = values(account, post, asked, raw);
    } catch (StageException e) {
      if (e.code() != FailureCode.POST_MISSING) {
        throw e;
      }
      return new EngagementReading(List.of(Counts.removed(post, nowMs)), raw.bytes(), asked.get());
    }
    Counts counts = new Counts(post, nowMs);
    counts.views = either(values, "views", "fb_reels_total_plays");
    counts.likes =
        Counts.plus(
            number(values, "likes"), summed(values.get("post_video_likes_by_reaction_type")));
    JsonNode actions = values.get("post_video_social_actions");
    counts.comments =
        actions == null ? number(values, "comments") : calls.count(actions, "COMMENT");
    counts.shares = actions == null ? number(values, "shares") : calls.count(actions, "SHARE");
    counts.avgViewDurationMs =
        either(values, "ig_reels_avg_watch_time", "post_video_avg_time_watched");
    Long watchedMs = either(values, "ig_reels_video_view_total_time", "post_video_view_time");
    counts.watchTimeSeconds = watchedMs == null ? null : Long.valueOf(watchedMs / 1_000);
    return new EngagementReading(List.of(counts.snapshot()), raw.bytes(), asked.get());
  }

  private Map<String, JsonNode> values(
      String account, PublishedPost post, AtomicInteger calls, PlatformCalls.Raw raw)
      throws StageException {
    while (true) {
      List<String> asked = new ArrayList<>(metrics);
      asked.removeAll(unsupported);
      if (asked.isEmpty()) {
        throw new StageException(
            FailureCode.METRIC_UNSUPPORTED, platform() + " supports none of " + metrics);
      }
      try {
        return ask(account, post, asked, calls, raw);
      } catch (StageException e) {
        if (e.code() != FailureCode.METRIC_UNSUPPORTED) {
          throw e;
        }
        List<String> named =
            asked.stream()
                .filter(metric -> e.describe().matches(".*\\b" + metric + "\\b.*"))
                .toList();
        if (named.size() == 1) {
          leaveOut(named.get(0), e);
        } else {
          return oneByOne(account, post, asked, calls, raw);
        }
      }
    }
  }

  private Map<String, JsonNode> oneByOne(
      String account,
      PublishedPost post,
      List<String> asked,
      AtomicInteger calls,
      PlatformCalls.Raw raw)
      throws StageException {
    Map<String, JsonNode> values = new HashMap<>();
    for (String metric : asked) {
      try {
        values.putAll(ask(account, post, List.of(metric), calls, raw));
      } catch (StageException e) {
        if (e.code() != FailureCode.METRIC_UNSUPPORTED) {
          throw e;
        }
        leaveOut(metric, e);
      }
    }
    return values;
  }

  private void leaveOut(String metric, StageException e) {
    unsupported.add(metric);
    log.warn("{} is read without {} from now on: {}", platform(), metric, e.getMessage());
  }

  private Map<String, JsonNode> ask(
      String account,
      PublishedPost post,
      List<String> asked,
      AtomicInteger counted,
      PlatformCalls.Raw raw)
      throws StageException {
    counted.incrementAndGet();
    HttpUrl url =
        HttpUrl.get(calls.endpoint())
            .newBuilder()
            .addPathSegment(post.platformVideoId())
            .addPathSegment(edge)
            .addQueryParameter("metric", String.join(",", asked))
            .build();
    JsonNode reply =
        raw.add(
            edge,
            calls.call(
                account,
                token ->
                    new Request.Builder()
                        .url(url.newBuilder().addQueryParameter("access_token", token).build())
                        .build()));
    Map<String, JsonNode> values = new HashMap<>();
    for (JsonNode entry : calls.list(reply, "data")) {
      JsonNode value = entry.path("values").path(0).path("value");
      if (!value.isMissingNode() && !value.isNull()) {
        values.put(entry.path("name").asText(), value);
      }
    }
    return values;
  }

  private @Nullable Long number(Map<String, JsonNode> values, String name) throws StageException {
    JsonNode value = values.get(name);
    return value == null ? null : calls.whole(value, name);
  }

  private @Nullable Long either(Map<String, JsonNode> values, String one, String other)
      throws StageException {
    Long first = number(values, one);
    return first == null ? number(values, other) : first;
  }

  private @Nullable Long summed(@Nullable JsonNode byKind) throws StageException {
    if (byKind == null) {
      return null;
    }
    Long sum = null;
    for (var names = byKind.fieldNames(); names.hasNext(); ) {
      sum = Counts.plus(sum, calls.count(byKind, names.next()));
    }
    return sum == null ? Long.valueOf(0) : sum;
  }
}
