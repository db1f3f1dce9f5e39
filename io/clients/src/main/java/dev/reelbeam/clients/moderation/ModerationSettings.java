package dev.reelbeam.clients.moderation;

import com.fasterxml.jackson.databind.JsonNode;
import dev.reelbeam.clients.config.SettingsEntry;
import dev.reelbeam.clients.config.SettingsFaults;
import dev.reelbeam.clients.http.CallLimits;
import dev.reelbeam.clients.http.CallPolicy;
import dev.reelbeam.clients.http.OpenAiErrors;
import dev.reelbeam.clients.http.Probed;
import dev.reelbeam.clients.http.ProviderHttp;
import dev.reelbeam.clients.http.Secret;
import dev.reelbeam.clients.http.ServerCalls;
import dev.reelbeam.model.cost.Charge;
import dev.reelbeam.model.failure.FailureCode;
import dev.reelbeam.model.failure.StageException;
import dev.reelbeam.model.moderation.HouseRules;
import dev.reelbeam.model.port.Moderator;
import java.io.Serializable;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import okhttp3.HttpUrl;

/**
 * The {@code moderation} part of a settings file:
 *
 * <pre>{@code
 * moderation:
 *   providers:
 *     - {name: openai, model: omni-moderation-latest, key: env:OPENAI_API_KEY, frames: 12}
 *   rules:
 *     - {sites: [acme], forbidden: [cheap*], claims: [clinically proven], disclosures: [paid partnership]}
 * }</pre>
 *
 * <p>All of them are asked, and the bundled lists, too, unless {@code lists} is false. It travels
 * to workers, so it names keys and never holds them.
 *
 * @param lists whether the bundled lists of words and the rules of platforms count
 */
public record ModerationSettings(boolean lists, List<Provider> providers, List<HouseRules> rules)
    implements Serializable {
  /** The bundled lists alone. */
  public static final ModerationSettings BUNDLED =
      new ModerationSettings(true, List.of(), List.of());

  /** Looks of moderators. */
  public static final String KIND = "moderation";

  private static final int MAX_RATE = 100_000;
  private static final int MAX_FRAMES = 60;

  /** Every picture of a short video, once. */
  private static final int USUAL_FRAMES = 12;

  private static final int MAX_PHRASES = 5_000;
  private static final Set<String> KEYS = Set.of("lists", "providers", "rules");
  private static final Set<String> PROVIDER_KEYS =
      Set.of(
          "name",
          "base_url",
          "model",
          "key",
          "review",
          "block",
          "frames",
          "requests_per_minute",
          "parallel");
  private static final Set<String> RULE_KEYS =
      Set.of("sites", "forbidden", "claims", "disclosures", "block");

  /** What a look of a provider amounts to, for the rate card. */
  public static List<Charge> amount(Provider provider, long characters, long pictures) {
    return Charge.merged(
        List.of(
            new Charge(provider.name(), provider.model(), Charge.Unit.CHARACTER, characters),
            new Charge(provider.name(), provider.model(), Charge.Unit.PICTURE, pictures)));
  }

  /**
   * A server that speaks OpenAI's {@code /moderations}.
   *
   * @param reviewPermille scores from here on go to a person, as does what the model flags
   * @param blockPermille scores from here on block
   * @param frames of a finished video that it sees; 0 for texts only
   */
  public record Provider(
      String name,
      String baseUrl,
      String model,
      String key,
      int reviewPermille,
      int blockPermille,
      int frames,
      int requestsPerMinute,
      int parallel)
      implements Serializable {
    /** The same with other limits. */
    public Provider withRates(int perMinute, int inFlight) {
      return new Provider(
          name, baseUrl, model, key, reviewPermille, blockPermille, frames, perMinute, inFlight);
    }

    /**
     * Opens it on a worker.
     *
     * @param limits who counts its calls for other processes, too
     * @throws StageException {@code CONFIG_INVALID} if the key is not there
     */
    public Moderator open(Map<String, String> environment, CallLimits limits)
        throws StageException {
      return open(
          environment, CallPolicy.DEFAULT.withRates(requestsPerMinute, parallel).sharing(limits));
    }

    Moderator open(Map<String, String> environment, CallPolicy policy) throws StageException {
      return new OpenAiModerator(this, calls(environment, policy));
    }

    /**
     * Asks for its models: what costs nothing, whoever it is.
     *
     * @return what is known after it
     * @throws StageException {@code PROVIDER_*}
     */
    public Probed probe(Map<String, String> environment) throws StageException {
      ServerCalls calls = calls(environment, CallPolicy.DEFAULT);
      JsonNode models = calls.json(calls.get(calls.url("models").build()));
      return Probed.listed(models, model)
          .orElse(Probed.of("it lists " + models.path("data").size() + " models"));
    }

    private ServerCalls calls(Map<String, String> environment, CallPolicy policy)
        throws StageException {
      Secret secret = Secret.resolve(key, environment);
      return new ServerCalls(
          name,
          baseUrl,
          secret,
          "Authorization",
          "Bearer ",
          new ProviderHttp(name, baseUrl, secret, policy.ofKind(KIND), new OpenAiErrors()));
    }
  }

  /** The same with other providers. */
  public ModerationSettings withProviders(List<Provider> newProviders) {
    return new ModerationSettings(lists, newProviders, rules);
  }

  public ModerationSettings {
    providers = List.copyOf(providers);
    rules = List.copyOf(rules);
  }

  /**
   * Reads the part and sees to it that every key it names is there.
   *
   * @param environment usually {@code System.getenv()}
   * @param faults what is done about a mistake
   * @throws StageException {@code CONFIG_INVALID} naming the entry
   */
  public static ModerationSettings of(
      JsonNode node, Map<String, String> environment, SettingsFaults faults) throws StageException {
    SettingsEntry root = SettingsEntry.of(node, "moderation", KEYS);
    boolean lists = root.oneOf("lists", "true", Set.of("true", "false")).equals("true");
    List<Provider> providers =
        node.has("providers")
            ? faults.list(
                node.path("providers"),
                "moderation.providers",
                PROVIDER_KEYS,
                entry -> {
                  Provider provider = provider(entry);
                  entry.secret("key", provider.key(), provider.baseUrl(), environment);
                  return provider;
                },
                Provider::name)
            : List.of();
    List<HouseRules> rules = new ArrayList<>();
    if (node.has("rules") && !node.path("rules").isArray()) {
      throw invalid("moderation.rules: a list of rules is expected");
    }
    for (int i = 0; i < node.path("rules").size(); i++) {
      String where = "moderation.rules[" + i + "]";
      SettingsEntry entry = SettingsEntry.of(node.path("rules").get(i), where, RULE_KEYS);
      rules.add(
          new HouseRules(
              phrases(entry, "sites"),
              phrases(entry, "forbidden"),
              phrases(entry, "claims"),
              phrases(entry, "disclosures"),
              entry.oneOf("block", "false", Set.of("true", "false")).equals("true")));
    }
    return new ModerationSettings(lists, providers, rules);
  }

  private static Provider provider(SettingsEntry entry) throws StageException {
    String baseUrl = entry.text("base_url", "https://api.openai.com/v1");
    if (HttpUrl.parse(baseUrl) == null) {
      throw invalid(entry.where() + ".base_url: '" + baseUrl + "' is not an http address");
    }
    int review = entry.permille("review", 400);
    int block = entry.permille("block", 900);
    if (block < review) {
      throw invalid(entry.where() + ".block: not less than review");
    }
    return new Provider(
        entry.text("name"),
        baseUrl,
        entry.text("model"),
        entry.text("key", ""),
        review,
        block,
        entry.number("frames", USUAL_FRAMES, 0, MAX_FRAMES),
        entry.number("requests_per_minute", CallPolicy.DEFAULT.requestsPerMinute(), 1, MAX_RATE),
        entry.number("parallel", CallPolicy.DEFAULT.parallel(), 1, MAX_RATE));
  }

  private static List<String> phrases(SettingsEntry entry, String name) throws StageException {
    JsonNode list = entry.node().path(name);
    if (list.isMissingNode()) {
      return List.of();
    }
    if (!list.isArray() || list.size() > MAX_PHRASES) {
      throw invalid(
          entry.where() + "." + name + ": a list of at most " + MAX_PHRASES + " is expected");
    }
    List<String> phrases = new ArrayList<>();
    for (JsonNode phrase : list) {
      if (phrase.asText("").isBlank()) {
        throw invalid(entry.where() + "." + name + ": an entry is empty");
      }
      phrases.add(phrase.asText().strip());
    }
    return phrases;
  }

  private static StageException invalid(String message) {
    return new StageException(FailureCode.CONFIG_INVALID, message);
  }
}
