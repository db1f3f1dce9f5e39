package dev.reelbeam.stages.engagement;

import dev.reelbeam.model.engagement.LateSnapshot;
import dev.reelbeam.model.engagement.WindowRow;
import dev.reelbeam.model.port.EngagementTables;
import dev.reelbeam.model.port.PortFactory;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import org.apache.beam.sdk.transforms.DoFn;
import org.apache.beam.sdk.transforms.PTransform;
import org.apache.beam.sdk.transforms.ParDo;
import org.apache.beam.sdk.values.KV;
import org.apache.beam.sdk.values.PCollectionTuple;
import org.apache.beam.sdk.values.PDone;
import org.jspecify.annotations.Nullable;

/**
 * Writes what {@link MeasureEngagement} tells. A bundle is through when its rows are stored; one
 * that runs again writes the same rows.
 */
public final class WriteEngagement extends PTransform<PCollectionTuple, PDone> {
  private static final long serialVersionUID = 1L;

  private final PortFactory<EngagementTables> tables;

  private WriteEngagement(PortFactory<EngagementTables> tables) {
    this.tables = tables;
  }

  public static WriteEngagement to(PortFactory<EngagementTables> tables) {
    return new WriteEngagement(tables);
  }

  @Override
  public PDone expand(PCollectionTuple measured) {
    measured.get(MeasureEngagement.ROWS).apply("Write windows", ParDo.of(new WriteRows(tables)));
    measured.get(MeasureEngagement.SUMS).apply("Write sums", ParDo.of(new WriteRows(tables)));
    measured.get(MeasureEngagement.LATE).apply("Keep late", ParDo.of(new KeepLate(tables)));
    measured
        .get(MeasureEngagement.REMOVED)
        .apply("Mark removed", ParDo.of(new MarkRemoved(tables)));
    return PDone.in(measured.getPipeline());
  }

  /** Opens the tables on the worker. */
  private abstract static class TablesFn<T> extends DoFn<T, Void> {
    private static final long serialVersionUID = 1L;

    private final PortFactory<EngagementTables> factory;
    private transient @Nullable EngagementTables opened;

    TablesFn(PortFactory<EngagementTables> factory) {
      this.factory = factory;
    }

    EngagementTables tables() {
      return Objects.requireNonNull(opened);
    }

    @Setup
    public void setup() {
      opened = factory.open();
    }

    @Teardown
    public void teardown() {
      if (opened != null) {
        opened.close();
      }
    }
  }

  private static final class WriteRows extends TablesFn<WindowRow> {
    private static final long serialVersionUID = 1L;

    /** Rows of one statement: enough to spread its cost, few enough for its memory. */
    private static final int AT_ONCE = 4_000;

    private transient List<WindowRow> rows = new ArrayList<>();

    WriteRows(PortFactory<EngagementTables> factory) {
      super(factory);
    }

    @StartBundle
    public void start() {
      rows = new ArrayList<>();
    }

    @ProcessElement
    public void process(@Element WindowRow row) {
      rows.add(row);
      if (rows.size() >= AT_ONCE) {
        finish();
      }
    }

    @FinishBundle
    public void finish() {
      if (!rows.isEmpty()) {
        tables().put(rows);
        rows = new ArrayList<>();
      }
    }
  }

  private static final class KeepLate extends TablesFn<LateSnapshot> {
    private static final long serialVersionUID = 1L;

    KeepLate(PortFactory<EngagementTables> factory) {
      super(factory);
    }

    @ProcessElement
    public void process(@Element LateSnapshot late) {
      tables().putLate(List.of(late));
    }
  }

  private static final class MarkRemoved extends TablesFn<KV<String, Long>> {
    private static final long serialVersionUID = 1L;

    MarkRemoved(PortFactory<EngagementTables> factory) {
      super(factory);
    }

    @ProcessElement
    public void process(@Element KV<String, Long> removed) {
      long atMs = Objects.requireNonNull(removed.getValue());
      if (atMs >= 0) {
        tables().markRemoved(removed.getKey(), atMs);
      } else {
        tables().markReturned(removed.getKey(), -atMs);
      }
    }
  }
}
