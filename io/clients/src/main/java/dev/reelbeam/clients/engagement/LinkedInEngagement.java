package dev.reelbeam.clients.engagement;

import com.fasterxml.jackson.databind.JsonNode;
import dev.reelbeam.clients.http.CallPolicy;
import dev.reelbeam.model.engagement.EngagementReading;
import dev.reelbeam.model.engagement.EngagementSnapshot;
import dev.reelbeam.model.engagement.PublishedPost;
import dev.reelbeam.model.failure.FailureCode;
import dev.reelbeam.model.failure.StageException;
import dev.reelbeam.model.port.AccessTokens;
import dev.reelbeam.model.port.EngagementReader;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import okhttp3.HttpUrl;
import okhttp3.Request;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * LinkedIn, pages only: share statistics of an organisation, 20 posts a call, and the views of each
 * video. A post of which nothing was counted is left out of the statistics like one that is gone,
 * so the post itself is asked for then.
 */
public final class LinkedInEngagement implements EngagementReader {
  public static final String API = "https://api.linkedin.com";

  /** Each version lives for about a year. */
  public static final String VERSION = "202607";

  private static final Logger log = LoggerFactory.getLogger(LinkedInEngagement.class);
  private static final int BATCH = 20;

  private final PlatformCalls calls;
  private final String version;

  public LinkedInEngagement(String api, String version, AccessTokens tokens, CallPolicy policy) {
    calls = new PlatformCalls("linkedin", api, tokens, policy, PlatformErrors::linkedIn);
    this.version = version;
  }

  @Override
  public String platform() {
    return calls.platform();
  }

  @Override
  public int batch() {
    return BATCH;
  }

  /** The statistics, and a call or two for each video. */
  @Override
  public int units(int videos) {
    return 1 + 2 * videos;
  }

  @Override
  public EngagementReading read(String account, List<PublishedPost> posts, long nowMs)
      throws StageException {
    PlatformCalls.Raw raw = new PlatformCalls.Raw(platform(), nowMs);
    Map<String, JsonNode> statistics = statistics(account, posts, raw);
    List<EngagementSnapshot> snapshots = new ArrayList<>();
    for (PublishedPost post : posts) {
      JsonNode counted = statistics.get(post.platformVideoId());
      if (counted == null && !isThere(account, post, raw)) {
        snapshots.add(Counts.removed(post, nowMs));
        continue;
      }
      Counts counts = new Counts(post, nowMs);
      if (counted != null) {
        counts.impressions = calls.count(counted, "impressionCount");
        counts.clicks = calls.count(counted, "clickCount");
        counts.likes = calls.count(counted, "likeCount");
        counts.comments = calls.count(counted, "commentCount");
        counts.shares = calls.count(counted, "shareCount");
      }
      counts.views = views(account, post, raw);
      snapshots.add(counts.snapshot());
    }
    return new EngagementReading(snapshots, raw.bytes(), raw.calls());
  }

  private Map<String, JsonNode> statistics(
      String account, List<PublishedPost> posts, PlatformCalls.Raw raw) throws StageException {
    HttpUrl.Builder url =
        HttpUrl.get(calls.endpoint() + "/rest/organizationalEntityShareStatistics")
            .newBuilder()
            .addQueryParameter("q", "organizationalEntity")
            .addEncodedQueryParameter("organizationalEntity", encoded(account));
    for (String kind : List.of("share", "ugcPost")) {
      String urns =
          posts.stream()
              .map(PublishedPost::platformVideoId)
              .filter(urn -> urn.startsWith("urn:li:" + kind + ":"))
              // Rest.li: the list's own marks stay as they are, those inside a URN do not.
              .map(LinkedInEngagement::encoded)
              .collect(Collectors.joining(","));
      if (!urns.isEmpty()) {
        url.addEncodedQueryParameter(kind + "s", "List(" + urns + ")");
      }
    }
    Map<String, JsonNode> statistics = new HashMap<>();
    JsonNode reply = raw.add("shareStatistics", get(account, url.build()));
    for (JsonNode element : calls.list(reply, "elements")) {
      String urn = element.path("share").asText(element.path("ugcPost").asText(""));
      statistics.put(urn, element.path("totalShareStatistics"));
    }
    return statistics;
  }

  private boolean isThere(String account, PublishedPost post, PlatformCalls.Raw raw)
      throws StageException {
    try {
      raw.add(
          "posts",
          get(
              account,
              HttpUrl.get(calls.endpoint() + "/rest/posts/" + encoded(post.platformVideoId()))));
      return true;
    } catch (StageException e) {
      if (e.code() == FailureCode.POST_MISSING) {
        return false;
      }
      throw e;
    }
  }

  /** Null where LinkedIn does not tell. */
  private @Nullable Long views(String account, PublishedPost post, PlatformCalls.Raw raw)
      throws StageException {
    HttpUrl url =
        HttpUrl.get(calls.endpoint() + "/rest/videoAnalytics")
            .newBuilder()
            .addQueryParameter("q", "entity")
            .addEncodedQueryParameter("entity", encoded(post.platformVideoId()))
            .addQueryParameter("type", "VIDEO_VIEW")
            .addQueryParameter("aggregation", "ALL")
            .build();
    try {
      JsonNode reply = raw.add("videoAnalytics", get(account, url));
      return calls.count(reply.path("elements").path(0), "value");
    } catch (StageException e) {
      switch (e.code()) {
        case PROVIDER_REQUEST_INVALID, PROVIDER_UNAUTHORIZED, POST_MISSING -> {
          log.info("linkedin tells no views of {}: {}", post.platformVideoId(), e.getMessage());
          return null;
        }
        default -> throw e;
      }
    }
  }

  private JsonNode get(String account, HttpUrl url) throws StageException {
    return calls.call(
        account,
        token ->
            new Request.Builder()
                .url(url)
                .header("Authorization", "Bearer " + token)
                .header("LinkedIn-Version", version)
                .header("X-Restli-Protocol-Version", "2.0.0")
                .build());
  }

  private static String encoded(String urn) {
    return URLEncoder.encode(urn, StandardCharsets.UTF_8);
  }
}
