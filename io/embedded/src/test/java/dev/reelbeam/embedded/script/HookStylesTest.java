package dev.reelbeam.embedded.script;

import static org.assertj.core.api.Assertions.assertThat;

import dev.reelbeam.model.content.ContentRecord;
import dev.reelbeam.model.content.HookStyle;
import dev.reelbeam.model.content.Listing;
import dev.reelbeam.model.content.Script;
import dev.reelbeam.model.content.SectionRole;
import dev.reelbeam.model.failure.StageException;
import dev.reelbeam.model.port.ScriptRequest;
import dev.reelbeam.model.video.VideoType;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Each style of opening is heard in the first sentence, in all five languages. */
class HookStylesTest {
  private static final ScriptRequest REQUEST =
      new ScriptRequest(VideoType.SHORT, 45_000, 30_000, 90_000, 385, 190, "");

  static Stream<ContentRecord> articles() {
    return Stream.of(
        Articles.example("howto/article.html"),
        Articles.example("technical/article.md"),
        Articles.example("deutsch/article.html"),
        Articles.resource("fr.md"),
        Articles.resource("it.md"),
        Articles.resource("es.md"));
  }

  @ParameterizedTest
  @MethodSource("articles")
  void everyStyleThatIsPromisedIsHeardAndTheScriptStillFits(ContentRecord record)
      throws StageException {
    ExtractiveScriptWriter writer = new ExtractiveScriptWriter();
    List<HookStyle> styles = writer.hookStyles(record);
    assertThat(styles).hasSizeGreaterThanOrEqualTo(4);
    LanguageProfile language = LanguageProfile.of(record.language());
    Set<String> hooks = new TreeSet<>();
    for (HookStyle style : styles) {
      Script script = writer.write(record, REQUEST.withHookStyle(style));
      String hook = script.sections().get(0).text();
      hooks.add(hook);

      assertThat(script.sections().get(0).role()).isEqualTo(SectionRole.HOOK);
      assertThat(script.hookStyle()).as(hook).isEqualTo(style);
      assertThat(SpokenText.words(hook)).as(hook).isBetween(3, 12);
      assertThat(Math.abs(script.totalEstimatedDurationMs() - 45_000)).isLessThan(2_000);
      List<String> sentences =
          script.sections().stream()
              .flatMap(section -> section.sentences().stream())
              .map(sentence -> sentence.text())
              .toList();
      assertThat(sentences).doesNotHaveDuplicates();
      switch (style) {
        case QUESTION -> assertThat(hook).endsWith("?");
        case NUMBER -> assertThat(hook).containsPattern("\\p{Nd}");
        case CONTRAST -> assertThat(hook).containsPattern(language.anywhere("hook.contrast"));
        case STORY ->
            assertThat(hook).startsWith(language.phrase("hook.style.story").replace("{s}", ""));
        case PROMISE -> assertThat(hook).containsPattern(promise(record.language()));
      }
    }
    assertThat(hooks).as("styles differ").hasSameSizeAs(styles);
  }

  private static String promise(String language) {
    return switch (language) {
      case "de" -> "Danach wissen Sie";
      case "fr" -> "(?i)ensuite, vous saurez";
      case "it" -> "(?i)alla fine saprete";
      case "es" -> "(?i)al final sabrás";
      default -> "(?i)after this you will know";
    };
  }

  @Test
  void aStyleThatTheSourceDoesNotAllowIsNotPretended() throws StageException {
    ContentRecord italian = Articles.resource("it.md");
    ExtractiveScriptWriter writer = new ExtractiveScriptWriter();
    assertThat(writer.hookStyles(italian)).doesNotContain(HookStyle.NUMBER);

    Script script = writer.write(italian, REQUEST.withHookStyle(HookStyle.NUMBER));

    assertThat(script.hookStyle()).isEqualTo(HookStyle.QUESTION);
    assertThat(script).isEqualTo(writer.write(italian, REQUEST));
  }

  @Test
  void aListingOpensWithAQuestionItsPriceOrAnInvitation() throws StageException {
    for (String tongue : List.of("en", "de", "fr", "it", "es")) {
      ContentRecord listing =
          Articles.listing(
              tongue,
              "2020 Toyota Camry",
              "Spacious family car with low mileage",
              new Listing("18500", "USD", "automotive"),
              "Exterior",
              "Interior",
              "Alloy wheels");
      ExtractiveScriptWriter writer = new ExtractiveScriptWriter();
      List<HookStyle> styles = writer.hookStyles(listing);
      assertThat(styles)
          .as(tongue)
          .contains(HookStyle.NUMBER, HookStyle.PROMISE)
          .doesNotContain(HookStyle.STORY, HookStyle.CONTRAST);
      List<String> hooks = new ArrayList<>();
      for (HookStyle style : styles) {
        Script script =
            writer.write(
                listing,
                new ScriptRequest(VideoType.TEASER, 20_000, 15_000, 30_000, 400, 250, "")
                    .withHookStyle(style));
        assertThat(script.hookStyle()).isEqualTo(style);
        hooks.add(script.sections().get(0).text());
        if (style == HookStyle.NUMBER) {
          // Said once: not again where the price has its place otherwise.
          assertThat(script.scriptText().split("18", -1))
              .as(script.scriptText())
              .hasSizeLessThan(4);
        }
      }
      assertThat(hooks).doesNotHaveDuplicates();
    }
  }
}
