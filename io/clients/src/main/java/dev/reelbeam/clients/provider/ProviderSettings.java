package dev.reelbeam.clients.provider;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.dataformat.yaml.YAMLMapper;
import dev.reelbeam.clients.config.SettingsEntry;
import dev.reelbeam.clients.engagement.EngagementSettings;
import dev.reelbeam.clients.script.WriterSettings;
import dev.reelbeam.clients.speech.SpeechSettings;
import dev.reelbeam.clients.visual.VisualSettings;
import dev.reelbeam.model.cost.RateCard;
import dev.reelbeam.model.failure.FailureCode;
import dev.reelbeam.model.failure.StageException;
import dev.reelbeam.model.learning.LearningSettings;
import java.io.IOException;
import java.io.Serializable;
import java.math.BigDecimal;
import java.math.RoundingMode;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * The providers of a settings file, each port's in the order in which they are asked; the embedded
 * ones come after the last. It travels to workers, so it names keys and never holds them.
 *
 * @param script language models that write scripts
 * @param speech voices that speak them
 * @param visuals pictures and clips for scenes without a fitting one of the record's own
 * @param rates what they ask
 * @param budgetMicroDollars what a run may spend; nothing is bought beyond it
 * @param learning what is tried out; null when nothing is
 * @param engagement whose counters are read, and how often; null when nobody's are
 */
public record ProviderSettings(
    List<WriterSettings> script,
    List<SpeechSettings> speech,
    List<VisualSettings> visuals,
    RateCard rates,
    long budgetMicroDollars,
    @Nullable LearningSettings learning,
    @Nullable EngagementSettings engagement)
    implements Serializable {
  /** The embedded providers alone. */
  public static final ProviderSettings EMBEDDED =
      new ProviderSettings(
          List.of(), List.of(), List.of(), RateCard.NONE, Long.MAX_VALUE, null, null);

  private static final long MAX_BYTES = 200_000;
  private static final Set<String> KEYS =
      Set.of("script", "speech", "visuals", "rates", "budget", "learning", "engagement");
  private static final YAMLMapper YAML = new YAMLMapper();

  public ProviderSettings {
    script = List.copyOf(script);
    speech = List.copyOf(speech);
    visuals = List.copyOf(visuals);
  }

  /**
   * Reads a settings file and sees to it that every key it names is there.
   *
   * @param environment usually {@code System.getenv()}
   * @throws StageException {@code CONFIG_INVALID} naming the entry, {@code INPUT_UNREADABLE}
   */
  public static ProviderSettings read(Path file, Map<String, String> environment)
      throws StageException {
    JsonNode root;
    try {
      if (Files.size(file) > MAX_BYTES) {
        throw invalid(file + " is larger than 200 kB");
      }
      root = YAML.readTree(Files.readString(file));
    } catch (JsonProcessingException e) {
      throw invalid(file.getFileName() + " is not YAML: " + e.getOriginalMessage());
    } catch (IOException e) {
      throw new StageException(
          FailureCode.INPUT_UNREADABLE, "settings file '" + file + "' cannot be read", e);
    }
    SettingsEntry entry = SettingsEntry.of(root, "settings", KEYS);
    if (entry.node().isEmpty()) {
      throw invalid("script, speech or visuals: a list of providers is expected");
    }
    return new ProviderSettings(
        root.has("script") ? WriterSettings.list(root.path("script"), environment) : List.of(),
        root.has("speech") ? SpeechSettings.list(root.path("speech"), environment) : List.of(),
        root.has("visuals") ? VisualSettings.list(root.path("visuals"), environment) : List.of(),
        root.has("rates") ? RateCardFile.read(file, root.path("rates")) : RateCard.NONE,
        root.has("budget") ? budget(root.path("budget")) : Long.MAX_VALUE,
        root.has("learning") ? learning(root.path("learning")) : null,
        root.has("engagement")
            ? EngagementSettings.of(root.path("engagement"), environment)
            : null);
  }

  private static long budget(JsonNode dollars) throws StageException {
    if (!dollars.isNumber() || dollars.decimalValue().signum() < 0) {
      throw invalid("budget: dollars that a run may spend, for example 2.50");
    }
    return dollars
        .decimalValue()
        .movePointRight(6)
        .setScale(0, RoundingMode.DOWN)
        .min(BigDecimal.valueOf(Long.MAX_VALUE))
        .longValueExact();
  }

  private static LearningSettings learning(JsonNode node) throws StageException {
    LearningSettings usual = LearningSettings.DEFAULT;
    SettingsEntry entry =
        SettingsEntry.of(
            node, "learning", Set.of("holdout", "half_life_days", "durations", "voices"));
    List<String> voices = new ArrayList<>();
    for (JsonNode voice : node.path("voices")) {
      voices.add(voice.asText());
    }
    return new LearningSettings(
        entry.permille("holdout", usual.holdoutPermille()),
        entry.number("half_life_days", usual.halfLifeDays(), 1, 3_650),
        entry.oneOf("durations", "false", Set.of("true", "false")).equals("true"),
        voices);
  }

  private static StageException invalid(String message) {
    return new StageException(FailureCode.CONFIG_INVALID, message);
  }
}
