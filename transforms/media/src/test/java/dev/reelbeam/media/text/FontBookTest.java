package dev.reelbeam.media.text;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.reelbeam.model.failure.FailureCode;
import dev.reelbeam.model.failure.StageException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class FontBookTest {
  private static final TextStyle HEADLINE = new TextStyle("Open Sans", FontWeight.EXTRABOLD, 72);

  private final FontBook fonts = FontBook.bundled();

  @Test
  void everyBundledFaceLoadsAndHasLetters() {
    for (BundledFonts.Face face : BundledFonts.FACES) {
      double width = fonts.width("Reel", new TextStyle(face.family(), face.weight(), 50));
      assertThat(width).as(face.family() + " " + face.weight()).isBetween(60.0, 160.0);
    }
  }

  @Test
  void latinGreekCyrillicArabicAndHebrewAreCovered() {
    assertThat(fonts.coverage("Größe naïve łódź Ελληνικά Кириллица مرحبا بالعالم שלום — “9 °C” €"))
        .isEmpty();
  }

  @Test
  void arabicLettersJoin() {
    String word = "سلام";
    double joined = fonts.width(word, HEADLINE);
    double isolated =
        word.chars().mapToDouble(c -> fonts.width(Character.toString(c), HEADLINE)).sum();
    assertThat(joined).isLessThan(isolated * 0.9);
  }

  @Test
  void hebrewRunsFromRightToLeft() {
    // A narrow letter first: its ink stands at the right end of the line.
    ShapedLine narrowFirst = fonts.shape("יש", HEADLINE);
    assertThat(narrowFirst.rightToLeft()).isTrue();
    double narrow = fonts.width("י", HEADLINE);
    var right = new java.awt.geom.Area(narrowFirst.outline(0, 0));
    right.intersect(
        new java.awt.geom.Area(
            new java.awt.geom.Rectangle2D.Double(narrowFirst.width() - narrow, -200, narrow, 400)));
    // Yod hangs from the top and leaves the baseline free.
    assertThat(right.getBounds2D().getMaxY()).isLessThan(-10);
  }

  @Test
  void kerningPullsPairsTogether() {
    TextStyle inter = new TextStyle("Inter", FontWeight.BOLD, 72);
    assertThat(fonts.width("AV", inter))
        .isLessThan(fonts.width("A", inter) + fonts.width("V", inter) - 1);
  }

  @Test
  void unknownFamiliesFallBackInsteadOfFailing() {
    assertThat(fonts.hasFamily("No Such Type")).isFalse();
    assertThat(fonts.width("Type", new TextStyle("No Such Type", FontWeight.BOLD, 40)))
        .isEqualTo(fonts.width("Type", new TextStyle("inter", FontWeight.BOLD, 40)));
  }

  @Test
  void aTextInAScriptWithoutFontIsRefusedByName() {
    assertThatThrownBy(() -> fonts.drawable("日本語のタイトル"))
        .isInstanceOfSatisfying(
            StageException.class,
            e -> {
              assertThat(e.code()).isEqualTo(FailureCode.GLYPHS_MISSING);
              assertThat(e).hasMessageContaining("U+65E5").hasMessageContaining("HAN");
            });
  }

  @Test
  void emojiWithoutGlyphLeaveNoGapBehind() throws StageException {
    assertThat(fonts.drawable("Hot 🔥 coffee 🦊, today")).isEqualTo("Hot coffee, today");
    assertThat(fonts.drawable("🔥 Go 👩‍🚀")).doesNotContain("🔥").startsWith("Go");
  }

  @Test
  void emojiWithAGlyphStay() throws StageException {
    assertThat(fonts.drawable("Nice ✓ 😀")).isEqualTo("Nice ✓ 😀");
  }

  @Test
  void oneForeignWordIsNoReasonToRefuseATitle() throws StageException {
    assertThat(fonts.drawable("The word 愛 in a long English title"))
        .isEqualTo("The word in a long English title");
  }

  @Test
  void fullWidthLettersBecomePlainOnes() throws StageException {
    assertThat(fonts.drawable("Ｂｏｌｄ claim")).isEqualTo("Bold claim");
  }

  @Test
  void controlCharactersDisappear() {
    assertThat(fonts.clean("a\u0007b\u200Bc\td")).isEqualTo("abc d");
  }

  @Test
  void aFileThatIsNoFontIsRefused(@TempDir Path folder) throws Exception {
    Path file = Files.writeString(folder.resolve("broken.ttf"), "not a font");
    assertThatThrownBy(() -> fonts.withFiles(List.of(file)))
        .isInstanceOf(StageException.class)
        .hasMessageContaining("broken.ttf");
  }

  @Test
  void aFontGivenByFileIsFoundByItsFamily(@TempDir Path folder) throws Exception {
    Path file = folder.resolve("given.ttf");
    try (var in = BundledFonts.open("liberation/LiberationSerif-Regular.ttf")) {
      Files.copy(in, file);
    }
    FontBook given = fonts.withFiles(List.of(file));
    assertThat(given.hasFamily("liberation serif")).isTrue();
    assertThat(given.width("Type", new TextStyle("Liberation Serif", FontWeight.REGULAR, 40)))
        .isPositive();
  }
}
