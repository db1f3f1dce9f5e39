package dev.reelbeam.embedded.script;

import static org.assertj.core.api.Assertions.assertThat;

import dev.reelbeam.model.content.BlockKind;
import dev.reelbeam.model.content.ContentKind;
import dev.reelbeam.model.content.ContentRecord;
import dev.reelbeam.model.content.ProjectRequest;
import dev.reelbeam.model.content.RecordKey;
import dev.reelbeam.model.content.ReviewPolicy;
import dev.reelbeam.model.content.Script;
import dev.reelbeam.model.content.ScriptSection;
import dev.reelbeam.model.content.SectionRole;
import dev.reelbeam.model.content.SourceBlock;
import dev.reelbeam.model.content.VideoSettings;
import dev.reelbeam.model.port.KeyPoints;
import dev.reelbeam.model.port.ScriptRequest;
import dev.reelbeam.model.video.VideoType;
import java.util.List;
import org.junit.jupiter.api.Test;

class RankedPointsTest {
  private static ContentRecord record(String... paragraphs) {
    return new ContentRecord(
        new RecordKey("coffee-1", 1),
        "acme",
        null,
        ContentKind.ARTICLE,
        "en",
        "How to brew a better pour-over",
        null,
        List.of("coffee", "grind"),
        java.util.Arrays.stream(paragraphs)
            .map(text -> new SourceBlock(BlockKind.PARAGRAPH, 0, text, List.of(), null, -1))
            .toList(),
        List.of(),
        null,
        new ProjectRequest(
            VideoType.SHORT,
            List.of("youtube_short"),
            VideoSettings.DEFAULT,
            ReviewPolicy.AUTO,
            "normal",
            true),
        "file:///nowhere/");
  }

  private static final ContentRecord ARTICLE =
      record(
          "A pour-over takes 4 minutes and 15 grams of coffee. Water at 94 degrees pulls out the"
              + " sweetness of the coffee before the bitterness.",
          "Grind the coffee as fine as table salt. A coarse grind lets the water run through the"
              + " coffee too fast, and the cup tastes thin. A burr grinder cuts every bean to the"
              + " same size.",
          "Pour slowly in circles from the middle outwards. Wait 30 seconds for the bloom before"
              + " the second pour. Stop at 250 grams of water in the cup.");

  @Test
  void theStrongestSentencesComeFirstFromEverySectionAndNoneTwice() {
    List<KeyPoints.KeyPoint> points = new RankedPoints().of(ARTICLE, 4);

    assertThat(points).hasSize(4).doesNotHaveDuplicates();
    assertThat(new RankedPoints().of(ARTICLE, 2)).isEqualTo(points.subList(0, 2));
    assertThat(points)
        .allSatisfy(
            point ->
                assertThat(ARTICLE.blocks().get(point.block()).text())
                    .contains(point.text().split(" ")[1]));
    assertThat(points)
        .extracting(KeyPoints.KeyPoint::text)
        .anyMatch(text -> text.matches(".*\\d.*"));
  }

  @Test
  void whatHasNoTextHasNoPoints() {
    assertThat(new RankedPoints().of(record(), 5)).isEmpty();
  }

  @Test
  void theEmbeddedWriterPlansItsScenesInTheWordsOfTheSource() throws Exception {
    Script script =
        new ExtractiveScriptWriter()
            .write(
                ARTICLE, new ScriptRequest(VideoType.TEASER, 25_000, 12_000, 40_000, 400, 200, ""));

    List<ScriptSection> points =
        script.sections().stream().filter(each -> each.role() == SectionRole.POINT).toList();
    assertThat(points)
        .isNotEmpty()
        .allSatisfy(
            point -> {
              assertThat(point.scenes()).isNotEmpty();
              assertThat(point.scenes().stream().mapToInt(scene -> scene.durationMs()).sum())
                  .isEqualTo(point.durationEstMs());
              assertThat(point.scenes())
                  .allSatisfy(scene -> assertThat(scene.description()).isNotBlank());
            });
  }
}
