package dev.reelbeam.embedded.script;

import static org.assertj.core.api.Assertions.assertThat;

import dev.reelbeam.model.content.ContentRecord;
import dev.reelbeam.model.content.Listing;
import dev.reelbeam.model.content.Script;
import dev.reelbeam.model.content.ScriptSection;
import dev.reelbeam.model.content.SectionRole;
import dev.reelbeam.model.failure.StageException;
import dev.reelbeam.model.port.ScriptRequest;
import dev.reelbeam.model.video.VideoType;
import java.util.List;
import org.junit.jupiter.api.Test;

class ListingScriptTest {
  private static Script write(ContentRecord record, int targetMs) throws StageException {
    return new ExtractiveScriptWriter()
        .write(record, new ScriptRequest(VideoType.TEASER, targetMs, 15_000, 30_000, 400, 250, ""));
  }

  private static ContentRecord camry() {
    return Articles.listing(
        "en",
        "2020 Toyota Camry",
        "Spacious family car with low mileage",
        new Listing("18500", "USD", "automotive"),
        "Exterior",
        "Interior",
        "Alloy wheels");
  }

  @Test
  void theFamilyCarReadsNaturally() throws StageException {
    Script script = write(camry(), 20_000);

    assertThat(script.scriptText())
        .startsWith(
            "Looking for a spacious family car with low mileage?\nMeet the 2020 Toyota Camry.")
        .contains("Have a closer look at the exterior, the interior and the alloy wheels.")
        .contains("The price is $18,500.")
        .contains("to arrange a test drive.");
    assertThat(script.totalEstimatedDurationMs()).isBetween(19_000, 21_000);
    assertThat(script.sections())
        .extracting(ScriptSection::textOverlay)
        .contains("2020 Toyota Camry", "$18,500");
  }

  @Test
  void isNeverTooThinForATeaser() throws StageException {
    for (int msPerWord : List.of(330, 400, 450)) {
      Script script =
          new ExtractiveScriptWriter()
              .write(
                  camry(),
                  new ScriptRequest(VideoType.TEASER, 20_000, 15_000, 30_000, msPerWord, 200, ""));
      assertThat(script.totalEstimatedDurationMs()).isBetween(15_000, 30_000);
    }
    ContentRecord bare =
        Articles.listing("en", "Oak table", "", new Listing(null, null, null), "", "", "");
    assertThat(write(bare, 18_000).totalEstimatedDurationMs()).isBetween(14_000, 30_000);
  }

  @Test
  void saysThingsOnceAndInOrder() throws StageException {
    for (int target = 15_000; target <= 30_000; target += 1_000) {
      Script script = write(camry(), target);
      List<String> sentences =
          script.sections().stream()
              .flatMap(s -> s.sentences().stream())
              .map(s -> s.text())
              .toList();
      assertThat(sentences).doesNotHaveDuplicates().allMatch(s -> s.matches(".*[.!?]$"));
      assertThat(script.sections().get(0).role()).isEqualTo(SectionRole.HOOK);
    }
  }

  @Test
  void takesADescriptionOfSentencesAsItIs() throws StageException {
    Script script =
        write(
            Articles.listing(
                "en",
                "Sunny two-room flat near the river",
                "This flat has a balcony to the south. The kitchen was renewed in 2022. A tram stop"
                    + " is two minutes away.",
                new Listing("245000", "EUR", "real estate"),
                "Balcony",
                "Kitchen",
                "Living room"),
            28_000);

    assertThat(script.scriptText())
        .contains("This flat has a balcony to the south.")
        .contains("€245,000")
        .contains("to arrange a viewing.");
  }

  @Test
  void everyLanguageHasItsOwnWords() throws StageException {
    Listing offer = new Listing("18500", "EUR", "automotive");
    String german =
        write(
                Articles.listing(
                    "de",
                    "Toyota Camry 2020",
                    "Geräumiges Familienauto mit wenigen Kilometern",
                    offer,
                    "Außenansicht",
                    "Innenraum",
                    "Felgen"),
                20_000)
            .scriptText();
    String french =
        write(
                Articles.listing(
                    "fr",
                    "Toyota Camry 2020",
                    "Voiture familiale spacieuse à faible kilométrage",
                    offer,
                    "Extérieur",
                    "Intérieur",
                    "Jantes"),
                20_000)
            .scriptText();
    String italian =
        write(
                Articles.listing(
                    "it",
                    "Toyota Camry 2020",
                    "Auto spaziosa per famiglie",
                    offer,
                    "Esterno",
                    "Interni",
                    "Cerchi"),
                20_000)
            .scriptText();
    String spanish =
        write(
                Articles.listing(
                    "es",
                    "Toyota Camry 2020",
                    "Coche familiar espacioso",
                    offer,
                    "Exterior",
                    "Interior",
                    "Llantas"),
                20_000)
            .scriptText();

    assertThat(german).contains("18.500 €", "Probefahrt").doesNotContain("price");
    assertThat(french).contains("500 €", "essai").doesNotContain("price");
    assertThat(italian).contains("18.500 €", "prova su strada").doesNotContain("price");
    assertThat(spanish).contains("18.500 €", "hoy mismo").doesNotContain("price");
  }
}
