package dev.reelbeam.clients.provider;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import dev.reelbeam.clients.visual.VisualSettings;
import dev.reelbeam.model.cost.Budgets;
import dev.reelbeam.model.cost.Charge;
import dev.reelbeam.model.cost.RateCard;
import dev.reelbeam.model.failure.StageException;
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

  @Test
  void pricesOfTimeAndOfStorageAreThoseOfWhatIsCounted() throws Exception {
    RateCard card =
        read("""
                rates:
                  date: 2026-11-29
                  rates:
                    - {provider: voice, unit: spoken_second, dollars: 0.00025, read: 2026-11-29,
                       source: "https://example.com/prices"}
                    - {provider: storage, unit: gigabyte_month, dollars: 0.023, unverified: true}
                """)
            .rates();

    assertThat(card.microDollars(new Charge("voice", "m", Charge.Unit.SPOKEN_MILLISECOND, 60_000)))
        .isEqualTo(15_000);
    assertThat(card.microDollars(new Charge("storage", "", Charge.Unit.BYTE_MONTH, 50_000_000)))
        .isEqualTo(1_150);
    assertThat(card.knows(new Charge("voice", "m", Charge.Unit.CHARACTER, 9)))
        .describedAs("who bills the time bills no characters")
        .isTrue();
    assertThat(card.knows(new Charge("other", "m", Charge.Unit.CHARACTER, 9))).isFalse();
  }

  @Test
  void aPictureToldInTwoWaysIsHeldOnceByTheDearer() throws Exception {
    RateCard card =
        read("""
                rates:
                  date: 2026-11-29
                  rates:
                    - {provider: painter, unit: picture, dollars: 0.01}
                    - {provider: painter, unit: output_token, dollars_per_million: 30}
                    - {provider: voice, unit: character, dollars_per_million: 15}
                """)
            .rates();
    Charge picture = new Charge("painter", "m", Charge.Unit.PICTURE, 1);
    Charge tokens = new Charge("painter", "m", Charge.Unit.OUTPUT_TOKEN, 1_000);
    Charge other = new Charge("voice", "m", Charge.Unit.CHARACTER, 100);

    assertThat(card.dearest(List.of(picture, tokens, other))).containsExactly(tokens, other);
    Charge few = new Charge("painter", "m", Charge.Unit.OUTPUT_TOKEN, 10);
    assertThat(card.dearest(List.of(picture, few))).containsExactly(picture);
    assertThat(card.dearest(List.of(tokens, other))).containsExactly(tokens, other);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "'rates: {date: soon}'|rates.date",
        "'rates: {date: 2026-01-01, rates: [{provider: a, unit: mile, dollars: 1}]}'|rates[0].unit",
        "'rates: {date: 2026-01-01, rates: [{provider: a, unit: picture}]}'|rates[0]",
        "'rates: {date: 2026-01-01, rates: [{provider: a, unit: byte_month, dollars: 1}]}'|rates[0].unit",
        "'rates: {date: 2026-01-01, rates: [{provider: a, unit: picture, dollars: 1, read: then}]}'|rates[0].read",
        "'rates: {date: 2026-01-01, rates: [{provider: a, unit: picture, dollars: 1, source: a page}]}'|rates[0].source",
        "'rates: gone.yaml'|gone.yaml",
        "'budget: much'|budget",
        "'budget: {week: 1}'|budget.week: unknown key 'week'",
        "'budget: {day: many}'|budget.day",
        "'budgets: 1'|budgets",
        "'visuals: [{name: pexels, key: env:NOT_THERE}]'|visuals[0].key: secret env:NOT_THERE",
        "'visuals: [{name: pexels}]'|visuals[0].key",
        "'visuals: [{name: pexels, key: sk-pasted}]'|visuals[0].key",
        "'visuals: [{name: me, kind: painter}]'|visuals[0].kind",
        "'visuals: [{name: openai, key: env:KEY}]'|visuals[0].model",
        "'visuals: [{name: pexels, key: env:KEY, scenes: 0}]'|visuals[0].scenes",
        "'speech: [{name: e, kind: elevenlabs, model: m, voice: v, key: env:KEY, sample_rate: 11025}]'|speech[0].sample_rate",
        "'speech: [{name: o, base_url: https://api.openai.com/v1, model: m, voice: v, key: env:KEY, format: pcm, sample_rate: 16000}]'|speech[0].sample_rate",
        "'moderation: {rules: {forbidden: [cheap]}}'|moderation.rules: is of another kind",
        "'moderation: {rules: cheap}'|moderation.rules: is of another kind",
        "'moderation: {rules: [cheap]}'|moderation.rules[0]"
      })
  void aMistakeIsNamedByItsPlaceAndNoKeyIsTold(String yaml, String place) {
    StageException failure = catchThrowableOfType(StageException.class, () -> read(yaml));

    assertThat(failure.getMessage())
        .contains(place)
        .doesNotContain("sk-right")
        .doesNotContain("sk-pasted");
  }

  @Test
  void aBudgetThatCannotHoldSomebodyBackIsRefused() throws Exception {
    String providers =
        """
        visuals:
          - {name: comfyui, base_url: "http://localhost:8188", model: m.safetensors, workflow: {
             writer: {name: planner, base_url: "https://api.example.com/v1", model: big, key: env:KEY}}}
        moderation:
          providers: [{name: judge, model: omni, key: env:KEY}]
        """;
    String prices =
        """
        rates:
          date: 2026-11-28
          rates:
            - {provider: planner, unit: input_token, dollars_per_million: 1}
            - {provider: planner, unit: output_token, dollars_per_million: 2}
            - {provider: judge, unit: character, dollars: 0}
            - {provider: judge, unit: picture, dollars: 0}
        """;

    assertThat(
            catchThrowableOfType(
                StageException.class, () -> read(providers + "budget: 5\n").checkBudgets()))
        .hasMessageContaining("visuals[0], moderation.providers[0]: the rate card has no price");
    read(providers).checkBudgets();
    ProviderSettings priced = read(providers + prices + "budget: 5\n");
    priced.checkBudgets();

    // What a scene may come to: drafts of its workflow, and every job to its deadline.
    VisualSettings card = priced.visuals().get(0);
    List<Charge> usual = card.estimate(1, 5_000, priced.rates());
    List<Charge> most = card.atMost(1, 5_000, priced.rates());
    assertThat(usual)
        .extracting(Charge::unit)
        .containsExactly(Charge.Unit.INPUT_TOKEN, Charge.Unit.OUTPUT_TOKEN, Charge.Unit.GPU_SECOND);
    assertThat(quantity(most, Charge.Unit.OUTPUT_TOKEN)).isEqualTo(2 * 4_000);
    // Seven rungs that run a job.
    assertThat(quantity(most, Charge.Unit.GPU_SECOND))
        .isGreaterThanOrEqualTo(7 * 120)
        .isGreaterThan(7 * quantity(usual, Charge.Unit.GPU_SECOND));
  }

  private static long quantity(List<Charge> charges, Charge.Unit unit) {
    return charges.stream()
        .filter(charge -> charge.unit() == unit)
        .mapToLong(Charge::quantity)
        .sum();
  }

  @Test
  void aBudgetIsForARunOrNamesWhatItIsFor() throws Exception {
    assertThat(read("budget: 2.5").budgets())
        .isEqualTo(new Budgets(2_500_000, Long.MAX_VALUE, Long.MAX_VALUE, Long.MAX_VALUE));
    assertThat(read("budget: {project: 0.5, day: 20}").budgets())
        .isEqualTo(new Budgets(Long.MAX_VALUE, 500_000, Long.MAX_VALUE, 20_000_000));
  }
}
