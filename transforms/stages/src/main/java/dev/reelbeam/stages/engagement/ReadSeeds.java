package dev.reelbeam.stages.engagement;

import dev.reelbeam.model.engagement.EngagementSnapshot;
import dev.reelbeam.model.engagement.Packed;
import dev.reelbeam.model.port.EngagementHistory;
import dev.reelbeam.model.port.PortFactory;
import java.util.HashMap;
import java.util.Map;
import java.util.Objects;
import org.apache.beam.sdk.coders.StringUtf8Coder;
import org.apache.beam.sdk.coders.VarLongCoder;
import org.apache.beam.sdk.state.StateSpec;
import org.apache.beam.sdk.state.StateSpecs;
import org.apache.beam.sdk.state.ValueState;
import org.apache.beam.sdk.transforms.DoFn;
import org.apache.beam.sdk.values.KV;
import org.jspecify.annotations.Nullable;

/**
 * Sees at every tick which generation counts, and gives the whole history to the shards of videos
 * when it is a new one, some at a tick. A job without state raises the generation itself: what the
 * one before it knew is in the history and nowhere else. All ticks have one key.
 */
final class ReadSeeds extends DoFn<KV<Integer, Long>, KV<Integer, byte[]>> {
  private static final long serialVersionUID = 1L;

  private static final int PAGE = 20_000;

  /** Pages of one tick: seconds, so that a checkpoint is not held up. */
  private static final int PAGES = 10;

  private final int shards;
  private final String rates;
  private final PortFactory<EngagementHistory> histories;
  private transient @Nullable EngagementHistory history;

  /** The generation that is given, or was. */
  @StateId("generation")
  private final StateSpec<ValueState<Long>> generationSpec = StateSpecs.value(VarLongCoder.of());

  /** Where it goes on; empty when all was given. */
  @StateId("place")
  private final StateSpec<ValueState<String>> placeSpec = StateSpecs.value(StringUtf8Coder.of());

  ReadSeeds(int shards, String rates, PortFactory<EngagementHistory> histories) {
    this.rates = rates;
    this.shards = shards;
    this.histories = histories;
  }

  @Setup
  public void setup() {
    history = histories.open();
  }

  @Teardown
  public void teardown() {
    if (history != null) {
      history.close();
    }
  }

  @ProcessElement
  public void process(
      @StateId("generation") ValueState<Long> generation,
      @StateId("place") ValueState<String> place,
      OutputReceiver<KV<Integer, byte[]>> blocks) {
    EngagementHistory read = Objects.requireNonNull(history);
    Long given = generation.read();
    long counts = given == null ? read.raise(rates) : read.generation(rates);
    if (given == null || given != counts) {
      generation.write(counts);
      place.write(EngagementHistory.BEGIN);
    }
    String at = place.read();
    for (int page = 0; at != null && page < PAGES; page++) {
      EngagementHistory.Page some = read.read(at, PAGE);
      give(some, counts, blocks);
      at = some.next();
      if (at == null) {
        for (int shard = 0; shard < shards; shard++) {
          byte[] all = Seeds.mark(new Packed.Writer(16), counts, Seeds.ALL).toBytes();
          blocks.output(KV.of(shard, all));
        }
        place.clear();
      } else {
        place.write(at);
      }
    }
  }

  private void give(
      EngagementHistory.Page page, long generation, OutputReceiver<KV<Integer, byte[]>> blocks) {
    Map<Integer, Packed.Writer> gathered = new HashMap<>();
    Packed.Writer rows = new Packed.Writer(64);
    for (EngagementSnapshot snapshot : page.snapshots()) {
      String video = snapshot.videoKey();
      rows.clear();
      SnapshotRow.write(snapshot, rows);
      gathered
          .computeIfAbsent(
              Shards.of(video, shards),
              key -> Seeds.mark(new Packed.Writer(1024), generation, Seeds.SOME))
          .text(video)
          .unsigned(rows.length())
          .raw(rows.array(), 0, rows.length());
    }
    gathered.forEach((shard, block) -> blocks.output(KV.of(shard, block.toBytes())));
  }
}
