package dev.reelbeam.embedded.script;

import static org.assertj.core.api.Assertions.assertThat;

import dev.reelbeam.model.content.ChapterMarker;
import dev.reelbeam.model.content.ContentRecord;
import dev.reelbeam.model.content.Listing;
import dev.reelbeam.model.content.Script;
import dev.reelbeam.model.content.SeoMetadata;
import dev.reelbeam.model.failure.StageException;
import dev.reelbeam.model.port.ScriptRequest;
import dev.reelbeam.model.video.Platform;
import dev.reelbeam.model.video.VideoType;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class SeoTextsTest {
  private static final ExtractiveScriptWriter WRITER = new ExtractiveScriptWriter();

  private static SeoMetadata describe(ContentRecord record, Platform platform)
      throws StageException {
    Script script =
        WRITER.write(
            record, new ScriptRequest(VideoType.TEASER, 20_000, 15_000, 30_000, 400, 250, ""));
    return WRITER.describe(record, script, platform);
  }

  @ParameterizedTest
  @EnumSource(Platform.class)
  void everyPlatformsLimitsHold(Platform platform) throws StageException {
    for (ContentRecord record :
        List.of(
            Articles.example("howto/article.html"),
            Articles.example("technical/article.md"),
            Articles.example("deutsch/article.html"),
            Articles.article(
                "en",
                "Bees <b>" + "and flowers ".repeat(30),
                "Bees visit 2,000 flowers a day. A hive makes 20 kilograms of honey in a year."
                    + " A queen can lay 1,000 eggs a day. Every worker lives for only six weeks."
                    + " Honey keeps for a hundred years. Bees warm their hive in winter."))) {
      SeoMetadata seo = describe(record, platform);

      assertThat(seo.title()).isNotBlank().doesNotContain("<", ">");
      assertThat(seo.title().length()).isLessThanOrEqualTo(platform.titleLimit());
      assertThat(seo.description()).isNotBlank().doesNotContain("<", ">");
      assertThat(seo.description().length()).isLessThanOrEqualTo(platform.descriptionLimit());
      assertThat(String.join(",", seo.tags()).length()).isLessThanOrEqualTo(platform.tagsLimit());
      assertThat(seo.tags()).doesNotHaveDuplicates().allMatch(t -> t.equals(t.toLowerCase()));
      if (platform == Platform.X) {
        assertThat(SeoTexts.weightOnX(seo.description())).isLessThanOrEqualTo(280);
      }
    }
  }

  @Test
  void theHookComesFirst() throws StageException {
    SeoMetadata seo = describe(Articles.example("howto/article.html"), Platform.YOUTUBE);

    assertThat(seo.description())
        .startsWith("Want to brew better pour-over coffee at home?\nOne cup of bright");
    assertThat(seo.description()).endsWith("#PourOverCoffee #CoffeeBrewing #V60");
  }

  @Test
  void theCategoryFollowsTheEvidence() throws StageException {
    assertThat(describe(Articles.example("howto/article.html"), Platform.YOUTUBE).category())
        .isEqualTo("Howto & Style");
    assertThat(describe(Articles.example("technical/article.md"), Platform.YOUTUBE).category())
        .isEqualTo("Science & Technology");
    ContentRecord car =
        Articles.listing(
            "en", "2020 Toyota Camry", "Low mileage", new Listing("1", "USD", "automotive"), "a");
    assertThat(describe(car, Platform.YOUTUBE).category()).isEqualTo("Autos & Vehicles");
  }

  @Test
  void countsPostsAsXDoes() {
    assertThat(SeoTexts.weightOnX("abc")).isEqualTo(3);
    assertThat(SeoTexts.weightOnX("日本")).isEqualTo(4);
    assertThat(SeoTexts.weightOnX("👩‍🔬!")).isEqualTo(3);
    assertThat(SeoTexts.weightOnX("see https://example.com/a/very/long/path now"))
        .isEqualTo(4 + 23 + 4);
  }

  @Test
  void chaptersStartAtZeroAndAreLongEnough() {
    List<ChapterMarker> markers =
        List.of(
            new ChapterMarker(3_000, "Intro"),
            new ChapterMarker(14_000, "Grind"),
            new ChapterMarker(20_000, "Too soon"),
            new ChapterMarker(75_000, "Pour"));

    assertThat(SeoTexts.withChapters("Text.\n\n• A\n• B\n\n#Tag", markers, 5_000))
        .isEqualTo("Text.\n\n0:00 Intro\n0:14 Grind\n1:15 Pour\n\n#Tag");
  }

  @Test
  void tooFewChaptersLeaveTheDescriptionAlone() {
    List<ChapterMarker> markers =
        List.of(new ChapterMarker(0, "A"), new ChapterMarker(30_000, "B"));

    assertThat(SeoTexts.withChapters("Text.", markers, 5_000)).isEqualTo("Text.");
  }

  @Test
  void theTextGivesWayToTheChapters() {
    List<ChapterMarker> markers =
        List.of(
            new ChapterMarker(0, "A"),
            new ChapterMarker(30_000, "B"),
            new ChapterMarker(3_700_000, "C"));

    String text = SeoTexts.withChapters("word ".repeat(100).strip(), markers, 120);

    assertThat(text).hasSizeLessThanOrEqualTo(120).endsWith("0:00 A\n0:30 B\n1:01:40 C");
  }
}
