package dev.reelbeam.stages.engagement;

import dev.reelbeam.model.engagement.EngagementSnapshot;
import dev.reelbeam.model.engagement.FactsCodec;
import dev.reelbeam.model.engagement.Packed;
import dev.reelbeam.model.engagement.SnapshotMessage;
import dev.reelbeam.model.engagement.VideoFacts;
import dev.reelbeam.model.engagement.WindowKind;
import dev.reelbeam.model.engagement.WindowRow;
import dev.reelbeam.model.engagement.Dimension;
import dev.reelbeam.model.failure.StageException;
import dev.reelbeam.model.port.EngagementTables;
import dev.reelbeam.model.port.VideoCatalog;
import dev.reelbeam.stages.engagement.DayChanges.DaySums;
import java.io.IOException;
import java.io.Serializable;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.apache.flink.api.common.eventtime.WatermarkStrategy;
import org.apache.flink.api.common.state.ValueState;
import org.apache.flink.api.common.state.ValueStateDescriptor;
import org.apache.flink.api.common.typeinfo.PrimitiveArrayTypeInfo;
import org.apache.flink.api.common.typeinfo.TypeInformation;
import org.apache.flink.api.common.typeinfo.Types;
import org.apache.flink.api.common.typeutils.SimpleTypeSerializerSnapshot;
import org.apache.flink.api.common.typeutils.TypeSerializerSnapshot;
import org.apache.flink.api.common.typeutils.base.TypeSerializerSingleton;
import org.apache.flink.api.java.tuple.Tuple2;
import org.apache.flink.configuration.Configuration;
import org.apache.flink.connector.kafka.source.KafkaSource;
import org.apache.flink.connector.kafka.source.enumerator.initializer.OffsetsInitializer;
import org.apache.flink.connector.kafka.source.reader.deserializer.KafkaRecordDeserializationSchema;
import org.apache.flink.core.memory.DataInputView;
import org.apache.flink.core.memory.DataOutputView;
import org.apache.flink.streaming.api.CheckpointingMode;
import org.apache.flink.streaming.api.datastream.SingleOutputStreamOperator;
import org.apache.flink.streaming.api.environment.StreamExecutionEnvironment;
import org.apache.flink.streaming.api.functions.KeyedProcessFunction;
import org.apache.flink.streaming.api.operators.AbstractStreamOperator;
import org.apache.flink.streaming.api.operators.ChainingStrategy;
import org.apache.flink.streaming.api.operators.OneInputStreamOperator;
import org.apache.flink.streaming.runtime.streamrecord.StreamRecord;
import org.apache.flink.api.common.operators.ProcessingTimeService.ProcessingTimeCallback;
import org.apache.flink.util.Collector;
import org.apache.flink.util.OutputTag;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.OffsetResetStrategy;

/**
 * The rival: the same work as a DataStream job, by everything that Flink offers a careful author.
 * Values are read without keys; object reuse; snapshots are gathered by video before the shuffle;
 * one state a video, which on the heap is a live object that is never encoded but for checkpoints;
 * timers of all videos go off together; changes of days are summed up before the second shuffle;
 * rows go to the sink in the same chain. What a snapshot means is the same code on both sides.
 */
final class NativeJob {
  private static final OutputTag<Change> CHANGES =
      new OutputTag<>("changes", TypeInformation.of(Change.class)) {};

  private NativeJob() {}

  static void run(MeasureSide.Setup setup, VideoCatalog catalog) throws Exception {
    StreamExecutionEnvironment environment =
        StreamExecutionEnvironment.createLocalEnvironment(
            setup.parallelism(), MeasureSide.configuration(setup));
    environment.setMaxParallelism(256);
    environment.getConfig().enableObjectReuse();
    environment.enableCheckpointing(setup.checkpointMs(), CheckpointingMode.EXACTLY_ONCE);
    KafkaSource<byte[]> source =
        KafkaSource.<byte[]>builder()
            .setBootstrapServers(setup.world().kafka().bootstrapServers())
            .setTopics(
                setup.world().kafka().topic(
                    dev.reelbeam.clients.config.KafkaSettings.Topic.ENGAGEMENT))
            .setGroupId(setup.group())
            .setStartingOffsets(OffsetsInitializer.committedOffsets(OffsetResetStrategy.EARLIEST))
            .setProperty("max.partition.fetch.bytes", "8000000")
            .setDeserializer(new Values())
            .build();
    TypeInformation<Tuple2<String, byte[]>> pairs =
        Types.TUPLE(Types.STRING, PrimitiveArrayTypeInfo.BYTE_PRIMITIVE_ARRAY_TYPE_INFO);
    SingleOutputStreamOperator<WindowRow> folded =
        environment
            .fromSource(source, WatermarkStrategy.noWatermarks(), "Read snapshots")
            .transform("Gather", pairs, new Gather())
            .keyBy(pair -> pair.f0)
            .process(new Fold(setup.updateMs(), catalog))
            .returns(TypeInformation.of(WindowRow.class));
    folded.transform("Write windows", Types.VOID, new Write(setup));
    folded
        .getSideOutput(CHANGES)
        .transform("Sum changes", pairs, new SumChanges())
        .keyBy(pair -> pair.f0)
        .process(new Sum(setup.updateMs()))
        .returns(TypeInformation.of(WindowRow.class))
        .transform("Write days", Types.VOID, new Write(setup));
    environment.execute("native");
  }

  private static final class Values implements KafkaRecordDeserializationSchema<byte[]> {
    private static final long serialVersionUID = 1L;

    @Override
    public void deserialize(ConsumerRecord<byte[], byte[]> record, Collector<byte[]> out) {
      out.collect(record.value());
    }

    @Override
    public TypeInformation<byte[]> getProducedType() {
      return PrimitiveArrayTypeInfo.BYTE_PRIMITIVE_ARRAY_TYPE_INFO;
    }
  }

  /** Gathers until there is enough, a second has passed, or a checkpoint comes. */
  private abstract static class Batch<I, O> extends AbstractStreamOperator<O>
      implements OneInputStreamOperator<I, O>, ProcessingTimeCallback {
    private static final long serialVersionUID = 1L;
    private static final long PAUSE_MS = 1_000;

    private final int most;
    private int gathered;

    Batch(int most) {
      this.most = most;
      setChainingStrategy(ChainingStrategy.ALWAYS);
    }

    abstract void add(I element) throws Exception;

    abstract void flush() throws Exception;

    @Override
    public void open() throws Exception {
      super.open();
      next();
    }

    private void next() {
      getProcessingTimeService()
          .registerTimer(getProcessingTimeService().getCurrentProcessingTime() + PAUSE_MS, this);
    }

    @Override
    public void processElement(StreamRecord<I> record) throws Exception {
      add(record.getValue());
      if (++gathered >= most) {
        all();
      }
    }

    private void all() throws Exception {
      if (gathered > 0) {
        gathered = 0;
        flush();
      }
    }

    @Override
    public void onProcessingTime(long timestamp) throws Exception {
      all();
      next();
    }

    @Override
    public void prepareSnapshotPreBarrier(long checkpointId) throws Exception {
      all();
    }

    @Override
    public void finish() throws Exception {
      all();
    }
  }

  /** Reads messages and gathers their rows by video. */
  private static final class Gather extends Batch<byte[], Tuple2<String, byte[]>> {
    private static final long serialVersionUID = 1L;

    private transient Map<String, Packed.Writer> rows;

    Gather() {
      super(20_000);
    }

    @Override
    public void open() throws Exception {
      super.open();
      rows = new HashMap<>();
    }

    @Override
    void add(byte[] message) {
      MeasureSide.READ.increment();
      EngagementSnapshot snapshot;
      try {
        snapshot =
            SnapshotChecks.read(new SnapshotMessage("", message), System.currentTimeMillis());
      } catch (StageException e) {
        throw new IllegalStateException(e);
      }
      SnapshotRow.write(
          snapshot, rows.computeIfAbsent(snapshot.videoKey(), key -> new Packed.Writer(48)));
    }

    @Override
    void flush() {
      StreamRecord<Tuple2<String, byte[]>> record = new StreamRecord<>(null);
      rows.forEach(
          (video, row) -> output.collect(record.replace(Tuple2.of(video, row.toBytes()))));
      rows.clear();
    }
  }

  /** What is kept of a video. */
  static final class Video implements Serializable {
    private static final long serialVersionUID = 1L;

    transient VideoFacts facts;
    transient VideoHistory history = new VideoHistory();
    transient byte[] waiting = new byte[0];
  }

  static final class VideoSerializer extends TypeSerializerSingleton<Video> {
    private static final long serialVersionUID = 1L;

    @Override
    public boolean isImmutableType() {
      return false;
    }

    @Override
    public Video createInstance() {
      return new Video();
    }

    @Override
    public Video copy(Video from) {
      Video copy = new Video();
      copy.facts = from.facts;
      copy.history = from.history.copy();
      copy.waiting = from.waiting;
      return copy;
    }

    @Override
    public Video copy(Video from, Video reuse) {
      return copy(from);
    }

    @Override
    public int getLength() {
      return -1;
    }

    @Override
    public void serialize(Video video, DataOutputView target) throws IOException {
      Packed.Writer writer = new Packed.Writer(512);
      byte[] facts = FactsCodec.encode(video.facts);
      writer.unsigned(facts.length).raw(facts, 0, facts.length);
      video.history.write(writer);
      target.writeInt(writer.length());
      target.write(writer.array(), 0, writer.length());
      target.writeInt(video.waiting.length);
      target.write(video.waiting);
    }

    @Override
    public Video deserialize(DataInputView source) throws IOException {
      byte[] bytes = new byte[source.readInt()];
      source.readFully(bytes);
      Packed.Reader reader = new Packed.Reader(bytes);
      int length = reader.count();
      Video video = new Video();
      video.facts =
          FactsCodec.decode(
              java.util.Arrays.copyOfRange(bytes, reader.position(), reader.position() + length));
      reader.skip(length);
      video.history = VideoHistory.read(reader);
      video.waiting = new byte[source.readInt()];
      source.readFully(video.waiting);
      return video;
    }

    @Override
    public Video deserialize(Video reuse, DataInputView source) throws IOException {
      return deserialize(source);
    }

    @Override
    public void copy(DataInputView source, DataOutputView target) throws IOException {
      serialize(deserialize(source), target);
    }

    @Override
    public TypeSerializerSnapshot<Video> snapshotConfiguration() {
      return new Snapshot();
    }

    public static final class Snapshot extends SimpleTypeSerializerSnapshot<Video> {
      public Snapshot() {
        super(VideoSerializer::new);
      }
    }
  }

  /** What a slot of a day changes by. */
  static final class Change implements Serializable {
    private static final long serialVersionUID = 1L;

    VideoFacts facts;
    long day;
    int slot;
    long[] difference;
  }

  /** Folds what waits of each video when its time has come. */
  private static final class Fold
      extends KeyedProcessFunction<String, Tuple2<String, byte[]>, WindowRow> {
    private static final long serialVersionUID = 1L;
    private static VideoCatalog catalog;

    private final long updateMs;
    private transient ValueState<Video> state;
    private transient FoldSnapshots folds;
    private transient Change change;

    Fold(long updateMs, VideoCatalog catalog) {
      this.updateMs = updateMs;
      Fold.catalog = catalog;
    }

    @Override
    public void open(Configuration parameters) {
      state =
          getRuntimeContext()
              .getState(new ValueStateDescriptor<>("video", new VideoSerializer()));
      folds = new FoldSnapshots(FoldSnapshots.LATENESS_S);
      change = new Change();
    }

    @Override
    public void processElement(
        Tuple2<String, byte[]> element, Context context, Collector<WindowRow> out)
        throws Exception {
      Video video = state.value();
      if (video == null) {
        video = new Video();
        video.facts = catalog.find(List.of(element.f0)).get(element.f0);
      }
      if (video.waiting.length == 0) {
        long now = context.timerService().currentProcessingTime();
        context
            .timerService()
            .registerProcessingTimeTimer((now / updateMs + 1) * updateMs);
        video.waiting = element.f1;
      } else {
        byte[] both = java.util.Arrays.copyOf(video.waiting, video.waiting.length + element.f1.length);
        System.arraycopy(element.f1, 0, both, video.waiting.length, element.f1.length);
        video.waiting = both;
      }
      state.update(video);
    }

    @Override
    public void onTimer(long timestamp, OnTimerContext context, Collector<WindowRow> out)
        throws Exception {
      Video video = state.value();
      String key = context.getCurrentKey();
      VideoFacts facts = video.facts;
      folds.fold(
          facts,
          video.history,
          new Packed.Reader(video.waiting),
          0,
          new FoldSnapshots.Output() {
            @Override
            public void video(WindowKind kind, long startS, long[] measures) {
              out.collect(new WindowRow(Dimension.VIDEO, key, kind, startS, measures.clone()));
            }

            @Override
            public void changed(long day, int slot, long[] difference) {
              // Taken at once by the next operator of the chain.
              change.facts = facts;
              change.day = day;
              change.slot = slot;
              change.difference = difference;
              context.output(CHANGES, change);
            }

            @Override
            public void late(long time, int mask, long[] counters, long tooLateS) {
              throw new IllegalStateException("nothing is too late here");
            }

            @Override
            public void early(long time, int mask, long[] counters) {
              throw new IllegalStateException("nothing is too early here");
            }

            @Override
            public void removed(long time) {
              throw new IllegalStateException("nothing is removed here");
            }
          });
      video.waiting = new byte[0];
      state.update(video);
    }
  }

  /** Sums changes up before they travel. */
  private static final class SumChanges extends Batch<Change, Tuple2<String, byte[]>> {
    private static final long serialVersionUID = 1L;

    private transient DayChanges changes;

    SumChanges() {
      super(1_000_000);
    }

    @Override
    public void open() throws Exception {
      super.open();
      changes = new DayChanges();
    }

    @Override
    void add(Change change) {
      changes.add(change.facts, change.day, change.slot, change.difference);
    }

    @Override
    void flush() {
      changes.forEachShard(
          0,
          Shards.COUNT,
          (shard, block) -> {
            Packed.Reader reader = new Packed.Reader(block);
            reader.text();
            reader.unsigned();
            reader.raw();
            while (reader.hasMore()) {
              String key = reader.text();
              DaySums sums = new DaySums();
              sums.addFrom(reader);
              Packed.Writer writer = new Packed.Writer(256);
              sums.write(writer);
              output.collect(new StreamRecord<>(Tuple2.of(key, writer.toBytes())));
            }
          });
      changes = new DayChanges();
    }
  }

  /** The sums of a day of a key. */
  static final class Day implements Serializable {
    private static final long serialVersionUID = 1L;

    transient DaySums sums = new DaySums();
    transient int changed;
  }

  static final class DaySerializer extends TypeSerializerSingleton<Day> {
    private static final long serialVersionUID = 1L;

    @Override
    public boolean isImmutableType() {
      return false;
    }

    @Override
    public Day createInstance() {
      return new Day();
    }

    @Override
    public Day copy(Day from) {
      Packed.Writer writer = new Packed.Writer(512);
      from.sums.write(writer);
      Day copy = new Day();
      copy.sums.addFrom(new Packed.Reader(writer.toBytes()));
      copy.changed = from.changed;
      return copy;
    }

    @Override
    public Day copy(Day from, Day reuse) {
      return copy(from);
    }

    @Override
    public int getLength() {
      return -1;
    }

    @Override
    public void serialize(Day day, DataOutputView target) throws IOException {
      Packed.Writer writer = new Packed.Writer(512);
      day.sums.write(writer);
      target.writeInt(writer.length());
      target.write(writer.array(), 0, writer.length());
      target.writeInt(day.changed);
    }

    @Override
    public Day deserialize(DataInputView source) throws IOException {
      byte[] bytes = new byte[source.readInt()];
      source.readFully(bytes);
      Day day = new Day();
      day.sums.addFrom(new Packed.Reader(bytes));
      day.changed = source.readInt();
      return day;
    }

    @Override
    public Day deserialize(Day reuse, DataInputView source) throws IOException {
      return deserialize(source);
    }

    @Override
    public void copy(DataInputView source, DataOutputView target) throws IOException {
      serialize(deserialize(source), target);
    }

    @Override
    public TypeSerializerSnapshot<Day> snapshotConfiguration() {
      return new Snapshot();
    }

    public static final class Snapshot extends SimpleTypeSerializerSnapshot<Day> {
      public Snapshot() {
        super(DaySerializer::new);
      }
    }
  }

  /** Adds changes up by day and tells what changed. */
  private static final class Sum
      extends KeyedProcessFunction<String, Tuple2<String, byte[]>, WindowRow> {
    private static final long serialVersionUID = 1L;

    private final long updateMs;
    private transient ValueState<Day> state;

    Sum(long updateMs) {
      this.updateMs = updateMs;
    }

    @Override
    public void open(Configuration parameters) {
      state = getRuntimeContext().getState(new ValueStateDescriptor<>("day", new DaySerializer()));
    }

    @Override
    public void processElement(
        Tuple2<String, byte[]> element, Context context, Collector<WindowRow> out)
        throws Exception {
      Day day = state.value();
      if (day == null) {
        day = new Day();
      }
      if (day.changed == 0) {
        long now = context.timerService().currentProcessingTime();
        context
            .timerService()
            .registerProcessingTimeTimer((now / updateMs + 1) * updateMs);
      }
      day.changed |= day.sums.addFrom(new Packed.Reader(element.f1));
      state.update(day);
    }

    @Override
    public void onTimer(long timestamp, OnTimerContext context, Collector<WindowRow> out)
        throws Exception {
      Day day = state.value();
      String key = context.getCurrentKey();
      long date = DaySums.day(key);
      for (int slot = 0; slot < FoldSnapshots.SLOTS; slot++) {
        if ((day.changed & (1 << slot)) != 0) {
          out.collect(
              new WindowRow(
                  DaySums.dimension(key),
                  DaySums.key(key),
                  kind(slot),
                  date * SiteDays.DAY_S + (slot < FoldSnapshots.SLOT_DAY ? slot * 3600L : 0),
                  day.sums.slot(slot).clone()));
        }
      }
      day.changed = 0;
      state.update(day);
    }

    private static WindowKind kind(int slot) {
      if (slot < FoldSnapshots.SLOT_DAY) {
        return WindowKind.HOUR;
      }
      return slot == FoldSnapshots.SLOT_DAY
          ? WindowKind.DAY
          : slot == FoldSnapshots.SLOT_FIRST_24H ? WindowKind.FIRST_24H : WindowKind.FIRST_7D;
    }
  }

  /** Rows to the tables, many at once. */
  private static final class Write extends Batch<WindowRow, Void> {
    private static final long serialVersionUID = 1L;

    private final MeasureSide.Setup setup;
    private transient EngagementTables tables;
    private transient List<WindowRow> rows;

    Write(MeasureSide.Setup setup) {
      super(4_000);
      this.setup = null;
      Write.shared = setup;
    }

    private static MeasureSide.Setup shared;

    @Override
    public void open() throws Exception {
      super.open();
      tables = MeasureSide.tables(shared);
      rows = new ArrayList<>();
    }

    @Override
    void add(WindowRow row) {
      rows.add(row);
    }

    @Override
    void flush() {
      tables.put(rows);
      rows = new ArrayList<>();
    }

    @Override
    public void close() throws Exception {
      if (tables != null) {
        tables.close();
      }
      super.close();
    }
  }
}
