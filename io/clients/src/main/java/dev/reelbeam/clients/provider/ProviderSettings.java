package dev.reelbeam.clients.provider;

import com.fasterxml.jackson.databind.JsonNode;
import dev.reelbeam.clients.config.SettingsEntry;
import dev.reelbeam.clients.config.SettingsFaults;
import dev.reelbeam.clients.engagement.EngagementSettings;
import dev.reelbeam.clients.moderation.ModerationSettings;
import dev.reelbeam.clients.script.WriterSettings;
import dev.reelbeam.clients.speech.SpeechSettings;
import dev.reelbeam.clients.visual.VisualSettings;
import dev.reelbeam.model.cost.Budgets;
import dev.reelbeam.model.cost.Charge;
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
import java.time.ZoneId;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * The providers of a settings file, each port's in the order in which they are asked; the embedded
 * ones come after the last. It travels to workers, so it names keys and never holds them.
 *
 * @param script language models that write scripts
 * @param speech voices that speak them
 * @param visuals pictures and clips for scenes without a fitting one of the record's own
 * @param moderation who looks at texts and pictures
 * @param rates what they ask
 * @param budgets what may be spent; nothing is bought beyond it
 * @param learning what is tried out; null when nothing is
 * @param engagement whose counters are read, and how often; null when nobody's are
 * @param embedded whether the embedded writer and voices stand in where no provider can
 * @param patienceMinutes how long a provider that is away is waited for where nobody stands in
 */
public record ProviderSettings(
    List<WriterSettings> script,
    List<SpeechSettings> speech,
    List<VisualSettings> visuals,
    ModerationSettings moderation,
    RateCard rates,
    Budgets budgets,
    @Nullable LearningSettings learning,
    @Nullable EngagementSettings engagement,
    boolean embedded,
    int patienceMinutes)
    implements Serializable {
  /** Most outages are shorter, and a run does not stand still for half a day. */
  private static final int USUAL_PATIENCE_MINUTES = 15;

  /** A day. */
  public static final int MOST_PATIENCE_MINUTES = 1_440;

  /** The embedded providers alone. */
  public static final ProviderSettings EMBEDDED =
      new ProviderSettings(
          List.of(),
          List.of(),
          List.of(),
          ModerationSettings.BUNDLED,
          RateCard.NONE,
          Budgets.NONE,
          null,
          null,
          /* embedded= */ true,
          USUAL_PATIENCE_MINUTES);

  private static final long MAX_BYTES = 200_000;
  private static final int A_CLIP_MS = 5_000;
  private static final Set<String> KEYS =
      Set.of(
          "script",
          "speech",
          "visuals",
          "moderation",
          "rates",
          "budget",
          "learning",
          "engagement",
          "embedded",
          "patience_minutes");
  private static final Set<String> BUDGET_KEYS = Set.of("run", "project", "site", "day");

  public ProviderSettings {
    script = List.copyOf(script);
    speech = List.copyOf(speech);
    visuals = List.copyOf(visuals);
  }

  ProviderSettings withPorts(
      List<WriterSettings> newScript,
      List<SpeechSettings> newSpeech,
      List<VisualSettings> newVisuals,
      ModerationSettings newModeration) {
    return new ProviderSettings(
        newScript,
        newSpeech,
        newVisuals,
        newModeration,
        rates,
        budgets,
        learning,
        engagement,
        embedded,
        patienceMinutes);
  }

  /** Whether anybody is named who sends a bill. */
  public boolean bills() {
    return visuals.stream().anyMatch(VisualSettings::bills)
        || moderation.providers().stream()
            .flatMap(each -> ModerationSettings.amount(each, 1, 1).stream())
            .anyMatch(rates::knows)
        || Stream.concat(
                script.stream().map(WriterSettings::key), speech.stream().map(SpeechSettings::key))
            .anyMatch(key -> !key.isEmpty());
  }

  /** The places of entries that send a bill of which the rate card says nothing. */
  List<String> unpriced() {
    List<String> places = new ArrayList<>();
    for (int i = 0; i < script.size(); i++) {
      WriterSettings writer = script.get(i);
      if (!writer.key().isEmpty()
          && !known(
              writer.name(), writer.model(), Charge.Unit.INPUT_TOKEN, Charge.Unit.OUTPUT_TOKEN)) {
        places.add("script[" + i + "]");
      }
    }
    for (int i = 0; i < speech.size(); i++) {
      SpeechSettings voice = speech.get(i);
      SpeechSettings.Words timer = voice.words();
      if ((!voice.key().isEmpty() && !known(voice.name(), voice.model(), Charge.Unit.CHARACTER))
          || (timer != null
              && !timer.key().isEmpty()
              && !known(timer.name(), timer.model(), Charge.Unit.SECOND))) {
        places.add("speech[" + i + "]");
      }
    }
    for (int i = 0; i < visuals.size(); i++) {
      boolean priced =
          visuals.get(i).estimate(1, A_CLIP_MS, rates).stream()
              // A card of one's own need not be priced.
              .filter(charge -> charge.unit() != Charge.Unit.GPU_SECOND)
              .allMatch(rates::knows);
      if (visuals.get(i).bills() && !priced) {
        places.add("visuals[" + i + "]");
      }
    }
    for (int i = 0; i < moderation.providers().size(); i++) {
      ModerationSettings.Provider look = moderation.providers().get(i);
      if (!look.key().isEmpty()
          && !ModerationSettings.amount(look, 1, 1).stream().allMatch(rates::knows)) {
        places.add("moderation.providers[" + i + "]");
      }
    }
    return places;
  }

  /**
   * Sees to it that a budget holds back everybody who sends a bill: what has no price is bought
   * without limit.
   *
   * @throws StageException {@code CONFIG_INVALID} naming the entries of which the rate card says
   *     nothing
   */
  public void checkBudgets() throws StageException {
    List<String> unpriced = budgets.equals(Budgets.NONE) ? List.of() : unpriced();
    if (!unpriced.isEmpty()) {
      throw invalid(
          String.join(", ", unpriced)
              + ": the rate card has no price for it, so no budget holds it back; add its prices to"
              + " rates by its name (0 for what is free), or leave the budget out");
    }
  }

  private boolean known(String provider, String model, Charge.Unit... units) {
    return Stream.of(units).allMatch(unit -> rates.knows(new Charge(provider, model, unit, 1)));
  }

  /**
   * Reads a settings file, sees to it that it is right by its schema and that every key it names is
   * there. Of entries that share a key, the smallest limits hold for all.
   *
   * @param environment usually {@code System.getenv()}
   * @throws StageException {@code CONFIG_INVALID} with every mistake by its line, as {@link
   *     SettingsCheck} tells them; {@code INPUT_UNREADABLE}
   */
  public static ProviderSettings read(Path file, Map<String, String> environment)
      throws StageException {
    return SharedLimits.in(SettingsCheck.settings(file, environment), environment);
  }

  /** The text of a settings file. */
  static String text(Path file) throws StageException {
    try {
      if (Files.size(file) > MAX_BYTES) {
        throw invalid(file + " is larger than 200 kB");
      }
      return Files.readString(file);
    } catch (IOException e) {
      throw new StageException(
          FailureCode.INPUT_UNREADABLE, "settings file '" + file + "' cannot be read", e);
    }
  }

  /**
   * The settings of a document.
   *
   * @param file its file, for paths that stand in it
   */
  static ProviderSettings of(
      Path file, JsonNode root, Map<String, String> environment, SettingsFaults faults)
      throws StageException {
    SettingsEntry entry = SettingsEntry.of(root, "settings", KEYS);
    if (entry.node().isEmpty()) {
      throw invalid("settings: script, speech or visuals is expected, a list of providers");
    }
    boolean embedded = entry.oneOf("embedded", "true", Set.of("true", "false")).equals("true");
    if (!embedded && (root.path("script").isEmpty() || root.path("speech").isEmpty())) {
      faults.found(invalid("embedded: false wants somebody under script and under speech"));
    }
    return new ProviderSettings(
        root.has("script")
            ? WriterSettings.list(root.path("script"), environment, faults)
            : List.of(),
        root.has("speech")
            ? SpeechSettings.list(
                root.path("speech"), environment, file.toAbsolutePath().resolveSibling(""), faults)
            : List.of(),
        root.has("visuals")
            ? VisualSettings.list(
                root.path("visuals"), environment, file.toAbsolutePath().resolveSibling(""), faults)
            : List.of(),
        root.has("moderation")
            ? faults.part(
                () -> ModerationSettings.of(root.path("moderation"), environment, faults),
                ModerationSettings.BUNDLED)
            : ModerationSettings.BUNDLED,
        root.has("rates")
            ? faults.part(() -> RateCardFile.read(file, root.path("rates")), RateCard.NONE)
            : RateCard.NONE,
        root.has("budget")
            ? faults.part(() -> budgets(root.path("budget")), Budgets.NONE)
            : Budgets.NONE,
        root.has("learning")
            ? faults.part(() -> learning(root.path("learning")), LearningSettings.DEFAULT)
            : null,
        root.has("engagement") ? engagement(root.path("engagement"), environment, faults) : null,
        embedded,
        entry.number("patience_minutes", USUAL_PATIENCE_MINUTES, 0, MOST_PATIENCE_MINUTES));
  }

  private static @Nullable EngagementSettings engagement(
      JsonNode node, Map<String, String> environment, SettingsFaults faults) throws StageException {
    try {
      return EngagementSettings.of(node, environment);
    } catch (StageException e) {
      faults.found(e);
      return null;
    }
  }

  /** A number is for a run. */
  private static Budgets budgets(JsonNode node) throws StageException {
    if (!node.isObject()) {
      return new Budgets(budget(node, "budget"), Long.MAX_VALUE, Long.MAX_VALUE, Long.MAX_VALUE);
    }
    SettingsEntry entry = SettingsEntry.of(node, "budget", BUDGET_KEYS);
    return new Budgets(
        budget(entry, "run"),
        budget(entry, "project"),
        budget(entry, "site"),
        budget(entry, "day"));
  }

  private static long budget(SettingsEntry entry, String name) throws StageException {
    return entry.node().has(name)
        ? budget(entry.node().path(name), entry.where() + "." + name)
        : Long.MAX_VALUE;
  }

  private static long budget(JsonNode dollars, String where) throws StageException {
    if (!dollars.isNumber() || dollars.decimalValue().signum() < 0) {
      throw invalid(where + ": dollars that may be spent, for example 2.50");
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
            node,
            "learning",
            Set.of(
                "holdout",
                "half_life_days",
                "durations",
                "voices",
                "titles",
                "posting_hours",
                "time_zone"));
    List<String> voices = new ArrayList<>();
    for (JsonNode voice : node.path("voices")) {
      voices.add(voice.asText());
    }
    return new LearningSettings(
        entry.permille("holdout", usual.holdoutPermille()),
        entry.number("half_life_days", usual.halfLifeDays(), 1, 3_650),
        yes(entry, "durations"),
        voices,
        yes(entry, "titles"),
        yes(entry, "posting_hours"),
        zone(entry));
  }

  private static boolean yes(SettingsEntry entry, String name) throws StageException {
    return entry.oneOf(name, "false", Set.of("true", "false")).equals("true");
  }

  private static ZoneId zone(SettingsEntry entry) throws StageException {
    String name = entry.text("time_zone", "UTC");
    // Offsets and abbreviations are no zones of sites: their clocks change in summer.
    if (!ZoneId.getAvailableZoneIds().contains(name)) {
      throw invalid(entry.where() + ".time_zone: '" + name + "' is no zone; Europe/Berlin is one");
    }
    return ZoneId.of(name);
  }

  private static StageException invalid(String message) {
    return new StageException(FailureCode.CONFIG_INVALID, message);
  }
}
