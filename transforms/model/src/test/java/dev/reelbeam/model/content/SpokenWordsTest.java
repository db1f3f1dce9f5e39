package dev.reelbeam.model.content;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class SpokenWordsTest {
  @Test
  void wordsBetweenSpacesAreCounted() {
    assertThat(SpokenWords.count("")).isZero();
    assertThat(SpokenWords.count("A burr grinder, cuts every bean.")).isEqualTo(6);
    assertThat(SpokenWords.count("  Über \n den   Berg ")).isEqualTo(3);
  }

  @Test
  void scriptsWithoutSpacesAreCountedByTheirLetters() {
    assertThat(SpokenWords.count("コーヒーを淹れる水は九十四度がよい。")).isBetween(5, 9);
    assertThat(SpokenWords.count("水应该是九十四度，不要更热。")).isBetween(5, 7);
    assertThat(SpokenWords.count("น้ำควรร้อนเก้าสิบสี่องศา")).isBetween(4, 9);
    assertThat(SpokenWords.count("Kaffee 咖啡 trinken")).isEqualTo(3);
  }
}
