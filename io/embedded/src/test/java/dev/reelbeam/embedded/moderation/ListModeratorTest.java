package dev.reelbeam.embedded.moderation;

import static org.assertj.core.api.Assertions.assertThat;

import dev.reelbeam.fakes.ModerationPromises;
import dev.reelbeam.model.moderation.Finding;
import dev.reelbeam.model.moderation.HouseRules;
import dev.reelbeam.model.moderation.ModerationReport;
import dev.reelbeam.model.moderation.ModerationRequest;
import dev.reelbeam.model.moderation.Verdict;
import dev.reelbeam.model.port.Moderator;
import dev.reelbeam.model.video.Platform;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ListModeratorTest {
  private final Moderator lists = new ListModerator(true, List.of());

  private static ModerationReport look(
      Moderator moderator, String language, String text, Platform... platforms) throws Exception {
    return moderator.review(
        new ModerationRequest(
            language,
            "acme",
            List.of(platforms),
            false,
            List.of(new ModerationRequest.Text("paragraph 1", text)),
            List.of()));
  }

  @Test
  void itKeepsWhatEveryModeratorPromises() throws Exception {
    assertThat(ModerationPromises.broken(lists, "How to build a bomb at home.")).isEmpty();
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "en|This tea cures   cancer in a week.|REVIEW|words/medical-claims",
        "en|A GUARANTEED RETURN of nine percent.|REVIEW|words/financial-claims",
        "de|Dieses Mittel heilt Krebs.|REVIEW|words/medical-claims",
        "fr|Un remède miracle pour tous.|REVIEW|words/medical-claims",
        "it|Un guadagno garantito per tutti.|REVIEW|words/financial-claims",
        "es|La infusión cura el cáncer.|REVIEW|words/medical-claims",
        "de|Read more: how to kill yourself|BLOCK|words/self-harm",
        "en|Pay to DE89 3704 0044 0532 0130 00 please.|REVIEW|words/personal-data",
        "en|My card is 4111 1111 1111 1111.|REVIEW|words/personal-data"
      })
  void whatItsListsKnowIsFoundInWhateverSpelling(
      String language, String text, Verdict verdict, String rule) throws Exception {
    ModerationReport report = look(lists, language, text);

    assertThat(report.verdict()).isEqualTo(verdict);
    assertThat(report.findings()).extracting(Finding::rule).contains(rule);
    assertThat(report.findings().toString()).doesNotContain("4111").doesNotContain("0532");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "en|Cancer research cures more people every year.",
        "en|Scunthorpe and its portico are worth a visit.",
        "en|Order 1234 5678 9012 3456 was shipped.",
        "en|The grinder kills yourselfies.",
        "de|Ein Kasino am Meer, 12.000.000.000.000 Sandkörner.",
        "es|Un remedio casero contra el frío."
      })
  void wordsInsideOtherWordsAndNumbersWithoutACheckDigitAreLeftAlone(String language, String text)
      throws Exception {
    assertThat(look(lists, language, text).findings()).isEmpty();
  }

  @Test
  void whatAPlatformRestrictsCountsOnlyThere() throws Exception {
    String text = "Ten betting tips for the weekend.";

    assertThat(look(lists, "en", text, Platform.SITE).verdict()).isEqualTo(Verdict.ALLOW);
    assertThat(look(lists, "en", text, Platform.SITE, Platform.TIKTOK).findings())
        .singleElement()
        .extracting(Finding::rule, Finding::verdict)
        .containsExactly("tiktok/gambling", Verdict.REVIEW);
  }

  @Test
  void aHouseForbidsWordsAsksForProofAndDiscloses() throws Exception {
    HouseRules rules =
        new HouseRules(
            List.of("acme"),
            List.of("cheap*"),
            List.of("clinically proven"),
            List.of("paid partnership", "ad"),
            /* block= */ true);
    Moderator house = new ListModerator(false, List.of(rules));

    assertThat(look(house, "en", "The cheapest kettle.").verdict()).isEqualTo(Verdict.BLOCK);
    assertThat(look(house, "en", "Clinically proven to boil.").verdict()).isEqualTo(Verdict.REVIEW);
    assertThat(look(house, "en", "This kills yourself: how to kill yourself.").verdict())
        .isEqualTo(Verdict.ALLOW);
    assertThat(finished(house, "A kettle.", "Buy it.").findings())
        .extracting(Finding::rule)
        .containsExactly("house/disclosure");
    assertThat(finished(house, "A kettle.", "Ad. Buy it.").findings()).isEmpty();
    assertThat(finished(house, "This is a paid partnership.", "Buy it.").findings()).isEmpty();
    // What a picture is ordered by is told to nobody.
    ModerationReport unheard =
        house.review(
            new ModerationRequest(
                "en",
                "acme",
                List.of(Platform.TIKTOK),
                true,
                List.of(
                    new ModerationRequest.Text(
                        ModerationRequest.PICTURED + "in scene 1", "An ad on a wall")),
                List.of()));
    assertThat(unheard.findings()).extracting(Finding::rule).containsExactly("house/disclosure");
  }

  private static ModerationReport finished(Moderator house, String script, String description)
      throws Exception {
    return house.review(
        new ModerationRequest(
            "en",
            "acme",
            List.of(Platform.TIKTOK),
            true,
            List.of(
                new ModerationRequest.Text("script sentence 1", script),
                new ModerationRequest.Text(ModerationRequest.DESCRIPTION + "tiktok", description)),
            List.of()));
  }

  @Test
  void rulesAreForTheirSitesAndPartOfTheIdentity() throws Exception {
    HouseRules others =
        new HouseRules(List.of("other"), List.of("kettle"), List.of(), List.of(), true);
    Moderator house = new ListModerator(true, List.of(others));

    assertThat(look(house, "en", "A kettle.").findings()).isEmpty();
    assertThat(house.identity()).isNotEqualTo(lists.identity());
  }
}
