package dev.reelbeam.pipelines;

import dev.reelbeam.clients.config.KafkaSettings.Topic;
import dev.reelbeam.clients.ledger.PostgresProjectLedger;
import dev.reelbeam.clients.store.FileObjectStore;
import dev.reelbeam.clients.store.S3ObjectStore;
import dev.reelbeam.clients.topic.TopicWriter;
import dev.reelbeam.model.json.RecordJson;
import dev.reelbeam.model.port.ObjectStore;
import dev.reelbeam.model.port.ProjectLedger;
import dev.reelbeam.model.project.AuditEntry;
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
import java.util.function.Consumer;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * Where decisions and edits go: a running job hears of them, and on one machine, where none runs,
 * they are carried out at once.
 */
abstract class ReviewDesk implements AutoCloseable {
  /** A job that runs has heard of an event after a second. */
  private static final Duration PATIENCE = Duration.ofSeconds(5);

  private final ProjectLedger ledger;
  private @Nullable ObjectStore store;

  private ReviewDesk(ProjectLedger ledger) {
    this.ledger = ledger;
  }

  /**
   * What came of an event.
   *
   * @param done whether anything did, as far as is known
   * @param why if nothing did, or if that is not known yet
   */
  record Sent(boolean done, @Nullable String why) {
    static final Sent DONE = new Sent(true, null);
  }

  /** The running job of these settings. */
  static ReviewDesk ofJob(WorldSettings settings) {
    return new OfJob(
        PostgresProjectLedger.open(settings.postgres()),
        () -> S3ObjectStore.open(settings.s3()),
        event -> {
          try (TopicWriter writer = TopicWriter.open(settings.kafka())) {
            writer.send(Topic.CONTROL, event.project(), RecordJson.canonicalBytes(event));
            writer.flush();
          }
        },
        PATIENCE);
  }

  /**
   * A job that is told in another way.
   *
   * @param patience how long its answer in the audit log is waited for
   */
  static ReviewDesk ofJob(
      ProjectLedger ledger, ObjectStore store, Consumer<ControlEvent> told, Duration patience) {
    return new OfJob(ledger, () -> store, told, patience);
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

  /** Tells of an event and of what came of it. */
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

    private static final long PAUSE_MS = 100;

    private final Supplier<ObjectStore> stores;
    private final Consumer<ControlEvent> told;
    private final Duration patience;

    OfJob(
        ProjectLedger ledger,
        Supplier<ObjectStore> stores,
        Consumer<ControlEvent> told,
        Duration patience) {
      super(ledger);
      this.stores = stores;
      this.told = told;
      this.patience = patience;
    }

    @Override
    ObjectStore openStore() {
      return stores.get();
    }

    @Override
    Sent send(ControlEvent event) {
      told.accept(event);
      long endNs = System.nanoTime() + patience.toNanos();
      while (true) {
        for (AuditEntry line : ledger().audited(event.project(), event.eventId())) {
          switch (line.decision()) {
            case "applied", "approved", "rejected", "recorded" -> {
              return Sent.DONE;
            }
            case "early", "past" -> {
              // Somebody else may still know what to do with it.
            }
            default -> {
              return new Sent(false, line.decision() + ": " + line.reason());
            }
          }
        }
        if (System.nanoTime() >= endNs) {
          String where = "`reelbeam review " + event.project() + " history` tells what came of it";
          return new Sent(true, "sent; the job has not answered yet: " + where);
        }
        try {
          Thread.sleep(PAUSE_MS);
        } catch (InterruptedException e) {
          Thread.currentThread().interrupt();
          return new Sent(true, "sent; nobody waited for an answer");
        }
      }
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
                ? new Sent(false, "somebody has decided it since")
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
