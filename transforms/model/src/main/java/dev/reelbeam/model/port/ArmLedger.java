package dev.reelbeam.model.port;

import dev.reelbeam.model.content.RecordKey;
import dev.reelbeam.model.learning.ArmChoice;
import dev.reelbeam.model.learning.ArmEvidence;
import dev.reelbeam.model.learning.ArmKind;
import dev.reelbeam.model.learning.ArmReward;
import java.time.ZoneId;
import java.util.Collection;
import java.util.List;
import java.util.Map;

/**
 * Which arms were drawn and what they earned. Thread-safe. Every method may be repeated with the
 * same arguments and then changes nothing more; all throw {@link StoreException} when the ledger
 * itself fails.
 */
public interface ArmLedger extends AutoCloseable {
  /** Keeps a choice unless there is one of its kind for the record and variant. */
  ArmChoice keep(ArmChoice choice);

  /** What was drawn for a record, ordered by kind and variant. */
  List<ArmChoice> choices(RecordKey key);

  /** Takes rewards in: one for each kind and video, the one with the highest version stays. */
  void reward(Collection<ArmReward> rewards);

  /**
   * What was learned about a kind of arm.
   *
   * @param nowMs videos are faded up to this moment, ms since 1970 UTC
   */
  ArmEvidence evidence(ArmKind kind, int halfLifeDays, long nowMs);

  /** The clocks of sites, by site, as far as they are known. */
  default Map<String, ZoneId> zones() {
    return Map.of();
  }

  @Override
  void close();
}
