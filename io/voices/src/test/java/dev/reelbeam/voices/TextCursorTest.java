package dev.reelbeam.voices;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class TextCursorTest {
  @Test
  void aTokenIsFoundBehindTheLastOne() {
    TextCursor cursor = new TextCursor("the one and the other");

    assertThat(cursor.find("the")).isZero();
    assertThat(cursor.find("THE")).isEqualTo(12);
    assertThat(cursor.find("the")).isEqualTo(17);
  }

  @Test
  void aTokenThatIsNotThereDoesNotMoveTheCursor() {
    TextCursor cursor = new TextCursor("one two");

    assertThat(cursor.find("three")).isNegative();
    assertThat(cursor.find("")).isNegative();
    assertThat(cursor.find("one")).isZero();
  }
}
