package dev.reelbeam.stages.engagement;

import dev.reelbeam.model.engagement.EngagementSnapshot;
import dev.reelbeam.model.engagement.Packed;
import dev.reelbeam.model.engagement.SnapshotMessage;
import dev.reelbeam.model.failure.Stage;
import dev.reelbeam.model.failure.StageException;
import dev.reelbeam.model.json.EngagementJson;
import dev.reelbeam.stages.deadletter.DeadLetters;
import java.nio.charset.StandardCharsets;
import java.util.HashMap;
import java.util.Map;
import org.apache.beam.sdk.metrics.Counter;
import org.apache.beam.sdk.metrics.Metrics;
import org.apache.beam.sdk.transforms.DoFn;
import org.apache.beam.sdk.transforms.SerializableFunction;
import org.apache.beam.sdk.transforms.errorhandling.BadRecord;
import org.apache.beam.sdk.transforms.windowing.GlobalWindow;
import org.apache.beam.sdk.values.KV;
import org.apache.beam.sdk.values.TupleTag;
import org.joda.time.Instant;

/**
 * Reads messages and gathers the snapshots of a bundle by shard: what crosses the network is a
 * block for each shard, in which each video is named once.
 */
final class CollectSnapshots extends DoFn<SnapshotMessage, KV<Integer, byte[]>> {
  private static final long serialVersionUID = 1L;

  /** So much is gathered at most: about a megabyte. */
  private static final int MOST_SNAPSHOTS = 20_000;

  private static final int KEPT_CHARACTERS = 4_000;

  private final int shards;
  private final SerializableFunction<Void, Long> clock;
  private final TupleTag<KV<Integer, byte[]>> blocks;
  private final TupleTag<BadRecord> dead;
  private final Counter readCount = Metrics.counter(Stage.MEASURE.label(), "snapshots-read");
  private final Counter refusedCount = Metrics.counter(Stage.MEASURE.label(), "snapshots-refused");
  private transient Map<String, Packed.Writer> gathered = new HashMap<>();
  private transient int snapshots;
  private transient long newestS;
  private transient int read;
  private transient int refused;
  private transient Instant newest = GlobalWindow.INSTANCE.maxTimestamp();

  CollectSnapshots(
      int shards,
      SerializableFunction<Void, Long> clock,
      TupleTag<KV<Integer, byte[]>> blocks,
      TupleTag<BadRecord> dead) {
    this.shards = shards;
    this.clock = clock;
    this.blocks = blocks;
    this.dead = dead;
  }

  @StartBundle
  public void start() {
    gathered = new HashMap<>();
    snapshots = 0;
  }

  @ProcessElement
  public void process(
      @Element SnapshotMessage message,
      @Timestamp Instant timestamp,
      MultiOutputReceiver receiver) {
    EngagementSnapshot snapshot;
    try {
      snapshot = SnapshotChecks.read(message, clock.apply(null));
    } catch (StageException e) {
      refused++;
      receiver.get(dead).output(letter(message, e));
      return;
    }
    read++;
    newest = timestamp;
    newestS = Math.max(newestS, Math.floorDiv(snapshot.fetchedAtMs(), 1000L));
    SnapshotRow.write(
        snapshot, gathered.computeIfAbsent(snapshot.videoKey(), key -> new Packed.Writer(48)));
    snapshots++;
    if (snapshots >= MOST_SNAPSHOTS) {
      for (Map.Entry<Integer, Packed.Writer> block : blocks().entrySet()) {
        receiver.get(blocks).output(KV.of(block.getKey(), block.getValue().toBytes()));
      }
      start();
    }
  }

  @FinishBundle
  public void finish(FinishBundleContext context) {
    // A counter looks for its place by the thread, which takes as long as reading a message.
    readCount.inc(read);
    refusedCount.inc(refused);
    read = 0;
    refused = 0;
    for (Map.Entry<Integer, Packed.Writer> block : blocks().entrySet()) {
      context.output(
          blocks, KV.of(block.getKey(), block.getValue().toBytes()), newest, GlobalWindow.INSTANCE);
    }
    start();
  }

  private Map<Integer, Packed.Writer> blocks() {
    Map<Integer, Packed.Writer> blocks = new HashMap<>();
    gathered.forEach(
        (video, rows) ->
            blocks
                .computeIfAbsent(
                    Shards.of(video, shards),
                    shard -> Seeds.mark(new Packed.Writer(1024), newestS, Seeds.NEWEST))
                .text(video)
                .unsigned(rows.length())
                .raw(rows.array(), 0, rows.length()));
    return blocks;
  }

  private static BadRecord letter(SnapshotMessage message, StageException failure) {
    String payload;
    try {
      payload =
          EngagementJson.text(dev.reelbeam.model.engagement.SnapshotCodec.decode(message.bytes()));
    } catch (IllegalArgumentException e) {
      String text = new String(message.bytes(), StandardCharsets.UTF_8);
      payload = text.length() > KEPT_CHARACTERS ? text.substring(0, KEPT_CHARACTERS) : text;
    }
    return DeadLetters.toBadRecord(
        DeadLetters.ofInput(Stage.MEASURE, message.position(), payload, failure));
  }
}
