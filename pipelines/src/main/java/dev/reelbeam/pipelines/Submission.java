package dev.reelbeam.pipelines;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.reelbeam.clients.asset.FolderAssetReader;
import dev.reelbeam.clients.config.KafkaSettings.Topic;
import dev.reelbeam.clients.store.S3Assets;
import dev.reelbeam.clients.topic.TopicWriter;
import dev.reelbeam.connectors.ContentRecordIO;
import dev.reelbeam.media.footage.ClipIntake;
import dev.reelbeam.model.content.ContentImage;
import dev.reelbeam.model.content.ContentKind;
import dev.reelbeam.model.content.ContentRecord;
import dev.reelbeam.model.content.RawRecord;
import dev.reelbeam.model.failure.FailureCode;
import dev.reelbeam.model.failure.StageException;
import dev.reelbeam.model.json.RecordJson;
import dev.reelbeam.model.port.ProjectLedger;
import dev.reelbeam.model.project.ProjectEntry;
import dev.reelbeam.model.project.ProjectRow;
import dev.reelbeam.pipelines.wiring.WorldSettings;
import dev.reelbeam.stages.flow.RecordOverrides;
import dev.reelbeam.stages.ingest.ParseContentRecord;
import dev.reelbeam.stages.visuals.PlanVisuals;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import java.util.function.BiConsumer;
import org.jspecify.annotations.Nullable;

/**
 * Sends records into a running job.
 *
 * <p>Pictures beside a record go into the bucket first, where every worker finds them; the record
 * then names that folder as its base. What the job would refuse is refused here, before anything is
 * sent.
 */
final class Submission implements AutoCloseable {
  private static final long MOST_PICTURE_BYTES = 50_000_000;

  private final WorldSettings settings;
  private final S3Assets assets;
  private final TopicWriter writer;
  private final BiConsumer<String, StageException> leftOut;

  private Submission(
      WorldSettings settings,
      S3Assets assets,
      TopicWriter writer,
      BiConsumer<String, StageException> leftOut) {
    this.settings = settings;
    this.assets = assets;
    this.writer = writer;
    this.leftOut = leftOut;
  }

  /**
   * Opens the way into the job.
   *
   * @param leftOut hears of pictures that cannot be taken along, by their place in the record
   */
  static Submission open(WorldSettings settings, BiConsumer<String, StageException> leftOut) {
    return new Submission(
        settings, S3Assets.open(settings.s3()), TopicWriter.open(settings.kafka()), leftOut);
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
   * @throws StageException {@code MESSAGE_TOO_LARGE}; what of a record's only clip cannot be read
   */
  void send(
      Topic topic,
      RawRecord raw,
      ContentRecord record,
      List<String> presets,
      @Nullable String priority)
      throws StageException {
    byte[] message = message(raw, base(raw, record), presets, priority);
    if (raw.baseUri().startsWith("file:")) {
      upload(raw, record);
    }
    writer.send(topic, record.key().recordId(), message);
  }

  /**
   * Refuses a record that the ledger knows in this revision with other content: the job would set
   * it aside.
   *
   * @throws StageException {@code REVISION_CONFLICT}
   */
  void checkRevision(
      ProjectLedger ledger,
      RawRecord raw,
      ContentRecord record,
      List<String> presets,
      @Nullable String priority)
      throws StageException {
    ProjectRow row = ledger.find(record.key().recordId()).orElse(null);
    if (row == null) {
      return;
    }
    String base = base(raw, record);
    RawRecord sent =
        new RawRecord(
            raw.position(),
            base == null ? S3Assets.base(settings.s3()) : base,
            new String(message(raw, null, presets, priority), StandardCharsets.UTF_8));
    String refusal = conflict(row.entry(), checked(sent));
    if (refusal != null) {
      throw new StageException(FailureCode.REVISION_CONFLICT, refusal);
    }
    checkPictures(row.entry(), raw, record);
  }

  /**
   * Refuses a record that is known in this revision with other bytes of a picture: a retry of what
   * is known would show them.
   *
   * @throws StageException {@code REVISION_CONFLICT}
   */
  void checkPictures(ProjectEntry known, RawRecord raw, ContentRecord record)
      throws StageException {
    if (raw.baseUri().startsWith("file:")) {
      String base = String.valueOf(base(raw, record));
      checkPictures(
          known,
          record,
          image -> file(raw, image),
          (image, file) -> assets.holdsOther(base, image.url(), file));
    }
  }

  /** The file of a picture. */
  @FunctionalInterface
  interface Files {
    Path of(ContentImage image) throws StageException;
  }

  /** Whether another file than this one was sent for a picture. */
  @FunctionalInterface
  interface Others {
    boolean lieThere(ContentImage image, Path file) throws StageException;
  }

  static void checkPictures(ProjectEntry known, ContentRecord record, Files files, Others others)
      throws StageException {
    if (known.key().revision() != record.key().revision()) {
      return;
    }
    for (ContentImage image : record.images()) {
      Path file;
      try {
        file = files.of(image);
      } catch (StageException e) {
        continue; // Nothing is sent in its place; where it is looked for, it is told.
      }
      if (others.lieThere(image, file)) {
        throw new StageException(
            FailureCode.REVISION_CONFLICT,
            "revision "
                + known.key().revision()
                + " of it is known with another '"
                + image.url()
                + "'; --new-revision makes it the next");
      }
    }
  }

  /** Why a record does not become the project's next revision, null if it does or is the same. */
  static @Nullable String conflict(ProjectEntry known, ContentRecord sent) {
    int revision = known.key().revision();
    if (sent.key().revision() > revision) {
      return null;
    }
    if (sent.key().revision() < revision) {
      return "revision " + revision + " of it is known already; --new-revision makes it the next";
    }
    String content = RecordJson.sha256(RecordJson.canonicalBytes(sent));
    return content.equals(known.content().sha256())
        ? null
        : "revision "
            + revision
            + " of it is known with other content; --new-revision makes it the next";
  }

  /** What is sent: within the bounds of what the job reads. */
  static byte[] message(
      RawRecord raw, @Nullable String base, List<String> presets, @Nullable String priority)
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
    if (base != null) {
      json.put("base_uri", base);
    }
    byte[] message = json.toString().getBytes(StandardCharsets.UTF_8);
    if (message.length > ContentRecordIO.MOST_MESSAGE_BYTES) {
      throw new StageException(
          FailureCode.MESSAGE_TOO_LARGE,
          raw.position()
              + " has "
              + message.length
              + " bytes; "
              + ContentRecordIO.MOST_MESSAGE_BYTES
              + " are taken");
    }
    return message;
  }

  /** Where the pictures of a record are or will be, null where nobody has said. */
  private @Nullable String base(RawRecord raw, ContentRecord record) {
    if (raw.baseUri().startsWith("s3:")) {
      return raw.baseUri();
    }
    if (!raw.baseUri().startsWith("file:")) {
      return null;
    }
    // By id and revision: what an earlier revision shows stays what it was.
    return S3Assets.base(settings.s3())
        + RecordJson.sha256(List.of(record.key().recordId(), record.key().revision()))
            .substring(0, 24)
        + "/";
  }

  private void upload(RawRecord raw, ContentRecord record) throws StageException {
    String base = String.valueOf(base(raw, record));
    for (ContentImage image : record.images()) {
      Path file;
      try {
        file = file(raw, image);
      } catch (StageException e) {
        if (record.kind() == ContentKind.CLIP) {
          throw e; // There is nothing else to make a video of.
        }
        leftOut.accept(raw.position(), e);
        continue;
      }
      assets.upload(base, image.url(), file);
    }
  }

  private static Path file(RawRecord raw, ContentImage image) throws StageException {
    return new FolderAssetReader()
        .file(
            raw.baseUri(),
            image.url(),
            ClipIntake.namedAsClip(image.url()) ? PlanVisuals.MAX_CLIP_BYTES : MOST_PICTURE_BYTES);
  }

  /** The same record as another revision. */
  static RawRecord inRevision(RawRecord raw, int revision) throws StageException {
    try {
      ObjectNode json = (ObjectNode) RecordJson.readTree(raw.json());
      json.put("revision", revision);
      return new RawRecord(raw.position(), raw.baseUri(), json.toString());
    } catch (JsonProcessingException e) {
      throw new StageException(FailureCode.RECORD_INVALID, raw.position() + " is not JSON", e);
    }
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
