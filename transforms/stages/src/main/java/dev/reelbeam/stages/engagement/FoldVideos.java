package dev.reelbeam.stages.engagement;

import dev.reelbeam.model.engagement.Dimension;
import dev.reelbeam.model.engagement.EngagementSnapshot;
import dev.reelbeam.model.engagement.FactsCodec;
import dev.reelbeam.model.engagement.LateSnapshot;
import dev.reelbeam.model.engagement.Measures;
import dev.reelbeam.model.engagement.Packed;
import dev.reelbeam.model.engagement.VideoFacts;
import dev.reelbeam.model.engagement.WindowKind;
import dev.reelbeam.model.engagement.WindowRow;
import dev.reelbeam.model.failure.FailureCode;
import dev.reelbeam.model.failure.Stage;
import dev.reelbeam.model.failure.StageException;
import dev.reelbeam.model.json.EngagementJson;
import dev.reelbeam.model.port.EngagementHistory;
import dev.reelbeam.model.port.PortFactory;
import dev.reelbeam.model.port.VideoCatalog;
import dev.reelbeam.stages.deadletter.DeadLetters;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
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
 *
 * <p>A job that is seeded from the history counts nothing before it has all of it, and counts
 * everything anew, by what is known about the videos then, when a new generation's seeds are there:
 * those together with what it knows itself, so that nothing is lost that came while the history was
 * read.
 */
final class FoldVideos extends DoFn<KV<Integer, byte[]>, WindowRow> {
  private static final long serialVersionUID = 1L;

  private static final long NEVER = Long.MIN_VALUE;

  /** Longer ago than any snapshot speaks of. */
  static final long FORGOTTEN_S = 120 * SiteDays.DAY_S;

  /** Videos that are asked about and counted anew together. */
  private static final int AT_ONCE = 1_000;

  private final MeasureSettings settings;
  private final @Nullable PortFactory<EngagementHistory> histories;
  private final PortFactory<VideoCatalog> catalogs;
  private final Counter duplicateCount = Metrics.counter(Stage.MEASURE.label(), "without-change");
  private final Counter lateCount = Metrics.counter(Stage.MEASURE.label(), "too-late");
  private final Counter unknownCount = Metrics.counter(Stage.MEASURE.label(), "unknown-videos");
  private transient @Nullable VideoCatalog catalog;
  private transient @Nullable EngagementHistory kept;

  /**
   * By video: its facts, its history, and since when the platform no longer knows it. About 0.5 KB;
   * 1.6 KB in its first five weeks. One of which nothing came for {@link #FORGOTTEN_S} is looked up
   * when something comes.
   */
  @StateId("videos")
  private final StateSpec<MapState<String, byte[]>> videosSpec =
      StateSpecs.map(StringUtf8Coder.of(), ByteArrayCoder.of());

  /** By video: rows that wait for the next update. About 20 bytes each. */
  @StateId("pending")
  private final StateSpec<MapState<String, byte[]>> pendingSpec =
      StateSpecs.map(StringUtf8Coder.of(), ByteArrayCoder.of());

  /** By video: rows of the history, until all of them are there. About 20 bytes each. */
  @StateId("seeds")
  private final StateSpec<MapState<String, byte[]>> seedsSpec =
      StateSpecs.map(StringUtf8Coder.of(), ByteArrayCoder.of());

  /** The generation that is counted; empty before the first. */
  @StateId("generation")
  private final StateSpec<ValueState<Long>> generationSpec = StateSpecs.value(VarLongCoder.of());

  /** The generation whose seeds are all there. */
  @StateId("sown")
  private final StateSpec<ValueState<Long>> sownSpec = StateSpecs.value(VarLongCoder.of());

  /** The newest moment that any video was told of as far as is known here, in seconds. */
  @StateId("newest")
  private final StateSpec<ValueState<Long>> newestSpec = StateSpecs.value(VarLongCoder.of());

  /** The day on which videos were last given up. */
  @StateId("swept")
  private final StateSpec<ValueState<Long>> sweptSpec = StateSpecs.value(VarLongCoder.of());

  /** When the next update is due, in ms; empty when nothing waits. */
  @StateId("due")
  private final StateSpec<ValueState<Long>> dueSpec = StateSpecs.value(VarLongCoder.of());

  @TimerId("update")
  private final TimerSpec updateSpec = TimerSpecs.timer(TimeDomain.PROCESSING_TIME);

  /** Bounded input ends without the clock: what waits then is told. */
  @TimerId("end")
  private final TimerSpec endSpec = TimerSpecs.timer(TimeDomain.EVENT_TIME);

  /**
   * The function.
   *
   * @param histories null, or the history that comes among the blocks, too
   */
  FoldVideos(
      MeasureSettings settings,
      @Nullable PortFactory<EngagementHistory> histories,
      PortFactory<VideoCatalog> catalogs) {
    this.settings = settings;
    this.histories = histories;
    this.catalogs = catalogs;
  }

  @Setup
  public void setup() {
    catalog = catalogs.open();
    kept = histories == null ? null : histories.open();
  }

  @Teardown
  public void teardown() {
    if (catalog != null) {
      catalog.close();
    }
    if (kept != null) {
      kept.close();
    }
  }

  @ProcessElement
  public void process(
      @Element KV<Integer, byte[]> element,
      BoundedWindow window,
      @StateId("pending") MapState<String, byte[]> pending,
      @StateId("seeds") MapState<String, byte[]> seeds,
      @StateId("sown") ValueState<Long> sown,
      @StateId("newest") ValueState<Long> newest,
      @StateId("due") ValueState<Long> due,
      @TimerId("update") Timer update,
      @TimerId("end") Timer end) {
    byte[] block = Objects.requireNonNull(element.getValue());
    Packed.Reader reader = new Packed.Reader(block);
    MapState<String, byte[]> into = pending;
    while (reader.hasMore()) {
      String video = reader.text();
      if (video.isEmpty()) {
        long number = reader.unsigned();
        switch (reader.raw()) {
          case Seeds.NEWEST -> seen(newest, number);
          case Seeds.ALL -> sown.write(number);
          default -> into = seeds;
        }
        continue;
      }
      int length = reader.count();
      int from = reader.position();
      reader.skip(length);
      byte[] waiting = into.get(video).read();
      int before = waiting == null ? 0 : waiting.length;
      byte[] rows = new byte[before + length];
      if (waiting != null) {
        System.arraycopy(waiting, 0, rows, 0, before);
      }
      System.arraycopy(block, from, rows, before, length);
      into.put(video, rows);
    }
    if (into == seeds) {
      return; // Nothing is due before all of them are there.
    }
    if (due.read() == null) {
      due.write(update.getCurrentRelativeTime().getMillis() + settings.updateMs());
      update.offset(Duration.millis(settings.updateMs())).setRelative();
      end.set(window.maxTimestamp());
    }
  }

  /** To the hour: it is there to tell days apart, and costs a write. */
  private static void seen(ValueState<Long> newest, long second) {
    Long known = newest.read();
    if (known == null || second >= known + SiteDays.HOUR_S) {
      newest.write(second);
    }
  }

  @OnTimer("update")
  public void update(
      @StateId("videos") MapState<String, byte[]> videos,
      @StateId("pending") MapState<String, byte[]> pending,
      @StateId("seeds") MapState<String, byte[]> seeds,
      @StateId("generation") ValueState<Long> generation,
      @StateId("sown") ValueState<Long> sown,
      @StateId("newest") ValueState<Long> newest,
      @StateId("swept") ValueState<Long> swept,
      @StateId("due") ValueState<Long> due,
      @Key Integer shard,
      MultiOutputReceiver receiver) {
    if (due.read() == null) {
      return; // Clearing a timer does nothing on Flink: this one has nothing to do.
    }
    // Not before its time? At the end of bounded input it may be, and is as right as ever.
    fold(videos, pending, seeds, generation, sown, newest, swept, due, shard, receiver);
  }

  @OnTimer("end")
  public void end(
      @StateId("videos") MapState<String, byte[]> videos,
      @StateId("pending") MapState<String, byte[]> pending,
      @StateId("seeds") MapState<String, byte[]> seeds,
      @StateId("generation") ValueState<Long> generation,
      @StateId("sown") ValueState<Long> sown,
      @StateId("newest") ValueState<Long> newest,
      @StateId("swept") ValueState<Long> swept,
      @StateId("due") ValueState<Long> due,
      @Key Integer shard,
      MultiOutputReceiver receiver) {
    fold(videos, pending, seeds, generation, sown, newest, swept, due, shard, receiver);
  }

  private void fold(
      MapState<String, byte[]> videos,
      MapState<String, byte[]> pending,
      MapState<String, byte[]> seeds,
      ValueState<Long> generation,
      ValueState<Long> sown,
      ValueState<Long> newest,
      ValueState<Long> swept,
      ValueState<Long> due,
      int shard,
      MultiOutputReceiver receiver) {
    due.clear();
    Long all = sown.read();
    if (all != null) {
      sown.clear();
      generation.write(all);
      foldAnew(videos, pending, seeds, newest, swept, all, shard, receiver);
      return;
    }
    Long counted = generation.read();
    if (histories != null && counted == null) {
      return; // What waits is counted together with the history.
    }
    foldPending(
        videos,
        pending,
        newest,
        swept,
        counted == null ? settings.generation() : counted,
        receiver);
  }

  private void foldPending(
      MapState<String, byte[]> videos,
      MapState<String, byte[]> pending,
      ValueState<Long> newest,
      ValueState<Long> swept,
      long generation,
      MultiOutputReceiver receiver) {
    Map<String, byte[]> waiting = drain(pending);
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
    long before = newest.read() == null ? Long.MIN_VALUE : newest.read();
    Map<String, VideoHistory> forgotten = forgotten(found, waiting, before);
    DayChanges changes = new DayChanges();
    FoldSnapshots folds = new FoldSnapshots(settings.latenessS());
    waiting.forEach(
        (video, rows) -> {
          byte[] state = known.get(video);
          VideoFacts facts;
          VideoHistory history;
          long removedAt = NEVER;
          if (state == null) {
            VideoFacts asked = found.get(video);
            if (asked == null) {
              unknown(video, rows, receiver);
              return;
            }
            facts = asked;
            history = forgotten.getOrDefault(video, new VideoHistory());
          } else {
            Packed.Reader reader = new Packed.Reader(state);
            facts = facts(reader);
            history = VideoHistory.read(reader);
            removedAt = reader.hasMore() ? reader.unsigned() : NEVER;
          }
          long oldestDay =
              settings.bounded() || before == Long.MIN_VALUE
                  ? Long.MIN_VALUE
                  // A day less than sums are kept: whoever keeps them may have seen a newer one.
                  : Math.floorDiv(before, SiteDays.DAY_S) - SumDays.KEPT_DAYS + 1;
          Told told = new Told(video, facts, generation, oldestDay, changes, receiver);
          boolean changed =
              folds.fold(
                  facts, history, new Packed.Reader(rows), settings.rate(facts.platform()), told);
          long removedNow = told.removedAfter(removedAt, history);
          if (changed) {
            seen(newest, history.frontier());
            pace(video, facts, history, receiver);
          } else {
            duplicateCount.inc();
          }
          if (changed || removedNow != removedAt) {
            videos.put(video, state(facts, history, removedNow));
          }
          if (told.daysThatAreGone > 0) {
            leaveToAReplay(video, rows, told.daysThatAreGone, receiver);
          }
        });
    tell(changes, generation, receiver);
    forget(videos, newest, swept);
  }

  /** Once a day gives up the videos that nobody told of; who comes back is looked up. */
  private void forget(
      MapState<String, byte[]> videos, ValueState<Long> newest, ValueState<Long> swept) {
    Long last = newest.read();
    Long before = swept.read();
    if (histories == null
        || last == null
        || (before != null && before >= Math.floorDiv(last, SiteDays.DAY_S))) {
      return;
    }
    swept.write(Math.floorDiv(last, SiteDays.DAY_S));
    long oldest = last - FORGOTTEN_S;
    List<String> quiet = new ArrayList<>();
    for (Map.Entry<String, byte[]> entry : videos.entries().read()) {
      Packed.Reader reader = new Packed.Reader(entry.getValue());
      reader.skip(reader.count());
      if (VideoHistory.read(reader).frontier() < oldest) {
        quiet.add(entry.getKey());
      }
    }
    quiet.forEach(videos::remove);
  }

  /**
   * What was counted of videos whose state was given up: the snapshots from before, without those
   * that wait here. One that is seen for the first time begins with those, too; what they tell is
   * older than any sum that is kept, and left to a replay.
   */
  private Map<String, VideoHistory> forgotten(
      Map<String, VideoFacts> found, Map<String, byte[]> waiting, long newest) {
    EngagementHistory read = kept;
    if (read == null || newest == Long.MIN_VALUE) {
      return Map.of();
    }
    long oldest = newest - FORGOTTEN_S;
    List<String> old = new ArrayList<>();
    found.forEach(
        (video, facts) -> {
          if (Math.floorDiv(facts.publishedAtMs(), 1000L) < oldest) {
            old.add(video);
          }
        });
    Map<String, VideoHistory> histories = new HashMap<>();
    if (old.isEmpty()) {
      return histories;
    }
    Map<String, Packed.Writer> rows = new HashMap<>();
    for (EngagementSnapshot snapshot : read.of(old)) {
      long second = Math.floorDiv(snapshot.fetchedAtMs(), 1000L);
      byte[] own = waiting.get(snapshot.videoKey());
      if (second < oldest && own != null && !SnapshotRow.times(own).contains(second)) {
        SnapshotRow.write(
            snapshot, rows.computeIfAbsent(snapshot.videoKey(), video -> new Packed.Writer(256)));
      }
    }
    rows.forEach(
        (video, writer) -> {
          VideoHistory history = SnapshotRow.history(new Packed.Reader(writer.toBytes()));
          FoldSnapshots.forget(
              Objects.requireNonNull(found.get(video)), history, settings.latenessS());
          histories.put(video, history);
        });
    return histories;
  }

  /** Sums of its days are gone: the video's own rows are right, those of all others are not. */
  private void leaveToAReplay(String video, byte[] rows, long days, MultiOutputReceiver receiver) {
    Packed.Reader reader = new Packed.Reader(rows);
    while (reader.hasMore()) {
      EngagementSnapshot snapshot = SnapshotRow.snapshot(video, reader);
      if (!snapshot.removed()) {
        late(video, snapshot, days * SiteDays.DAY_S, receiver);
      }
    }
  }

  private void late(
      String video, EngagementSnapshot snapshot, long tooLateS, MultiOutputReceiver receiver) {
    lateCount.inc();
    receiver
        .get(MeasureEngagement.LATE)
        .output(
            new LateSnapshot(
                video, snapshot.fetchedAtMs(), tooLateS, EngagementJson.text(snapshot)));
  }

  /** Counts all videos of the shard as if nothing had been told of them. */
  private void foldAnew(
      MapState<String, byte[]> videos,
      MapState<String, byte[]> pending,
      MapState<String, byte[]> seeds,
      ValueState<Long> newest,
      ValueState<Long> swept,
      long generation,
      int shard,
      MultiOutputReceiver receiver) {
    Map<String, byte[]> waiting = drain(pending);
    Map<String, byte[]> sowed = drain(seeds);
    Map<String, byte[]> states = drain(videos);
    Set<String> together = new LinkedHashSet<>(states.keySet());
    together.addAll(sowed.keySet());
    together.addAll(waiting.keySet());
    List<String> names = List.copyOf(together);
    DayChanges changes = new DayChanges();
    // The history is one of all times: nothing of it is late.
    FoldSnapshots folds = new FoldSnapshots(FoldSnapshots.NO_LATENESS);
    for (int from = 0; from < names.size(); from += AT_ONCE) {
      List<String> some = names.subList(from, Math.min(names.size(), from + AT_ONCE));
      Map<String, VideoFacts> found = Objects.requireNonNull(catalog).find(some);
      for (String video : some) {
        byte[] rows = waiting.get(video);
        VideoFacts facts = found.get(video);
        if (facts == null) {
          // Seeds of a video that was taken from the list since are of no use to anybody.
          if (rows != null) {
            unknown(video, rows, receiver);
          }
          continue;
        }
        Packed.Writer every = new Packed.Writer(1024);
        byte[] state = states.get(video);
        long removedAt = NEVER;
        if (state != null) {
          Packed.Reader reader = new Packed.Reader(state);
          facts(reader);
          VideoHistory.read(reader).writeRows(every);
          removedAt = reader.hasMore() ? reader.unsigned() : NEVER;
        }
        append(sowed.get(video), every);
        append(rows, every);
        VideoHistory history = new VideoHistory();
        Told told = new Told(video, facts, generation, Long.MIN_VALUE, changes, receiver);
        long rate = settings.rate(facts.platform());
        boolean changed =
            folds.fold(facts, history, new Packed.Reader(every.toBytes()), rate, told);
        long removedNow = told.removedAfter(removedAt, history);
        if (changed || removedNow != NEVER) {
          seen(newest, history.frontier());
          FoldSnapshots.forget(facts, history, settings.latenessS());
          videos.put(video, state(facts, history, removedNow));
        }
      }
    }
    forget(videos, newest, swept);
    tell(changes, generation, receiver);
    for (int days = 0; days < settings.shards(); days++) {
      byte[] all =
          Seeds.mark(new Packed.Writer(16), generation, Seeds.ALL).unsigned(shard).toBytes();
      receiver.get(MeasureEngagement.CHANGES).output(KV.of(days, all));
    }
  }

  private static void append(byte @Nullable [] rows, Packed.Writer every) {
    if (rows != null) {
      every.raw(rows, 0, rows.length);
    }
  }

  private static Map<String, byte[]> drain(MapState<String, byte[]> state) {
    Map<String, byte[]> entries = new LinkedHashMap<>();
    for (Map.Entry<String, byte[]> entry : state.entries().read()) {
      entries.put(entry.getKey(), entry.getValue());
    }
    state.clear();
    return entries;
  }

  private static VideoFacts facts(Packed.Reader state) {
    byte[] packed = new byte[state.count()];
    state.copy(packed);
    return FactsCodec.decode(packed);
  }

  private static byte[] state(VideoFacts facts, VideoHistory history, long removedAt) {
    byte[] packed = FactsCodec.encode(facts);
    Packed.Writer writer = new Packed.Writer(1024);
    writer.unsigned(packed.length).raw(packed, 0, packed.length);
    history.write(writer);
    if (removedAt != NEVER) {
      writer.unsigned(removedAt);
    }
    return writer.toBytes();
  }

  private void tell(DayChanges changes, long generation, MultiOutputReceiver receiver) {
    changes.forEachShard(
        generation,
        settings.shards(),
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
    private final long generation;
    private final long oldestDay;
    private final DayChanges changes;
    private final MultiOutputReceiver receiver;
    private long removedAt = NEVER;

    /** How many days the oldest change is older than all sums that are kept. */
    private long daysThatAreGone;

    Told(
        String video,
        VideoFacts facts,
        long generation,
        long oldestDay,
        DayChanges changes,
        MultiOutputReceiver receiver) {
      this.video = video;
      this.facts = facts;
      this.generation = generation;
      this.oldestDay = oldestDay;
      this.changes = changes;
      this.receiver = receiver;
    }

    @Override
    public void video(WindowKind kind, long startS, long[] measures) {
      receiver
          .get(MeasureEngagement.ROWS)
          .output(
              new WindowRow(Dimension.VIDEO, video, kind, startS, generation, measures.clone()));
    }

    @Override
    public void changed(long day, int slot, long[] difference) {
      if (day < oldestDay && Measures.saysMore(difference)) {
        daysThatAreGone = Math.max(daysThatAreGone, oldestDay - day);
      }
      changes.add(facts, day, slot, difference);
    }

    @Override
    public void late(long time, int mask, long[] counters, long tooLateS) {
      FoldVideos.this.late(
          video, SnapshotRow.snapshot(video, time, mask, counters), tooLateS, receiver);
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
      removedAt = Math.max(removedAt, time);
    }

    /**
     * Tells whether the platform knows the video, where that has changed: counters that are newer
     * than a removal say that it is there.
     *
     * @param before since when it was gone; {@link #NEVER}
     * @return since when it is gone
     */
    long removedAfter(long before, VideoHistory history) {
      long gone = Math.max(before, removedAt);
      if (gone == NEVER) {
        return NEVER;
      }
      if (gone > history.frontier()) {
        if (gone > before) {
          receiver.get(MeasureEngagement.REMOVED).output(KV.of(video, gone * 1000));
        }
        return gone;
      }
      if (before != NEVER) {
        receiver.get(MeasureEngagement.REMOVED).output(KV.of(video, -history.frontier() * 1000));
      }
      return NEVER;
    }
  }
}
