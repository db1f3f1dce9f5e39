package dev.reelbeam.embedded.script;

import static org.assertj.core.api.Assertions.assertThat;

import dev.reelbeam.model.content.ContentRecord;
import dev.reelbeam.model.content.Script;
import dev.reelbeam.model.content.ScriptSection;
import dev.reelbeam.model.content.SectionRole;
import dev.reelbeam.model.content.Sentence;
import dev.reelbeam.model.failure.StageException;
import dev.reelbeam.model.port.ScriptRequest;
import dev.reelbeam.model.video.VideoType;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** What holds for every script of every real article, at every length and pace. */
class ExampleScriptsTest {
  private static final Pattern NEVER_SPOKEN =
      Pattern.compile(
          "https?:|www\\.|\\[\\d|[`{}<>|_]|\\w=\\w|\\b(?:shown|see|as) (?:above|below)\\b"
              + "|(?i)in this article|click here|figure \\d|the diagram|the chart"
              + "|cliquez|ci-dessous|wie das diagramm|il grafico|se muestra arriba");

  private static final Pattern OPEN_START =
      Pattern.compile(
          "^(?:However|But|Therefore|Also|And|Moreover|This|These|They|It|Its|Both"
              + "|Aber|Doch|Und|Deshalb|Dies|Diese|Er|Sie (?!suchen)"
              + "|Cependant|Mais|Il|Elle|Ce|Cela|Ces"
              + "|Tuttavia|Ma|Questo|Così|Perciò"
              + "|Sin embargo|Además|Esa|Este|Pero)\\b");

  static Stream<Arguments> lengths() {
    List<Arguments> all = new ArrayList<>();
    ContentRecord howto = Articles.example("howto/article.html");
    ContentRecord technical = Articles.example("technical/article.md");
    ContentRecord german = Articles.example("deutsch/article.html");
    for (int[] pace : new int[][] {{385, 190}, {340, 300}, {430, 210}}) {
      for (ContentRecord record :
          List.of(
              howto,
              technical,
              german,
              Articles.resource("fr.md"),
              Articles.resource("it.md"),
              Articles.resource("es.md"))) {
        all.add(Arguments.of(record, VideoType.TEASER, 17, pace));
        all.add(Arguments.of(record, VideoType.TEASER, 22, pace));
        all.add(Arguments.of(record, VideoType.SHORT, 33, pace));
        all.add(Arguments.of(record, VideoType.SHORT, 45, pace));
        all.add(Arguments.of(record, VideoType.SHORT, 58, pace));
        all.add(Arguments.of(record, VideoType.MEDIUM, 62, pace));
      }
      all.add(Arguments.of(howto, VideoType.MEDIUM, 120, pace));
      all.add(Arguments.of(german, VideoType.MEDIUM, 100, pace));
      all.add(Arguments.of(technical, VideoType.MEDIUM, 178, pace));
      all.add(Arguments.of(technical, VideoType.LONG, 320, pace));
      all.add(Arguments.of(technical, VideoType.LONG, 420, pace));
    }
    return all.stream();
  }

  @ParameterizedTest
  @MethodSource("lengths")
  void everyScriptFitsAndCanBeSpoken(ContentRecord record, VideoType type, int seconds, int[] pace)
      throws StageException {
    ScriptRequest request =
        new ScriptRequest(
            type, seconds * 1000, type.range().minMs(), type.range().maxMs(), pace[0], pace[1], "");
    Script script = new ExtractiveScriptWriter().write(record, request);

    assertThat(Math.abs(script.totalEstimatedDurationMs() - seconds * 1000) * 100.0)
        .as("off by, in percent of ms: %s", script.totalEstimatedDurationMs())
        .isLessThanOrEqualTo(4.0 * seconds * 1000);
    assertThat(script.wordCount() * pace[0] + sentences(script).size() * pace[1])
        .as("the estimate is words and pauses")
        .isEqualTo(script.totalEstimatedDurationMs());
    assertParts(script, type);
    assertSpeakable(script);
    assertOrder(script);
  }

  private static List<Sentence> sentences(Script script) {
    return script.sections().stream().flatMap(s -> s.sentences().stream()).toList();
  }

  private static void assertParts(Script script, VideoType type) {
    List<SectionRole> roles = script.sections().stream().map(ScriptSection::role).toList();
    assertThat(roles.get(0)).isEqualTo(SectionRole.HOOK);
    assertThat(roles.contains(SectionRole.INTRO)).isEqualTo(type != VideoType.TEASER);
    assertThat(roles).contains(SectionRole.POINT);
    assertThat(roles.get(roles.size() - 1)).isEqualTo(SectionRole.CTA);
    assertThat(roles).isSortedAccordingTo((a, b) -> Integer.compare(a.ordinal(), b.ordinal()));
    String hook = script.sections().get(0).text();
    assertThat(SpokenText.words(hook)).as(hook).isBetween(3, 12);
    for (ScriptSection section : script.sections()) {
      assertThat(section.textOverlay()).hasSizeLessThanOrEqualTo(40);
      assertThat(section.visualCue()).isNotBlank();
      if (section.role() == SectionRole.POINT) {
        assertThat(section.sentences()).hasSizeBetween(1, 3);
      }
    }
  }

  private static void assertSpeakable(Script script) {
    Set<String> said = new HashSet<>();
    for (ScriptSection section : script.sections()) {
      assertThat(section.sentences().get(0).text()).doesNotContainPattern(OPEN_START);
      for (Sentence sentence : section.sentences()) {
        assertThat(sentence.text()).matches("(?s).*[.!?]$");
        assertThat(sentence.text()).doesNotContainPattern(NEVER_SPOKEN);
        assertThat(sentence.text()).matches("[\\p{Lu}\\p{N}¿„\"«].*");
        assertThat(SpokenText.words(sentence.text())).isLessThanOrEqualTo(30);
        assertThat(said.add(sentence.text())).as("twice: " + sentence.text()).isTrue();
      }
    }
  }

  private static void assertOrder(Script script) {
    List<Integer> blocks =
        script.sections().stream()
            .filter(section -> section.role() == SectionRole.POINT)
            .flatMap(section -> section.sentences().stream())
            .map(Sentence::sourceBlock)
            .toList();
    assertThat(blocks).isSorted();
    assertThat(blocks).allMatch(block -> block >= 0);
  }
}
