package dev.reelbeam.stages.ingest;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import dev.reelbeam.model.content.BlockKind;
import dev.reelbeam.model.content.ClipUse;
import dev.reelbeam.model.content.ContentImage;
import dev.reelbeam.model.content.ContentKind;
import dev.reelbeam.model.content.ContentRecord;
import dev.reelbeam.model.content.RawRecord;
import dev.reelbeam.model.failure.FailureCode;
import dev.reelbeam.model.failure.StageException;
import dev.reelbeam.model.video.VideoType;
import dev.reelbeam.stages.flow.RecordOverrides;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class ParseContentRecordTest {
  @Test
  void anArticleHasBlocksPicturesAndWhatIsWantedOfIt() throws Exception {
    ContentRecord record =
        parse(
            """
            {"record_id":"a-1","revision":3,"language":"en-GB","title":"  Hello\\u200b   world ",
             "content_html":"<h2>One</h2><p>First.</p><img src='a.png' alt='A'><p>Second.</p>",
             "images":[{"url":"a.png","caption":"declared"},"b.png"],"keywords":"x, y",
             "project":{"type":"short","target_platforms":["tiktok"],
               "settings":{"speed":1.05,"voice_id":"default","music_track":"drive"}},
             "a_field_of_the_future":1}
            """);
    assertThat(record.key().toString()).isEqualTo("a-1@3");
    assertThat(record.title()).isEqualTo("Hello world");
    assertThat(record.language()).isEqualTo("en");
    assertThat(record.blocks())
        .extracting(block -> block.kind())
        .containsExactly(
            BlockKind.HEADING, BlockKind.PARAGRAPH, BlockKind.PICTURE, BlockKind.PARAGRAPH);
    assertThat(record.images()).extracting(image -> image.url()).containsExactly("a.png", "b.png");
    assertThat(record.images().get(0).caption()).isEqualTo("declared");
    assertThat(record.images().get(0).alt()).isEqualTo("A");
    assertThat(record.keywords()).containsExactly("x", "y");
    assertThat(record.project().type()).isEqualTo(VideoType.SHORT);
    assertThat(record.project().presets()).containsExactly("tiktok");
    assertThat(record.project().settings().speedPermille()).isEqualTo(1050);
    assertThat(record.project().settings().voiceId()).as("the brand's voice wins").isNull();
    assertThat(record.project().settings().musicTrack()).isEqualTo("drive");
  }

  @Test
  void aRecordAsksForItsQualityAndARunForAnotherWins() throws Exception {
    String record =
        "{\"record_id\":\"x\",\"title\":\"t\",\"content_text\":\"Some words.\","
            + "\"project\":{\"settings\":{\"quality\":\"%s\"}}}";
    ContentRecord best = parse(record.formatted("best"));
    assertThat(best.project().settings().quality()).isEqualTo("best");
    assertThat(RecordOverrides.NONE.quality(best.project())).isEqualTo("best");
    ContentRecord plain =
        parse("{\"record_id\":\"x\",\"title\":\"t\",\"content_text\":\"Some words.\"}");
    assertThat(RecordOverrides.NONE.quality(plain.project())).isEqualTo("standard");

    RecordOverrides none = RecordOverrides.NONE;
    RecordOverrides drafts =
        new RecordOverrides(
            null,
            List.of(),
            null,
            none.settings().withQuality("draft"),
            false,
            none.brand(),
            true,
            none.encoder(),
            none.quality());
    RawRecord raw = new RawRecord("test:1", "file:///", record.formatted("best"));
    assertThat(drafts.quality(ParseContentRecord.parse(raw, drafts).project())).isEqualTo("draft");

    StageException refused =
        catchThrowableOfType(StageException.class, () -> parse(record.formatted("finest")));
    assertThat(refused).hasMessageContaining("project.settings.quality");
  }

  @Test
  void aDeadlineThatNoGateKeepsIsRefused() throws Exception {
    String record =
        "{\"record_id\":\"x\",\"title\":\"t\",\"content_text\":\"Some words.\","
            + "\"project\":{\"review\":{\"final\":\"manual %s approve\"}}}";
    assertThat(parse(record.formatted("365d")).project().review().finalVideo())
        .isEqualTo("manual 365d approve");
    StageException refused =
        catchThrowableOfType(StageException.class, () -> parse(record.formatted("8761h")));
    assertThat(refused)
        .hasMessageContaining("project.review.final")
        .hasMessageContaining("365 days");
  }

  @Test
  void whatNoDatabaseTakesIsLeftOutOrRefused() throws Exception {
    ContentRecord record =
        parse(
            "{\"record_id\":\"x\",\"title\":\"t\",\"content_text\":\"Some words.\","
                + "\"site_id\":\"ac\\u0000me\",\"project\":{\"settings\":{\"voice_id\":"
                + "\"v\\u0000\"},\"target_platforms\":[\"tik\\u0000tok\"]}}");
    assertThat(record.siteId()).isEqualTo("acme");
    assertThat(record.project().settings().voiceId()).isEqualTo("v");
    assertThat(record.project().presets()).containsExactly("tiktok");

    String tooLong = "u".repeat(3_000);
    assertThat(
            catchThrowableOfType(
                StageException.class,
                () ->
                    parse(
                        "{\"record_id\":\"x\",\"title\":\"t\",\"content_text\":\"Words.\","
                            + "\"user_id\":\""
                            + tooLong
                            + "\"}")))
        .hasMessageContaining("user_id has 3000 characters");
  }

  @Test
  void aListingNeedsNoMoreThanATitleASentenceAndPictures() throws Exception {
    ContentRecord record =
        parse(
            """
            {"record_id":"l-1","kind":"listing","title":"2020 Toyota Camry","price":18500,
             "currency":"USD","category":"automotive",
             "description":"Spacious family car with low mileage","images":["1.jpg","2.jpg","3.jpg"]}
            """);
    assertThat(record.kind()).isEqualTo(ContentKind.LISTING);
    assertThat(record.listing()).isNotNull();
    assertThat(record.listing().price()).isEqualTo("18500");
    assertThat(record.blocks()).hasSize(1);
    assertThat(record.images()).hasSize(3);
    assertThat(record.project().presets())
        .isEqualTo(List.of("youtube_short", "instagram_reel", "tiktok"));
  }

  @Test
  void aClipRecordNamesItsFootageAndWhatIsAskedOfIt() throws Exception {
    ContentRecord record =
        parse(
            "{\"record_id\":\"c\",\"kind\":\"clip\",\"title\":\"A walk\",\"keywords\":[\"forest\"],"
                + "\"clip\":{\"url\":\"walk.mp4\",\"start\":1.5,\"end\":\"9\",\"speed\":0.5,"
                + "\"sound\":true},\"clips\":[\"b.webm#t=,4\"],"
                + "\"images\":[{\"url\":\"map.png\",\"place\":\"inset\"}]}");

    assertThat(record.kind()).isEqualTo(ContentKind.CLIP);
    assertThat(record.images())
        .extracting(ContentImage::url)
        .containsExactly("walk.mp4", "b.webm#t=,4", "map.png");
    assertThat(record.images().get(0).clip()).isEqualTo(new ClipUse(1500, 9000, false, 500, 30));
    assertThat(record.images().get(1).clip()).isNull();
    assertThat(ClipUse.DEFAULT.within("b.webm#t=,4").endMs()).isEqualTo(4000);
    assertThat(ClipUse.DEFAULT.within("b.webm#t=7.25").startMs()).isEqualTo(7250);
    assertThat(ClipUse.DEFAULT.within("b.webm#t=9,4")).isEqualTo(ClipUse.DEFAULT);
    assertThat(record.images().get(2).inset()).isTrue();
    assertThat(record.blocks().get(0).items()).containsExactly("forest");
  }

  /** Whoever reads it: `make` and `backfill` would leave out what they do not know of it. */
  @Test
  void aRecordOfANewerSchemaIsRefused() throws Exception {
    String record =
        "{\"record_id\":\"x\",\"title\":\"t\",\"content_text\":\"Some words.\",\"schema_version\":%s}";
    assertThat(parse(record.formatted("1")).key().recordId()).isEqualTo("x");
    for (String newer : new String[] {"2", "9", "\"x\""}) {
      assertThat(
              catchThrowableOfType(StageException.class, () -> parse(record.formatted(newer)))
                  .code())
          .isEqualTo(FailureCode.SCHEMA_NEWER);
    }
  }

  @Test
  void whatIsWrongIsNamed() {
    Map<String, FailureCode> broken =
        Map.ofEntries(
            Map.entry("", FailureCode.RECORD_EMPTY),
            Map.entry("{}", FailureCode.RECORD_EMPTY),
            Map.entry("{\"record_id\":\"a\",", FailureCode.RECORD_INVALID),
            Map.entry("[1]", FailureCode.RECORD_INVALID),
            Map.entry("{\"title\":\"t\"}", FailureCode.RECORD_INVALID),
            Map.entry("{\"record_id\":\"../x\",\"title\":\"t\"}", FailureCode.RECORD_INVALID),
            Map.entry("{\"record_id\":\"a\"}", FailureCode.TITLE_MISSING),
            Map.entry("{\"record_id\":\"a\",\"title\":\"t\"}", FailureCode.RECORD_EMPTY),
            Map.entry(
                "{\"record_id\":\"a\",\"title\":\"t\",\"images\":[\"a.png\"]}",
                FailureCode.SOURCE_TOO_THIN),
            Map.entry(
                "{\"record_id\":\"a\",\"title\":\"t\",\"kind\":\"clip\",\"description\":\"d\"}",
                FailureCode.RECORD_EMPTY),
            Map.entry(
                "{\"record_id\":\"a\",\"title\":\"t\",\"kind\":\"clip\",\"description\":\"d\","
                    + "\"clips\":[{\"url\":\"a.mp4\",\"start\":5,\"end\":5}]}",
                FailureCode.RECORD_INVALID),
            Map.entry(
                "{\"record_id\":\"a\",\"title\":\"t\",\"kind\":\"audio\"}",
                FailureCode.KIND_UNSUPPORTED),
            Map.entry(
                "{\"record_id\":\"a\",\"title\":\"t\",\"kind\":\"listing\",\"price\":\"cheap\"}",
                FailureCode.RECORD_INVALID),
            Map.entry(
                "{\"record_id\":\"a\",\"title\":\"t\",\"content_html\":\"<p>T.</p>\","
                    + "\"project\":{\"type\":\"epic\"}}",
                FailureCode.RECORD_INVALID));
    broken.forEach(
        (json, code) ->
            assertThat(catchThrowableOfType(StageException.class, () -> parse(json)))
                .as(json)
                .isNotNull()
                .extracting(StageException::code)
                .isEqualTo(code));
  }

  @Test
  void emojiArabicAndHebrewTitlesAreTitles() throws Exception {
    for (String title : List.of("☕ Coffee", "كيف تصنع القهوة", "איך מכינים קפה")) {
      ContentRecord record =
          parse("{\"record_id\":\"a\",\"title\":\"" + title + "\",\"content_html\":\"<p>T.</p>\"}");
      assertThat(record.title()).isEqualTo(title);
    }
  }

  private static ContentRecord parse(String json) throws StageException {
    return ParseContentRecord.parse(new RawRecord("test", "file:///", json), RecordOverrides.NONE);
  }
}
