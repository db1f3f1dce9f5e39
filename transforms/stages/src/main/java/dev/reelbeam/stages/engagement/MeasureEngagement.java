package dev.reelbeam.stages.engagement;

import dev.reelbeam.model.engagement.LateSnapshot;
import dev.reelbeam.model.engagement.SnapshotMessage;
import dev.reelbeam.model.engagement.Trend;
import dev.reelbeam.model.engagement.WindowRow;
import dev.reelbeam.model.failure.Stage;
import dev.reelbeam.model.port.EngagementHistory;
import dev.reelbeam.model.port.PortFactory;
import dev.reelbeam.model.port.VideoCatalog;
import dev.reelbeam.stages.coder.RecordCoder;
import dev.reelbeam.stages.deadletter.DeadLetters;
import org.apache.beam.sdk.coders.ByteArrayCoder;
import org.apache.beam.sdk.coders.KvCoder;
import org.apache.beam.sdk.coders.StringUtf8Coder;
import org.apache.beam.sdk.coders.VarIntCoder;
import org.apache.beam.sdk.coders.VarLongCoder;
import org.apache.beam.sdk.transforms.Flatten;
import org.apache.beam.sdk.transforms.PTransform;
import org.apache.beam.sdk.transforms.ParDo;
import org.apache.beam.sdk.transforms.SerializableFunction;
import org.apache.beam.sdk.transforms.WithKeys;
import org.apache.beam.sdk.transforms.errorhandling.BadRecord;
import org.apache.beam.sdk.values.KV;
import org.apache.beam.sdk.values.PCollection;
import org.apache.beam.sdk.values.PCollectionList;
import org.apache.beam.sdk.values.PCollectionTuple;
import org.apache.beam.sdk.values.TupleTag;
import org.apache.beam.sdk.values.TupleTagList;
import org.apache.beam.sdk.values.TypeDescriptors;
import org.jspecify.annotations.Nullable;

/**
 * Snapshots of counters into windows of engagement, by video and by everything that a video counts
 * for. Streaming and batch are this one transform.
 *
 * <p>Nothing here asks the watermark: lateness is what a snapshot's own time says against its
 * video's newest one, and updates come by the clock. So an idle partition holds nothing back, a
 * sender whose clock is ahead moves nothing forward, and a second run over the same messages
 * decides the same.
 *
 * <p>Two shuffles, of blocks of bytes: snapshots by shard of videos, changes by shard of days.
 */
public final class MeasureEngagement
    extends PTransform<PCollection<SnapshotMessage>, PCollectionTuple> {
  private static final long serialVersionUID = 1L;

  /**
   * Windows of videos that changed, whole; the same one may come again, and later forms know more.
   */
  public static final TupleTag<WindowRow> ROWS = new TupleTag<>("rows") {};

  /** In the same way windows of all that videos count for. */
  public static final TupleTag<WindowRow> SUMS = new TupleTag<>("sums") {};

  /** What came too late. */
  public static final TupleTag<LateSnapshot> LATE = new TupleTag<>("late") {};

  /**
   * Videos that their platform no longer knows, with the time in ms; with its negative, videos that
   * are there again.
   */
  public static final TupleTag<KV<String, Long>> REMOVED = new TupleTag<>("removed") {};

  /** Videos and topics that speed up. */
  public static final TupleTag<Trend> TRENDS = new TupleTag<>("trends") {};

  static final TupleTag<KV<String, byte[]>> PACES = new TupleTag<>("paces") {};
  static final TupleTag<KV<Integer, byte[]>> CHANGES = new TupleTag<>("changes") {};
  static final TupleTag<BadRecord> DEAD = new TupleTag<>("dead") {};
  private static final TupleTag<KV<Integer, byte[]>> BLOCKS = new TupleTag<>("blocks") {};

  private final MeasureSettings settings;
  private final PortFactory<VideoCatalog> catalog;
  private final SerializableFunction<Void, Long> clock;
  private final @Nullable PortFactory<EngagementHistory> history;
  private final transient @Nullable PCollection<Long> ticks;
  private final transient DeadLetters.Lane deadLetters;

  private MeasureEngagement(
      MeasureSettings settings,
      PortFactory<VideoCatalog> catalog,
      SerializableFunction<Void, Long> clock,
      @Nullable PortFactory<EngagementHistory> history,
      @Nullable PCollection<Long> ticks,
      DeadLetters.Lane deadLetters) {
    this.settings = settings;
    this.catalog = catalog;
    this.clock = clock;
    this.history = history;
    this.ticks = ticks;
    this.deadLetters = deadLetters;
  }

  /**
   * The transform.
   *
   * @param catalog asked once for each video
   */
  public static MeasureEngagement with(
      MeasureSettings settings, PortFactory<VideoCatalog> catalog, DeadLetters.Lane deadLetters) {
    return new MeasureEngagement(
        settings, catalog, nothing -> System.currentTimeMillis(), null, null, deadLetters);
  }

  /** The same by another clock, in ms since 1970: what is ahead of it is refused. */
  public MeasureEngagement withClock(SerializableFunction<Void, Long> newClock) {
    return new MeasureEngagement(settings, catalog, newClock, history, ticks, deadLetters);
  }

  /**
   * The same, beginning with all that is kept, and again whenever a replay begins a new generation.
   * Without it, rows are right as long as nobody else writes any and no state is lost.
   *
   * @param newTicks when to look for one; each costs a question to the database
   */
  public MeasureEngagement seededFrom(
      PortFactory<EngagementHistory> newHistory, PCollection<Long> newTicks) {
    return new MeasureEngagement(settings, catalog, clock, newHistory, newTicks, deadLetters);
  }

  @Override
  public PCollectionTuple expand(PCollection<SnapshotMessage> messages) {
    KvCoder<Integer, byte[]> blocks = KvCoder.of(VarIntCoder.of(), ByteArrayCoder.of());
    PCollectionTuple collected =
        messages.apply(
            "Collect snapshots",
            ParDo.of(new CollectSnapshots(settings.shards(), clock, BLOCKS, DEAD))
                .withOutputTags(BLOCKS, TupleTagList.of(DEAD)));
    deadLetters.add(Stage.MEASURE, collected.get(DEAD));
    PCollection<KV<Integer, byte[]>> snapshots = collected.get(BLOCKS).setCoder(blocks);
    boolean seeded = history != null && ticks != null;
    if (history != null && ticks != null) {
      PCollection<KV<Integer, byte[]>> seeds =
          ticks
              .apply(
                  "One key", WithKeys.<Integer, Long>of(0).withKeyType(TypeDescriptors.integers()))
              .apply(
                  "Read seeds",
                  ParDo.of(new ReadSeeds(settings.shards(), settings.ratesText(), history)))
              .setCoder(blocks);
      snapshots =
          PCollectionList.of(snapshots).and(seeds).apply("With seeds", Flatten.pCollections());
    }
    PCollectionTuple folded =
        snapshots.apply(
            "Fold videos",
            ParDo.of(new FoldVideos(settings, seeded ? history : null, catalog))
                .withOutputTags(
                    ROWS, TupleTagList.of(CHANGES).and(LATE).and(REMOVED).and(PACES).and(DEAD)));
    deadLetters.add(Stage.MEASURE, folded.get(DEAD));
    PCollection<WindowRow> days =
        folded
            .get(CHANGES)
            .setCoder(blocks)
            .apply(
                "Sum days",
                ParDo.of(new SumDays(settings, seeded)).withOutputTags(SUMS, TupleTagList.empty()))
            .get(SUMS)
            .setCoder(new WindowRowCoder());
    PCollection<Trend> trends =
        folded
            .get(PACES)
            .setCoder(KvCoder.of(StringUtf8Coder.of(), ByteArrayCoder.of()))
            .apply("Detect trends", ParDo.of(new DetectTrends()))
            .setCoder(RecordCoder.of(Trend.class));
    // Apart: where two ways meet, Flink writes and reads every row once more.
    return PCollectionTuple.of(ROWS, folded.get(ROWS).setCoder(new WindowRowCoder()))
        .and(SUMS, days)
        .and(TRENDS, trends)
        .and(LATE, folded.get(LATE).setCoder(RecordCoder.of(LateSnapshot.class)))
        .and(
            REMOVED,
            folded.get(REMOVED).setCoder(KvCoder.of(StringUtf8Coder.of(), VarLongCoder.of())));
  }
}
