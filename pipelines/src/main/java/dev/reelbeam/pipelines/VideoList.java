package dev.reelbeam.pipelines;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import dev.reelbeam.model.content.TitleStyle;
import dev.reelbeam.model.engagement.EngagementSnapshot;
import dev.reelbeam.model.engagement.PublishedPost;
import dev.reelbeam.model.engagement.VideoFacts;
import dev.reelbeam.model.failure.FailureCode;
import dev.reelbeam.model.failure.StageException;
import dev.reelbeam.model.json.EngagementJson;
import dev.reelbeam.model.json.RecordJson;
import dev.reelbeam.stages.engagement.SnapshotChecks;
import java.io.BufferedReader;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;

/** Files of JSON lines about published videos and their counters. Empty lines are none. */
final class VideoList {
  private VideoList() {}

  /**
   * What a line says of a video.
   *
   * @param post what the poller has to know of it; null when the list does not say it
   * @param titleStyle form of its title; null when the list does not say it
   */
  record Video(VideoFacts facts, @Nullable PublishedPost post, @Nullable TitleStyle titleStyle) {}

  /** Takes what a line says. */
  @FunctionalInterface
  interface Taker<T> {
    void take(T said) throws StageException;
  }

  @FunctionalInterface
  private interface Reading<T> {
    /** Throws {@code IllegalArgumentException} when the line says something else. */
    T of(String line) throws StageException;
  }

  /**
   * Gives each video of a list.
   *
   * @throws StageException {@code RECORD_INVALID}, naming the line, {@code INPUT_UNREADABLE}
   */
  static void videos(Path file, Taker<Video> taker) throws StageException {
    lines(file, VideoList::video, taker);
  }

  /**
   * Gives each snapshot of a file.
   *
   * @throws StageException as {@link #videos}, and 42xx for one that no job would count
   */
  static void snapshots(Path file, Taker<EngagementSnapshot> taker) throws StageException {
    lines(
        file,
        line -> {
          EngagementSnapshot snapshot =
              EngagementJson.readSnapshot(line.getBytes(StandardCharsets.UTF_8));
          SnapshotChecks.check(snapshot, System.currentTimeMillis());
          return snapshot;
        },
        taker);
  }

  private static <T> void lines(Path file, Reading<T> reading, Taker<T> taker)
      throws StageException {
    try (BufferedReader lines = Files.newBufferedReader(file, StandardCharsets.UTF_8)) {
      int number = 0;
      for (String line = lines.readLine(); line != null; line = lines.readLine()) {
        number++;
        if (line.isBlank()) {
          continue;
        }
        T said;
        try {
          said = reading.of(line);
        } catch (IllegalArgumentException e) {
          throw new StageException(
              FailureCode.RECORD_INVALID, file + ":" + number + ": " + e.getMessage(), e);
        } catch (StageException e) {
          throw new StageException(e.code(), file + ":" + number + ": " + e.getMessage(), e);
        }
        taker.take(said);
      }
    } catch (IOException e) {
      throw new StageException(
          FailureCode.INPUT_UNREADABLE, "cannot read " + file + ": " + e.getMessage(), e);
    }
  }

  private static Video video(String json) {
    VideoFacts facts = EngagementJson.readFacts(json.getBytes(StandardCharsets.UTF_8));
    JsonNode line;
    try {
      line = RecordJson.readTree(json);
    } catch (JsonProcessingException e) {
      throw new IllegalArgumentException("no JSON: " + e.getOriginalMessage(), e);
    }
    String id = line.path("platform_video_id").asText("");
    String account = line.path("account").asText("");
    return new Video(
        facts,
        id.isBlank() || account.isBlank()
            ? null
            : new PublishedPost(
                facts.videoId(),
                facts.platform(),
                id,
                facts.siteId(),
                account,
                facts.publishedAtMs()),
        TitleStyle.of(line.path("title_style").asText("")).orElse(null));
  }
}
