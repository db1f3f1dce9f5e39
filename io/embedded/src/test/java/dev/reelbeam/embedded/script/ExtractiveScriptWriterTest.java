package dev.reelbeam.embedded.script;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.reelbeam.model.content.ContentRecord;
import dev.reelbeam.model.content.Script;
import dev.reelbeam.model.content.ScriptSection;
import dev.reelbeam.model.content.SectionRole;
import dev.reelbeam.model.content.Sentence;
import dev.reelbeam.model.failure.FailureCode;
import dev.reelbeam.model.failure.StageException;
import dev.reelbeam.model.port.ScriptRequest;
import dev.reelbeam.model.video.VideoType;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;

class ExtractiveScriptWriterTest {
  private static final ExtractiveScriptWriter WRITER = new ExtractiveScriptWriter();

  private static ScriptRequest request(VideoType type, int targetMs, String callToAction) {
    return new ScriptRequest(
        type, targetMs, type.range().minMs(), type.range().maxMs(), 400, 250, callToAction);
  }

  private static Script write(ContentRecord record, VideoType type, int targetMs)
      throws StageException {
    return WRITER.write(record, request(type, targetMs, ""));
  }

  private static String part(Script script, SectionRole role) {
    return script.sections().stream()
        .filter(section -> section.role() == role)
        .map(ScriptSection::text)
        .findFirst()
        .orElse("");
  }

  private static Set<String> sentences(Script script) {
    Set<String> texts = new HashSet<>();
    script.sections().forEach(s -> s.sentences().forEach(x -> texts.add(x.text())));
    return texts;
  }

  @Test
  void aSlightlyLongerTargetKeepsMostSentences() throws StageException {
    ContentRecord record = Articles.example("technical/article.md");
    int before = 0;
    Set<String> previous = Set.of();
    for (int target = 310_000; target <= 340_000; target += 5_000) {
      Script script = write(record, VideoType.LONG, target);
      Set<String> now = sentences(script);
      if (before > 0) {
        Set<String> lost = new HashSet<>(previous);
        lost.removeAll(now);
        assertThat(lost).hasSizeLessThanOrEqualTo(8);
        assertThat(script.totalEstimatedDurationMs()).isGreaterThan(before - 1_000);
      }
      before = script.totalEstimatedDurationMs();
      previous = now;
    }
  }

  @Test
  void theBrandHasTheLastWord() throws StageException {
    Script script =
        WRITER.write(
            Articles.example("howto/article.html"),
            request(VideoType.SHORT, 45_000, "Brew your best cup tomorrow"));

    ScriptSection cta = script.sections().get(script.sections().size() - 1);
    List<Sentence> sentences = cta.sentences();
    assertThat(sentences.get(sentences.size() - 1).text())
        .isEqualTo("Brew your best cup tomorrow.");
    assertThat(cta.textOverlay()).isEqualTo("Brew your best cup tomorrow");
    assertThat(cta.durationEstMs()).isBetween(4_500, 11_000);
  }

  @Test
  void pointsSpreadOverTheSections() throws StageException {
    Script script = write(Articles.example("howto/article.html"), VideoType.SHORT, 55_000);

    long sections =
        script.sections().stream()
            .filter(s -> s.role() == SectionRole.POINT)
            .map(ScriptSection::heading)
            .distinct()
            .count();
    assertThat(sections).isGreaterThanOrEqualTo(5);
  }

  @Test
  void hooksComeFromTheTitleWhereItsFormAllows() throws StageException {
    assertThat(
            part(
                write(Articles.example("howto/article.html"), VideoType.TEASER, 20_000),
                SectionRole.HOOK))
        .isEqualTo("Want to brew better pour-over coffee at home?");
    assertThat(
            part(
                write(Articles.example("deutsch/article.html"), VideoType.TEASER, 20_000),
                SectionRole.HOOK))
        .isEqualTo("Wissen Sie, wie unsere Wälder den Klimawandel überstehen?");
    assertThat(part(write(Articles.resource("fr.md"), VideoType.TEASER, 20_000), SectionRole.HOOK))
        .isEqualTo("Savez-vous comment faire un pain au levain à la maison ?");
  }

  @Test
  void overlaysNameTheNumberWithItsUnit() throws StageException {
    Script script = write(Articles.example("howto/article.html"), VideoType.MEDIUM, 110_000);

    assertThat(script.sections())
        .extracting(ScriptSection::textOverlay)
        .contains("94 °C", "7–28 days");
  }

  @Test
  void aThinSourceIsRefusedWithFigures() {
    ContentRecord thin =
        Articles.article("en", "Bees", "Bees visit 2,000 flowers a day. A hive needs sun.");

    assertThatThrownBy(() -> write(thin, VideoType.LONG, 400_000))
        .isInstanceOfSatisfying(
            StageException.class,
            e -> {
              assertThat(e.code()).isEqualTo(FailureCode.SOURCE_TOO_THIN);
              assertThat(e.getMessage()).matches(".*gives \\d+ speakable words.* about \\d+.*");
            });
  }

  @Test
  void aSourceWithoutASentenceIsRefused() {
    ContentRecord none = Articles.article("en", "Bees", "```\ncode\n```");

    assertThatThrownBy(() -> write(none, VideoType.TEASER, 20_000))
        .isInstanceOfSatisfying(
            StageException.class, e -> assertThat(e.code()).isEqualTo(FailureCode.SOURCE_TOO_THIN));
  }

  @Test
  void anotherLanguageGetsItsStrongestSentencesAndNoTemplates() throws StageException {
    ContentRecord portuguese =
        Articles.article(
            "pt",
            "O mel das abelhas",
            "Uma abelha visita cerca de duas mil flores por dia. Uma colmeia produz vinte quilos de"
                + " mel por ano.\n\n"
                + "## O inverno\n\n"
                + "No inverno as abelhas aquecem a colmeia com o movimento das asas. A temperatura"
                + " no centro chega a trinta graus.\n\n"
                + "## O verão\n\n"
                + "No verão uma rainha pode pôr mil ovos por dia. Cada operária vive apenas seis"
                + " semanas.");

    Script script = write(portuguese, VideoType.TEASER, 22_000);

    assertThat(script.totalEstimatedDurationMs()).isBetween(15_000, 24_000);
    String source = portuguese.blocks().toString();
    assertThat(sentences(script)).allMatch(source::contains);
  }

  @Test
  void speaksArabicAndHebrewSourcesToo() throws StageException {
    ContentRecord hebrew =
        Articles.article(
            "he",
            "דבורים",
            "דבורה אחת מבקרת באלפיים פרחים ביום אחד ארוך. כוורת אחת מייצרת עשרים קילו דבש בכל שנה."
                + " בחורף הדבורים מחממות את הכוורת בתנועת הכנפיים. בקיץ המלכה יכולה להטיל אלף ביצים"
                + " ביום. כל פועלת חיה רק שישה שבועות בקיץ החם. הדבש נשמר טרי גם אחרי מאה שנים.");

    assertThat(write(hebrew, VideoType.TEASER, 20_000).wordCount()).isGreaterThan(30);
  }
}
