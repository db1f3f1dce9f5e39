package dev.reelbeam.clients.visual;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.reelbeam.clients.http.Repeatable;
import dev.reelbeam.clients.http.ServerCalls;
import dev.reelbeam.clients.visual.VisualSettings.PictureSize;
import dev.reelbeam.model.cost.Charge;
import dev.reelbeam.model.failure.StageException;
import dev.reelbeam.model.json.RecordJson;
import dev.reelbeam.model.visual.Shape;
import dev.reelbeam.model.visual.VisualFile;
import java.util.List;

/**
 * Pictures by a Stable Diffusion WebUI (AUTOMATIC1111) that was started with {@code --api}. One
 * request holds its connection for the whole picture. Where {@code --api-auth} is set, the key is
 * {@code user:password} in base64.
 */
final class WebUiImages implements PictureMaker {
  private static final int MAX_PROMPT_CHARS = 1_500;

  private final VisualSettings settings;
  private final ServerCalls calls;

  WebUiImages(VisualSettings settings, ServerCalls calls) {
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
    return List.of();
  }

  @Override
  public int maxPromptChars() {
    return MAX_PROMPT_CHARS;
  }

  @Override
  public VisualFile make(String prompt, PictureSize size, long seed) throws StageException {
    ObjectNode body = RecordJson.newObject();
    body.put("prompt", prompt);
    body.put("negative_prompt", settings.avoid());
    body.put("width", size.width());
    body.put("height", size.height());
    body.put("seed", seed);
    body.put("batch_size", 1);
    body.put("n_iter", 1);
    if (settings.steps() > 0) {
      body.put("steps", settings.steps());
    }
    if (!settings.model().isEmpty()) {
      ObjectNode override = body.putObject("override_settings");
      override.put("sd_model_checkpoint", settings.model());
    }
    // One's own machine bills nothing.
    JsonNode reply = calls.json(calls.post("sdapi/v1/txt2img", body, Repeatable.YES));
    return new VisualFile(
        Base64Pictures.decode(reply.path("images").path(0).asText(""), calls), List.of());
  }
}
