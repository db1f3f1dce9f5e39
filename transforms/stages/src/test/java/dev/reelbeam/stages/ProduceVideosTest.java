package dev.reelbeam.stages;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.reelbeam.fakes.FakeAssetReader;
import dev.reelbeam.fakes.FakeObjectStore;
import dev.reelbeam.fakes.FakeScriptWriter;
import dev.reelbeam.fakes.FakeSpeechSynthesizer;
import dev.reelbeam.media.caption.SubtitleCue;
import dev.reelbeam.media.caption.SubtitleFiles;
import dev.reelbeam.media.codec.AacEncoder;
import dev.reelbeam.media.codec.AudioPcm;
import dev.reelbeam.media.codec.VideoEncoder;
import dev.reelbeam.media.composition.Canvas;
import dev.reelbeam.media.composition.EncodingSettings;
import dev.reelbeam.media.frame.YuvFrame;
import dev.reelbeam.media.probe.MediaInspector;
import dev.reelbeam.media.probe.MediaReport;
import dev.reelbeam.media.render.Assembler;
import dev.reelbeam.model.content.Delivery;
import dev.reelbeam.model.content.RawRecord;
import dev.reelbeam.model.content.VideoSettings;
import dev.reelbeam.model.failure.DeadLetter;
import dev.reelbeam.model.json.RecordJson;
import dev.reelbeam.model.video.Brand;
import dev.reelbeam.stages.coder.RecordCoder;
import dev.reelbeam.stages.deadletter.DeadLetters;
import dev.reelbeam.stages.flow.Progress;
import dev.reelbeam.stages.flow.Providers;
import dev.reelbeam.stages.flow.RecordOverrides;
import java.awt.Color;
import java.awt.GradientPaint;
import java.awt.Graphics2D;
import java.awt.image.BufferedImage;
import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.stream.Stream;
import javax.imageio.ImageIO;
import org.apache.beam.runners.direct.DirectOptions;
import org.apache.beam.runners.direct.DirectRunner;
import org.apache.beam.sdk.Pipeline;
import org.apache.beam.sdk.options.PipelineOptionsFactory;
import org.apache.beam.sdk.transforms.Create;
import org.apache.beam.sdk.transforms.DoFn;
import org.apache.beam.sdk.transforms.PTransform;
import org.apache.beam.sdk.transforms.ParDo;
import org.apache.beam.sdk.transforms.errorhandling.BadRecord;
import org.apache.beam.sdk.values.PCollection;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The whole graph on the direct runner, with real rendering and fake providers. */
class ProduceVideosTest {
  private static final String MEDIA_BASE_URL = "https://videos.example.org/made/";
  private static @Nullable String mediaBaseUrl = MEDIA_BASE_URL;
  // The direct runner serializes transforms: what they share with the test is static.
  private static final Queue<Delivery> DELIVERIES = new ConcurrentLinkedQueue<>();
  private static final Queue<DeadLetter> DEAD = new ConcurrentLinkedQueue<>();
  private static final Queue<String> NOTES = new ConcurrentLinkedQueue<>();
  private static FakeObjectStore store = new FakeObjectStore(Path.of("unset"));
  private static FakeSpeechSynthesizer speech = new FakeSpeechSynthesizer();
  private static FakeAssetReader assets = new FakeAssetReader();

  @TempDir Path folder;

  @BeforeAll
  static void drawPictures() throws Exception {
    assets =
        new FakeAssetReader()
            .with("wide.png", picture(640, 400, Color.ORANGE))
            .with("tall.png", picture(400, 640, Color.CYAN))
            .with("broken.png", "no picture".getBytes(StandardCharsets.UTF_8))
            .with("empty.png", new byte[0])
            .with("cut.jpg", java.util.Arrays.copyOf(jpeg(), 2000));
  }

  @BeforeEach
  void freshStore() {
    store = new FakeObjectStore(folder);
    speech = new FakeSpeechSynthesizer();
    mediaBaseUrl = MEDIA_BASE_URL;
  }

  @Test
  void anArticleBecomesACheckedDeliveryForEachPreset() throws Exception {
    run(2, article("one", "wide.png", "tall.png"));

    assertThat(DEAD).isEmpty();
    assertThat(DELIVERIES)
        .extracting(Delivery::preset)
        .containsExactlyInAnyOrder("preview", "preview_landscape");
    Delivery vertical = delivery("preview");
    assertThat(vertical.files().keySet())
        .contains(
            "video.mp4",
            "captions.srt",
            "captions.vtt",
            "thumbnail.jpg",
            "thumbnail_16x9.jpg",
            "metadata.json",
            "videoobject.jsonld",
            "script.json",
            "narration.wav",
            "storyboard.json");
    assertThat(Delivery.FILE_NAMES).containsAll(vertical.files().keySet());
    assertThat(Delivery.FILE_NAMES).containsAll(delivery("preview_landscape").files().keySet());
    MediaReport report = MediaInspector.inspect(file(vertical, "video.mp4"));
    assertThat(report.video().width()).isEqualTo(270);
    assertThat(report.video().height()).isEqualTo(480);
    assertThat(report.video().frames()).isEqualTo(Math.round(vertical.durationMs() * 15 / 1000.0));
    assertThat(report.editList()).isFalse();
    assertThat(report.audio()).isNotNull();
    assertThat(Math.abs(report.audioEndMinusVideoEndUs())).isLessThan(1_000_000 / 15);
    List<SubtitleCue> cues = SubtitleFiles.parseSrt(text(vertical, "captions.srt"));
    assertThat(cues).isNotEmpty();
    assertThat(String.join(" ", cues.stream().map(SubtitleCue::text).toList()))
        .startsWith("Warm light makes");
    JsonNode metadata = RecordJson.readTree(text(vertical, "metadata.json"));
    assertThat(metadata.path("voice").asText())
        .as("who spoke, whoever was asked to")
        .isEqualTo(RecordJson.readTree(text(vertical, "words.json")).path("voice_id").asText())
        .isNotEmpty();
    assertThat(metadata.path("sha256").asText())
        .isEqualTo(vertical.files().get("video.mp4").sha256());
    assertThat(metadata.path("cost").path("credits").asInt()).isPositive();
    assertThat(
            RecordJson.readTree(text(vertical, "videoobject.jsonld")).path("contentUrl").asText())
        .isEqualTo(MEDIA_BASE_URL + "one/preview/video.mp4");
  }

  @Test
  void structuredDataIsLeftOutWhileNobodyHasSaidWhereTheFilesWillBe() throws Exception {
    run(2, article("one", "wide.png", "tall.png"));
    mediaBaseUrl = null;
    run(2, article("one", "wide.png", "tall.png"));

    Delivery again = DELIVERIES.stream().reduce((first, last) -> last).orElseThrow();
    assertThat(again.files()).doesNotContainKey("videoobject.jsonld").containsKey("video.mp4");
    assertThat(text(again, "metadata.json")).contains("videoobject.jsonld is left out");
    assertThat(again.segmentsRendered()).isZero();
  }

  @Test
  void aSecondRunRendersAndSpeaksNothing() throws Exception {
    run(2, article("one", "wide.png"));
    assertThat(DEAD).isEmpty();
    int spoken = speech.calls();
    String sha256 = delivery("preview").files().get("video.mp4").sha256();
    assertThat(delivery("preview").segmentsRendered()).isPositive();

    run(2, article("one", "wide.png"));

    assertThat(speech.calls()).isEqualTo(spoken);
    assertThat(DELIVERIES).allMatch(delivery -> delivery.segmentsRendered() == 0);
    assertThat(delivery("preview").segmentsFound()).isPositive();
    assertThat(delivery("preview").files().get("video.mp4").sha256()).isEqualTo(sha256);
  }

  @Test
  void oneWorkerAndThreeMakeTheSameBytes() throws Exception {
    run(1, article("one", "wide.png"));
    assertThat(DEAD).isEmpty();
    String alone = delivery("preview").files().get("video.mp4").sha256();
    store = new FakeObjectStore(folder.resolveSibling(folder.getFileName() + "-other"));
    java.nio.file.Files.createDirectories(folder.resolveSibling(folder.getFileName() + "-other"));

    run(3, article("one", "wide.png"));

    assertThat(delivery("preview").files().get("video.mp4").sha256()).isEqualTo(alone);
  }

  @Test
  void whatCannotBeMadeIsADeadLetterAndTheRestGoesOn() throws Exception {
    ObjectNode untitled = article("untitled");
    untitled.remove("title");
    ObjectNode thin = article("thin");
    thin.put("content_html", "<p>Too little.</p>");
    ((ObjectNode) thin.path("project")).put("type", "short");
    ObjectNode halfKnown = article("half-known", "wide.png", "broken.png", "gone.png");
    halfKnown.with("project").putArray("target_platforms").add("preview").add("vine");

    run(2, untitled, RecordJson.newObject(), thin, halfKnown);

    assertThat(DELIVERIES).extracting(Delivery::preset).containsExactly("preview");
    assertThat(DELIVERIES).extracting(d -> d.key().recordId()).containsExactly("half-known");
    assertThat(DEAD)
        .extracting(DeadLetter::code)
        .containsExactlyInAnyOrder(
            "TITLE_MISSING",
            "RECORD_EMPTY",
            "SOURCE_TOO_THIN", // once for each of its two deliveries
            "SOURCE_TOO_THIN",
            "PRESET_UNKNOWN");
    assertThat(DEAD).allMatch(letter -> !letter.remedy().isBlank());
    assertThat(DEAD).allMatch(letter -> !letter.payloadJson().isBlank());
    assertThat(NOTES).anyMatch(note -> note.contains("3001") && note.contains("broken.png"));
    assertThat(NOTES).anyMatch(note -> note.contains("1020") && note.contains("gone.png"));
  }

  @Test
  void anExistingClipIsMadeIntoAVideoOfItsOwnFootageWithItsSound() throws Exception {
    byte[] walk = clip(4);
    assets
        .with("walk.mp4", walk)
        .with("mute.mp4", renamed(renamed(clip(320, 192, 4), "mp4a", "snd?"), "esds", "desc"))
        .with("short.mp4", clip(1))
        .with("half.mp4", java.util.Arrays.copyOf(walk, walk.length - 9_000))
        .with("page.mp4", "<!doctype html><p>Not found".getBytes(StandardCharsets.UTF_8));
    ObjectNode record = article("reworked");
    record.put("kind", "clip");
    ((ObjectNode) record.path("project")).putArray("target_platforms").add("preview");
    record
        .putArray("clips")
        .add("page.mp4")
        .addObject()
        .put("url", "walk.mp4#t=1")
        .put("sound", 80);
    record.withArray("clips").addObject().put("url", "mute.mp4").put("sound", 50);
    record.withArray("clips").add("half.mp4").add("short.mp4");
    record.putArray("images").addObject().put("url", "wide.png").put("place", "inset");

    run(2, record);

    assertThat(DEAD).isEmpty();
    assertThat(NOTES).anyMatch(note -> note.contains("3050") && note.contains("page.mp4"));
    assertThat(NOTES)
        .as("sound of a kind that nobody knows")
        .anyMatch(note -> note.contains("'mute.mp4' is seen and not heard"));
    Delivery delivery = delivery("preview");
    JsonNode shots = RecordJson.readTree(text(delivery, "timeline.json")).path("shots");
    List<JsonNode> footage = new java.util.ArrayList<>();
    shots.forEach(shot -> footage.add(shot.path("playback")));
    assertThat(footage).filteredOn(JsonNode::isObject).hasSizeGreaterThanOrEqualTo(2);
    assertThat(footage).anyMatch(playback -> playback.path("sound_percent").asInt() == 80);
    assertThat(shots.findValues("inset")).hasSizeLessThanOrEqualTo(1);
    MediaReport report = MediaInspector.inspect(file(delivery, "video.mp4"));
    assertThat(report.video().frames()).isEqualTo(Math.round(delivery.durationMs() * 15 / 1000.0));
  }

  /** Calls a part of a file something else of the same length. */
  private static byte[] renamed(byte[] bytes, String name, String other) {
    String text = new String(bytes, StandardCharsets.ISO_8859_1);
    assertThat(text).containsOnlyOnce(name);
    return text.replace(name, other).getBytes(StandardCharsets.ISO_8859_1);
  }

  /** A ball on its way over a field, with a tone. */
  static byte[] clip(int seconds) throws Exception {
    return clip(320, 180, seconds);
  }

  static byte[] clip(int width, int height, int seconds) throws Exception {
    Path folder = java.nio.file.Files.createTempDirectory("reelbeam-test-");
    try {
      return clip(folder, width, height, seconds);
    } finally {
      try (Stream<Path> files = java.nio.file.Files.list(folder)) {
        for (Path file : files.toList()) {
          java.nio.file.Files.delete(file);
        }
      }
      java.nio.file.Files.delete(folder);
    }
  }

  private static byte[] clip(Path folder, int width, int height, int seconds) throws Exception {
    Canvas canvas = new Canvas(width, height, 25);
    Path picture = folder.resolve("picture.mp4");
    try (VideoEncoder encoder = VideoEncoder.open(EncodingSettings.preview(25), canvas, picture)) {
      YuvFrame frame = new YuvFrame(width, height);
      frame.u().fill(100);
      frame.v().fill(120);
      for (int i = 0; i < 25 * seconds; i++) {
        for (int y = 0; y < height; y++) {
          for (int x = 0; x < width; x++) {
            int dx = x - 40 - 2 * i;
            int dy = y - 90;
            frame.luma().set(x, y, dx * dx + dy * dy < 900 ? 220 : 60 + (x / 16 + y / 16) % 2 * 40);
          }
        }
        encoder.encode(frame);
      }
      encoder.finish();
    }
    float[] tone = new float[48_000 * seconds];
    for (int i = 0; i < tone.length; i++) {
      tone[i] = (float) (0.2 * Math.sin(i * 2 * Math.PI * 440 / 48_000));
    }
    Path sound = folder.resolve("sound.m4a");
    int packets = AacEncoder.encode(AudioPcm.stereo(tone, tone.clone()), 96_000, sound);
    assertThat(packets).isPositive();
    Path file = folder.resolve("clip.mp4");
    int frames = Assembler.assemble(List.of(picture), sound, canvas, file);
    assertThat(frames).isEqualTo(25 * seconds);
    return java.nio.file.Files.readAllBytes(file);
  }

  @Test
  void aRecordThatWantsNoVideoIsSkipped() throws Exception {
    ObjectNode record = article("quiet");
    record.with("project").put("video_enabled", false);

    run(1, record);

    assertThat(DELIVERIES).isEmpty();
    assertThat(DEAD).isEmpty();
    assertThat(NOTES).anyMatch(note -> note.contains("skipped"));
  }

  @Test
  void oddInputIsMadeAsFarAsItGoesAndRefusedWithANumberWhereItDoesNot() throws Exception {
    String text = "<p>Warm light makes a room calm. Three small lamps do more than one.</p>";
    List<ObjectNode> records =
        List.of(
            article("only-text"),
            html("soup", "<div><b class=x>word <i>unclosed</p> &nbsp; &#x".repeat(120_000) + text),
            html("nested", "<div>".repeat(10_000) + text),
            titled("emoji", "☕ Warm light 👩‍🚀"),
            titled("arabic", "كيف تضيء غرفتك"),
            titled("hebrew", "איך להאיר חדר"),
            titled("chinese", "如何让房间更温暖更明亮"),
            html("only-pictures", "<img src='wide.png'><img src='tall.png'>"),
            article("bad-pictures", "empty.png", "cut.jpg", "../secret.png", "wide.png"));

    run(2, ProduceVideos.StopAfter.LAYOUT, records.toArray(ObjectNode[]::new));

    assertThat(DELIVERIES.stream().map(d -> d.key().recordId()).distinct())
        .containsExactlyInAnyOrder(
            "only-text", "soup", "nested", "emoji", "arabic", "hebrew", "bad-pictures");
    assertThat(DEAD.stream().map(letter -> letter.recordId() + " " + letter.number()).distinct())
        .containsExactlyInAnyOrder("chinese 3020", "test:7 1010");
    assertThat(NOTES).anyMatch(note -> note.contains("3001") && note.contains("empty.png"));
    assertThat(NOTES).anyMatch(note -> note.contains("3001") && note.contains("cut.jpg"));
    assertThat(NOTES).anyMatch(note -> note.contains("1020") && note.contains("secret.png"));
  }

  private static ObjectNode html(String id, String html) {
    ObjectNode record = article(id);
    record.put("content_html", html);
    return record;
  }

  private static ObjectNode titled(String id, String title) {
    ObjectNode record = article(id);
    record.put("title", title);
    return record;
  }

  private static ObjectNode article(String id, String... images) {
    ObjectNode record = RecordJson.newObject();
    record.put("record_id", id);
    record.put("title", "Warm light at home");
    record.put("language", "en");
    StringBuilder html =
        new StringBuilder(
            "<p>Warm light makes a room calm. Three small lamps do more than one big one.</p>");
    for (String image : images) {
      html.append("<img src='").append(image).append("' alt='A lamp'>");
    }
    html.append("<p>Put one in each corner. Try it tonight.</p>");
    record.put("content_html", html.toString());
    ObjectNode project = record.putObject("project");
    project.putArray("target_platforms").add("preview").add("preview_landscape");
    return record;
  }

  private static void run(int workers, ObjectNode... records) {
    run(workers, ProduceVideos.StopAfter.NOTHING, records);
  }

  private static void run(int workers, ProduceVideos.StopAfter stopAfter, ObjectNode... records) {
    DELIVERIES.clear();
    DEAD.clear();
    NOTES.clear();
    DirectOptions options = PipelineOptionsFactory.create().as(DirectOptions.class);
    options.setRunner(DirectRunner.class);
    options.setTargetParallelism(workers);
    Pipeline pipeline = Pipeline.create(options);
    Providers providers =
        new Providers(
            () -> store,
            () -> assets,
            FakeScriptWriter::new,
            () -> speech,
            () -> new RecordingProgress());
    RecordOverrides overrides =
        new RecordOverrides(
            null,
            List.of(),
            null,
            VideoSettings.DEFAULT,
            false,
            Brand.DEFAULT,
            true,
            "libx264",
            "standard");
    List<RawRecord> raw =
        java.util.stream.IntStream.range(0, records.length)
            .mapToObj(i -> new RawRecord("test:" + i, "file:///", records[i].toString()))
            .toList();
    try (var handler = pipeline.registerBadRecordErrorHandler(new CollectDead())) {
      pipeline
          .apply(Create.of(raw).withCoder(RecordCoder.of(RawRecord.class)))
          .apply(
              ProduceVideos.with(
                      providers,
                      new ProduceVideos.Options(overrides, false, stopAfter, mediaBaseUrl))
                  .withDeadLetters(new DeadLetters.Lane(handler)))
          .apply("Collect", ParDo.of(new CollectFn()));
    }
    pipeline.run().waitUntilFinish();
  }

  private static Delivery delivery(String preset) {
    return DELIVERIES.stream().filter(d -> d.preset().equals(preset)).findFirst().orElseThrow();
  }

  private static Path file(Delivery delivery, String name) {
    return store.localFile(delivery.files().get(name));
  }

  private static String text(Delivery delivery, String name) {
    return new String(store.read(delivery.files().get(name)), StandardCharsets.UTF_8);
  }

  private static byte[] jpeg() throws Exception {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    BufferedImage image = new BufferedImage(640, 400, BufferedImage.TYPE_INT_RGB);
    for (int i = 0; i < 640 * 400; i++) {
      image.setRGB(i % 640, i / 640, i * 7919);
    }
    ImageIO.write(image, "jpg", bytes);
    return bytes.toByteArray();
  }

  static byte[] picture(int width, int height, Color color) throws Exception {
    BufferedImage image = new BufferedImage(width, height, BufferedImage.TYPE_INT_RGB);
    Graphics2D g = image.createGraphics();
    g.setPaint(new GradientPaint(0, 0, color, width, height, Color.DARK_GRAY));
    g.fillRect(0, 0, width, height);
    g.setColor(Color.WHITE);
    g.fillOval(width / 3, height / 3, width / 4, width / 4);
    g.dispose();
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    ImageIO.write(image, "png", bytes);
    return bytes.toByteArray();
  }

  private static final class RecordingProgress implements Progress {
    @Override
    public void note(dev.reelbeam.model.content.Tracked element, String message) {
      NOTES.add(message);
    }
  }

  private static final class CollectDead
      extends PTransform<PCollection<BadRecord>, PCollection<BadRecord>> {
    private static final long serialVersionUID = 1L;

    @Override
    public PCollection<BadRecord> expand(PCollection<BadRecord> letters) {
      return letters.apply("Collect dead", ParDo.of(new CollectDeadFn()));
    }
  }

  private static final class CollectDeadFn extends DoFn<BadRecord, BadRecord> {
    private static final long serialVersionUID = 1L;

    @ProcessElement
    public void process(@Element BadRecord letter, OutputReceiver<BadRecord> receiver) {
      DEAD.add(DeadLetters.fromBadRecord(letter));
      receiver.output(letter);
    }
  }

  private static final class CollectFn extends DoFn<Delivery, Void> {
    private static final long serialVersionUID = 1L;

    @ProcessElement
    public void process(@Element Delivery delivery) {
      DELIVERIES.add(delivery);
    }
  }
}
