package dev.reelbeam.embedded.script;

import static org.assertj.core.api.Assertions.assertThat;

import dev.reelbeam.model.content.ContentRecord;
import dev.reelbeam.model.content.Listing;
import dev.reelbeam.model.content.Script;
import dev.reelbeam.model.content.TitleStyle;
import dev.reelbeam.model.failure.StageException;
import dev.reelbeam.model.port.ScriptRequest;
import dev.reelbeam.model.video.Platform;
import dev.reelbeam.model.video.VideoType;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Titles in every form that a source allows, in all five languages, out of its own words. */
class TitlesTest {
  private static final ExtractiveScriptWriter WRITER = new ExtractiveScriptWriter();
  private static final ScriptRequest REQUEST =
      new ScriptRequest(VideoType.SHORT, 45_000, 30_000, 90_000, 385, 190, "");
  private static final ScriptRequest TEASER =
      new ScriptRequest(VideoType.TEASER, 20_000, 15_000, 30_000, 400, 250, "");

  private static String title(ContentRecord record, Script script, Platform platform) {
    return WRITER.describe(record, script, platform).title();
  }

  @ParameterizedTest
  @MethodSource("dev.reelbeam.embedded.script.HookStylesTest#articles")
  void everyFormThatIsPromisedIsReadInTheTitleAndNothingElseChanges(ContentRecord record)
      throws StageException {
    List<TitleStyle> styles = WRITER.titleStyles(record);
    assertThat(styles).hasSizeGreaterThanOrEqualTo(2);
    Script plain = WRITER.write(record, REQUEST);
    String source = words(record);
    Set<String> titles = new TreeSet<>();
    for (TitleStyle style : styles) {
      Script script = WRITER.write(record, REQUEST.withTitleStyle(style));
      String title = title(record, script, Platform.YOUTUBE);
      titles.add(title);

      assertThat(script.titleStyle()).as(title).isEqualTo(style);
      assertThat(script.withTitleStyle(null)).isEqualTo(plain);
      assertThat(title).hasSizeBetween(8, Titles.GOOD_CHARS);
      assertThat(title(record, script, Platform.TIKTOK)).isEqualTo(title);
      assertThat(WRITER.describe(record, script, Platform.YOUTUBE).description())
          .doesNotStartWith(title);
      switch (style) {
        case QUESTION -> assertThat(title).endsWith("?");
        case NUMBER -> {
          assertThat(title).containsPattern("\\p{Nd}").doesNotEndWith(".");
          Matcher numbers = Pattern.compile("\\p{Nd}+").matcher(title);
          while (numbers.find()) {
            assertThat(source).contains(numbers.group());
          }
        }
        case PLAIN -> assertThat(title).doesNotEndWith("?");
        case HOW_TO -> assertThat(record.title()).contains(title);
      }
    }
    assertThat(titles).as("forms differ").hasSameSizeAs(styles);
  }

  private static String words(ContentRecord record) {
    return record.title()
        + record.blocks().stream()
            .flatMap(block -> Stream.concat(Stream.of(block.text()), block.items().stream()))
            .collect(Collectors.joining(" "));
  }

  @Test
  void aFormThatTheSourceDoesNotAllowFallsBackToItsOwnTitleAndSaysSo() throws StageException {
    ContentRecord italian = Articles.resource("it.md");
    assertThat(WRITER.titleStyles(italian)).doesNotContain(TitleStyle.NUMBER);

    Script script = WRITER.write(italian, REQUEST.withTitleStyle(TitleStyle.NUMBER));

    assertThat(script.titleStyle()).isNotEqualTo(TitleStyle.NUMBER);
    assertThat(title(italian, script, Platform.YOUTUBE))
        .isEqualTo(title(italian, WRITER.write(italian, REQUEST), Platform.YOUTUBE));
  }

  @Test
  void aListingAsksOrNamesItsPrice() throws StageException {
    ContentRecord car =
        Articles.listing(
            "en",
            "2020 Toyota Camry",
            "Spacious family car with low mileage",
            new Listing("18500", "USD", "automotive"),
            "Exterior",
            "Interior",
            "Alloy wheels");
    assertThat(WRITER.titleStyles(car))
        .containsExactly(TitleStyle.PLAIN, TitleStyle.QUESTION, TitleStyle.NUMBER);
    assertThat(titleOf(car, TitleStyle.PLAIN)).isEqualTo("2020 Toyota Camry");
    assertThat(titleOf(car, TitleStyle.QUESTION))
        .isEqualTo("Looking for a spacious family car with low mileage?");
    assertThat(titleOf(car, TitleStyle.NUMBER)).isEqualTo("2020 Toyota Camry – $18,500");
  }

  private static String titleOf(ContentRecord record, TitleStyle style) throws StageException {
    return title(record, WRITER.write(record, TEASER.withTitleStyle(style)), Platform.INSTAGRAM);
  }
}
