package dev.reelbeam.clients.http;

import com.fasterxml.jackson.databind.JsonNode;
import java.time.LocalDate;
import java.time.format.DateTimeParseException;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/**
 * What a provider told when it was asked without paying.
 *
 * @param text for people
 * @param endings which of the models that are used are switched off, and when
 */
public record Probed(String text, Map<String, LocalDate> endings) {
  public Probed {
    endings = Map.copyOf(endings);
  }

  /** What has no end that is known of. */
  public static Probed of(String text) {
    return new Probed(text, Map.of());
  }

  /**
   * What a list of models says of one of them.
   *
   * @param models as {@code GET /models} answers
   * @return nothing if it is not listed
   */
  public static Optional<Probed> listed(JsonNode models, String model) {
    for (JsonNode each : models.path("data")) {
      String id = each.path("id").asText();
      // Ollama lists every model with its tag, and means the latest where a request has none.
      if (id.equals(model) || id.equals(model + ":latest")) {
        String told = "model " + model + " is there";
        return Optional.of(
            day(each.path("shutdown_date").asText(""))
                .map(day -> new Probed(told + " until " + day, Map.of(model, day)))
                .orElse(of(told)));
      }
    }
    return Optional.empty();
  }

  private static Optional<LocalDate> day(String date) {
    try {
      return date.isEmpty() || date.equals("null")
          ? Optional.empty()
          : Optional.of(LocalDate.parse(date));
    } catch (DateTimeParseException e) {
      return Optional.empty();
    }
  }

  /** This, and more about the same account. */
  public Probed and(Probed more) {
    Map<String, LocalDate> all = new TreeMap<>(endings);
    all.putAll(more.endings);
    return new Probed(text + more.text, all);
  }
}
