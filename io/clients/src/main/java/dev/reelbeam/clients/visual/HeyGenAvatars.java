package dev.reelbeam.clients.visual;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.reelbeam.clients.http.Repeatable;
import dev.reelbeam.clients.http.ServerCalls;
import dev.reelbeam.model.failure.FailureCode;
import dev.reelbeam.model.failure.StageException;
import dev.reelbeam.model.json.RecordJson;
import dev.reelbeam.model.visual.Shape;
import java.util.Optional;
import okhttp3.HttpUrl;

/** HeyGen's videos by the third version of its API; those before it are outdated. */
final class HeyGenAvatars implements AvatarService {
  private final AvatarSettings avatar;
  private final ServerCalls calls;

  HeyGenAvatars(AvatarSettings avatar, ServerCalls calls) {
    this.avatar = avatar;
    this.calls = calls;
  }

  @Override
  public boolean takesAudio() {
    return avatar.audio();
  }

  @Override
  public boolean shapes() {
    return true;
  }

  @Override
  public String upload(byte[] wav) throws StageException {
    JsonNode reply = calls.json(AvatarFinder.sent(calls, "v3/assets", "file", wav));
    return AvatarFinder.named(calls, reply.path("data"), "asset_id");
  }

  @Override
  public String create(Order order) throws StageException {
    ObjectNode body = RecordJson.newObject();
    body.put("type", "avatar");
    body.put("avatar_id", avatar.id());
    if (order.audio().isEmpty()) {
      body.put("script", order.text());
      body.put("voice_id", avatar.voice());
    } else {
      body.put("audio_asset_id", order.audio());
    }
    body.put("aspect_ratio", ratio(order.shape()));
    body.put("resolution", "1080p");
    body.put("output_format", "mp4");
    body.put("title", order.title());
    if (!avatar.background().isEmpty()) {
      body.putObject("background").put("type", "color").put("value", avatar.background());
    }
    JsonNode reply = calls.json(calls.post("v3/videos", body, Repeatable.ONLY_AFTER_A_LOOK));
    return AvatarFinder.named(calls, reply.path("data"), "video_id");
  }

  static String ratio(Shape shape) {
    return switch (shape) {
      case PORTRAIT -> "9:16";
      case LANDSCAPE -> "16:9";
      case SQUARE -> "1:1";
    };
  }

  @Override
  public Optional<String> find(String title, int pages) throws StageException {
    // Where a title asks for more than itself, the rest is passed over.
    return AvatarFinder.listed(
        next -> {
          HttpUrl.Builder url =
              calls
                  .url("v3/videos")
                  .addQueryParameter("title", title)
                  .addQueryParameter("limit", AvatarFinder.PAGE);
          if (!next.isEmpty()) {
            url.addQueryParameter("token", next);
          }
          JsonNode reply = calls.json(calls.get(url.build()));
          return new AvatarFinder.Page(reply.path("data"), reply.path("next_token").asText(""));
        },
        pages,
        video -> video.path("title").asText().equals(title));
  }

  @Override
  public State look(String id) throws StageException {
    JsonNode video = calls.json(calls.get(calls.url("v3/videos/" + id).build())).path("data");
    String state = video.path("status").asText();
    if (state.equals("completed")) {
      return new State(
          video.path("video_url").asText(""), (long) Math.ceil(video.path("duration").asDouble(0)));
    }
    if (state.equals("failed")) {
      String code = video.path("failure_code").asText("");
      throw new StageException(
          code.contains("moderation") ? FailureCode.PROVIDER_REFUSED : FailureCode.JOB_FAILED,
          calls.name() + ": " + video.path("failure_message").asText(code));
    }
    return State.UNDER_WAY;
  }

  @Override
  public String probe() throws StageException {
    JsonNode reply =
        calls.json(calls.get(calls.url("v3/videos").addQueryParameter("limit", "1").build()));
    return reply.path("data").isArray() ? "it lists its videos" : "its list has another form";
  }
}
