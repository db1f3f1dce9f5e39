package dev.reelbeam.pipelines;

import dev.reelbeam.clients.config.KafkaSettings.Topic;
import dev.reelbeam.clients.ledger.PostgresProjectLedger;
import dev.reelbeam.clients.store.FileObjectStore;
import dev.reelbeam.clients.store.S3ObjectStore;
import dev.reelbeam.clients.topic.TopicWriter;
import dev.reelbeam.model.json.RecordJson;
import dev.reelbeam.model.port.ObjectStore;
import dev.reelbeam.model.port.ProjectLedger;
import dev.reelbeam.model.project.ControlEvent;
import dev.reelbeam.model.project.WaitingArtifact;
import dev.reelbeam.model.store.MediaRef;
import dev.reelbeam.pipelines.watch.Amounts;
import dev.reelbeam.pipelines.wiring.LocalProviders;
import dev.reelbeam.pipelines.wiring.WorldSettings;
import dev.reelbeam.stages.project.ControlDesk;
import dev.reelbeam.stages.review.Audits;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/**
 * Where decisions and edits go: a running job hears of them, and on one machine, where none runs,
 * they are carried out at once.
 */
abstract class ReviewDesk implements AutoCloseable {
  private final ProjectLedger ledger;
  private @Nullable ObjectStore store;

  private ReviewDesk(ProjectLedger ledger) {
    this.ledger = ledger;
  }

  /**
   * What came of an event.
   *
   * @param done whether anything did
   * @param why if nothing did
   */
  record Sent(boolean done, @Nullable String why) {
    static final Sent DONE = new Sent(true, null);
  }

  /** The running job of these settings. */
  static ReviewDesk ofJob(WorldSettings settings) {
    return new OfJob(settings);
  }

  /** What runs on this machine keep in a folder. */
  static ReviewDesk ofFolder(Path folder) {
    return new OfFolder(folder);
  }

  final ProjectLedger ledger() {
    return ledger;
  }

  /** Opened when it is needed. */
  final ObjectStore store() {
    ObjectStore opened = store == null ? openStore() : store;
    store = opened;
    return opened;
  }

  abstract ObjectStore openStore();

  /** Tells of an event; the job may still find that it comes too late. */
  abstract Sent send(ControlEvent event);

  /** Where a person looks at what waits. */
  abstract String place(WaitingArtifact waiting, String name, MediaRef ref);

  @Override
  public void close() {
    if (store != null) {
      store.close();
    }
    ledger.close();
  }

  private static final class OfJob extends ReviewDesk {
    private static final Duration ADDRESS_LASTS = Duration.ofHours(12);

    private final WorldSettings settings;

    OfJob(WorldSettings settings) {
      super(PostgresProjectLedger.open(settings.postgres()));
      this.settings = settings;
    }

    @Override
    ObjectStore openStore() {
      return S3ObjectStore.open(settings.s3());
    }

    @Override
    Sent send(ControlEvent event) {
      try (TopicWriter writer = TopicWriter.open(settings.kafka())) {
        writer.send(Topic.CONTROL, event.project(), RecordJson.canonicalBytes(event));
        writer.flush();
      }
      return Sent.DONE;
    }

    @Override
    String place(WaitingArtifact waiting, String name, MediaRef ref) {
      String address =
          store() instanceof S3ObjectStore bucket
              ? bucket.signed(ref, ADDRESS_LASTS).map(Object::toString).orElse("")
              : "";
      return name + "  " + Amounts.bytes(ref.sizeBytes()) + "  " + address;
    }
  }

  private static final class OfFolder extends ReviewDesk {
    private final Path folder;

    OfFolder(Path folder) {
      super(LocalProviders.projects(folder).open());
      this.folder = folder;
    }

    @Override
    ObjectStore openStore() {
      return new FileObjectStore(folder);
    }

    @Override
    Sent send(ControlEvent event) {
      ControlDesk.Outcome outcome = new ControlDesk(ledger(), store()).carryOut(event);
      return switch (outcome.effect()) {
        case DONE ->
            outcome.decision().equals("overruled")
                ? new Sent(false, "somebody has approved it before")
                : Sent.DONE;
        case NOTHING -> new Sent(false, outcome.decision() + ": " + outcome.reason());
        case ELSEWHERE -> {
          // There is no gate that holds anything: it was decided, or edited, a moment ago.
          String why = "artifact " + event.artifact() + " waits no longer";
          ledger().audit(Audits.of(event, "project", "stale", event.epoch(), why));
          yield new Sent(false, "stale: " + why);
        }
      };
    }

    /** A file that players and browsers know by its name; stored ones are named by their hash. */
    @Override
    String place(WaitingArtifact waiting, String name, MediaRef ref) {
      Path stored = store().localFile(ref);
      Path file =
          folder
              .resolve("review")
              .resolve(waiting.gate().label() + "-" + waiting.artifact().substring(0, 12))
              .resolve(name);
      try {
        Files.createDirectories(file.getParent());
        if (!Files.exists(file)) {
          Files.copy(stored, file);
        }
        return file.toString();
      } catch (IOException e) {
        return stored.toString();
      }
    }
  }
}
