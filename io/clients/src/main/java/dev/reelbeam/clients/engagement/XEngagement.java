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
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import okhttp3.HttpUrl;
import okhttp3.Request;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * X: posts look-up, 100 posts a call; every post that is read is paid for. Views are the video's
 * own, impressions those of the post. An answer of success may hold errors: a post that is gone,
 * one whose owner's metrics may not be seen (it is asked for again without them), one that may not
 * be seen at all. Of the last, and of one of which nothing is said, no counter is known; it holds
 * up none of the others. It tells no watch time here.
 */
public final class XEngagement implements EngagementReader {
  public static final String API = "https://api.x.com";

  private static final Logger log = LoggerFactory.getLogger(XEngagement.class);
  private static final int BATCH = 100;
  private static final String PUBLIC = "public_metrics";
  private static final String OWNED = "public_metrics,non_public_metrics";

  private final PlatformCalls calls;

  public XEngagement(String api, AccessTokens tokens, CallPolicy policy) {
    calls = new PlatformCalls("x", api, tokens, policy, PlatformErrors::x);
  }

  @Override
  public String platform() {
    return calls.platform();
  }

  @Override
  public int batch() {
    return BATCH;
  }

  /** What is paid for: each post. */
  @Override
  public int units(int videos) {
    return videos;
  }

  /** What was told of posts. */
  private static final class Told {
    private final Map<String, JsonNode> posts = new HashMap<>();
    private final Map<String, JsonNode> media = new HashMap<>();
    private final Set<String> missing = new HashSet<>();
    private final Set<String> restricted = new HashSet<>();
    private final Set<String> hidden = new HashSet<>();
    private int asked;
  }

  @Override
  public EngagementReading read(String account, List<PublishedPost> posts, long nowMs)
      throws StageException {
    PlatformCalls.Raw raw = new PlatformCalls.Raw(platform(), nowMs);
    Told told = new Told();
    ask(account, posts.stream().map(PublishedPost::platformVideoId).toList(), OWNED, told, raw);
    if (!told.restricted.isEmpty()) {
      ask(account, List.copyOf(told.restricted), PUBLIC, told, raw);
    }
    if (told.posts.isEmpty() && told.missing.isEmpty() && told.hidden.isEmpty()) {
      throw new StageException(
          FailureCode.PROVIDER_REPLY_INVALID, "x says neither counts nor an error of any post");
    }
    List<EngagementSnapshot> snapshots = new ArrayList<>();
    for (PublishedPost post : posts) {
      JsonNode node = told.posts.get(post.platformVideoId());
      if (node != null) {
        snapshots.add(snapshot(post, node, told, nowMs));
      } else if (told.missing.contains(post.platformVideoId())) {
        snapshots.add(Counts.removed(post, nowMs));
      } else {
        log.warn("x tells nothing of the post {}", post.platformVideoId());
        snapshots.add(new Counts(post, nowMs).snapshot());
      }
    }
    return new EngagementReading(snapshots, raw.bytes(), told.asked);
  }

  private EngagementSnapshot snapshot(PublishedPost post, JsonNode node, Told told, long nowMs)
      throws StageException {
    Counts counts = new Counts(post, nowMs);
    JsonNode metrics = node.path("public_metrics");
    counts.impressions = calls.count(metrics, "impression_count");
    counts.likes = calls.count(metrics, "like_count");
    counts.comments = calls.count(metrics, "reply_count");
    Long reposts = calls.count(metrics, "repost_count");
    counts.shares =
        Counts.plus(
            reposts == null ? calls.count(metrics, "retweet_count") : reposts,
            calls.count(metrics, "quote_count"));
    counts.clicks = calls.count(node.path("non_public_metrics"), "url_link_clicks");
    for (JsonNode key : node.path("attachments").path("media_keys")) {
      JsonNode media = told.media.get(key.asText());
      if (media != null) {
        counts.views =
            Counts.plus(counts.views, calls.count(media.path("public_metrics"), "view_count"));
      }
    }
    return counts.snapshot();
  }

  private void ask(
      String account, List<String> ids, String fields, Told told, PlatformCalls.Raw raw)
      throws StageException {
    HttpUrl url =
        HttpUrl.get(calls.endpoint() + "/2/tweets")
            .newBuilder()
            .addQueryParameter("ids", String.join(",", ids))
            .addQueryParameter("tweet.fields", fields + ",attachments")
            .addQueryParameter("expansions", "attachments.media_keys")
            .addQueryParameter("media.fields", PUBLIC)
            .build();
    told.asked += ids.size();
    JsonNode reply =
        raw.add(
            "tweets",
            calls.call(
                account,
                token ->
                    new Request.Builder()
                        .url(url)
                        .header("Authorization", "Bearer " + token)
                        .build()));
    reply.path("data").forEach(post -> told.posts.put(post.path("id").asText(), post));
    reply
        .path("includes")
        .path("media")
        .forEach(media -> told.media.put(media.path("media_key").asText(), media));
    told.restricted.clear();
    for (JsonNode error : reply.path("errors")) {
      String id = error.path("resource_id").asText(error.path("value").asText());
      String type = error.path("type").asText("");
      if (type.endsWith("/resource-not-found")) {
        told.missing.add(id);
      } else if (type.endsWith("/not-authorized-for-field") && fields.equals(OWNED)) {
        told.restricted.add(id);
      } else if (type.contains("not-authorized")) {
        told.hidden.add(id);
      }
    }
  }
}
