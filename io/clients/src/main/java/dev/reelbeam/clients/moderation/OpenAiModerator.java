package dev.reelbeam.clients.moderation;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.reelbeam.clients.http.Repeatable;
import dev.reelbeam.clients.http.ServerCalls;
import dev.reelbeam.model.cost.Charge;
import dev.reelbeam.model.failure.FailureCode;
import dev.reelbeam.model.failure.StageException;
import dev.reelbeam.model.json.RecordJson;
import dev.reelbeam.model.moderation.Finding;
import dev.reelbeam.model.moderation.ModerationReport;
import dev.reelbeam.model.moderation.ModerationRequest;
import dev.reelbeam.model.moderation.Verdict;
import dev.reelbeam.model.port.Moderator;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;

/**
 * OpenAI's {@code POST /moderations}, and servers that speak like it: texts in batches, each with a
 * result of its own; pictures one by one, as data, because more than one in a call share a result.
 * OpenAI bills nothing for it; a server that does has its characters and pictures on the rate card.
 *
 * <p>What the model flags, or scores from the limit of the settings on, goes to a person; from the
 * limit for blocking on, and whatever is sexual about minors, it is blocked. A server need not tell
 * scores, but then it has to say whether it flags: what says neither is no answer.
 */
final class OpenAiModerator implements Moderator {
  private static final int BATCH_TEXTS = 32;
  private static final int BATCH_CHARS = 20_000;
  private static final int EXCERPT_CHARS = 90;
  private static final String NEVER = "sexual/minors";

  private final ModerationSettings.Provider settings;
  private final ServerCalls calls;

  OpenAiModerator(ModerationSettings.Provider settings, ServerCalls calls) {
    this.settings = settings;
    this.calls = calls;
  }

  @Override
  public String identity() {
    return settings.name()
        + ":"
        + settings.model()
        + "/review-"
        + settings.reviewPermille()
        + "/block-"
        + settings.blockPermille()
        + "/frames-"
        + settings.frames();
  }

  @Override
  public boolean calls() {
    return true;
  }

  @Override
  public int frames() {
    return settings.frames();
  }

  @Override
  public List<Charge> price(ModerationRequest request) {
    long characters = request.texts().stream().mapToLong(text -> text.text().length()).sum();
    return ModerationSettings.amount(settings, characters, request.pictures().size());
  }

  @Override
  public ModerationReport review(ModerationRequest request) throws StageException {
    List<Finding> findings = new ArrayList<>();
    List<ModerationRequest.Text> batch = new ArrayList<>();
    int chars = 0;
    for (ModerationRequest.Text text : request.texts()) {
      boolean full = batch.size() == BATCH_TEXTS || chars + text.text().length() > BATCH_CHARS;
      if (full && !batch.isEmpty()) {
        texts(batch, findings);
        batch.clear();
        chars = 0;
      }
      if (!text.text().isBlank()) {
        batch.add(text);
        chars += text.text().length();
      }
    }
    if (!batch.isEmpty()) {
      texts(batch, findings);
    }
    for (ModerationRequest.Picture picture : request.pictures()) {
      ArrayNode input = RecordJson.newObject().putArray("input");
      input
          .addObject()
          .put("type", "image_url")
          .putObject("image_url")
          .put(
              "url",
              "data:image/jpeg;base64," + Base64.getEncoder().encodeToString(picture.jpeg()));
      judge(ask(input, 1).get(0), picture.where(), "", findings);
    }
    return new ModerationReport(findings);
  }

  private void texts(List<ModerationRequest.Text> batch, List<Finding> findings)
      throws StageException {
    ArrayNode input = RecordJson.newObject().putArray("input");
    batch.forEach(text -> input.add(text.text()));
    JsonNode results = ask(input, batch.size());
    for (int i = 0; i < batch.size(); i++) {
      String text = batch.get(i).text().replaceAll("\\s+", " ").strip();
      judge(
          results.get(i),
          batch.get(i).where(),
          text.length() > EXCERPT_CHARS ? text.substring(0, EXCERPT_CHARS) + "…" : text,
          findings);
    }
  }

  private JsonNode ask(ArrayNode input, int expected) throws StageException {
    ObjectNode body = RecordJson.newObject();
    body.put("model", settings.model());
    body.set("input", input);
    JsonNode results = calls.json(calls.post("moderations", body, Repeatable.YES)).path("results");
    if (results.isArray() && results.size() == expected) {
      return results;
    }
    // A look that nobody can read is not taken for an all-clear.
    throw new StageException(
        FailureCode.PROVIDER_REPLY_INVALID,
        settings.name() + " did not judge what it was sent: " + expected + " results expected");
  }

  /** What an editor makes of a category's name. */
  private static String inWords(String category) {
    return switch (category) {
      case "harassment" -> "harasses somebody";
      case "harassment/threatening" -> "harasses and threatens somebody";
      case "hate" -> "demeans people for what they are";
      case "hate/threatening" -> "threatens people for what they are";
      case "illicit" -> "tells how to do what is forbidden";
      case "illicit/violent" -> "tells how to do violence, or how to come by weapons";
      case "self-harm" -> "is about people who harm themselves";
      case "self-harm/intent" -> "tells that somebody means to harm themselves";
      case "self-harm/instructions" -> "tells how to harm oneself";
      case "sexual" -> "is sexual";
      case "sexual/minors" -> "is sexual and about minors";
      case "violence" -> "is about violence";
      case "violence/graphic" -> "shows violence or injuries in detail";
      default -> "is about " + category.replace('/', ' ').replace('-', ' ');
    };
  }

  private void judge(JsonNode result, String where, String excerpt, List<Finding> findings)
      throws StageException {
    Map<String, Double> scores = new TreeMap<>();
    for (var score : result.path("category_scores").properties()) {
      if (score.getValue().isNumber()) {
        scores.put(score.getKey(), score.getValue().asDouble());
      }
    }
    JsonNode flagged = result.path("flagged");
    if (scores.isEmpty() && !flagged.isBoolean()) {
      throw new StageException(
          FailureCode.PROVIDER_REPLY_INVALID,
          settings.name()
              + " did not judge "
              + where
              + ": neither scores nor whether it is flagged");
    }
    Set<String> named = new TreeSet<>();
    for (var category : result.path("categories").properties()) {
      if (category.getValue().asBoolean()) {
        named.add(category.getKey());
      }
    }
    Set<String> categories = new TreeSet<>(scores.keySet());
    categories.addAll(named);
    int before = findings.size();
    for (String category : categories) {
      Double score = scores.get(category);
      double permille = score == null ? 0 : score * 1000;
      boolean hit = named.contains(category);
      if (hit || permille >= settings.reviewPermille()) {
        boolean block = permille >= settings.blockPermille() || (hit && category.equals(NEVER));
        findings.add(
            new Finding(
                block ? Verdict.BLOCK : Verdict.REVIEW,
                settings.name() + "/" + category,
                where,
                excerpt,
                "it "
                    + inWords(category)
                    + (score == null ? "" : String.format(Locale.ROOT, " (%.2f of 1)", score))));
      }
    }
    if (flagged.asBoolean() && findings.size() == before) {
      findings.add(
          new Finding(
              Verdict.REVIEW,
              settings.name() + "/flagged",
              where,
              excerpt,
              "it is flagged, and not for what"));
    }
  }
}
