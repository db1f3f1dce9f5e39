package dev.reelbeam.model.learning;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import dev.reelbeam.model.content.RecordKey;
import dev.reelbeam.model.engagement.EngagementRate;
import dev.reelbeam.model.learning.ArmEvidence.Cell;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;

class ThompsonSamplingTest {
  private static final List<String> OPTIONS =
      List.of("question", "number", "contrast", "story", "promise");
  private static final int RECORDS = 2_000;

  private static ArmQuestion question(int record, String site, String... platforms) {
    return new ArmQuestion(
        ArmKind.HOOK_STYLE,
        new RecordKey("record-" + record, 1),
        "v",
        site,
        List.of(platforms),
        OPTIONS);
  }

  /** Videos of one arm: so many, with this mean and the usual spread. */
  private static Cell cell(String site, String platform, String arm, double videos, double mean) {
    double spread = 0.36;
    return new Cell(site, platform, arm, videos, videos * mean, videos * (mean * mean + spread));
  }

  /** Every arm with as many videos; one of them is better by a factor of e to the gain. */
  private static List<Cell> place(
      String site, String platform, double videos, double level, String best, double gain) {
    List<Cell> cells = new ArrayList<>();
    for (String arm : OPTIONS) {
      cells.add(cell(site, platform, arm, videos, level + (arm.equals(best) ? gain : 0)));
    }
    return cells;
  }

  private static Map<String, Integer> draws(
      ArmEvidence evidence, int holdoutPermille, String site, String... platforms) {
    Map<String, Integer> counts = new TreeMap<>();
    OPTIONS.forEach(arm -> counts.put(arm, 0));
    for (int record = 0; record < RECORDS; record++) {
      ArmChoice choice =
          ThompsonSampling.choose(question(record, site, platforms), evidence, holdoutPermille);
      counts.merge(choice.arm(), 1, Integer::sum);
    }
    return counts;
  }

  @Test
  void withNothingLearnedAllArmsAreDrawnEvenly() {
    for (String[] platforms : new String[][] {{}, {"tiktok"}, {"tiktok", "youtube"}}) {
      assertThat(draws(ArmEvidence.EMPTY, 100, "acme", platforms).values())
          .allSatisfy(count -> assertThat(count).isBetween(RECORDS / 5 - 90, RECORDS / 5 + 90));
    }
    assertThat(
            ThompsonSampling.choose(question(1, "acme", "tiktok"), ArmEvidence.EMPTY, 0)
                .probabilityPpm())
        .isCloseTo(200_000, within(50_000));
  }

  @Test
  void equalQuestionsHaveEqualAnswersAndDifferentRecordsDoNot() {
    ArmEvidence evidence = ArmEvidence.of(place("acme", "tiktok", 5, -3, "story", 0.2));
    ArmQuestion question = question(7, "acme", "tiktok");

    assertThat(ThompsonSampling.choose(question, evidence, 100))
        .isEqualTo(ThompsonSampling.choose(question, evidence, 100));
    assertThat(draws(evidence, 100, "acme", "tiktok").values())
        .allSatisfy(count -> assertThat(count).isPositive());
  }

  @Test
  void aClearlyBetterArmIsDrawnMostlyAndTheHoldoutStaysEven() {
    ArmEvidence evidence = ArmEvidence.of(place("acme", "tiktok", 60, -3, "story", 0.6));

    assertThat(draws(evidence, 0, "acme", "tiktok").get("story")).isGreaterThan(RECORDS * 95 / 100);
    Map<String, Integer> heldOut = draws(evidence, 1_000, "acme", "tiktok");
    assertThat(heldOut.values())
        .allSatisfy(count -> assertThat(count).isBetween(RECORDS / 5 - 90, RECORDS / 5 + 90));
  }

  @Test
  void theStoredProbabilityIsHowOftenTheArmIsDrawn() {
    ArmEvidence evidence = ArmEvidence.of(place("acme", "tiktok", 12, -3, "story", 0.25));
    Map<String, Integer> counts = draws(evidence, 100, "acme", "tiktok");
    Map<String, Double> told = new TreeMap<>();
    for (int record = 0; record < RECORDS; record++) {
      ArmChoice choice = ThompsonSampling.choose(question(record, "acme", "tiktok"), evidence, 100);
      told.putIfAbsent(choice.arm(), choice.probabilityPpm() / 1_000_000.0);
    }
    counts.forEach(
        (arm, count) ->
            assertThat((double) count / RECORDS).as(arm).isCloseTo(told.get(arm), within(0.06)));
  }

  @Test
  void aNewPlaceBeginsWithItsSitesOtherPlatformsAndANewSiteWithItsPlatform() {
    List<Cell> cells = new ArrayList<>();
    for (int site = 0; site < 8; site++) {
      // Levels differ by a factor of 20 from site to site and say nothing about arms.
      cells.addAll(place("site-" + site, "tiktok", 20, -5 + 0.4 * site, "number", 0.4));
    }
    ArmEvidence ofPlatform = ArmEvidence.of(cells);
    cells.addAll(place("acme", "youtube", 60, -2, "story", 0.9));
    ArmEvidence evidence = ArmEvidence.of(cells);

    Map<String, Integer> newSite = draws(ofPlatform, 0, "new", "tiktok");
    Map<String, Integer> newPlace = draws(evidence, 0, "acme", "tiktok");
    Map<String, Integer> newPlatform = draws(ofPlatform, 0, "new", "x");

    assertThat(newSite.get("number")).isGreaterThan(RECORDS * 70 / 100);
    // What is known of the site pulls towards its own best arm, away from the platform's.
    assertThat(newPlace.get("story")).isGreaterThan(3 * newSite.get("story") + 20);
    assertThat(newPlatform.values())
        .allSatisfy(count -> assertThat(count).isBetween(RECORDS / 5 - 90, RECORDS / 5 + 90));
  }

  @Test
  void aSitesOwnVideosPrevailOverThePlatforms() {
    List<Cell> cells = new ArrayList<>();
    for (int site = 0; site < 8; site++) {
      cells.addAll(place("site-" + site, "tiktok", 20, -4, "number", 0.3));
    }
    cells.addAll(place("acme", "tiktok", 400, -3, "story", 0.4));

    assertThat(draws(ArmEvidence.of(cells), 0, "acme", "tiktok").get("story"))
        .isGreaterThan(RECORDS * 90 / 100);
  }

  @Test
  void aVideoOfManyViewsIsStillOneVideo() {
    List<ArmReward> rewards = new ArrayList<>();
    for (String arm : OPTIONS) {
      long interactions = arm.equals("story") ? 90_000 : 60_000;
      rewards.add(
          new ArmReward(
              ArmKind.HOOK_STYLE, arm, "acme", "tiktok", arm, interactions, 1_000_000, 0, 1));
    }
    // A beta posterior over views would be certain after these five videos.
    assertThat(draws(ArmEvidence.of(rewards, 90, 0), 0, "acme", "tiktok").get("story"))
        .isBetween(RECORDS / 5, RECORDS / 2);
  }

  @Test
  void oneOptionIsCertain() {
    ArmQuestion one =
        new ArmQuestion(
            ArmKind.VOICE, new RecordKey("r", 1), "v", "", List.of("x"), List.of("only"));
    ArmChoice choice = ThompsonSampling.choose(one, ArmEvidence.EMPTY, 100);

    assertThat(choice.arm()).isEqualTo("only");
    assertThat(choice.probabilityPpm()).isEqualTo(1_000_000);
  }

  @Test
  void engagementIsInteractionsOverViewsAndWhatIsMissingIsNotZero() {
    assertThat(EngagementRate.interactions(30L, null, 5L)).isEqualTo(35);
    assertThat(EngagementRate.interactions(null, null, null)).isNull();
    assertThat(EngagementRate.of(35, 1_000)).isEqualTo(0.035);
    assertThat(EngagementRate.of(0, 0)).isNull();
    assertThat(EngagementRate.log(3_000, 100_000)).isCloseTo(Math.log(0.03), within(1e-9));
    assertThat(EngagementRate.weight(0)).isZero();
    assertThat(EngagementRate.weight(1_000_000)).isBetween(0.99, 1.0);
  }
}
