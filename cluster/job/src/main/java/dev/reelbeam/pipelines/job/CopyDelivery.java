package dev.reelbeam.pipelines.job;

import dev.reelbeam.connectors.DeliveryIO;
import dev.reelbeam.connectors.TargetException;
import dev.reelbeam.model.content.Delivery;
import dev.reelbeam.model.failure.StageException;
import dev.reelbeam.model.port.ObjectStore;
import dev.reelbeam.model.port.PortFactory;
import dev.reelbeam.model.port.ProjectLedger;
import dev.reelbeam.model.project.DeliveryOutcome;
import dev.reelbeam.stages.step.Step;
import java.nio.file.Path;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * Lays a delivery's files into a folder; a step, because a task would wait for large ones.
 *
 * <p>All revisions of a record have the same folder. One delivery at a time is laid into it, and
 * only one that the ledger holds as the delivered one: the newest lies there in the end, and whole.
 * A folder that does not take the files is that delivery's failure alone: its video is in the
 * store.
 */
final class CopyDelivery implements Step<Delivery, Delivery> {
  private static final long serialVersionUID = 1L;

  /** Copies are made by one process: whoever writes into a folder holds its lock. */
  private static final Object[] FOLDERS = new Object[64];

  static {
    for (int i = 0; i < FOLDERS.length; i++) {
      FOLDERS[i] = new Object();
    }
  }

  private final String folder;
  private final PortFactory<ObjectStore> stores;
  private final PortFactory<ProjectLedger> projects;
  private transient @Nullable ObjectStore store;
  private transient @Nullable ProjectLedger ledger;

  CopyDelivery(Path folder, PortFactory<ObjectStore> stores, PortFactory<ProjectLedger> projects) {
    this.folder = folder.toAbsolutePath().normalize().toString();
    this.stores = stores;
    this.projects = projects;
  }

  @Override
  public void open() {
    store = stores.open();
    ledger = projects.open();
  }

  @Override
  public void close() {
    if (store != null) {
      store.close();
    }
    if (ledger != null) {
      ledger.close();
    }
  }

  @Override
  public Delivery apply(Delivery delivery) throws StageException {
    Path root = Path.of(folder);
    int lock = DeliveryIO.folderOf(root, delivery).hashCode();
    synchronized (FOLDERS[Math.floorMod(lock, FOLDERS.length)]) {
      // Asked under the lock: a newer one is in the ledger before anybody lays it down.
      if (isOver(delivery)) {
        return delivery;
      }
      try {
        DeliveryIO.writeFiles(root, delivery, Objects.requireNonNull(store, "open() first"));
      } catch (TargetException e) {
        throw new StageException(
            e.code(),
            "%s (the video is in the store; `reelbeam review %s retry` copies it once more)"
                .formatted(e.getMessage(), delivery.key().recordId()),
            e);
      }
    }
    return delivery;
  }

  /**
   * Whether this video is not, or no more, the delivered one of its preset: another was delivered
   * since, a person has rejected it, or the ledger never took it because its epoch was over by
   * then. An epoch that ended without a video, as after a cancel, leaves this one the delivered
   * one, and its folder is to hold it.
   */
  private boolean isOver(Delivery delivery) {
    if (delivery.epoch() == 0) {
      return false; // Of a run without a ledger.
    }
    List<DeliveryOutcome> outcomes =
        Objects.requireNonNull(ledger, "open() first").outcomes(delivery.key().recordId()).stream()
            .filter(outcome -> outcome.preset().equals(delivery.preset()))
            .toList();
    return outcomes.stream().noneMatch(outcome -> holds(outcome, delivery))
        || outcomes.stream().anyMatch(outcome -> isAfter(outcome, delivery));
  }

  private static boolean holds(DeliveryOutcome outcome, Delivery delivery) {
    Delivery held = outcome.delivery();
    return held != null && outcome.key().equals(delivery.key()) && held.epoch() == delivery.epoch();
  }

  private static boolean isAfter(DeliveryOutcome outcome, Delivery delivery) {
    Delivery other = outcome.delivery();
    return other != null
        && outcome.key().revision() >= delivery.key().revision()
        && other.epoch() > delivery.epoch();
  }
}
