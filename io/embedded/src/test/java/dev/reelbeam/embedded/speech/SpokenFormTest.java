package dev.reelbeam.embedded.speech;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assertions.assertTimeoutPreemptively;

import java.time.Duration;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class SpokenFormTest {
  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      textBlock =
          """
          Use 18 mm.                    | Use eighteen millimeters.
          At 93 °C, or 93°C.            | At ninety-three degrees Celsius, or ninety-three degrees Celsius.
          It costs $18,500.             | It costs eighteen thousand five hundred dollars.
          Only $3.50 a cup.             | Only three dollars fifty a cup.
          Raised $5 million.            | Raised five million dollars.
          It is 3.5x faster.            | It is three point five times faster.
          A ratio of 1:16.              | A ratio of one to sixteen.
          Save 50 % or 50%.             | Save fifty percent or fifty percent.
          Take 2-3 cups.                | Take two to three cups.
          Take 10–12 g.                 | Take ten to twelve grams.
          In 2020 and 2005.             | In twenty twenty and two thousand five.
          Born in 1905.                 | Born in nineteen oh-five.
          1500 people came.             | one thousand five hundred people came.
          1,200 people came.            | one thousand two hundred people came.
          The 1990s were fun.           | The nineteen nineties were fun.
          The 1st and 22nd.             | The first and twenty-second.
          On May 3, 2020.               | On May third, twenty twenty.
          See e.g. this, etc.           | See for example this, et cetera.
          Cats vs. dogs.                | Cats versus dogs.
          Salt & pepper.                | Salt and pepper.
          The API and SQL.              | The ay-pee-eye and ess-cue-ell.
          Two GPUs.                     | Two gee-pee-you's.
          Over HTTP.                    | Over aitch-tee-tee-pee.
          U.S. firms.                   | you-ess firms.
          Use v2.1 now.                 | Use version two point one now.
          Version v2.1.                 | Version two point one.
          Since 2.1.3.                  | Since two point one point three.
          At 3:00 sharp.                | At three o'clock sharp.
          At 3:05 pm.                   | At three oh five pee em.
          Until 15:30.                  | Until fifteen thirty.
          -5 °C outside.                | minus five degrees Celsius outside.
          Add 1 kg.                     | Add one kilogram.
          Add 0.5 kg.                   | Add zero point five kilograms.
          Add 1/2 cup, 1½ cups.         | Add one half cup, one and one half cups.
          A 1080x1920 picture.          | A ten eighty by nineteen twenty picture.
          The 3-year-old car.           | The three year-old car.
          Encode H.264.                 | Encode aitch two sixty-four.
          Call useState() in C++.       | Call use State in see-plus-plus.
          A <5 ms delay.                | A less than five milliseconds delay.
          Say “hello” (softly) now.     | Say hello, softly, now.
          A café – in Köln.             | A cafe, in Koln.
          DO NOT OPEN THE BOX           | do not open the box.
          Plan A works.                 | Plan ay works.
          2020 Toyota Camry             | twenty twenty Toyota Camry.
          """)
  void englishIsSaidInWords(String displayed, String spoken) {
    assertThat(SpokenForm.forLanguage("en", "marytts").of(displayed).text()).isEqualTo(spoken);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
          de | Für 1 mm bei 93 °C.         | Für ein Millimeter bei dreiundneunzig Grad Celsius.
          de | Es kostet 18.500 €.         | Es kostet achtzehntausendfünfhundert Euro.
          de | Nur 3,50 € mehr.            | Nur drei Euro fünfzig mehr.
          de | Also 3,5x mehr.             | Also drei Komma fünf mal mehr.
          de | Um 15:30 Uhr.               | Um fünfzehn Uhr dreißig.
          de | Am 3. März z. B. früh.      | Am dritten März zum Beispiel früh.
          de | 50 % bzw. 2–3 Tassen, usw.  | fünfzig Prozent beziehungsweise zwei bis drei Tassen, und so weiter.
          de | Im Jahr 1998.               | Im Jahr neunzehnhundertachtundneunzig.
          de | Das Verhältnis 1:16.        | Das Verhältnis eins zu sechzehn.
          de | Die API.                    | Die A P I.
          fr | Il coûte 18 500 €.          | Il coûte dix-huit mille cinq cents euros.
          fr | À 93 °C, p. ex. à 15h30.    | À quatre-vingt-treize degrés Celsius, par exemple à quinze heures trente.
          fr | Le 1er essai, 50 %.         | Le premier essai, cinquante pour cent.
          it | A 93 °C costa 18.500 €.     | A novantatré gradi Celsius costa diciottomilacinquecento euro.
          it | Il 50 % alle 15:30, ecc.    | Il cinquanta per cento alle quindici e trenta, eccetera.
          pl | W 2020 roku 50 % ludzi.     | W 2020 roku 50 % ludzi.
          """)
  void otherLanguagesAreSaidInTheirOwnWords(String language, String displayed, String spoken) {
    assertThat(SpokenForm.forLanguage(language, "espeak").of(displayed).text()).isEqualTo(spoken);
  }

  @Test
  void addressesEmojiAndCitationMarksAreNotSpoken() {
    SpokenText spoken =
        SpokenForm.forLanguage("en", "marytts")
            .of("Beans[3] are 🎉 good [4], see https://example.com/a?b=1. Write a@b.org ☕");

    assertThat(spoken.text()).isEqualTo("Beans are good, see. Write.");
    assertThat(displayed(spoken)).isEqualTo("Beans[3]/are/good/see/Write");
  }

  @Test
  void aTextWithNothingToSayHasNoPieces() {
    assertThat(SpokenForm.forLanguage("en", "marytts").of("🎉 [1] — https://x.org").pieces())
        .isEmpty();
    assertThat(SpokenForm.forLanguage("en", "marytts").of("  ").pieces()).isEmpty();
    assertThat(SpokenForm.forLanguage("en", "marytts").of("你好").pieces()).isEmpty();
  }

  @Test
  void aNumberAndItsUnitKeepTheirOwnWords() {
    SpokenText spoken = SpokenForm.forLanguage("en", "marytts").of("At 93 °C it is done.");

    SpokenText.Piece number = spoken.pieces().get(1);
    SpokenText.Piece unit = spoken.pieces().get(2);
    assertThat(spoken.text().substring(number.charStart(), number.charEnd()))
        .isEqualTo("ninety-three");
    assertThat(spoken.text().substring(unit.charStart(), unit.charEnd()))
        .isEqualTo("degrees Celsius");
    assertThat(unit.displayed().get(0).charStart()).isEqualTo(6);
  }

  @Test
  void hostileTextIsReadInReasonableTime() {
    String text =
        "1.".repeat(3000)
            + " "
            + "a-".repeat(3000)
            + " "
            + "(".repeat(3000)
            + "\u0000\uffff the end";

    // Milliseconds; what backtracks would take hours, on whatever machine.
    SpokenText read =
        assertTimeoutPreemptively(
            Duration.ofMinutes(1), () -> SpokenForm.forLanguage("en", "marytts").of(text));

    assertThat(read.text()).endsWith("the end.");
  }

  @Test
  void aLanguageTagIsNoFileName() {
    assertThat(SpokenForm.forLanguage("../../x", "espeak").of("A 5 mm thing").text())
        .isEqualTo("A 5 mm thing.");
  }

  private static String displayed(SpokenText spoken) {
    return spoken.pieces().stream()
        .flatMap(piece -> piece.displayed().stream())
        .map(SpokenText.DisplayToken::text)
        .collect(Collectors.joining("/"));
  }
}
