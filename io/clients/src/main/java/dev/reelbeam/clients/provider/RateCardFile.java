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
import java.util.List;
import java.util.Locale;
import java.util.Set;

/**
 * A rate card as YAML, beside the settings file or inside it:
 *
 * <pre>{@code
 * date: 2026-11-01
 * rates:
 *   - {provider: openai, model: gpt-image-1, unit: picture, dollars: 0.063}
 *   - {provider: openai, model: gpt-image-1, unit: output_token, dollars_per_million: 40}
 * }</pre>
 */
final class RateCardFile {
  private static final YAMLMapper YAML = new YAMLMapper();
  private static final long MAX_BYTES = 200_000;

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
    String date = card.text("date");
    try {
      LocalDate unused = LocalDate.parse(date);
    } catch (DateTimeParseException e) {
      throw invalid(where + ".date: a day as 2026-11-28");
    }
    List<RateCard.Rate> rates = new ArrayList<>();
    for (JsonNode entry : node.path("rates")) {
      rates.add(
          rate(
              SettingsEntry.of(
                  entry,
                  where + ".rates[" + rates.size() + "]",
                  Set.of("provider", "model", "unit", "dollars", "dollars_per_million"))));
    }
    return new RateCard(date, rates);
  }

  private static RateCard.Rate rate(SettingsEntry entry) throws StageException {
    String unit = entry.text("unit").toUpperCase(Locale.ROOT);
    Charge.Unit known = null;
    for (Charge.Unit each : Charge.Unit.values()) {
      if (each.name().equals(unit) && each != Charge.Unit.MICRO_DOLLAR) {
        known = each;
      }
    }
    if (known == null) {
      throw invalid(
          entry.where()
              + ".unit: input_token, cached_token, output_token, character, second, picture,"
              + " gpu_second or video_second");
    }
    boolean each = entry.node().has("dollars");
    JsonNode dollars = entry.node().path(each ? "dollars" : "dollars_per_million");
    if (each == entry.node().has("dollars_per_million")
        || !dollars.isNumber()
        || dollars.decimalValue().signum() < 0) {
      throw invalid(entry.where() + ": dollars, or dollars_per_million");
    }
    // Micro-dollars for a million units.
    BigDecimal price = dollars.decimalValue().movePointRight(each ? 12 : 6);
    return new RateCard.Rate(
        entry.text("provider"),
        entry.text("model", RateCard.ANY_MODEL),
        known,
        price.setScale(0, RoundingMode.UP).longValue());
  }

  private static StageException invalid(String message) {
    return new StageException(FailureCode.CONFIG_INVALID, message);
  }
}
