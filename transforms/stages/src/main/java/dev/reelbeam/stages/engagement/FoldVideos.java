package dev.reelbeam.stages.engagement;

import dev.reelbeam.model.engagement.Dimension;
import dev.reelbeam.model.engagement.EngagementSnapshot;
import dev.reelbeam.model.engagement.FactsCodec;
import dev.reelbeam.model.engagement.LateSnapshot;
import dev.reelbeam.model.engagement.Packed;
import dev.reelbeam.model.engagement.VideoFacts;
import dev.reelbeam.model.engagement.WindowKind;
import dev.reelbeam.model.engagement.WindowRow;
import dev.reelbeam.model.failure.FailureCode;
import dev.reelbeam.model.failure.Stage;
import dev.reelbeam.model.failure.StageException;
import dev.reelbeam.model.json.EngagementJson;
import dev.reelbeam.model.port.PortFactory;
import dev.reelbeam.model.port.VideoCatalog;
import dev.reelbeam.stages.deadletter.DeadLetters;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.apache.beam.sdk.coders.ByteArrayCoder;
import org.apache.beam.sdk.coders.StringUtf8Coder;
import org.apache.beam.sdk.coders.VarLongCoder;
import org.apache.beam.sdk.metrics.Counter;
import org.apache.beam.sdk.metrics.Metrics;
import org.apache.beam.sdk.state.MapState;
import org.apache.beam.sdk.state.StateSpec;
import org.apache.beam.sdk.state.StateSpecs;
import org.apache.beam.sdk.state.TimeDomain;
import org.apache.beam.sdk.state.Timer;
import org.apache.beam.sdk.state.TimerSpec;
import org.apache.beam.sdk.state.TimerSpecs;
import org.apache.beam.sdk.state.ValueState;
import org.apache.beam.sdk.transforms.DoFn;
import org.apache.beam.sdk.transforms.errorhandling.BadRecord;
import org.apache.beam.sdk.transforms.windowing.BoundedWindow;
import org.apache.beam.sdk.values.KV;
import org.joda.time.Duration;
import org.jspecify.annotations.Nullable;

/**
 * Keeps the histories of the videos of a shard, and every few minutes folds in what has come since:
 * {@link FoldSnapshots} by video, what changes in other dimensions summed up over the shard.
 *
 * <p>Between updates a snapshot is only appended to what waits for its video. The facts about a
 * video are asked for once and kept with its history, so that what is taken back later is taken
 * back from where it was added.
 */
final class FoldVideos extends DoFn<KV<Integer, byte[]>, WindowRow> {
  private static final long serialVersionUID = 1L;

  private final MeasureSettings settings;
  private final PortFactory<VideoCatalog> catalogs;
  private final Counter duplicateCount = Metrics.counter(Stage.MEASURE.label(), "without-change");
  private final Counter lateCount = Metrics.counter(Stage.MEASURE.label(), "too-late");
  private final Counter unknownCount = Metrics.counter(Stage.MEASURE.label(), "unknown-videos");
  private transient @Nullable VideoCatalog catalog;

  /** By video: its facts, then its history. About 0.5 KB; 1.6 KB in its first five weeks. */
  @StateId("videos")
  private final StateSpec<MapState<String, byte[]>> videosSpec =
      StateSpecs.map(StringUtf8Coder.of(), ByteArrayCoder.of());

  /** By video: rows that wait for the next update. About 20 bytes each. */
  @StateId("pending")
  private final StateSpec<MapState<String, byte[]>> pendingSpec =
      StateSpecs.map(StringUtf8Coder.of(), ByteArrayCoder.of());

  /** When the next update is due, in ms; empty when nothing waits. */
  @StateId("due")
  private final StateSpec<ValueState<Long>> dueSpec = StateSpecs.value(VarLongCoder.of());

  @TimerId("update")
  private final TimerSpec updateSpec = TimerSpecs.timer(TimeDomain.PROCESSING_TIME);

  /** Bounded input ends without the clock: what waits then is told. */
  @TimerId("end")
  private final TimerSpec endSpec = TimerSpecs.timer(TimeDomain.EVENT_TIME);

  FoldVideos(MeasureSettings settings, PortFactory<VideoCatalog> catalogs) {
    this.settings = settings;
    this.catalogs = catalogs;
  }

  @Setup
  public void setup() {
    catalog = catalogs.open();
  }

  @Teardown
  public void teardown() {
    if (catalog != null) {
      catalog.close();
    }
  }

  @ProcessElement
  public void process(
      @Element KV<Integer, byte[]> element,
      BoundedWindow window,
      @StateId("pending") MapState<String, byte[]> pending,
      @StateId("due") ValueState<Long> due,
      @TimerId("update") Timer update,
      @TimerId("end") Timer end) {
    byte[] block = Objects.requireNonNull(element.getValue());
    Packed.Reader reader = new Packed.Reader(block);
    while (reader.hasMore()) {
      String video = reader.text();
      int length = reader.count();
      int from = reader.position();
      reader.skip(length);
      byte[] waiting = pending.get(video).read();
      int before = waiting == null ? 0 : waiting.length;
      byte[] rows = new byte[before + length];
      if (waiting != null) {
        System.arraycopy(waiting, 0, rows, 0, before);
      }
      System.arraycopy(block, from, rows, before, length);
      pending.put(video, rows);
    }
    if (due.read() == null) {
      due.write(update.getCurrentRelativeTime().getMillis() + settings.updateMs());
      update.offset(Duration.millis(settings.updateMs())).setRelative();
      end.set(window.maxTimestamp());
    }
  }

  @OnTimer("update")
  public void update(
      @StateId("videos") MapState<String, byte[]> videos,
      @StateId("pending") MapState<String, byte[]> pending,
      @StateId("due") ValueState<Long> due,
      MultiOutputReceiver receiver) {
    if (due.read() == null) {
      return; // Clearing a timer does nothing on Flink: this one has nothing to do.
    }
    // Not before its time? At the end of bounded input it may be, and is as right as ever.
    fold(videos, pending, due, receiver);
  }

  @OnTimer("end")
  public void end(
      @StateId("videos") MapState<String, byte[]> videos,
      @StateId("pending") MapState<String, byte[]> pending,
      @StateId("due") ValueState<Long> due,
      MultiOutputReceiver receiver) {
    fold(videos, pending, due, receiver);
  }

  private void fold(
      MapState<String, byte[]> videos,
      MapState<String, byte[]> pending,
      ValueState<Long> due,
      MultiOutputReceiver receiver) {
    due.clear();
    Map<String, byte[]> waiting = new LinkedHashMap<>();
    for (Map.Entry<String, byte[]> entry : pending.entries().read()) {
      waiting.put(entry.getKey(), entry.getValue());
    }
    pending.clear();
    Map<String, byte[]> known = new LinkedHashMap<>();
    List<String> unknown = new ArrayList<>();
    for (String video : waiting.keySet()) {
      byte[] state = videos.get(video).read();
      if (state == null) {
        unknown.add(video);
      } else {
        known.put(video, state);
      }
    }
    Map<String, VideoFacts> found =
        unknown.isEmpty() ? Map.of() : Objects.requireNonNull(catalog).find(unknown);
    DayChanges changes = new DayChanges();
    FoldSnapshots folds = new FoldSnapshots(settings.latenessS());
    Packed.Writer writer = new Packed.Writer(1024);
    waiting.forEach(
        (video, rows) -> {
          byte[] state = known.get(video);
          VideoFacts facts;
          VideoHistory history;
          if (state == null) {
            VideoFacts asked = found.get(video);
            if (asked == null) {
              unknown(video, rows, receiver);
              return;
            }
            facts = asked;
            history = new VideoHistory();
          } else {
            Packed.Reader reader = new Packed.Reader(state);
            int length = reader.count();
            facts =
                FactsCodec.decode(
                    Arrays.copyOfRange(state, reader.position(), reader.position() + length));
            reader.skip(length);
            history = VideoHistory.read(reader);
          }
          Told told = new Told(video, facts, changes, receiver);
          boolean changed =
              folds.fold(
                  facts, history, new Packed.Reader(rows), settings.rate(facts.platform()), told);
          if (changed) {
            writer.clear();
            byte[] packed = FactsCodec.encode(facts);
            writer.unsigned(packed.length).raw(packed, 0, packed.length);
            history.write(writer);
            videos.put(video, writer.toBytes());
            pace(video, facts, history, receiver);
          } else {
            duplicateCount.inc();
          }
        });
    changes.forEachShard(
        (shard, block) -> receiver.get(MeasureEngagement.CHANGES).output(KV.of(shard, block)));
  }

  private void pace(
      String video, VideoFacts facts, VideoHistory history, MultiOutputReceiver receiver) {
    Pace pace = settings.trends() ? Pace.of(video, facts, history) : null;
    if (pace == null) {
      return;
    }
    byte[] packed = pace.packed();
    receiver.get(MeasureEngagement.PACES).output(KV.of(pace.platform(), packed));
    if (pace.topic() != null) {
      receiver.get(MeasureEngagement.PACES).output(KV.of(DetectTrends.TOPICS, packed));
    }
  }

  private void unknown(String video, byte[] rows, MultiOutputReceiver receiver) {
    Packed.Reader reader = new Packed.Reader(rows);
    while (reader.hasMore()) {
      EngagementSnapshot snapshot = SnapshotRow.snapshot(video, reader);
      unknownCount.inc();
      receiver
          .get(MeasureEngagement.DEAD)
          .output(
              letter(
                  snapshot,
                  new StageException(
                      FailureCode.VIDEO_UNKNOWN, "nobody knows the video " + video)));
    }
  }

  private static BadRecord letter(EngagementSnapshot snapshot, StageException failure) {
    return DeadLetters.toBadRecord(
        DeadLetters.ofInput(
            Stage.MEASURE, snapshot.videoKey(), EngagementJson.text(snapshot), failure));
  }

  /** Passes on what a fold tells of one video. */
  private final class Told implements FoldSnapshots.Output {
    private final String video;
    private final VideoFacts facts;
    private final DayChanges changes;
    private final MultiOutputReceiver receiver;

    Told(String video, VideoFacts facts, DayChanges changes, MultiOutputReceiver receiver) {
      this.video = video;
      this.facts = facts;
      this.changes = changes;
      this.receiver = receiver;
    }

    @Override
    public void video(WindowKind kind, long startS, long[] measures) {
      receiver
          .get(MeasureEngagement.ROWS)
          .output(new WindowRow(Dimension.VIDEO, video, kind, startS, measures.clone()));
    }

    @Override
    public void changed(long day, int slot, long[] difference) {
      changes.add(facts, day, slot, difference);
    }

    @Override
    public void late(long time, int mask, long[] counters, long tooLateS) {
      lateCount.inc();
      EngagementSnapshot snapshot = SnapshotRow.snapshot(video, time, mask, counters);
      receiver
          .get(MeasureEngagement.LATE)
          .output(
              new LateSnapshot(
                  video, snapshot.fetchedAtMs(), tooLateS, EngagementJson.text(snapshot)));
    }

    @Override
    public void early(long time, int mask, long[] counters) {
      receiver
          .get(MeasureEngagement.DEAD)
          .output(
              letter(
                  SnapshotRow.snapshot(video, time, mask, counters),
                  new StageException(
                      FailureCode.SNAPSHOT_BEFORE_VIDEO,
                      video + " was read before it was published")));
    }

    @Override
    public void removed(long time) {
      receiver.get(MeasureEngagement.REMOVED).output(KV.of(video, time * 1000));
    }
  }
}
