package dev.reelbeam.clients.provider;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.dataformat.yaml.YAMLMapper;
import com.networknt.schema.JsonSchema;
import com.networknt.schema.JsonSchemaFactory;
import com.networknt.schema.PathType;
import com.networknt.schema.SchemaValidatorsConfig;
import com.networknt.schema.SpecVersion;
import com.networknt.schema.ValidationMessage;
import dev.reelbeam.model.cost.Budgets;
import dev.reelbeam.model.failure.FailureCode;
import dev.reelbeam.model.failure.StageException;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashSet;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import org.yaml.snakeyaml.error.Mark;
import org.yaml.snakeyaml.error.MarkedYAMLException;

/**
 * Everything that is wrong with a settings file, by the line: first by its JSON schema, which
 * editors use, too, then by the classes that read it, which know more. No value of the file is
 * repeated where a secret may stand.
 */
public final class SettingsCheck {
  private static final YAMLMapper YAML = new YAMLMapper();
  private static final String SCHEMA = "reelbeam.schema.json";

  /** What is said of a key that is not where the settings say. */
  private static final Pattern KEY = Pattern.compile(": secret (env|file):(.+?): ");

  private static final Pattern PLACE =
      Pattern.compile(
          "^((?:[a-z_]+)(?:\\[\\d+\\]|\\.[a-z_]+)*)(?::| is | )\\s*(.*)$", Pattern.DOTALL);

  private SettingsCheck() {}

  /**
   * A mistake.
   *
   * @param line from 1
   * @param place its path, for example {@code speech[0].kind}; empty for the whole file
   * @param hint whether it is no mistake, and only not what it may look like
   */
  public record Fault(int line, String place, String message, String remedy, boolean hint) {
    Fault(int line, String place, String message, String remedy) {
      this(line, place, message, remedy, false);
    }

    /** In one line for people, as compilers write theirs. */
    public String in(Path file) {
      return file
          + ":"
          + line
          + ": "
          + (hint ? "no mistake: " : "")
          + (place.isEmpty() ? "" : place + ": ")
          + message
          + (message.endsWith(".") ? " " : ". ")
          + remedy;
    }
  }

  /** The JSON schema of settings files. */
  public static String schema() {
    try (InputStream in = SettingsCheck.class.getResourceAsStream(SCHEMA)) {
      return new String(Objects.requireNonNull(in, SCHEMA).readAllBytes(), StandardCharsets.UTF_8);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /**
   * The mistakes of a file, in the order of its lines.
   *
   * @param environment where keys are looked for, usually {@code System.getenv()}
   * @param keys whether a key that is not there is a mistake
   * @throws StageException {@code INPUT_UNREADABLE}, {@code CONFIG_INVALID} for a file that is far
   *     too large
   */
  public static List<Fault> of(Path file, Map<String, String> environment, boolean keys)
      throws StageException {
    Looked looked = look(file, environment, keys);
    ProviderSettings settings = looked.settings();
    if (settings == null || !looked.faults().isEmpty()) {
      return looked.faults();
    }
    List<Fault> faults = new ArrayList<>();
    if (!settings.budgets().equals(Budgets.NONE)) {
      for (String place : settings.unpriced()) {
        faults.add(
            new Fault(
                looked.places().line(place),
                place,
                "the rate card has no price for it, so no budget holds it back",
                "Add its prices to rates by its name, or leave the budget out."));
      }
    }
    if (faults.isEmpty()) {
      for (SharedLimits.Less less : SharedLimits.less(settings, environment)) {
        faults.add(less(less, looked.places()));
      }
    }
    return inOrder(faults);
  }

  /**
   * The settings of a file without a mistake.
   *
   * @throws StageException {@code CONFIG_INVALID} with every mistake, by its line, and what to do
   *     about it; {@code INPUT_UNREADABLE}
   */
  static ProviderSettings settings(Path file, Map<String, String> environment)
      throws StageException {
    Looked looked = look(file, environment, /* keys= */ true);
    ProviderSettings settings = looked.settings();
    if (settings == null || !looked.faults().isEmpty()) {
      throw new StageException(
          FailureCode.CONFIG_INVALID,
          looked.faults().stream()
              .map(fault -> fault.in(file))
              .collect(Collectors.joining(System.lineSeparator())));
    }
    return settings;
  }

  /**
   * What is seen of a file.
   *
   * @param settings null if they could not be read at all
   */
  private record Looked(
      @Nullable ProviderSettings settings, YamlPlaces places, List<Fault> faults) {}

  private static Looked look(Path file, Map<String, String> environment, boolean keys)
      throws StageException {
    String text = ProviderSettings.text(file);
    // Each takes a while the first time, and neither waits for the other.
    CompletableFuture<JsonSchema> schema = CompletableFuture.supplyAsync(() -> Schema.JSON);
    YamlPlaces places;
    JsonNode root;
    try {
      places = YamlPlaces.of(text);
      root = YAML.readTree(text);
    } catch (MarkedYAMLException e) {
      Mark mark = e.getProblemMark();
      return nothing(notYaml(mark == null ? 1 : mark.getLine() + 1, e.getProblem()));
    } catch (JsonProcessingException e) {
      int line = e.getLocation() == null ? 1 : Math.max(1, e.getLocation().getLineNr());
      return nothing(notYaml(line, e.getOriginalMessage()));
    }
    List<Fault> faults = new ArrayList<>();
    for (String place : places.twice()) {
      faults.add(new Fault(places.line(place), place, "stands twice", "Leave one of the two out."));
    }
    if (root == null || !root.isObject()) {
      faults.add(
          new Fault(
              1,
              "",
              "no settings in it",
              "Begin with script:, speech: or visuals:, a list of providers each."));
      return new Looked(null, places, inOrder(faults));
    }
    for (ValidationMessage message : schema.join().validate(root)) {
      fault(message, places).ifPresent(faults::add);
    }
    Set<String> known = new HashSet<>();
    faults.forEach(fault -> known.add(fault.place()));
    ProviderSettings settings = null;
    try {
      settings =
          ProviderSettings.of(
              file,
              root,
              environment,
              failure -> {
                if (keys || !missingKey(failure)) {
                  add(failure, places, known, faults);
                }
              });
    } catch (StageException e) {
      add(e, places, known, faults);
    }
    return new Looked(settings, places, inOrder(faults));
  }

  private static Looked nothing(Fault fault) {
    return new Looked(null, YamlPlaces.of(""), List.of(fault));
  }

  private static List<Fault> inOrder(List<Fault> faults) {
    faults.sort(Comparator.comparingInt(Fault::line).thenComparing(Fault::place));
    return List.copyOf(new LinkedHashSet<>(faults));
  }

  private static Fault less(SharedLimits.Less less, YamlPlaces places) {
    return new Fault(
        places.line(less.place()),
        less.place(),
        "has one key with "
            + less.with()
            + ", so the smaller limits hold for both together: "
            + less.perMinute()
            + " calls in a minute, "
            + less.parallel()
            + " at once",
        "Write the same requests_per_minute and parallel for both.",
        /* hint= */ true);
  }

  private static Fault notYaml(int line, String problem) {
    return new Fault(
        line, "", "not YAML: " + problem, "Look at this line and the one before: marks, spaces.");
  }

  private static void add(
      StageException failure, YamlPlaces places, Set<String> known, List<Fault> faults) {
    String message = String.valueOf(failure.getMessage());
    Matcher matcher = PLACE.matcher(message);
    String place = "";
    String what = message;
    if (matcher.matches()) {
      place = matcher.group(1);
      what = matcher.group(2);
    }
    String inside = place;
    // What the schema has found at a place, or in it, is told once.
    boolean told =
        known.stream()
            .anyMatch(
                each ->
                    each.equals(inside)
                        || each.startsWith(inside + ".")
                        || each.startsWith(inside + "["));
    if (!told) {
      faults.add(
          new Fault(
              places.line(place), place.equals("settings") ? "" : place, what, remedy(failure)));
    }
  }

  private static String remedy(StageException failure) {
    Matcher key = KEY.matcher(failure.describe());
    if (!key.find()) {
      return failure.code().remedy();
    }
    return key.group(1).equals("env")
        ? "Set the variable " + key.group(2) + " to the key, where the command runs."
        : "Put the key, and nothing else, into " + key.group(2) + ".";
  }

  private static boolean missingKey(StageException failure) {
    return KEY.matcher(failure.describe()).find();
  }

  /** Read when it is needed first. */
  private static final class Schema {
    private static final JsonSchema JSON =
        JsonSchemaFactory.getInstance(SpecVersion.VersionFlag.V202012)
            .getSchema(
                schema(), SchemaValidatorsConfig.builder().pathType(PathType.JSON_PATH).build());
  }

  /** In words for who wrote the file; empty for what follows from another fault. */
  private static Optional<Fault> fault(ValidationMessage message, YamlPlaces places) {
    String place = message.getInstanceLocation().toString().replaceFirst("^\\$\\.?", "");
    String property = message.getProperty() == null ? "" : message.getProperty();
    JsonNode rule = message.getSchemaNode();
    String what;
    String remedy;
    switch (message.getType()) {
      case "required" -> {
        what = "'" + property + "' is missing";
        remedy = "Add " + property + ": to it.";
      }
      case "additionalProperties" -> {
        what = "unknown key '" + property + "'";
        remedy = "Look for the right name in the schema, or leave it out.";
        place = place.isEmpty() ? property : place + "." + property;
      }
      case "enum" -> {
        what = "is none of the words that are allowed here";
        remedy = "Take one of " + rule + ".";
      }
      case "pattern" -> {
        boolean secret = String.valueOf(rule).contains("env:");
        what = secret ? "a secret is named here, never written down" : "does not look as it has to";
        remedy =
            secret
                ? "Write env:NAME for a variable of the environment, or file:PATH."
                : "It has to match " + rule + ".";
      }
      case "minimum", "maximum" -> {
        boolean low = message.getType().equals("minimum");
        what = low ? "is too small" : "is too large";
        remedy = (low ? "At least " : "At most ") + rule + ".";
      }
      case "type" -> {
        what = "is of another kind than it has to be";
        remedy =
            "A "
                + rule.asText("value")
                + " is expected; put texts that look like numbers in quotes.";
      }
      case "minLength" -> {
        what = "is empty";
        remedy = "Write something, or leave the key out.";
      }
      case "minItems", "minProperties" -> {
        what = "nothing stands in it";
        remedy = "Fill it in, or leave the key out.";
      }
      case "not" -> {
        what = "this name is taken";
        remedy = "Choose another: embedded, marytts and espeak are the embedded engines.";
      }
      case "oneOf" -> {
        what = "fits none of the forms, or more than one";
        remedy =
            "Look into the schema: "
                + (place.startsWith("rates")
                    ? "dollars or dollars_per_million."
                    : "a number, a path or keys with values.");
      }
      default -> {
        return Optional.empty();
      }
    }
    return Optional.of(new Fault(places.line(place), place, what, remedy));
  }
}
