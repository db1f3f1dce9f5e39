package dev.reelbeam.stages.flow;

import dev.reelbeam.model.content.RecordKey;
import dev.reelbeam.model.cost.Charge;
import dev.reelbeam.model.cost.CostItem;
import dev.reelbeam.model.port.StoreException;
import dev.reelbeam.model.port.Uninterrupted;
import dev.reelbeam.model.store.MediaRef;
import dev.reelbeam.model.store.StepKey;
import java.io.Serializable;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * What was billed for a record and no artifact of it carries: calls whose answer was lost or could
 * not be used, looks at pictures, pictures that fit no shot. In the store under the record, one
 * after the other, so that whoever delivers it tells them, also after attempts that failed and
 * after a restart.
 */
public final class LooseBills {
  private static final Logger log = LoggerFactory.getLogger(LooseBills.class);

  private final Artifacts artifacts;

  public LooseBills(Artifacts artifacts) {
    this.artifacts = artifacts;
  }

  /**
   * What is stored about a bill.
   *
   * @param id tells it from an equal one
   */
  record Bill(String id, CostItem item, List<Charge> charges) implements Serializable {}

  private static StepKey key(RecordKey record, int number) {
    return StepKey.of("loose-bill", 1, record, number);
  }

  /** Keeps a bill, also for a thread that is being interrupted; an empty one is none. */
  public void keep(RecordKey record, CostItem item, List<Charge> charges) {
    if (charges.isEmpty()) {
      return;
    }
    Uninterrupted.run(
        () -> {
          try {
            add(record, artifacts.putRecord(new Bill(UUID.randomUUID().toString(), item, charges)));
          } catch (StoreException e) {
            // The ledger has it, and the run tells it; whatever failed goes on failing its own way.
            log.error("{}: its files will not tell of the bill {}", record, charges, e);
          }
        });
  }

  /** Adds a bill to the record's; one that is there already stays the one that it is. */
  private void add(RecordKey record, MediaRef bill) {
    int number = 0;
    while (!artifacts.store().putIfAbsent(key(record, number), bill).equals(bill)) {
      number++;
    }
  }

  /**
   * Keeps a bill the first time. Whoever ends between its mark and its place among the record's
   * bills leaves the latter to who comes next.
   *
   * @param what it is of, among the things that the record bought
   */
  public void keepOnce(RecordKey record, CostItem item, String what, List<Charge> charges) {
    if (charges.isEmpty()) {
      return;
    }
    MediaRef mine = artifacts.putRecord(new Bill(UUID.randomUUID().toString(), item, charges));
    MediaRef first =
        artifacts.store().putIfAbsent(StepKey.of("loose-bill-of", 1, record, item, what), mine);
    Uninterrupted.run(() -> add(record, first));
  }

  /**
   * The bills so far that a variant of the record tells, by what they are for: each is told by the
   * variant that is delivered first after it, and by that one however often it is asked, so that
   * the sum over a record counts it once.
   */
  public Map<CostItem, List<Charge>> of(RecordKey record, String variantId) {
    MediaRef mine = artifacts.putRecord(variantId);
    Map<CostItem, List<Charge>> bills = new EnumMap<>(CostItem.class);
    Optional<MediaRef> found = artifacts.store().find(key(record, 0));
    for (int number = 1; found.isPresent(); number++) {
      Bill bill = artifacts.read(found.get(), Bill.class);
      StepKey told = StepKey.of("loose-bill-told", 1, record, bill.id());
      if (artifacts.store().putIfAbsent(told, mine).equals(mine)) {
        bills.computeIfAbsent(bill.item(), unused -> new ArrayList<>()).addAll(bill.charges());
      }
      found = artifacts.store().find(key(record, number));
    }
    bills.replaceAll((unused, charges) -> Charge.merged(charges));
    return bills;
  }
}
