package dev.reelbeam.clients.engagement;

import com.fasterxml.jackson.databind.JsonNode;
import dev.reelbeam.clients.config.SettingsEntry;
import dev.reelbeam.clients.http.CallPolicy;
import dev.reelbeam.model.failure.FailureCode;
import dev.reelbeam.model.failure.StageException;
import dev.reelbeam.model.port.AccessTokens;
import dev.reelbeam.model.port.EngagementReader;
import java.io.Serializable;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import okhttp3.HttpUrl;

/**
 * The {@code engagement} part of a settings file:
 *
 * <pre>{@code
 * engagement:
 *   every_hours: 12
 *   accounts:
 *     - {platform: youtube, account: UCabc, token: file:/run/secrets/youtube}
 *     - {platform: linkedin, account: urn:li:organization:12, token: env:LINKEDIN, units_per_day: 400}
 * }</pre>
 *
 * <p>{@code units_per_day} is the account's, but YouTube's quota is one for all: there the smallest
 * counts. It names tokens and never holds them.
 *
 * @param accounts references to tokens by {@code platform/account}
 * @param addresses base addresses of platforms that are not the usual ones
 */
public record EngagementSettings(
    PollSettings polls, Map<String, String> accounts, Map<String, String> addresses)
    implements Serializable {
  private static final Set<String> PLATFORMS =
      Set.of("youtube", "instagram", "facebook", "tiktok", "x", "linkedin");

  /** Reading is free of harm, so one account's limit is that of its platform's minute. */
  private static final CallPolicy POLICY = CallPolicy.DEFAULT.withRates(60, 2);

  public EngagementSettings {
    accounts = Map.copyOf(accounts);
    addresses = Map.copyOf(addresses);
  }

  /**
   * Reads the part and sees to it that every token it names is there.
   *
   * @param environment usually {@code System.getenv()}
   * @throws StageException {@code CONFIG_INVALID} naming the entry
   */
  public static EngagementSettings of(JsonNode node, Map<String, String> environment)
      throws StageException {
    SettingsEntry root = SettingsEntry.of(node, "engagement", Set.of("every_hours", "accounts"));
    Map<String, String> accounts = new LinkedHashMap<>();
    Map<String, String> addresses = new HashMap<>();
    Map<String, Long> units = new HashMap<>(PollSettings.DEFAULT.unitsPerDay());
    int index = 0;
    for (JsonNode one : node.path("accounts")) {
      SettingsEntry entry =
          SettingsEntry.of(
              one,
              "engagement.accounts[" + index++ + "]",
              Set.of("platform", "account", "token", "units_per_day", "base_url"));
      String platform = entry.oneOf("platform", "", PLATFORMS);
      String token = entry.text("token");
      entry.secret("token", token, environment);
      String account = entry.text("account");
      accounts.put(platform + "/" + account, token);
      if (one.has("units_per_day")) {
        units.merge(
            platform + "/" + PollSettings.bearer(platform, account),
            (long) entry.number("units_per_day", 0, 1, 1_000_000_000),
            Math::min);
      }
      String address = entry.text("base_url", "");
      if (!address.isEmpty()) {
        if (HttpUrl.parse(address) == null) {
          throw invalid(entry.where() + ".base_url: '" + address + "' is not an http address");
        }
        addresses.put(platform, address.replaceFirst("/+$", ""));
      }
    }
    if (accounts.isEmpty()) {
      throw invalid("engagement.accounts: a list of accounts is expected");
    }
    int hours = root.number("every_hours", 12, 1, 24 * 7);
    return new EngagementSettings(
        new PollSettings(Duration.ofHours(hours), units), accounts, addresses);
  }

  private static StageException invalid(String message) {
    return new StageException(FailureCode.CONFIG_INVALID, message);
  }

  /** A reader for each platform of which there is an account. */
  public List<EngagementReader> readers(Map<String, String> environment) {
    AccessTokens tokens = new AccountTokens(accounts, environment);
    List<EngagementReader> readers = new ArrayList<>();
    for (String platform : PLATFORMS.stream().sorted().toList()) {
      if (accounts.keySet().stream().noneMatch(name -> name.startsWith(platform + "/"))) {
        continue;
      }
      readers.add(
          switch (platform) {
            case "youtube" ->
                new YouTubeEngagement(
                    address(platform, YouTubeEngagement.DATA_API),
                    address(platform, YouTubeEngagement.ANALYTICS_API),
                    tokens,
                    POLICY);
            case "instagram" ->
                MetaEngagement.instagram(
                    address(platform, MetaEngagement.GRAPH_API), tokens, POLICY);
            case "facebook" ->
                MetaEngagement.facebook(
                    address(platform, MetaEngagement.GRAPH_API), tokens, POLICY);
            case "tiktok" ->
                new TikTokEngagement(address(platform, TikTokEngagement.API), tokens, POLICY);
            case "x" -> new XEngagement(address(platform, XEngagement.API), tokens, POLICY);
            case "linkedin" ->
                new LinkedInEngagement(
                    address(platform, LinkedInEngagement.API),
                    LinkedInEngagement.VERSION,
                    tokens,
                    POLICY);
            default -> throw new IllegalStateException(platform);
          });
    }
    return List.copyOf(readers);
  }

  private String address(String platform, String usual) {
    return addresses.getOrDefault(platform, usual);
  }
}
