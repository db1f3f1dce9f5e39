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
import java.util.ArrayList;
import java.util.List;

/**
 * Pictures by {@code POST /images/generations}. The model is always named: the default of the
 * specification is one that was shut down. A picture whose call was cut off is not asked for again,
 * because it may have been billed and cannot be found.
 */
final class OpenAiImages implements PictureMaker {
  private static final int MAX_PROMPT_CHARS = 4_000;

  private static final long SQUARE_PIXELS = 1_024L * 1_024;
  private static final long AREA_OFFSET = 2_000_000;
  private static final long AREA_SCALE = 4_000_000;

  /** A scene in words, with the style. */
  private static final long PROMPT_TOKENS = 200;

  private final VisualSettings settings;
  private final ServerCalls calls;

  OpenAiImages(VisualSettings settings, ServerCalls calls) {
    this.settings = settings;
    this.calls = calls;
  }

  private boolean dallE() {
    return dallE(settings);
  }

  private static boolean dallE(VisualSettings settings) {
    return settings.model().startsWith("dall-e");
  }

  @Override
  public PictureSize size(Shape shape) {
    return size(settings, shape);
  }

  /** From version 2 on, models draw any size in steps of 16; those before know three. */
  static PictureSize size(VisualSettings settings, Shape shape) {
    if (settings.model().startsWith("gpt-image-2")) {
      return settings.size(shape, 16);
    }
    int longer = dallE(settings) ? 1_792 : 1_536;
    return switch (shape) {
      case PORTRAIT -> new PictureSize(1_024, longer);
      case LANDSCAPE -> new PictureSize(longer, 1_024);
      case SQUARE -> new PictureSize(1_024, 1_024);
    };
  }

  /** What so many pictures come to, for a card that prices tokens. */
  static List<Charge> tokens(VisualSettings settings, PictureSize size, int count) {
    return List.of(
        new Charge(
            settings.name(), settings.model(), Charge.Unit.INPUT_TOKEN, PROMPT_TOKENS * count),
        new Charge(
            settings.name(),
            settings.model(),
            Charge.Unit.OUTPUT_TOKEN,
            outputTokens(settings, size) * count));
  }

  /**
   * Tokens of one picture. From version 2 on they follow from the tiles along the two sides, as
   * users have read them out of OpenAI's own calculator: 1024 pixels square are 196, 1756 and 7024,
   * the tokens of its published prices. {@code low} and {@code medium} of 2.6 are said to take up
   * to four times as many. Before, the guide's table counts: 272, 1056 and 4160, by area for
   * others.
   */
  private static long outputTokens(VisualSettings settings, PictureSize size) {
    long pixels = (long) size.width() * size.height();
    String quality = settings.quality();
    if (!settings.model().startsWith("gpt-image-2")) {
      long square = quality.equals("low") ? 272 : quality.equals("high") ? 4_160 : 1_056;
      return (square * pixels + SQUARE_PIXELS - 1) / SQUARE_PIXELS;
    }
    long tiles = quality.equals("low") ? 16 : quality.equals("high") ? 96 : 48;
    long longer = Math.max(size.width(), size.height());
    long across = (2 * tiles * Math.min(size.width(), size.height()) + longer) / (2 * longer);
    long tokens = (tiles * across * (AREA_OFFSET + pixels) + AREA_SCALE - 1) / AREA_SCALE;
    boolean more = settings.model().startsWith("gpt-image-2.6") && !quality.equals("high");
    return more ? 4 * tokens : tokens;
  }

  @Override
  public String manner() {
    return settings.quality() + "/" + settings.style();
  }

  @Override
  public List<Charge> price() {
    return List.of(new Charge(settings.name(), settings.model(), Charge.Unit.PICTURE, 1));
  }

  @Override
  public List<Charge> held(PictureSize size) {
    List<Charge> held = new ArrayList<>(price());
    held.addAll(tokens(settings, size, 1));
    return List.copyOf(held);
  }

  @Override
  public int maxPromptChars() {
    return MAX_PROMPT_CHARS;
  }

  @Override
  public VisualFile make(String prompt, PictureSize size, long seed) throws StageException {
    ObjectNode body = RecordJson.newObject();
    body.put("model", settings.model());
    body.put("prompt", prompt);
    body.put("n", 1);
    body.put("size", size.toString());
    if (dallE()) {
      body.put("response_format", "b64_json");
      body.put("quality", settings.quality().equals("high") ? "hd" : "standard");
    } else {
      // They always send base64, and refuse to be asked for it.
      body.put("quality", settings.quality());
      body.put("output_format", "jpeg");
    }
    JsonNode reply =
        calls.json(calls.post("images/generations", body, Repeatable.ONLY_AFTER_AN_ANSWER));
    byte[] bytes =
        Base64Pictures.decode(reply.path("data").path(0).path("b64_json").asText(""), calls);
    return new VisualFile(bytes, charges(reply.path("usage")));
  }

  /** As a picture, and in tokens where the reply counts them: the card knows which is priced. */
  private List<Charge> charges(JsonNode usage) {
    List<Charge> charges = new ArrayList<>(price());
    if (!usage.path("output_tokens").canConvertToLong()) {
      return charges;
    }
    charges.add(
        new Charge(
            settings.name(),
            settings.model(),
            Charge.Unit.INPUT_TOKEN,
            usage.path("input_tokens").asLong()));
    charges.add(
        new Charge(
            settings.name(),
            settings.model(),
            Charge.Unit.OUTPUT_TOKEN,
            usage.path("output_tokens").asLong()));
    return List.copyOf(charges);
  }
}
