package dev.reelbeam.clients.provider;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import dev.reelbeam.fakes.FakeVisualFinder;
import dev.reelbeam.model.cost.Charge;
import dev.reelbeam.model.cost.RateCard;
import dev.reelbeam.model.failure.FailureCode;
import dev.reelbeam.model.failure.StageException;
import dev.reelbeam.model.port.VisualFinder;
import dev.reelbeam.model.visual.Scene;
import dev.reelbeam.model.visual.Shape;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What providers ask, and what a run may spend. */
class CostSettingsTest {
  private static final String CARD =
      """
      rates:
        date: 2026-11-28
        rates:
          - {provider: maker, model: fake, unit: picture, dollars: 0.04}
          - {provider: writer, unit: input_token, dollars_per_million: 0.25}
      """;

  @TempDir Path folder;

  private ProviderSettings read(String yaml) throws Exception {
    Path file = folder.resolve("reelbeam.yaml");
    Files.writeString(file, yaml);
    return ProviderSettings.read(file, Map.of("KEY", "sk-right"));
  }

  @Test
  void aRateCardPricesWhatWasCharged() throws Exception {
    RateCard card = read(CARD).rates();

    assertThat(card.date()).isEqualTo("2026-11-28");
    assertThat(card.microDollars(new Charge("maker", "fake", Charge.Unit.PICTURE, 3)))
        .isEqualTo(120_000);
    // A quarter of a dollar for a million: 10 tokens are 2.5 micro-dollars, which round up.
    assertThat(card.microDollars(new Charge("writer", "any", Charge.Unit.INPUT_TOKEN, 10)))
        .isEqualTo(3);
    assertThat(card.microDollars(new Charge("x", "", Charge.Unit.MICRO_DOLLAR, 2_600)))
        .isEqualTo(2_600);
    Charge unknown = new Charge("maker", "other", Charge.Unit.PICTURE, 1);
    assertThat(card.knows(unknown)).isFalse();
    assertThat(card.microDollars(unknown)).isZero();
  }

  @Test
  void aRateCardMayLieBesideTheSettings() throws Exception {
    Files.writeString(
        folder.resolve("card.yaml"),
        "date: 2026-01-02\nrates:\n  - {provider: a, unit: character, dollars_per_million: 15}\n");

    assertThat(read("rates: card.yaml").rates().date()).isEqualTo("2026-01-02");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "'rates: {date: soon}'|rates.date",
        "'rates: {date: 2026-01-01, rates: [{provider: a, unit: mile, dollars: 1}]}'|rates[0].unit",
        "'rates: {date: 2026-01-01, rates: [{provider: a, unit: picture}]}'|rates[0]",
        "'rates: gone.yaml'|gone.yaml",
        "'budget: much'|budget",
        "'budgets: 1'|budgets",
        "'visuals: [{name: pexels, key: env:NOT_THERE}]'|env:NOT_THERE",
        "'visuals: [{name: pexels}]'|visuals[0].key",
        "'visuals: [{name: pexels, key: sk-pasted}]'|env:NAME",
        "'visuals: [{name: me, kind: painter}]'|visuals[0].kind",
        "'visuals: [{name: openai, key: env:KEY}]'|visuals[0].model",
        "'visuals: [{name: pexels, key: env:KEY, scenes: 0}]'|visuals[0].scenes"
      })
  void aMistakeIsNamedByItsPlaceAndNoKeyIsTold(String yaml, String place) {
    StageException failure = catchThrowableOfType(StageException.class, () -> read(yaml));

    assertThat(failure.getMessage())
        .contains(place)
        .doesNotContain("sk-right")
        .doesNotContain("sk-pasted");
  }

  @Test
  void aBudgetStopsBeforeSpending() throws Exception {
    Budget budget = new Budget(read(CARD).rates(), 100_000);
    FakeVisualFinder maker = new FakeVisualFinder("maker", true);
    VisualFinder bounded = budget.within(maker);
    Scene scene = scene("A lake");
    assertThat(bounded.fetch(bounded.find(scene).get(1), scene).bytes()).isNotEmpty();
    assertThat(bounded.fetch(bounded.find(scene).get(2), scene).bytes()).isNotEmpty();
    assertThat(budget.spentMicroDollars()).isEqualTo(80_000);

    StageException failure =
        catchThrowableOfType(
            StageException.class, () -> bounded.fetch(bounded.find(scene).get(3), scene));

    assertThat(failure.code()).isEqualTo(FailureCode.BUDGET_SPENT);
    assertThat(maker.fetched()).hasSize(2);
    // What failed is not paid for.
    Budget fresh = new Budget(read(CARD).rates(), 50_000);
    VisualFinder refusing =
        fresh.within(
            new FakeVisualFinder("maker", true).failing("lake", FailureCode.PROVIDER_REFUSED));
    for (int i = 0; i < 3; i++) {
      assertThat(
              catchThrowableOfType(
                      StageException.class,
                      () -> refusing.fetch(refusing.find(scene).get(1), scene))
                  .code())
          .isEqualTo(FailureCode.PROVIDER_REFUSED);
    }
    assertThat(fresh.spentMicroDollars()).isZero();
  }

  private static Scene scene(String text) {
    return new Scene("", text, "Lakes", List.of(), "en", Shape.PORTRAIT, 3_000);
  }
}
