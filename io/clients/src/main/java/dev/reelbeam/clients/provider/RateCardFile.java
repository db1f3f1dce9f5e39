package dev.reelbeam.clients.provider;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.dataformat.yaml.YAMLMapper;
import dev.reelbeam.clients.config.SettingsEntry;
import dev.reelbeam.model.cost.Charge;
import dev.reelbeam.model.cost.RateCard;
import dev.reelbeam.model.failure.FailureCode;
import dev.reelbeam.model.failure.StageException;
import java.io.IOException;
import java.math.BigDecimal;
import java.math.RoundingMode;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.LocalDate;
import java.time.format.DateTimeParseException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import okhttp3.HttpUrl;

/**
 * A rate card as YAML, beside the settings file or inside it:
 *
 * <pre>{@code
 * date: 2026-11-29
 * rates:
 *   - {provider: openai, model: gpt-image-2, unit: output_token, dollars_per_million: 30,
 *      source: "https://developers.openai.com/api/docs/models/gpt-image-2", read: 2026-11-29}
 *   - {provider: d-id, unit: video_second, dollars: 0.1, unverified: true}
 * }</pre>
 *
 * <p>Where a price was read, and when, is for people; a price without a source says that it is not
 * verified. Both are checked for their form.
 */
final class RateCardFile {
  private static final YAMLMapper YAML = new YAMLMapper();
  private static final long MAX_BYTES = 200_000;
  private static final Set<String> RATE_KEYS =
      Set.of(
          "provider",
          "model",
          "unit",
          "dollars",
          "dollars_per_million",
          "source",
          "read",
          "unverified");

  /**
   * A unit as people price it.
   *
   * @param zeros how many times ten of what is counted make one of it
   */
  private record Priced(Charge.Unit unit, int zeros) {}

  /** In the order in which they are told. */
  private static final Map<String, Priced> UNITS = new LinkedHashMap<>();

  static {
    UNITS.put("input_token", new Priced(Charge.Unit.INPUT_TOKEN, 0));
    UNITS.put("cached_token", new Priced(Charge.Unit.CACHED_TOKEN, 0));
    UNITS.put("output_token", new Priced(Charge.Unit.OUTPUT_TOKEN, 0));
    UNITS.put("character", new Priced(Charge.Unit.CHARACTER, 0));
    UNITS.put("second", new Priced(Charge.Unit.SECOND, 0));
    UNITS.put("spoken_second", new Priced(Charge.Unit.SPOKEN_MILLISECOND, 3));
    UNITS.put("picture", new Priced(Charge.Unit.PICTURE, 0));
    UNITS.put("gpu_second", new Priced(Charge.Unit.GPU_SECOND, 0));
    UNITS.put("video_second", new Priced(Charge.Unit.VIDEO_SECOND, 0));
    UNITS.put("gigabyte_month", new Priced(Charge.Unit.BYTE_MONTH, 9));
  }

  private RateCardFile() {}

  /**
   * Reads the value of {@code rates}: a path relative to the settings file, or the card itself.
   *
   * @throws StageException {@code CONFIG_INVALID} naming the entry, {@code INPUT_UNREADABLE}
   */
  static RateCard read(Path settings, JsonNode value) throws StageException {
    if (!value.isTextual()) {
      return card(value, "rates");
    }
    Path file = settings.toAbsolutePath().resolveSibling(value.asText());
    try {
      if (Files.size(file) > MAX_BYTES) {
        throw invalid(file + " is larger than 200 kB");
      }
      return card(YAML.readTree(Files.readString(file)), String.valueOf(file.getFileName()));
    } catch (com.fasterxml.jackson.core.JsonProcessingException e) {
      throw invalid(file.getFileName() + " is not YAML: " + e.getOriginalMessage());
    } catch (IOException e) {
      throw new StageException(
          FailureCode.INPUT_UNREADABLE, "rate card '" + file + "' cannot be read", e);
    }
  }

  private static RateCard card(JsonNode node, String where) throws StageException {
    SettingsEntry card = SettingsEntry.of(node, where, Set.of("date", "rates"));
    String date = day(card, "date");
    List<RateCard.Rate> rates = new ArrayList<>();
    for (JsonNode entry : node.path("rates")) {
      rates.add(rate(SettingsEntry.of(entry, where + ".rates[" + rates.size() + "]", RATE_KEYS)));
    }
    return new RateCard(date, rates);
  }

  private static String day(SettingsEntry entry, String name) throws StageException {
    String date = entry.text(name);
    try {
      LocalDate unused = LocalDate.parse(date);
    } catch (DateTimeParseException e) {
      throw invalid(entry.where() + "." + name + ": a day as 2026-11-28");
    }
    return date;
  }

  private static RateCard.Rate rate(SettingsEntry entry) throws StageException {
    Priced unit = UNITS.get(entry.text("unit"));
    if (unit == null) {
      throw invalid(entry.where() + ".unit: " + String.join(", ", UNITS.keySet()));
    }
    boolean each = entry.node().has("dollars");
    JsonNode dollars = entry.node().path(each ? "dollars" : "dollars_per_million");
    if (each == entry.node().has("dollars_per_million")
        || !dollars.isNumber()
        || dollars.decimalValue().signum() < 0) {
      throw invalid(entry.where() + ": dollars, or dollars_per_million");
    }
    if (entry.node().has("source") && HttpUrl.parse(entry.text("source")) == null) {
      throw invalid(entry.where() + ".source: the address of the page that says so");
    }
    if (entry.node().has("read")) {
      String unused = day(entry, "read");
    }
    String unused = entry.oneOf("unverified", "false", Set.of("true", "false"));
    // Micro-dollars for a million units.
    BigDecimal price = dollars.decimalValue().movePointRight((each ? 12 : 6) - unit.zeros());
    return new RateCard.Rate(
        entry.text("provider"),
        entry.text("model", RateCard.ANY_MODEL),
        unit.unit(),
        price.setScale(0, RoundingMode.UP).longValue());
  }

  private static StageException invalid(String message) {
    return new StageException(FailureCode.CONFIG_INVALID, message);
  }
}
