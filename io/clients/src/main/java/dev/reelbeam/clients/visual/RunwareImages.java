package dev.reelbeam.clients.visual;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.reelbeam.clients.http.ErrorReader;
import dev.reelbeam.clients.http.Repeatable;
import dev.reelbeam.clients.http.Reply;
import dev.reelbeam.clients.http.ServerCalls;
import dev.reelbeam.clients.visual.VisualSettings.PictureSize;
import dev.reelbeam.model.cost.Charge;
import dev.reelbeam.model.failure.FailureCode;
import dev.reelbeam.model.failure.StageException;
import dev.reelbeam.model.json.RecordJson;
import dev.reelbeam.model.visual.Shape;
import dev.reelbeam.model.visual.VisualFile;
import java.math.BigDecimal;
import java.math.RoundingMode;
import java.util.List;
import java.util.UUID;

/**
 * Pictures by Runware. Every task has a number of ours; when a call is cut off, the picture is
 * asked for by that number before anybody thinks of paying for it twice.
 */
final class RunwareImages implements PictureMaker {
  private static final int MAX_PROMPT_CHARS = 2_000;

  private final VisualSettings settings;
  private final ServerCalls calls;

  RunwareImages(VisualSettings settings, ServerCalls calls) {
    this.settings = settings;
    this.calls = calls;
  }

  @Override
  public PictureSize size(Shape shape) {
    return settings.size(shape, 64);
  }

  @Override
  public String manner() {
    return settings.steps() + "/" + settings.style() + "/" + settings.avoid();
  }

  @Override
  public List<Charge> price() {
    return List.of(new Charge(settings.name(), settings.model(), Charge.Unit.PICTURE, 1));
  }

  @Override
  public int maxPromptChars() {
    return MAX_PROMPT_CHARS;
  }

  @Override
  public VisualFile make(String prompt, PictureSize size, long seed) throws StageException {
    String uuid = UUID.randomUUID().toString();
    ObjectNode task = task("imageInference", uuid);
    task.put("model", settings.model());
    task.put("positivePrompt", prompt);
    task.put("negativePrompt", settings.avoid());
    task.put("width", size.width());
    task.put("height", size.height());
    task.put("seed", seed);
    task.put("numberResults", 1);
    // No address to follow: the picture is in the reply.
    task.put("outputType", "base64Data");
    task.put("outputFormat", "JPG");
    task.put("includeCost", true);
    if (settings.steps() > 0) {
      task.put("steps", settings.steps());
    }
    Reply reply;
    try {
      reply = send(task);
    } catch (StageException e) {
      if (e.code() != FailureCode.PROVIDER_OUTCOME_UNKNOWN) {
        throw e;
      }
      try {
        reply = send(task("getResponse", uuid));
      } catch (StageException probe) {
        e.addSuppressed(probe);
        throw e;
      }
    }
    return picture(calls.json(reply), uuid);
  }

  private static ObjectNode task(String type, String uuid) {
    return RecordJson.newObject().put("taskType", type).put("taskUUID", uuid);
  }

  private Reply send(ObjectNode task) throws StageException {
    ArrayNode tasks = JsonNodeFactory.instance.arrayNode().add(task);
    return calls.post("", tasks, Repeatable.ONLY_AFTER_AN_ANSWER);
  }

  /** A reply may hold data and errors, each for its own task. */
  private VisualFile picture(JsonNode reply, String uuid) throws StageException {
    for (JsonNode result : reply.path("data")) {
      if (result.path("taskUUID").asText().equals(uuid)) {
        if (result.path("NSFWContent").asBoolean(false)) {
          throw new StageException(
              FailureCode.PROVIDER_REFUSED, settings.name() + ": its filter marked the picture");
        }
        byte[] bytes = Base64Pictures.decode(result.path("imageBase64Data").asText(""), calls);
        return new VisualFile(bytes, charges(result.path("cost")));
      }
    }
    JsonNode error = reply.path("errors").path(0);
    if (error.isObject()) {
      ErrorReader.Meaning meaning = RunwareErrors.meaning(200, error);
      throw new StageException(meaning.code(), settings.name() + ": " + meaning.message());
    }
    throw calls.invalid("its reply holds no result of the task");
  }

  private List<Charge> charges(JsonNode dollars) {
    if (!dollars.isNumber()) {
      return price();
    }
    BigDecimal micros = dollars.decimalValue().movePointRight(6).setScale(0, RoundingMode.UP);
    return List.of(
        new Charge(
            settings.name(), settings.model(), Charge.Unit.MICRO_DOLLAR, micros.longValue()));
  }
}
