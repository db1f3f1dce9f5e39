package dev.reelbeam.clients.visual;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.reelbeam.clients.http.Repeatable;
import dev.reelbeam.clients.http.ServerCalls;
import dev.reelbeam.model.failure.FailureCode;
import dev.reelbeam.model.failure.StageException;
import dev.reelbeam.model.json.RecordJson;
import java.util.Optional;
import okhttp3.HttpUrl;

/**
 * Synthesia's videos, of an avatar or of a template. It takes audio as MP3 only, which we do not
 * write, so it speaks the text itself, unheard.
 */
final class SynthesiaAvatars implements AvatarService {
  private static final String VIDEOS = "v2/videos";

  private final AvatarSettings avatar;
  private final ServerCalls calls;

  SynthesiaAvatars(AvatarSettings avatar, ServerCalls calls) {
    this.avatar = avatar;
    this.calls = calls;
  }

  @Override
  public boolean takesAudio() {
    return false;
  }

  @Override
  public boolean shapes() {
    return true;
  }

  @Override
  public String upload(byte[] wav) {
    throw new IllegalStateException("it takes no audio");
  }

  @Override
  public String create(Order order) throws StageException {
    ObjectNode body = RecordJson.newObject();
    body.put("test", avatar.test());
    body.put("title", order.title());
    body.put("visibility", "private");
    if (avatar.template().isEmpty()) {
      body.put("aspectRatio", HeyGenAvatars.ratio(order.shape()));
      ObjectNode input = body.putArray("input").addObject();
      input.put("scriptText", order.text());
      input.put("avatar", avatar.id());
      input.put("background", avatar.background().isEmpty() ? "off_white" : avatar.background());
      if (!avatar.voice().isEmpty()) {
        input.putObject("avatarSettings").put("voice", avatar.voice());
      }
    } else {
      body.put("templateId", avatar.template());
      body.putObject("templateData").put("script", order.text());
    }
    String path = avatar.template().isEmpty() ? VIDEOS : VIDEOS + "/fromTemplate";
    JsonNode reply = calls.json(calls.post(path, body, Repeatable.ONLY_AFTER_A_LOOK));
    return AvatarFinder.named(calls, reply, "id");
  }

  @Override
  public Optional<String> find(String title, int pages) throws StageException {
    return AvatarFinder.listed(
        next -> {
          HttpUrl.Builder url = calls.url(VIDEOS).addQueryParameter("limit", AvatarFinder.PAGE);
          if (!next.isEmpty()) {
            url.addQueryParameter("offset", next);
          }
          JsonNode reply = calls.json(calls.get(url.build()));
          return new AvatarFinder.Page(reply.path("videos"), reply.path("nextOffset").asText(""));
        },
        pages,
        video -> video.path("title").asText().equals(title));
  }

  @Override
  public State look(String id) throws StageException {
    JsonNode video = calls.json(calls.get(calls.url(VIDEOS + "/" + id).build()));
    return switch (video.path("status").asText()) {
      case "complete" -> new State(video.path("download").asText(""), 0);
      case "rejected" ->
          throw new StageException(
              FailureCode.PROVIDER_REFUSED, calls.name() + ": its moderation declined it");
      case "error", "deleted" ->
          throw new StageException(
              FailureCode.JOB_FAILED,
              calls.name() + ": the video is " + video.path("status").asText());
      default -> State.UNDER_WAY;
    };
  }

  @Override
  public String probe() throws StageException {
    JsonNode reply =
        calls.json(calls.get(calls.url(VIDEOS).addQueryParameter("limit", "1").build()));
    return reply.path("videos").isArray() ? "it lists its videos" : "its list has another form";
  }
}
