package dev.reelbeam.clients.engagement;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.reelbeam.clients.http.CallPolicy;
import dev.reelbeam.model.engagement.EngagementReading;
import dev.reelbeam.model.engagement.EngagementSnapshot;
import dev.reelbeam.model.engagement.PublishedPost;
import dev.reelbeam.model.failure.StageException;
import dev.reelbeam.model.json.RecordJson;
import dev.reelbeam.model.port.AccessTokens;
import dev.reelbeam.model.port.EngagementReader;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import okhttp3.Headers;
import okhttp3.HttpUrl;
import okhttp3.MediaType;
import okhttp3.Request;
import okhttp3.RequestBody;

/**
 * TikTok: {@code video/query}, 20 public videos a call. It tells no watch time, and says some
 * errors with a status of success. Ids are beyond 2^53 and stay text.
 */
public final class TikTokEngagement implements EngagementReader {
  public static final String API = "https://open.tiktokapis.com";

  private static final int BATCH = 20;
  private static final MediaType JSON = MediaType.get("application/json; charset=utf-8");

  private final PlatformCalls calls;

  public TikTokEngagement(String api, AccessTokens tokens, CallPolicy policy) {
    calls = new PlatformCalls("tiktok", api, tokens, policy, PlatformErrors::tikTok);
  }

  @Override
  public String platform() {
    return calls.platform();
  }

  @Override
  public int batch() {
    return BATCH;
  }

  @Override
  public int units(int videos) {
    return 1;
  }

  @Override
  public EngagementReading read(String account, List<PublishedPost> posts, long nowMs)
      throws StageException {
    PlatformCalls.Raw raw = new PlatformCalls.Raw(platform(), nowMs);
    HttpUrl url =
        HttpUrl.get(calls.endpoint() + "/v2/video/query/")
            .newBuilder()
            .addQueryParameter("fields", "id,view_count,like_count,comment_count,share_count")
            .build();
    ObjectNode body = RecordJson.newObject();
    ArrayNode ids = body.putObject("filters").putArray("video_ids");
    posts.forEach(post -> ids.add(post.platformVideoId()));
    JsonNode reply =
        calls.call(
            account,
            token ->
                new Request.Builder()
                    .url(url)
                    .header("Authorization", "Bearer " + token)
                    .post(RequestBody.create(body.toString(), JSON))
                    .build());
    raw.add("video/query", reply);
    String code = reply.path("error").path("code").asText("");
    if (!code.equals("ok")) {
      throw calls.refused(PlatformErrors.tikTok(200, Headers.of(), reply.toString()));
    }
    Map<String, JsonNode> videos = new HashMap<>();
    for (JsonNode video : calls.list(reply.path("data"), "videos")) {
      videos.put(video.path("id").asText(), video);
    }
    List<EngagementSnapshot> snapshots = new ArrayList<>();
    for (PublishedPost post : posts) {
      JsonNode video = videos.get(post.platformVideoId());
      if (video == null) {
        snapshots.add(Counts.removed(post, nowMs));
        continue;
      }
      Counts counts = new Counts(post, nowMs);
      counts.views = calls.count(video, "view_count");
      counts.likes = calls.count(video, "like_count");
      counts.comments = calls.count(video, "comment_count");
      counts.shares = calls.count(video, "share_count");
      snapshots.add(counts.snapshot());
    }
    return new EngagementReading(snapshots, raw.bytes(), raw.calls());
  }
}
