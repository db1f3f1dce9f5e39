package dev.reelbeam.stages.deliver;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.reelbeam.model.content.ChapterMarker;
import dev.reelbeam.model.json.RecordJson;
import java.time.Duration;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.util.List;
import org.junit.jupiter.api.Test;

class VideoObjectTest {
  private static final String BASE = "https://media.example.com/v";

  private static VideoObject.Facts facts(String name, String page, List<ChapterMarker> chapters) {
    return new VideoObject.Facts(
        name,
        "D",
        List.of("blog 42/tiktok/thumbnail.jpg"),
        Instant.parse("2026-11-02T10:00:00.123Z"),
        93_400,
        "a:b/tiktok/video.mp4",
        null,
        page,
        "en",
        List.of("coffee", "bloom"),
        chapters);
  }

  @Test
  void aBaseIsAnAbsoluteAddressOfTheWeb() {
    assertThat(VideoObject.fault(BASE)).isNull();
    assertThat(VideoObject.fault("http://localhost:8080")).isNull();
    assertThat(VideoObject.fault("videos/")).contains("'videos/' is no absolute");
    assertThat(VideoObject.fault("ftp://example.com/")).isNotNull();
    assertThat(VideoObject.fault("https://exa mple.com/")).isNotNull();
  }

  @Test
  void hasEveryFieldThatGoogleAsksFor() {
    ObjectNode video = VideoObject.of(facts("Title", null, List.of()), BASE);

    assertThat(video.path("@context").asText()).isEqualTo("https://schema.org");
    assertThat(video.path("@type").asText()).isEqualTo("VideoObject");
    assertThat(video.path("name").asText()).isEqualTo("Title");
    assertThat(video.path("thumbnailUrl").get(0).asText())
        .isEqualTo("https://media.example.com/v/blog%2042/tiktok/thumbnail.jpg");
    assertThat(video.path("contentUrl").asText())
        .isEqualTo("https://media.example.com/v/a%3Ab/tiktok/video.mp4");
    assertThat(OffsetDateTime.parse(video.path("uploadDate").asText()).toInstant())
        .isEqualTo(Instant.parse("2026-11-02T10:00:00Z"));
    assertThat(Duration.parse(video.path("duration").asText())).isEqualTo(Duration.ofSeconds(93));
    assertThat(video.has("hasPart")).isFalse();
    assertThat(video.has("embedUrl")).isFalse();
  }

  @Test
  void clipsAscendWithinTheVideoAndPointAtThePage() {
    List<ChapterMarker> chapters =
        List.of(
            new ChapterMarker(0, "Intro"),
            new ChapterMarker(12_300, "Grind"),
            new ChapterMarker(12_900, "Same second"),
            new ChapterMarker(40_000, "Pour"),
            new ChapterMarker(99_000, "Too late"));

    ObjectNode video = VideoObject.of(facts("T", "https://example.com/w?id=1#top", chapters), BASE);

    long last = -1;
    for (JsonNode clip : video.path("hasPart")) {
      assertThat(clip.path("@type").asText()).isEqualTo("Clip");
      assertThat(clip.path("startOffset").asLong()).isGreaterThan(last);
      assertThat(clip.path("endOffset").asLong())
          .isGreaterThan(clip.path("startOffset").asLong())
          .isLessThanOrEqualTo(93);
      last = clip.path("startOffset").asLong();
    }
    assertThat(video.path("hasPart").findValuesAsText("name"))
        .containsExactly("Intro", "Grind", "Pour");
    assertThat(video.path("hasPart").get(1).path("url").asText())
        .isEqualTo("https://example.com/w?id=1&t=12");
  }

  @Test
  void clipsPointIntoTheFileWhenNoPageIsKnown() {
    List<ChapterMarker> chapters =
        List.of(new ChapterMarker(0, "A"), new ChapterMarker(20_000, "B"));

    ObjectNode video = VideoObject.of(facts("T", null, chapters), BASE);

    assertThat(video.path("hasPart").get(1).path("url").asText()).endsWith("video.mp4#t=20");
  }

  @Test
  void aTitleCannotEndTheScriptElement() throws Exception {
    String title = "</script><script>alert(1)</script>";

    String text = VideoObject.toScriptText(VideoObject.of(facts(title, null, List.of()), BASE));

    assertThat(text).doesNotContain("<").contains("\\u003c/script>");
    assertThat(RecordJson.readTree(text).path("name").asText()).isEqualTo(title);
  }

  @Test
  void refusesABaseThatIsNoWebAddress() {
    assertThatThrownBy(() -> VideoObject.of(facts("T", null, List.of()), "file:///tmp"))
        .isInstanceOf(IllegalArgumentException.class);
  }

  @Test
  void writesDurationsInWholeSeconds() {
    assertThat(VideoObject.duration(0)).isEqualTo("PT0S");
    assertThat(VideoObject.duration(60_000)).isEqualTo("PT1M");
    assertThat(VideoObject.duration(3_661_000)).isEqualTo("PT1H1M1S");
  }
}
