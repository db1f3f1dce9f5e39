package dev.reelbeam.pipelines;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.reelbeam.clients.asset.FolderAssetReader;
import dev.reelbeam.clients.config.KafkaSettings.Topic;
import dev.reelbeam.clients.store.S3Assets;
import dev.reelbeam.clients.topic.TopicWriter;
import dev.reelbeam.model.content.ContentImage;
import dev.reelbeam.model.content.ContentRecord;
import dev.reelbeam.model.content.RawRecord;
import dev.reelbeam.model.failure.FailureCode;
import dev.reelbeam.model.failure.StageException;
import dev.reelbeam.model.json.RecordJson;
import dev.reelbeam.pipelines.wiring.WorldSettings;
import dev.reelbeam.stages.flow.RecordOverrides;
import dev.reelbeam.stages.ingest.ParseContentRecord;
import java.nio.charset.StandardCharsets;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Sends records into a running job.
 *
 * <p>Pictures beside a record go into the bucket first, where every worker finds them; the record
 * then names that folder as its base.
 */
final class Submission implements AutoCloseable {
  private static final long MOST_PICTURE_BYTES = 50_000_000;

  private final WorldSettings settings;
  private final S3Assets assets;
  private final TopicWriter writer;

  private Submission(WorldSettings settings, S3Assets assets, TopicWriter writer) {
    this.settings = settings;
    this.assets = assets;
    this.writer = writer;
  }

  static Submission open(WorldSettings settings) {
    return new Submission(
        settings, S3Assets.open(settings.s3()), TopicWriter.open(settings.kafka()));
  }

  /** The record of these raw bytes, checked as the job will check it. */
  static ContentRecord checked(RawRecord raw) throws StageException {
    return ParseContentRecord.parse(raw, RecordOverrides.NONE);
  }

  /**
   * Sends a record; it is there after {@link #flush}.
   *
   * @param presets instead of those of the record; empty: the record's own
   * @param priority instead of that of the record; null: the record's own
   */
  void send(
      Topic topic,
      RawRecord raw,
      ContentRecord record,
      List<String> presets,
      @Nullable String priority)
      throws StageException {
    ObjectNode json;
    try {
      json = (ObjectNode) RecordJson.readTree(raw.json());
    } catch (JsonProcessingException e) {
      throw new StageException(FailureCode.RECORD_INVALID, raw.position() + " is not JSON", e);
    }
    ObjectNode project =
        json.get("project") instanceof ObjectNode known ? known : json.putObject("project");
    // Somebody asks for this one by hand.
    if (!project.has("video_enabled")) {
      project.put("video_enabled", true);
    }
    if (!presets.isEmpty()) {
      presets.forEach(project.putArray("target_platforms")::add);
    }
    if (priority != null) {
      project.put("priority", priority);
    }
    if (raw.baseUri().startsWith("file:")) {
      json.put("base_uri", upload(raw, record));
    } else if (raw.baseUri().startsWith("s3:")) {
      json.put("base_uri", raw.baseUri());
    }
    writer.send(topic, record.key().recordId(), json.toString().getBytes(StandardCharsets.UTF_8));
  }

  private String upload(RawRecord raw, ContentRecord record) throws StageException {
    // By id and revision: what an earlier revision shows stays what it was.
    String base =
        S3Assets.base(settings.s3())
            + RecordJson.sha256(List.of(record.key().recordId(), record.key().revision()))
                .substring(0, 24)
            + "/";
    FolderAssetReader folder = new FolderAssetReader();
    for (ContentImage image : record.images()) {
      byte[] bytes;
      try {
        bytes = folder.read(raw.baseUri(), image.url(), MOST_PICTURE_BYTES);
      } catch (StageException e) {
        continue; // The job leaves it out, too, and says why.
      }
      assets.upload(base, image.url(), bytes);
    }
    return base;
  }

  /** Waits until everything sent is there. */
  void flush() {
    writer.flush();
  }

  @Override
  public void close() {
    writer.close();
    assets.close();
  }
}
