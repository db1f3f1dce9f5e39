package dev.reelbeam.pipelines.report;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.reelbeam.model.failure.DeadLetter;
import dev.reelbeam.model.failure.StageException;
import dev.reelbeam.model.json.RecordJson;
import java.awt.image.BufferedImage;
import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.security.MessageDigest;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Base64;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import javax.imageio.ImageIO;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class RecordReportTest {
  private static final String TITLE = "Tea in three minutes";
  private static final Pattern LINKS = Pattern.compile("(?:src|href|poster)=\"([^\"]*)\"");

  @TempDir static Path shared;
  private static Path video;

  @TempDir Path record;

  @BeforeAll
  static void encodeOnce() throws Exception {
    video = RecordFolders.video(shared.resolve("video.mp4"));
  }

  @Test
  void threeDeliveriesOfOneBitstreamAreOneVideoOnThePage() throws Exception {
    deliver(TITLE, "youtube_short", "instagram_reel", "tiktok");

    String page = write();

    assertThat(count(page, "<video ")).isEqualTo(1);
    assertThat(count(page, "<article class=\"variant")).isEqualTo(1);
    assertThat(page).contains("YouTube Shorts", "Instagram Reels", "TikTok");
    assertThat(page).contains("<dd>3 videos</dd>").doesNotContain("<nav ");
    assertThat(count(page, "<h4 lang=\"en\">")).as("texts to post").isEqualTo(3);
    assertThat(page).contains("once for 3 deliveries", "<td>8 credits</td><td>$0.0025</td>");
  }

  @Test
  void whenToPostIsSuggestedWhereTheDeliverySaysSo() throws Exception {
    deliver(TITLE, "tiktok");
    assertThat(write()).doesNotContain("Suggested time");

    Path metadata = record.resolve("tiktok/metadata.json");
    ObjectNode with = (ObjectNode) RecordJson.readTree(Files.readString(metadata));
    with.putObject("publish")
        .put("suggested_at", "2026-12-04T19:42:00+01:00")
        .put("hours", "18-21")
        .put("time_zone", "Europe/Berlin");
    Files.writeString(metadata, RecordJson.pretty(with));

    assertThat(write()).contains("Suggested time", "Fri 4 Dec 2026, 19:42, Europe/Berlin");
  }

  @Test
  void videosThatDifferAreShownOneAfterTheOther() throws Exception {
    deliver(TITLE, "tiktok");
    Path other = record.resolveSibling(record.getFileName() + "-other.mp4");
    byte[] bytes = Files.readAllBytes(video);
    Files.write(other, Arrays.copyOf(bytes, bytes.length + 8));
    RecordFolders.deliver(record, "preview", TITLE, other);
    Files.delete(other);

    String page = write();

    assertThat(count(page, "<video ")).isEqualTo(2);
    assertThat(page).contains("<a href=\"#video-1\">", "<a href=\"#video-2\">");
    assertThat(page.indexOf("tiktok/video.mp4")).isLessThan(page.indexOf("preview/video.mp4"));
  }

  @Test
  void everyLinkIsRelativeAndLeadsToAFile() throws Exception {
    deliver(TITLE, "youtube_short", "tiktok");

    List<String> links = links(write());

    assertThat(links).hasSizeGreaterThan(20);
    for (String link : links) {
      if (!link.startsWith("#")) {
        assertThat(link).doesNotContain(":").doesNotStartWith("/").doesNotContain("..");
        assertThat(record.resolve(URLDecoder.decode(link, StandardCharsets.UTF_8))).exists();
      }
    }
  }

  @Test
  void nothingIsAskedOfTheNetwork() throws Exception {
    deliver(TITLE, "tiktok");

    String page = write();

    assertThat(page).doesNotContainPattern("https?://").doesNotContain("@import", "url(");
    assertThat(page).contains("default-src 'none'");
  }

  @Test
  void textOfTheRecordStaysText() throws Exception {
    String title =
        "</title><script>alert(1)</script> \"a\" & 'b' \ud83c\udf75 \u05e9\u05dc\u05d5\u05dd";
    deliver(title, "tiktok");

    String page = write(RecordFolders.letter("youtube_long", "<img src=x onerror=alert(2)>", "{}"));

    assertThat(count(page, "<script")).isEqualTo(1);
    assertThat(count(page, "</title>")).isEqualTo(1);
    assertThat(page).doesNotContain("<img src=x", "alert(1)</script>");
    assertThat(page)
        .contains("&lt;script&gt;alert(1)&lt;/script&gt;", "\ud83c\udf75 \u05e9\u05dc\u05d5\u05dd");
    assertThat(page).contains("Boil &lt;the&gt;\nwater &amp; wait.");
    assertThat(page).containsPattern("<h1 dir=\"auto\" lang=\"en\">&lt;/title&gt;");
  }

  @Test
  void theOnlyScriptThatRunsIsTheOneTheHashNames() throws Exception {
    deliver(TITLE, "tiktok");

    String page = write();

    Matcher script = Pattern.compile("<script>(.*)</script>", Pattern.DOTALL).matcher(page);
    assertThat(script.find()).isTrue();
    byte[] digest =
        MessageDigest.getInstance("SHA-256")
            .digest(script.group(1).getBytes(StandardCharsets.UTF_8));
    assertThat(page).contains("script-src 'sha256-" + Base64.getEncoder().encodeToString(digest));
  }

  @Test
  void whatWasSetAsideIsShownWithNumberMessageAndRemedy() throws Exception {
    deliver(TITLE, "tiktok");

    String page = write(RecordFolders.letter("youtube_long", "420 words give 131 s", "{}"));

    assertThat(page)
        .contains("1010 SOURCE_TOO_THIN", "420 words give 131 s", "YouTube, landscape")
        .contains("Add text to the source, or choose a shorter type.")
        .contains("<dd class=\"bad\">1 delivery</dd>");
  }

  @Test
  void aRecordOfWhichNothingWasCompletedHasAPageToo() throws Exception {
    Path missing = record.resolve("never-made");

    Path page =
        RecordReport.write(
            missing,
            List.of(RecordFolders.letter(null, "no text", "{\"content\":{\"title\":\"Thin\"}}")));

    assertThat(Files.readString(page))
        .contains("<title>Thin · contact sheet</title>", "the whole record", "record-7")
        .doesNotContain("<video");
  }

  @Test
  void aRunThatEndedBeforeTheVideoShowsWhatThereIs() throws Exception {
    RecordFolders.deliverNarration(record, "tiktok");

    String page = write();

    assertThat(page)
        .contains("Without a video, 4.0 s", "<audio controls", "Boil the water.", "1 ended early")
        .doesNotContain("<video", "-frames\"", "-checks\"");
  }

  @Test
  void shotsScriptCuesChaptersChecksAndCreditsAreOnThePage() throws Exception {
    deliver(TITLE, "tiktok");

    String page = write();

    assertThat(page).contains("2 shots", "<b>1. picture</b>", "<b>2. number</b>", "100 degrees");
    assertThat(page).contains("opens with the strongest picture", "alt=\"A kettle\"");
    assertThat(page).contains("Ready for tea?", "Call to action", "Water first", "a kettle");
    assertThat(page).contains("0:01.2", "<span dir=\"auto\">100 degrees</span>");
    assertThat(page).contains("1 of 2 passed", "-11.0 LUFS", "<tr class=\"failed\">");
    assertThat(page).contains("Ada, CC BY 4.0", "640×480", "2 rounds", "voice is synthetic");
    assertThat(page).contains("quiet, speed 105 %", "<path class=\"outline\" d=\"M0 50L0 50");
    assertThat(page).contains("data-copy=\"one tag, another\"", "20 November 2026, 12:39 UTC");
    assertThat(page).contains("<dt>Revision</dt><dd>3</dd>");
  }

  @Test
  void framesComeFromTheirShots() throws Exception {
    deliver(TITLE, "tiktok");

    write();

    List<Path> pictures = pictures();
    assertThat(pictures).hasSize(2);
    assertThat(grey(pictures.get(0))).isBetween(20, 36);
    assertThat(grey(pictures.get(1))).isBetween(206, 222);
    assertThat(ImageIO.read(pictures.get(0).toFile()).getWidth()).isEqualTo(72);
  }

  @Test
  void aPageWhoseInputsHaveNotChangedIsLeftAlone() throws Exception {
    deliver(TITLE, "tiktok");
    write();
    FileTime old = FileTime.fromMillis(1_000_000_000_000L);
    Path page = record.resolve("report.html");
    Files.setLastModifiedTime(page, old);

    write();
    assertThat(Files.getLastModifiedTime(page)).isEqualTo(old);

    write(RecordFolders.letter("youtube_long", "too thin", "{}"));
    assertThat(Files.getLastModifiedTime(page)).isNotEqualTo(old);
  }

  @Test
  void framesAreTakenOnceAndGoWithTheirVideo() throws Exception {
    deliver(TITLE, "tiktok");
    write();
    List<Path> before = pictures();
    FileTime old = FileTime.fromMillis(1_000_000_000_000L);
    Files.setLastModifiedTime(before.get(0), old);
    Files.delete(before.get(1));
    Path foreign = Files.writeString(record.resolve("report/mine.txt"), "kept");

    write();
    assertThat(Files.getLastModifiedTime(before.get(0))).isEqualTo(old);
    assertThat(before.get(1)).exists();

    Files.delete(record.resolve("tiktok/script.json"));
    write(RecordFolders.letter("tiktok", "gone", "{}"));
    assertThat(pictures()).isEmpty();
    assertThat(foreign).exists();
  }

  @Test
  void aDamagedVideoCostsItsFramesAndNothingElse() throws Exception {
    deliver(TITLE, "tiktok");
    Files.writeString(record.resolve("tiktok/video.mp4"), "no video");
    Files.writeString(record.resolve("tiktok/narration.wav"), "no sound");
    Files.writeString(record.resolve("tiktok/checks.json"), "{ no json");
    Files.writeString(record.resolve("tiktok/captions.vtt"), "no captions");

    String page = write();

    assertThat(page)
        .contains(
            "The frames could not be read from the video: 3034", "waveform could not be drawn")
        .contains("Boil the water.");
  }

  @Test
  void aFolderThatIsAFileIsANumberedFailure() throws Exception {
    Path file = Files.writeString(record.resolve("file"), "");

    assertThatThrownBy(() -> RecordReport.write(file, List.of()))
        .isInstanceOfSatisfying(
            StageException.class, e -> assertThat(e.code().number()).isEqualTo(5002));
  }

  private void deliver(String title, String... presets) throws Exception {
    for (String preset : presets) {
      RecordFolders.deliver(record, preset, title, video);
    }
  }

  private String write(DeadLetter... letters) throws Exception {
    return Files.readString(RecordReport.write(record, List.of(letters)));
  }

  private List<Path> pictures() throws Exception {
    try (Stream<Path> files = Files.list(record.resolve("report"))) {
      return files.filter(file -> file.toString().endsWith(".jpg")).sorted().toList();
    }
  }

  private static int grey(Path picture) throws Exception {
    BufferedImage image = ImageIO.read(picture.toFile());
    return image.getRGB(image.getWidth() / 2, image.getHeight() / 2) & 0xFF;
  }

  private static List<String> links(String page) {
    List<String> links = new ArrayList<>();
    Matcher matcher = LINKS.matcher(page);
    while (matcher.find()) {
      links.add(matcher.group(1));
    }
    return links;
  }

  private static int count(String text, String part) {
    return text.split(Pattern.quote(part), -1).length - 1;
  }
}
