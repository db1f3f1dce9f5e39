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

/** D-ID's talks: a portrait that speaks. The clip has the shape of the portrait. */
final class DidAvatars implements AvatarService {
  private static final int MAX_CHARS = 40_000;

  private final AvatarSettings avatar;
  private final ServerCalls calls;

  DidAvatars(AvatarSettings avatar, ServerCalls calls) {
    this.avatar = avatar;
    this.calls = calls;
  }

  @Override
  public boolean takesAudio() {
    return avatar.audio();
  }

  @Override
  public boolean shapes() {
    return false;
  }

  @Override
  public String upload(byte[] wav) throws StageException {
    return AvatarFinder.named(
        calls, calls.json(AvatarFinder.sent(calls, "audios", "audio", wav)), "url");
  }

  @Override
  public String create(Order order) throws StageException {
    ObjectNode body = RecordJson.newObject();
    body.put("source_url", avatar.id());
    ObjectNode script = body.putObject("script");
    if (order.audio().isEmpty()) {
      script.put("type", "text");
      script.put("input", order.text().substring(0, Math.min(MAX_CHARS, order.text().length())));
      script.putObject("provider").put("type", "microsoft").put("voice_id", avatar.voice());
    } else {
      script.put("type", "audio").put("audio_url", order.audio());
    }
    body.putObject("config").put("stitch", true).put("result_format", "mp4");
    body.put("name", order.title());
    body.put("user_data", order.title());
    JsonNode reply = calls.json(calls.post("talks", body, Repeatable.ONLY_AFTER_A_LOOK));
    return AvatarFinder.named(calls, reply, "id");
  }

  @Override
  public Optional<String> find(String title, int pages) throws StageException {
    // Its published description has the token, and says nothing of our own marks in the list.
    return AvatarFinder.listed(
        next -> {
          HttpUrl.Builder url = calls.url("talks").addQueryParameter("limit", AvatarFinder.PAGE);
          if (!next.isEmpty()) {
            url.addQueryParameter("token", next);
          }
          JsonNode reply = calls.json(calls.get(url.build()));
          return new AvatarFinder.Page(reply.path("talks"), reply.path("token").asText(""));
        },
        pages,
        talk -> talk.path("user_data").asText(talk.path("name").asText()).equals(title));
  }

  @Override
  public State look(String id) throws StageException {
    JsonNode talk = calls.json(calls.get(calls.url("talks/" + id).build()));
    return switch (talk.path("status").asText()) {
      case "done" -> new State(talk.path("result_url").asText(""), talk.path("duration").asLong(0));
      case "rejected" ->
          throw new StageException(FailureCode.PROVIDER_REFUSED, calls.name() + " declined it");
      case "error" ->
          throw new StageException(
              FailureCode.JOB_FAILED,
              calls.name() + ": " + talk.path("error").path("description").asText("no reason"));
      default -> State.UNDER_WAY;
    };
  }

  @Override
  public String probe() throws StageException {
    JsonNode credits = calls.json(calls.get(calls.url("credits").build()));
    return credits.path("remaining").asText("?") + " credits left";
  }
}
