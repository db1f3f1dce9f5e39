package dev.reelbeam.stages.engagement;

import dev.reelbeam.model.engagement.EngagementSnapshot;
import dev.reelbeam.model.engagement.SnapshotMessage;
import dev.reelbeam.model.failure.StageException;
import dev.reelbeam.model.port.EngagementTables;
import dev.reelbeam.model.port.PortFactory;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import org.apache.beam.sdk.transforms.DoFn;
import org.apache.beam.sdk.transforms.PTransform;
import org.apache.beam.sdk.transforms.ParDo;
import org.apache.beam.sdk.transforms.SerializableFunction;
import org.apache.beam.sdk.values.PCollection;
import org.apache.beam.sdk.values.PDone;
import org.jspecify.annotations.Nullable;

/**
 * Keeps the snapshots of a topic, whose messages are gone after some weeks, for replays. What
 * cannot be read is passed over: {@link MeasureEngagement} sets it aside. A bundle that runs again
 * keeps the same.
 */
public final class KeepSnapshots extends PTransform<PCollection<SnapshotMessage>, PDone> {
  private static final long serialVersionUID = 1L;

  private final PortFactory<EngagementTables> tables;
  private final SerializableFunction<Void, Long> clock;

  private KeepSnapshots(
      PortFactory<EngagementTables> tables, SerializableFunction<Void, Long> clock) {
    this.tables = tables;
    this.clock = clock;
  }

  public static KeepSnapshots in(PortFactory<EngagementTables> tables) {
    return new KeepSnapshots(tables, nothing -> System.currentTimeMillis());
  }

  /** The same by another clock, in ms since 1970: what is ahead of it is passed over. */
  public KeepSnapshots withClock(SerializableFunction<Void, Long> newClock) {
    return new KeepSnapshots(tables, newClock);
  }

  @Override
  public PDone expand(PCollection<SnapshotMessage> messages) {
    messages.apply("Keep", ParDo.of(new KeepFn(tables, clock)));
    return PDone.in(messages.getPipeline());
  }

  private static final class KeepFn extends DoFn<SnapshotMessage, Void> {
    private static final long serialVersionUID = 1L;

    /** Snapshots of one statement. */
    private static final int AT_ONCE = 4_000;

    private final PortFactory<EngagementTables> factory;
    private final SerializableFunction<Void, Long> clock;
    private transient @Nullable EngagementTables tables;
    private transient List<EngagementSnapshot> snapshots = new ArrayList<>();

    KeepFn(PortFactory<EngagementTables> factory, SerializableFunction<Void, Long> clock) {
      this.factory = factory;
      this.clock = clock;
    }

    @Setup
    public void setup() {
      tables = factory.open();
    }

    @Teardown
    public void teardown() {
      if (tables != null) {
        tables.close();
      }
    }

    @StartBundle
    public void start() {
      snapshots = new ArrayList<>();
    }

    @ProcessElement
    public void process(@Element SnapshotMessage message) {
      EngagementSnapshot snapshot;
      try {
        snapshot = SnapshotChecks.read(message, clock.apply(null));
      } catch (StageException e) {
        return;
      }
      if (!snapshot.removed()) {
        snapshots.add(snapshot);
      }
      if (snapshots.size() >= AT_ONCE) {
        finish();
      }
    }

    @FinishBundle
    public void finish() {
      if (!snapshots.isEmpty()) {
        Objects.requireNonNull(tables).keep(snapshots);
        snapshots = new ArrayList<>();
      }
    }
  }
}
