package dev.reelbeam.embedded.moderation;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import dev.reelbeam.model.json.RecordJson;
import dev.reelbeam.model.moderation.Finding;
import dev.reelbeam.model.moderation.HouseRules;
import dev.reelbeam.model.moderation.ModerationReport;
import dev.reelbeam.model.moderation.ModerationRequest;
import dev.reelbeam.model.moderation.Verdict;
import dev.reelbeam.model.port.Moderator;
import dev.reelbeam.model.video.Platform;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * Moderation by lists: words of five languages by topic, numbers of cards and accounts, the rules
 * of the house, and a dated set of rules of platforms. It looks at texts only.
 *
 * <p>Lists know words and no meaning: most of what they find goes to a person, and only what has no
 * harmless use is blocked. A text is looked at by the words of its own language and of English.
 */
public final class ListModerator implements Moderator {
  private static final String FILE = "words.json";
  private static final String EVERYWHERE = "en";

  private final boolean lists;
  private final List<House> houses;
  private final Map<String, Topic> topics = new TreeMap<>();
  private final List<PlatformRule> platformRules = new ArrayList<>();
  private final String identity;

  private record Topic(@Nullable Verdict verdict, String reason, Map<String, WordPattern> words) {
    String find(String text, String language) {
      WordPattern own = words.get(language);
      String found = own == null ? "" : own.find(text);
      WordPattern english = words.get(EVERYWHERE);
      return found.isEmpty() && english != null ? english.find(text) : found;
    }
  }

  private record PlatformRule(
      List<String> platforms, String topic, Verdict verdict, String reason) {}

  private record House(
      HouseRules rules, WordPattern forbidden, WordPattern claims, WordPattern disclosures) {}

  /**
   * A moderator by the bundled lists and the rules of the house.
   *
   * @param lists whether the bundled lists count
   */
  public ListModerator(boolean lists, List<HouseRules> rules) {
    this.lists = lists;
    this.houses =
        rules.stream()
            .map(
                each ->
                    new House(
                        each,
                        WordPattern.of(each.forbidden()),
                        WordPattern.of(each.claims()),
                        WordPattern.of(each.disclosures())))
            .toList();
    JsonNode words = read();
    words
        .path("topics")
        .properties()
        .forEach(topic -> topics.put(topic.getKey(), topic(topic.getValue())));
    for (JsonNode rule : words.path("platforms").path("rules")) {
      List<String> platforms = new ArrayList<>();
      rule.path("platforms").forEach(platform -> platforms.add(platform.asText()));
      platformRules.add(
          new PlatformRule(
              platforms,
              rule.path("topic").asText(),
              verdict(rule.path("verdict")),
              rule.path("reason").asText()));
    }
    this.identity =
        "lists-"
            + (lists ? words.path("version").asText() : "off")
            + "/platforms-"
            + words.path("platforms").path("date").asText()
            + (rules.isEmpty() ? "" : "/house-" + RecordJson.sha256(rules).substring(0, 12));
  }

  private static JsonNode read() {
    try (InputStream in = ListModerator.class.getResourceAsStream(FILE)) {
      return RecordJson.readTree(
          new String(Objects.requireNonNull(in, FILE).readAllBytes(), StandardCharsets.UTF_8));
    } catch (JsonProcessingException e) {
      throw new IllegalStateException(FILE, e);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static Topic topic(JsonNode node) {
    Map<String, WordPattern> words = new TreeMap<>();
    node.path("words")
        .properties()
        .forEach(
            language -> {
              List<String> phrases = new ArrayList<>();
              language.getValue().forEach(phrase -> phrases.add(phrase.asText()));
              words.put(language.getKey(), WordPattern.of(phrases));
            });
    return new Topic(
        node.has("verdict") ? verdict(node.path("verdict")) : null,
        node.path("reason").asText(),
        words);
  }

  private static Verdict verdict(JsonNode word) {
    return Verdict.valueOf(word.asText().toUpperCase(Locale.ROOT));
  }

  @Override
  public String identity() {
    return identity;
  }

  @Override
  public ModerationReport review(ModerationRequest request) {
    List<Finding> findings = new ArrayList<>();
    for (ModerationRequest.Text text : request.texts()) {
      if (lists) {
        words(request, text, findings);
      }
      for (House house : houses) {
        if (house.rules().holdFor(request.site())) {
          house(house, text, findings);
        }
      }
    }
    if (request.finished()) {
      for (House house : houses) {
        if (house.rules().holdFor(request.site()) && !house.rules().disclosures().isEmpty()) {
          disclosure(house, request, findings);
        }
      }
    }
    return new ModerationReport(findings);
  }

  private void words(
      ModerationRequest request, ModerationRequest.Text text, List<Finding> findings) {
    topics.forEach(
        (name, topic) -> {
          String found = topic.find(text.text(), request.language());
          if (found.isEmpty()) {
            return;
          }
          if (topic.verdict() != null) {
            findings.add(
                new Finding(topic.verdict(), "words/" + name, text.where(), found, topic.reason()));
          }
          for (PlatformRule rule : platformRules) {
            for (Platform platform : request.platforms()) {
              if (rule.topic().equals(name) && rule.platforms().contains(platform.id())) {
                findings.add(
                    new Finding(
                        rule.verdict(),
                        platform.id() + "/" + name,
                        text.where(),
                        found,
                        rule.reason()));
              }
            }
          }
        });
    String number = PersonalData.find(text.text());
    if (!number.isEmpty()) {
      // What it is, and not the number itself: findings are shown and kept.
      findings.add(
          new Finding(
              Verdict.REVIEW, "words/personal-data", text.where(), "", "it tells " + number));
    }
  }

  private static void house(House house, ModerationRequest.Text text, List<Finding> findings) {
    String forbidden = house.forbidden().find(text.text());
    if (!forbidden.isEmpty()) {
      findings.add(
          new Finding(
              house.rules().block() ? Verdict.BLOCK : Verdict.REVIEW,
              "house/forbidden",
              text.where(),
              forbidden,
              "the house does not use these words"));
    }
    String claim = house.claims().find(text.text());
    if (!claim.isEmpty()) {
      findings.add(
          new Finding(
              Verdict.REVIEW,
              "house/claim",
              text.where(),
              claim,
              "somebody has to be able to prove this"));
    }
  }

  /** Heard in the script, or read in the description of every platform. */
  private static void disclosure(House house, ModerationRequest request, List<Finding> findings) {
    List<String> without = new ArrayList<>();
    boolean heard = false;
    for (ModerationRequest.Text text : request.texts()) {
      boolean there = !house.disclosures().find(text.text()).isEmpty();
      if (text.where().startsWith(ModerationRequest.DESCRIPTION)) {
        if (!there) {
          without.add(text.where());
        }
      } else if (!text.where().startsWith(ModerationRequest.PICTURED)) {
        heard |= there;
      }
    }
    boolean described =
        request.texts().stream()
            .anyMatch(text -> text.where().startsWith(ModerationRequest.DESCRIPTION));
    if (!heard && (!without.isEmpty() || !described)) {
      findings.add(
          new Finding(
              Verdict.REVIEW,
              "house/disclosure",
              without.isEmpty() ? "script" : String.join(", ", without),
              "",
              "none of the disclosures is told: "
                  + String.join(", ", house.rules().disclosures())));
    }
  }
}
