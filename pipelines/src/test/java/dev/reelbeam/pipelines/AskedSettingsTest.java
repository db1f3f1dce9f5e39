package dev.reelbeam.pipelines;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;
import static org.assertj.core.api.Assumptions.assumeThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.reelbeam.media.codec.VideoEncoder;
import dev.reelbeam.media.probe.MediaInspector;
import dev.reelbeam.media.probe.VideoReport;
import dev.reelbeam.model.json.RecordJson;
import dev.reelbeam.simulators.PiperSimulator;
import java.awt.Color;
import java.awt.Graphics2D;
import java.awt.image.BufferedImage;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import javax.imageio.ImageIO;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What a record or a command asks of the picture, in the file that comes out. */
class AskedSettingsTest {
  /** What x264 writes into its first frame about itself. */
  private static final Pattern OPTIONS = Pattern.compile("x264 - core .*? options: ([ -~]*)");

  @TempDir Path folder;

  private final StringWriter out = new StringWriter();
  private PiperSimulator voice;

  @BeforeEach
  void start() throws Exception {
    voice = PiperSimulator.start(PiperSimulator.Dialect.SYNTHESIZE);
    Files.writeString(
        folder.resolve("reelbeam.yaml"),
        """
        speech:
          - {name: own, kind: piper-1.5, base_url: "%s", voice: en_US-lessac-medium,
             requests_per_minute: 1000}
        """
            .formatted(voice.baseUrl()));
    Random random = new Random(4);
    BufferedImage image = new BufferedImage(600, 400, BufferedImage.TYPE_INT_RGB);
    Graphics2D canvas = image.createGraphics();
    for (int i = 0; i < 60; i++) {
      canvas.setColor(Color.getHSBColor(random.nextFloat(), 0.6f, 0.9f));
      canvas.fillOval(random.nextInt(600), random.nextInt(400), 150, 120);
    }
    canvas.dispose();
    assertThat(ImageIO.write(image, "png", folder.resolve("reeds.png").toFile())).isTrue();
  }

  @AfterEach
  void stop() {
    voice.close();
  }

  @Test
  void aRecordsFrameRateAndQualityAreThoseOfItsFile() throws Exception {
    VideoReport video = make(24, "best");

    assertRate(video, 24);
    assertThat(optionsOfX264()).contains("subme=7").contains("crf=19.0");
  }

  @Test
  void theCommandsFrameRateAndQualityWinOverTheRecords() throws Exception {
    VideoReport video = make(24, "best", "--frame-rate", "50", "--quality", "draft");

    assertRate(video, 50);
    assertThat(optionsOfX264()).contains("subme=1").contains("crf=26.0");
  }

  private void assertRate(VideoReport video, int rate) throws Exception {
    assertThat(video.constantFrameRate()).isTrue();
    assertThat(video.frameRateNumerator()).isEqualTo(rate * video.frameRateDenominator());
    assertThat(video.decodeErrors()).isZero();
    JsonNode timeline = RecordJson.readTree(Files.readString(made("timeline.json")));
    assertThat(timeline.path("canvas").path("frame_rate").asInt()).isEqualTo(rate);
    assertThat(video.frames()).isEqualTo(timeline.path("total_frames").asInt());
    assertThat(video.endUs()).isCloseTo(video.frames() * 1_000_000L / rate, within(1L));
  }

  private VideoReport make(int frameRate, String quality, String... words) throws Exception {
    ObjectNode record = RecordJson.newObject();
    record.put("record_id", "lake").put("title", "How a lake stays clear").put("language", "en");
    record.put(
        "content_html",
        "<p>A lake stays clear when its shore is left alone. Reeds hold the mud where it is.</p>"
            + "<img src='reeds.png' alt='Reeds'><p>Reeds slow the water down. Mud then sinks"
            + " before it reaches the open lake. Small fish hide between the stems.</p><p>Plant"
            + " willows where the bank breaks off. Lead the water of the roofs into the ground."
            + " After two summers the water is clear down to three metres.</p>");
    ObjectNode project = record.putObject("project");
    project.put("type", "teaser").put("video_enabled", true);
    project.putObject("settings").put("frame_rate", frameRate).put("quality", quality);
    Files.writeString(folder.resolve("lake.json"), record.toString());
    List<String> all =
        new ArrayList<>(
            List.of(
                "make",
                folder.resolve("lake.json").toString(),
                "--settings",
                folder.resolve("reelbeam.yaml").toString(),
                "--out",
                folder.resolve("videos").toString(),
                "--presets",
                "preview"));
    all.addAll(Arrays.asList(words));
    int code =
        Reelbeam.commandLine(new PrintWriter(out, true), new PrintWriter(out, true))
            .execute(all.toArray(String[]::new));
    assertThat(code).describedAs(out.toString()).isZero();
    return MediaInspector.inspect(made("video.mp4")).video();
  }

  private String optionsOfX264() throws Exception {
    assumeThat(VideoEncoder.available("libx264")).as("a build with x264").isTrue();
    String bytes = Files.readString(made("video.mp4"), StandardCharsets.ISO_8859_1);
    Matcher options = OPTIONS.matcher(bytes);
    assertThat(options.find()).isTrue();
    return options.group(1);
  }

  private Path made(String file) {
    return folder.resolve("videos").resolve("lake").resolve("preview").resolve(file);
  }
}
