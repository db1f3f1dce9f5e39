package dev.reelbeam.pipelines.report;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.MissingNode;
import dev.reelbeam.media.caption.SubtitleCue;
import dev.reelbeam.media.caption.SubtitleFiles;
import dev.reelbeam.media.caption.SubtitleFormatException;
import dev.reelbeam.model.json.RecordJson;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;

/**
 * The files of one delivery. A document that is not there, too large or not JSON is empty: the page
 * then shows what there is.
 *
 * @param preset name of the folder
 * @param files the files in it, by name
 */
record DeliveryFolder(
    Path path,
    String preset,
    List<Path> files,
    JsonNode metadata,
    JsonNode videoObject,
    JsonNode script,
    JsonNode words,
    JsonNode storyboard,
    JsonNode checks,
    List<SubtitleCue> cues) {
  static final String VIDEO = "video.mp4";
  static final String NARRATION = "narration.wav";
  static final String CAPTIONS = "captions.vtt";
  static final String THUMBNAIL = "thumbnail.jpg";

  /** A 15-minute video has documents of about 1 MB. */
  private static final long LARGEST_DOCUMENT = 32_000_000;

  static DeliveryFolder read(Path folder) throws IOException {
    return new DeliveryFolder(
        folder,
        folder.getFileName().toString(),
        filesOf(folder),
        json(folder, "metadata.json"),
        json(folder, "videoobject.jsonld"),
        json(folder, "script.json"),
        json(folder, "words.json"),
        json(folder, "storyboard.json"),
        json(folder, "checks.json"),
        cues(folder));
  }

  /** Whether a folder holds a delivery, whole or ended early. */
  static boolean isDelivery(Path folder) {
    return Files.isDirectory(folder, LinkOption.NOFOLLOW_LINKS)
        && Files.isRegularFile(folder.resolve("script.json"));
  }

  /** The files of a delivery, sorted by name; hidden ones are drafts. */
  static List<Path> filesOf(Path folder) throws IOException {
    try (Stream<Path> files = Files.list(folder)) {
      return files
          .filter(Files::isRegularFile)
          .filter(file -> !file.getFileName().toString().startsWith("."))
          .sorted()
          .toList();
    }
  }

  boolean has(String name) {
    return files.stream().anyMatch(file -> file.getFileName().toString().equals(name));
  }

  Path file(String name) {
    return path.resolve(name);
  }

  /** What deliveries of one variant have in common: the bitstream, or else the narration. */
  String variantKey() {
    String sha256 = metadata.path("sha256").asText("");
    if (!sha256.isEmpty()) {
      return sha256;
    }
    return RecordJson.sha256(
        List.of(
            words.path("sentences").toString(),
            script.path("script_text").asText(""),
            storyboard.path("shots").toString()));
  }

  private static JsonNode json(Path folder, String name) throws IOException {
    String text = text(folder.resolve(name));
    if (text.isEmpty()) {
      return MissingNode.getInstance();
    }
    try {
      return RecordJson.readTree(text);
    } catch (JsonProcessingException e) {
      return MissingNode.getInstance(); // The page names the file; its content is not shown.
    }
  }

  private static List<SubtitleCue> cues(Path folder) throws IOException {
    String text = text(folder.resolve(CAPTIONS));
    if (text.isEmpty()) {
      return List.of();
    }
    try {
      return SubtitleFiles.parseVtt(text);
    } catch (SubtitleFormatException e) {
      return List.of();
    }
  }

  private static String text(Path file) throws IOException {
    if (!Files.isRegularFile(file) || Files.size(file) > LARGEST_DOCUMENT) {
      return "";
    }
    return new String(Files.readAllBytes(file), StandardCharsets.UTF_8);
  }
}
