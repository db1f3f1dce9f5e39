package dev.reelbeam.embedded.script;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class SpokenTextTest {
  private final SpokenText english = new SpokenText(LanguageProfile.of("en"));
  private final SpokenText german = new SpokenText(LanguageProfile.of("de"));

  @ParameterizedTest
  @ValueSource(
      strings = {
        "As shown above, the water is hot.",
        "See figure 3 for the whole setup.",
        "In this article we look at water.",
        "Click here to learn more.",
        "The chart below shows the plan.",
        "Visit https://example.com for more.",
        "Write to me@example.com today.",
        "Set `a` to 3 now.",
        "Consumers must read with isolation.level=read_committed today.",
        "Call the method close() at the end.",
        "The step with the annotation below only sees input.",
        "You need the following:",
        "A heading without an end",
        "Subscribe to our newsletter today."
      })
  void refusesWhatCannotBeSpoken(String sentence) {
    assertThat(english.speakable(sentence)).isNull();
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "Water (also known as H2O) boils at 100 °C. | Water boils at 100 °C.",
        "Coffee is hot ☕ today. | Coffee is hot today.",
        "Use a scale, e.g. a small one. | Use a scale, for example a small one.",
        "The pan — an old one — is hot. | The pan is hot.",
        "It costs $12.50 a month. | It costs $12.50 a month.",
        "Three pours make it easy: | Three pours make it easy.",
        "Keep it 5 centimetres above the coffee. | Keep it 5 centimetres above the coffee.",
        "Sugar melts below 60 °C. | Sugar melts below 60 °C.",
        "\"So he left. | So he left.",
        "He said \"no\" twice. | He said \"no\" twice.",
        "the kettle is hot. | The kettle is hot."
      })
  void cleansWhatStays(String written, String spoken) {
    assertThat(english.speakable(written)).isEqualTo(spoken);
  }

  @Test
  void cutsThePointerToAPictureOff() {
    assertThat(german.speakable("Noch prägen zwei Nadelbäume das Bild, wie das Diagramm zeigt."))
        .isEqualTo("Noch prägen zwei Nadelbäume das Bild.");
    assertThat(german.speakable("Das Diagramm zeigt die Anteile.")).isNull();
  }

  @Test
  void splitsALongSentenceWhereTwoClausesMeet() {
    assertThat(
            english.pieces(
                "The caller attaches a key to the request before it is sent for the first time,"
                    + " and the bank keeps that key in its archive for one year."))
        .containsExactly(
            "The caller attaches a key to the request before it is sent for the first time.",
            "The bank keeps that key in its archive for one year.");
  }

  @Test
  void shortensOnlyWhereTheRestStandsAlone() {
    assertThat(english.shorter("A dripper costs less than ten visits, and it lasts for decades."))
        .contains("A dripper costs less than ten visits.");
    assertThat(english.shorter("If you retry today, the customer may pay twice.")).isEmpty();
    assertThat(english.shorter("Bring a scale, a kettle, and the filter.")).isEmpty();
    assertThat(english.shorter("A dashboard can live with that, but a payment file cannot."))
        .isEmpty();
  }

  @Test
  void knowsAVerbFromAFragment() {
    assertThat(english.hasVerb("A cone dripper with a 60 degree angle")).isFalse();
    assertThat(english.hasVerb("Gravity does the rest.")).isTrue();
  }

  @Test
  void abbreviationsAndDecimalsDoNotEndSentences() {
    assertThat(
            LanguageProfile.of("en")
                .sentences("Dr. Smith paid 3.5 dollars, e.g. for tea. The U.S. price is 4.2."))
        .containsExactly("Dr. Smith paid 3.5 dollars, e.g. for tea.", "The U.S. price is 4.2.");
    assertThat(
            LanguageProfile.of("de")
                .sentences("Am 3. Mai kamen ca. 20 Gäste, z. B. Dr. Weiß. Es waren 1,5 Tage."))
        .containsExactly("Am 3. Mai kamen ca. 20 Gäste, z. B. Dr. Weiß.", "Es waren 1,5 Tage.");
  }

  @Test
  void piecesOfAShortSentenceAreTheSentence() {
    assertThat(english.pieces("Gravity does the rest."))
        .isEqualTo(List.of("Gravity does the rest."));
  }
}
