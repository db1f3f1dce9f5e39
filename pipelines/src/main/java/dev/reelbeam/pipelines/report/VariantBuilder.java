package dev.reelbeam.pipelines.report;

import com.fasterxml.jackson.databind.JsonNode;
import dev.reelbeam.model.failure.StageException;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.DigestInputStream;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.NavigableSet;
import java.util.Set;
import javax.imageio.ImageIO;
import javax.imageio.ImageReader;
import javax.imageio.stream.ImageInputStream;

/** One bitstream's part of the page. What its deliveries share is read from the first of them. */
final class VariantBuilder {
  /** A 15-minute video has about 150 shots; beyond this only some of them are shown. */
  private static final int MOST_FRAMES = 180;

  private final List<Estimate> estimates;
  private final Path recordFolder;
  private final String id;
  private final List<DeliveryFolder> deliveries;
  private final DeliveryFolder first;
  private final Set<String> pictures;
  private final long durationUs;
  private final List<Span> sections;
  private final List<String> notes = new ArrayList<>();

  /** When a section of the script is spoken. */
  private record Span(long startUs, long endUs) {}

  /** A section in the order of the script. */
  private record Part(String role, JsonNode point, String text) {}

  VariantBuilder(
      Path recordFolder,
      String id,
      List<DeliveryFolder> deliveries,
      Set<String> pictures,
      List<Estimate> estimates) {
    this.estimates = estimates;
    this.recordFolder = recordFolder;
    this.id = id;
    this.deliveries = deliveries;
    this.first = deliveries.get(0);
    this.pictures = pictures;
    this.durationUs = durationUs(first);
    this.sections = sections(first.words());
  }

  ReportPage.Variant build() throws IOException {
    JsonNode metadata = first.metadata();
    boolean video = first.has(DeliveryFolder.VIDEO);
    int width = metadata.path("width").asInt(0);
    int height = metadata.path("height").asInt(0);
    List<ReportPage.Frame> frames = video ? frames(width, height) : List.of();
    List<Part> parts = parts();
    ReportPage.Sound sound = sound(parts);
    List<ReportPage.Check> checks = checks();
    long passed = checks.stream().filter(ReportPage.Check::passed).count();
    addNotes();
    return new ReportPage.Variant(
        id,
        heading(video, width, height),
        width > height ? "landscape" : "vertical",
        first.script().path("language").asText(""),
        video ? link(DeliveryFolder.VIDEO) : "",
        String.valueOf(width),
        String.valueOf(height),
        linkIfThere(DeliveryFolder.THUMBNAIL),
        linkIfThere(DeliveryFolder.CAPTIONS),
        linkIfThere(DeliveryFolder.NARRATION),
        facts(),
        deliveries.stream().map(VariantBuilder::delivery).toList(),
        width > height ? "wide" : "tall",
        frameNote(frames.size()),
        frames,
        sound,
        script(parts),
        words(),
        cues(),
        chapters(),
        checks,
        checks.isEmpty() ? "" : passed + " of " + checks.size() + " passed",
        passed == checks.size(),
        thumbnails(),
        deliveries.stream()
            .filter(delivery -> !delivery.metadata().isMissingNode())
            .map(PostTexts::of)
            .toList(),
        CostAccount.of(deliveries, estimates),
        PictureCredits.of(first.storyboard()),
        files(),
        List.copyOf(notes));
  }

  private String heading(boolean video, int width, int height) {
    String length = Wording.length(durationUs);
    if (!video) {
      return "Without a video, " + length;
    }
    return (width > height ? "Landscape" : "Vertical") + " " + width + "×" + height + ", " + length;
  }

  private String link(String file) {
    return Wording.link(first.preset(), file);
  }

  private String linkIfThere(String file) {
    return first.has(file) ? link(file) : "";
  }

  private static long durationUs(DeliveryFolder delivery) {
    long videoMs = delivery.metadata().path("duration_ms").asLong(0);
    return 1000 * (videoMs > 0 ? videoMs : delivery.words().path("duration_ms").asLong(0));
  }

  private static List<Span> sections(JsonNode words) {
    List<Span> spans = new ArrayList<>();
    for (JsonNode sentence : words.path("sentences")) {
      int section = sentence.path("section").asInt(0);
      long startUs = sentence.path("start_us").asLong();
      long endUs = sentence.path("end_us").asLong();
      if (section == spans.size()) {
        spans.add(new Span(startUs, endUs));
      } else if (section == spans.size() - 1) {
        spans.set(section, new Span(spans.get(section).startUs(), endUs));
      } else {
        return List.of(); // Sections that are not in order cannot be told apart by number.
      }
    }
    return spans;
  }

  private List<ReportPage.Fact> facts() {
    JsonNode metadata = first.metadata();
    JsonNode video = first.checks().path("report").path("video");
    List<ReportPage.Fact> facts = new ArrayList<>();
    if (metadata.has("revision")) {
      facts.add(new ReportPage.Fact("Revision", metadata.path("revision").asText("")));
    }
    long frames = metadata.path("frames").asLong(0);
    facts.add(
        new ReportPage.Fact(
            "Length", Wording.length(durationUs) + (frames > 0 ? ", " + frames + " frames" : "")));
    if (metadata.has("file_size")) {
      facts.add(new ReportPage.Fact("File", Wording.size(metadata.path("file_size").asLong())));
    }
    if (video.has("frame_rate_numerator")) {
      long rate =
          video.path("frame_rate_numerator").asLong()
              / Math.max(1, video.path("frame_rate_denominator").asLong(1));
      facts.add(
          new ReportPage.Fact(
              "Picture",
              (video.path("codec").asText("") + " " + video.path("profile").asText(""))
                  + ", "
                  + rate
                  + " fps"));
    }
    JsonNode script = first.script();
    long words = script.path("word_count").asLong(0);
    if (words > 0 && durationUs > 0) {
      facts.add(
          new ReportPage.Fact(
              "Script", words + " words, " + words * 60_000_000 / durationUs + " a minute"));
    }
    String voice = first.words().path("voice_id").asText("");
    if (!voice.isEmpty()) {
      facts.add(
          new ReportPage.Fact(
              "Voice",
              voice + ", speed " + first.words().path("speed_permille").asInt(1000) / 10 + " %"));
    }
    String language = script.path("language").asText("");
    if (!language.isEmpty()) {
      facts.add(new ReportPage.Fact("Language", language));
    }
    return facts;
  }

  private static ReportPage.Delivery delivery(DeliveryFolder delivery) {
    List<ReportPage.Link> links = new ArrayList<>();
    addLink(delivery, links, "video", DeliveryFolder.VIDEO);
    addLink(delivery, links, "texts", "metadata.json");
    addLink(delivery, links, "structured data", "videoobject.jsonld");
    addLink(delivery, links, "srt", "captions.srt");
    addLink(delivery, links, "vtt", DeliveryFolder.CAPTIONS);
    return new ReportPage.Delivery(
        ReportBuilder.nameOf(delivery.preset()), delivery.preset(), links);
  }

  private static void addLink(
      DeliveryFolder delivery, List<ReportPage.Link> links, String name, String file) {
    if (delivery.has(file)) {
      links.add(new ReportPage.Link(name, Wording.link(delivery.preset(), file)));
    }
  }

  // --- What is seen ---

  private List<ReportPage.Frame> frames(int width, int height) throws IOException {
    JsonNode shots = first.storyboard().path("shots");
    long count = first.metadata().path("frames").asLong(0);
    String sha256 = first.metadata().path("sha256").asText("");
    if (shots.isEmpty() || count <= 0 || width <= 0 || height <= 0 || !isHash(sha256)) {
      return List.of();
    }
    NavigableSet<Long> keyFrames = KeyFrames.of(first.file(DeliveryFolder.VIDEO));
    int step = (shots.size() + MOST_FRAMES - 1) / MOST_FRAMES;
    Map<Integer, Long> frameOfShot = new LinkedHashMap<>();
    for (int i = 0; i < shots.size(); i += step) {
      long from = frameAt(shots.get(i).path("start_us").asLong(), count);
      long to =
          i + 1 < shots.size() ? frameAt(shots.get(i + 1).path("start_us").asLong(), count) : count;
      frameOfShot.put(
          i, Math.min(count - 1, KeyFrames.representative(keyFrames, from, Math.max(from, to))));
    }
    if (!capture(sha256, frameOfShot)) {
      return List.of();
    }
    List<ReportPage.Frame> frames = new ArrayList<>();
    frameOfShot.forEach(
        (shot, frame) -> frames.add(frame(shots.get(shot), shot, frame, count, width, height)));
    return frames;
  }

  private boolean capture(String sha256, Map<Integer, Long> frameOfShot) throws IOException {
    Path folder = Files.createDirectories(recordFolder.resolve(RecordReport.PICTURES));
    try {
      FrameStrip.capture(first.file(DeliveryFolder.VIDEO), sha256, frameOfShot.values(), folder);
    } catch (StageException e) {
      notes.add("The frames could not be read from the video: " + e.describe());
      return false;
    }
    frameOfShot.values().forEach(frame -> pictures.add(FrameStrip.nameOf(sha256, frame)));
    return true;
  }

  private ReportPage.Frame frame(
      JsonNode shot, int index, long frame, long count, int width, int height) {
    String name = FrameStrip.nameOf(first.metadata().path("sha256").asText(), frame);
    long timeUs = count == 0 ? 0 : frame * durationUs / count;
    String kind = Wording.plain(shot.path("kind").asText(""));
    String shows = shot.path("picture").path("description").asText("");
    String text = shot.path("text").asText("");
    boolean picture = kind.equals("picture");
    return new ReportPage.Frame(
        String.valueOf(index + 1),
        Wording.clock(timeUs),
        Wording.seconds(timeUs),
        Wording.link(RecordReport.PICTURES, name),
        FrameStrip.widthFor(width, height),
        FrameStrip.heightFor(width, height),
        picture ? shows : text,
        kind,
        shot.path("reason").asText(""),
        picture ? "" : (text + " " + shot.path("detail").asText("")).strip());
  }

  private long frameAt(long timeUs, long count) {
    return durationUs == 0 ? 0 : Math.max(0, Math.min(count, timeUs * count / durationUs));
  }

  private String frameNote(int shown) {
    int shots = first.storyboard().path("shots").size();
    if (shown == 0 || shown == shots) {
      return Wording.count(shots, "shot");
    }
    return shown + " of " + shots + " shots";
  }

  private static boolean isHash(String text) {
    return text.length() == 64 && text.chars().allMatch(c -> Character.digit(c, 16) >= 0);
  }

  private List<ReportPage.Thumbnail> thumbnails() throws IOException {
    List<ReportPage.Thumbnail> thumbnails = new ArrayList<>();
    for (Path file : first.files()) {
      String name = file.getFileName().toString();
      if (name.startsWith("thumbnail") && name.endsWith(".jpg")) {
        int[] size = sizeOf(file);
        thumbnails.add(
            new ReportPage.Thumbnail(
                link(name),
                size[0] > size[1] ? "wide" : "tall",
                name,
                size[0] + "×" + size[1] + ", " + Wording.size(Files.size(file))));
      }
    }
    return thumbnails;
  }

  private static int[] sizeOf(Path picture) throws IOException {
    try (ImageInputStream in = ImageIO.createImageInputStream(picture.toFile())) {
      Iterator<ImageReader> readers = ImageIO.getImageReaders(in);
      if (!readers.hasNext()) {
        return new int[] {0, 0};
      }
      ImageReader reader = readers.next();
      try {
        reader.setInput(in, true, true);
        return new int[] {reader.getWidth(0), reader.getHeight(0)};
      } finally {
        reader.dispose();
      }
    }
  }

  // --- What is heard ---

  private ReportPage.Sound sound(List<Part> parts) {
    ReportPage.Sound none = new ReportPage.Sound(false, "", "", "", "", "", List.of());
    if (!first.has(DeliveryFolder.NARRATION) || durationUs <= 0) {
      return none;
    }
    int[] peaks;
    try {
      peaks = Waveform.peaks(first.file(DeliveryFolder.NARRATION), durationUs);
    } catch (IOException e) {
      notes.add("The waveform could not be drawn: " + e.getMessage());
      return none;
    }
    StringBuilder wordTicks = new StringBuilder();
    StringBuilder sentenceTicks = new StringBuilder();
    for (JsonNode sentence : first.words().path("sentences")) {
      sentenceTicks.append(tick(sentence.path("start_us").asLong(), 0, 2 * Waveform.HALF));
      for (JsonNode word : sentence.path("words")) {
        wordTicks.append(
            tick(word.path("start_us").asLong(), 2 * Waveform.HALF - 8, 2 * Waveform.HALF));
      }
    }
    List<ReportPage.Band> bands = new ArrayList<>();
    for (int i = 0; i < sections.size(); i++) {
      Span span = sections.get(i);
      bands.add(
          new ReportPage.Band(
              i < parts.size() ? parts.get(i).role() : "",
              Wording.percent(span.startUs(), durationUs),
              Wording.percent(span.endUs() - span.startUs(), durationUs),
              Wording.seconds(span.startUs())));
    }
    return new ReportPage.Sound(
        true,
        Waveform.path(peaks),
        wordTicks.toString(),
        sentenceTicks.toString(),
        Wording.clock(durationUs),
        Wording.seconds(durationUs),
        bands);
  }

  private String tick(long timeUs, int from, int to) {
    long x = Waveform.COLUMNS * Math.max(0, Math.min(timeUs, durationUs)) / durationUs;
    return "M" + x + " " + from + "V" + to;
  }

  private List<Part> parts() {
    JsonNode script = first.script();
    List<Part> parts = new ArrayList<>();
    addPart(parts, "Hook", "hook", script);
    addPart(parts, "Intro", "intro", script);
    int number = 0;
    for (JsonNode point : script.path("points")) {
      number++;
      parts.add(new Part("Point " + number, point, point.path("text").asText("")));
    }
    addPart(parts, "Call to action", "cta", script);
    return parts;
  }

  private static void addPart(List<Part> parts, String role, String field, JsonNode script) {
    String text = script.path(field).asText("");
    if (!text.isBlank()) {
      parts.add(new Part(role, script.path("none"), text));
    }
  }

  private List<ReportPage.Section> script(List<Part> parts) {
    boolean timed = parts.size() == sections.size();
    List<ReportPage.Section> result = new ArrayList<>();
    for (int i = 0; i < parts.size(); i++) {
      Part part = parts.get(i);
      Span span = timed ? sections.get(i) : new Span(-1, -1);
      result.add(
          new ReportPage.Section(
              part.role(),
              part.point().path("heading").asText(""),
              timed ? Wording.clock(span.startUs()) : "",
              timed ? Wording.seconds(span.startUs()) : "",
              timed ? Wording.length(span.endUs() - span.startUs()) : "",
              part.text(),
              part.point().path("text_overlay").asText(""),
              part.point().path("visual_cue").asText("")));
    }
    return result;
  }

  private String words() {
    long words = first.script().path("word_count").asLong(0);
    return words == 0 ? "" : Wording.count(words, "word");
  }

  private List<ReportPage.Cue> cues() {
    return first.cues().stream()
        .map(
            cue ->
                new ReportPage.Cue(
                    Wording.clock(cue.startMs() * 1000),
                    Wording.clock(cue.endMs() * 1000),
                    Wording.seconds(cue.startMs() * 1000),
                    Wording.seconds(cue.endMs() * 1000),
                    String.join("\n", cue.lines())))
        .toList();
  }

  private List<ReportPage.Chapter> chapters() {
    List<ReportPage.Chapter> chapters = new ArrayList<>();
    for (JsonNode marker : first.script().path("chapter_markers")) {
      long timeUs = 1000 * marker.path("time_ms").asLong();
      chapters.add(
          new ReportPage.Chapter(
              Wording.minutes(timeUs), Wording.seconds(timeUs), marker.path("title").asText("")));
    }
    return chapters;
  }

  // --- What was measured, written and spent ---

  private List<ReportPage.Check> checks() {
    List<ReportPage.Check> checks = new ArrayList<>();
    for (JsonNode result : first.checks().path("results")) {
      checks.add(
          new ReportPage.Check(
              result.path("name").asText(""),
              result.path("expected").asText(""),
              result.path("measured").asText(""),
              result.path("passed").asBoolean(false)));
    }
    return checks;
  }

  private List<ReportPage.StoredFile> files() throws IOException {
    List<ReportPage.StoredFile> files = new ArrayList<>();
    for (Path file : first.files()) {
      String name = file.getFileName().toString();
      String known = first.metadata().path("sha256").asText("");
      boolean video = name.equals(DeliveryFolder.VIDEO) && isHash(known);
      files.add(
          new ReportPage.StoredFile(
              name, link(name), Wording.size(Files.size(file)), video ? known : sha256(file)));
    }
    return files;
  }

  private static String sha256(Path file) throws IOException {
    MessageDigest digest;
    try {
      digest = MessageDigest.getInstance("SHA-256");
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("every JDK has SHA-256", e);
    }
    try (InputStream in = new DigestInputStream(Files.newInputStream(file), digest)) {
      byte[] block = new byte[1 << 16];
      while (in.read(block) >= 0) {}
    }
    return HexFormat.of().formatHex(digest.digest());
  }

  private void addNotes() {
    JsonNode disclosure = first.metadata().path("disclosure");
    if (disclosure.path("synthetic_voice").asBoolean(false)) {
      notes.add("The voice is synthetic: platforms ask for this to be disclosed.");
    }
    if (disclosure.path("ai_generated_visuals").asBoolean(false)) {
      notes.add("Pictures were generated: platforms ask for this to be disclosed.");
    }
    if (disclosure.path("paid_promotion").asBoolean(false)) {
      notes.add("This is a paid promotion: platforms ask for this to be disclosed.");
    }
    for (JsonNode note : first.metadata().path("notes")) {
      notes.add(note.asText());
    }
    int rounds = first.words().path("rounds").asInt(0);
    if (rounds > 0) {
      notes.add(
          "The script was written by “"
              + first.script().path("writer").asText("?")
              + "” and reached its length in "
              + Wording.count(rounds, "round")
              + ".");
    }
    if (first.words().path("times_from").asText("").equalsIgnoreCase("estimate")) {
      notes.add("When each word sounds is an estimate: the captions may be early or late.");
    }
    for (JsonNode still : first.checks().path("report").path("video").path("frozen")) {
      notes.add(
          "The picture stands still from "
              + Wording.clock(still.path("start_us").asLong())
              + " to "
              + Wording.clock(still.path("end_us").asLong())
              + ", within what is allowed.");
    }
    Set<String> revisions = new LinkedHashSet<>();
    deliveries.forEach(delivery -> revisions.add(delivery.metadata().path("revision").asText("")));
    if (revisions.size() > 1) {
      notes.add("The deliveries are of several revisions: " + String.join(", ", revisions) + ".");
    }
  }
}
