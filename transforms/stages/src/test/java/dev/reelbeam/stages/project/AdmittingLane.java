package dev.reelbeam.stages.project;

import dev.reelbeam.fakes.FakeAssetReader;
import dev.reelbeam.fakes.FakeObjectStore;
import dev.reelbeam.fakes.FakeScriptWriter;
import dev.reelbeam.fakes.FakeSpeechSynthesizer;
import dev.reelbeam.model.port.ProjectLedger;
import dev.reelbeam.model.project.Lane;
import dev.reelbeam.stages.flow.ParsedRecord;
import dev.reelbeam.stages.flow.Progress;
import dev.reelbeam.stages.flow.Providers;
import dev.reelbeam.stages.render.JoinRenders;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.apache.beam.sdk.state.Timer;
import org.apache.beam.sdk.state.ValueState;
import org.apache.beam.sdk.transforms.DoFn.OutputReceiver;
import org.apache.beam.sdk.values.KV;
import org.joda.time.Duration;
import org.joda.time.Instant;
import org.jspecify.annotations.Nullable;

/** The live lane of an admission, whose timer fires when a test says so: no runner fires early. */
final class AdmittingLane {
  private final AdmitProjects.AdmitFn admission;
  private final Cell<Places> places = new Cell<>();
  private final Cell<Long> due = new Cell<>();
  private final SetTimer timer = new SetTimer();
  private final List<ParsedRecord> admitted = new ArrayList<>();
  private final OutputReceiver<ParsedRecord> receiver = new Receiver();
  private long nowMs = 1_000_000;

  AdmittingLane(ProjectLedger ledger) {
    Providers providers =
        new Providers(
                () -> new FakeObjectStore(Path.of("unset")),
                FakeAssetReader::new,
                FakeScriptWriter::new,
                FakeSpeechSynthesizer::new,
                () -> Progress.NONE)
            .withProjects(() -> ledger);
    admission =
        new AdmitProjects.AdmitFn(providers, AdmissionSettings.of(2, 1), JoinRenders.PATIENCE);
    admission.setup();
  }

  /** An element without a record comes. */
  void wake() {
    admission.process(KV.of(Lane.LIVE.name(), null), places, due, timer, receiver);
  }

  /** The timer fires so late, or early, by the clock. */
  void fires(long lateMs) {
    Long dueMs = due.read();
    nowMs = (dueMs == null ? nowMs : dueMs) + lateMs;
    admission.count(Lane.LIVE.name(), places, due, timer, receiver);
  }

  /** The projects that went on, in their order. */
  List<String> admitted() {
    return admitted.stream().map(record -> record.key().recordId()).toList();
  }

  /** In what time the lane is looked at again; null when it is not. */
  @Nullable Long dueInMs() {
    Long dueMs = due.read();
    return dueMs == null ? null : dueMs - nowMs;
  }

  private static final class Cell<T> implements ValueState<T> {
    private @Nullable T value;

    @Override
    public void write(T input) {
      value = input;
    }

    @Override
    public @Nullable T read() {
      return value;
    }

    @Override
    public ValueState<T> readLater() {
      return this;
    }

    @Override
    public void clear() {
      value = null;
    }
  }

  private final class SetTimer implements Timer {
    @Override
    public void set(Instant absoluteTime) {}

    @Override
    public void setRelative() {}

    @Override
    public void clear() {}

    @Override
    public Timer offset(Duration offset) {
      return this;
    }

    @Override
    public Timer align(Duration period) {
      return this;
    }

    @Override
    public Timer withOutputTimestamp(Instant outputTime) {
      return this;
    }

    @Override
    public Timer withNoOutputTimestamp() {
      return this;
    }

    @Override
    public Instant getCurrentRelativeTime() {
      return Instant.ofEpochMilli(nowMs);
    }
  }

  private final class Receiver implements OutputReceiver<ParsedRecord> {
    @Override
    public org.apache.beam.sdk.values.OutputBuilder<ParsedRecord> builder(ParsedRecord value) {
      throw new UnsupportedOperationException("the ledger of the test has nothing to begin");
    }

    @Override
    public void output(ParsedRecord record) {
      admitted.add(record);
    }

    @Override
    public void outputWithTimestamp(ParsedRecord record, Instant timestamp) {
      admitted.add(record);
    }
  }
}
