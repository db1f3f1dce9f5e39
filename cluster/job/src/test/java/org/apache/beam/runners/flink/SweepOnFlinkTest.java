package org.apache.beam.runners.flink;

import static org.assertj.core.api.Assertions.assertThat;

import dev.reelbeam.fakes.FakeAssetReader;
import dev.reelbeam.fakes.FakeObjectStore;
import dev.reelbeam.fakes.FakeProjectLedger;
import dev.reelbeam.fakes.FakeScriptWriter;
import dev.reelbeam.fakes.FakeSpeechSynthesizer;
import dev.reelbeam.model.content.ProjectRequest;
import dev.reelbeam.model.content.RecordKey;
import dev.reelbeam.model.content.ReviewPolicy;
import dev.reelbeam.model.content.VideoSettings;
import dev.reelbeam.model.project.Begun;
import dev.reelbeam.model.project.Lane;
import dev.reelbeam.model.project.ProjectEntry;
import dev.reelbeam.model.project.ProjectStatus;
import dev.reelbeam.model.store.MediaRef;
import dev.reelbeam.stages.coder.RecordCoder;
import dev.reelbeam.stages.flow.ParsedRecord;
import dev.reelbeam.stages.flow.Progress;
import dev.reelbeam.stages.flow.Providers;
import dev.reelbeam.stages.project.AdmissionSettings;
import dev.reelbeam.stages.project.AdmitProjects;
import java.nio.file.Path;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.AtomicInteger;
import org.apache.beam.sdk.Pipeline;
import org.apache.beam.sdk.coders.KvCoder;
import org.apache.beam.sdk.coders.NullableCoder;
import org.apache.beam.sdk.coders.StringUtf8Coder;
import org.apache.beam.sdk.coders.VarLongCoder;
import org.apache.beam.sdk.io.GenerateSequence;
import org.apache.beam.sdk.state.StateSpec;
import org.apache.beam.sdk.state.StateSpecs;
import org.apache.beam.sdk.state.TimeDomain;
import org.apache.beam.sdk.state.TimerSpec;
import org.apache.beam.sdk.state.TimerSpecs;
import org.apache.beam.sdk.state.ValueState;
import org.apache.beam.sdk.transforms.DoFn;
import org.apache.beam.sdk.transforms.Flatten;
import org.apache.beam.sdk.transforms.PTransform;
import org.apache.beam.sdk.transforms.ParDo;
import org.apache.beam.sdk.transforms.WithKeys;
import org.apache.beam.sdk.values.KV;
import org.apache.beam.sdk.values.PCollection;
import org.apache.beam.sdk.values.PCollectionList;
import org.apache.beam.sdk.values.TypeDescriptors;
import org.apache.flink.api.common.JobID;
import org.joda.time.Duration;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * Admission as the sweeper, on Flink's runtime: what the ledger holds as under way comes back when
 * a job begins without state, and not when it goes on from a savepoint that knows of it.
 */
class SweepOnFlinkTest {
  private static final Queue<String> ADMITTED = new ConcurrentLinkedQueue<>();
  private static FakeProjectLedger ledger = new FakeProjectLedger();

  @TempDir Path savepoints;

  @BeforeEach
  void begin() {
    ADMITTED.clear();
    ledger = new FakeProjectLedger();
  }

  @Test
  void aJobWithoutStateTakesUpWhatIsUnderWayAndOneFromASavepointKnowsIt() throws Exception {
    ledger.admit(entry("lost"));
    ledger.begin("lost", 1, new Begun("a-life-that-is-gone", 3));
    ledger.status("lost", 1, ProjectStatus.SCRIPTING);
    try (JobsOnFlink flink = JobsOnFlink.start()) {
      JobID first = flink.run(SweepOnFlinkTest::graph);
      await("lost");
      String savepoint = flink.stop(first, savepoints);

      ledger.admit(entry("later"));
      JobID second = flink.resume(savepoint, SweepOnFlinkTest::graph);
      await("later");
      // Drafts are asked for behind what is astray.
      assertThat(ADMITTED).containsExactly("lost", "later");

      flink.cancel(second);
      ADMITTED.clear();
      JobID third = flink.run(SweepOnFlinkTest::graph);
      await("later");
      assertThat(ADMITTED).containsExactly("lost", "later");
      flink.cancel(third);
    }
  }

  /** Such a lane had no timer in earlier releases, and "Begin" is spent in the savepoint. */
  @Test
  void aLaneThatWasIdleWithoutATimerIsLookedAtAgain() throws Exception {
    try (JobsOnFlink flink = JobsOnFlink.start()) {
      JobID before = flink.run(pipeline -> graph(pipeline, new AdmissionBefore()));
      JobsOnFlink.await(
          () -> AdmissionBefore.SEEN.get() == Lane.values().length, AdmissionBefore.SEEN::toString);
      String savepoint = flink.stop(before, savepoints);

      ledger.admit(entry("put-off"));
      JobID after = flink.resume(savepoint, SweepOnFlinkTest::graph);
      await("put-off");
      flink.cancel(after);
    }
  }

  /** The operators of an earlier release, of which idle lanes have state and no timer. */
  private static final class AdmissionBefore
      extends PTransform<PCollection<ParsedRecord>, PCollection<ParsedRecord>> {
    private static final long serialVersionUID = 1L;
    static final AtomicInteger SEEN = new AtomicInteger();

    @Override
    public PCollection<ParsedRecord> expand(PCollection<ParsedRecord> records) {
      KvCoder<String, ParsedRecord> coder =
          KvCoder.of(StringUtf8Coder.of(), NullableCoder.of(RecordCoder.of(ParsedRecord.class)));
      PCollection<KV<String, ParsedRecord>> byLane =
          records
              .apply(
                  "Key by lane",
                  WithKeys.of((ParsedRecord record) -> Lane.LIVE.name())
                      .withKeyType(TypeDescriptors.strings()))
              .setCoder(coder);
      PCollection<KV<String, ParsedRecord>> begins =
          records
              .getPipeline()
              .apply("Begin", GenerateSequence.from(0).to(1))
              .apply("Each lane", ParDo.of(new EachLaneFn()))
              .setCoder(coder);
      return PCollectionList.of(byLane)
          .and(begins)
          .apply("Flatten", Flatten.pCollections())
          .setCoder(coder)
          .apply("Admit", ParDo.of(new AdmitFn()))
          .setCoder(RecordCoder.of(ParsedRecord.class));
    }

    private static final class EachLaneFn extends DoFn<Long, KV<String, ParsedRecord>> {
      private static final long serialVersionUID = 1L;

      @ProcessElement
      public void process(OutputReceiver<KV<String, ParsedRecord>> receiver) {
        for (Lane lane : Lane.values()) {
          receiver.output(KV.of(lane.name(), null));
        }
      }
    }

    private static final class AdmitFn extends DoFn<KV<String, ParsedRecord>, ParsedRecord> {
      private static final long serialVersionUID = 1L;

      @StateId("due")
      private final StateSpec<ValueState<Long>> dueSpec = StateSpecs.value(VarLongCoder.of());

      @TimerId("count")
      private final TimerSpec countSpec = TimerSpecs.timer(TimeDomain.PROCESSING_TIME);

      @ProcessElement
      public void process(@StateId("due") ValueState<Long> due) {
        due.clear();
        SEEN.incrementAndGet();
      }

      @OnTimer("count")
      public void count() {}
    }
  }

  private static void await(String project) throws Exception {
    JobsOnFlink.await(() -> ADMITTED.contains(project), () -> project + " of " + ADMITTED);
  }

  private static void graph(Pipeline pipeline) {
    Providers providers =
        new Providers(
                () -> new FakeObjectStore(Path.of("unset")),
                FakeAssetReader::new,
                FakeScriptWriter::new,
                FakeSpeechSynthesizer::new,
                () -> Progress.NONE)
            .withProjects(() -> ledger);
    graph(pipeline, AdmitProjects.with(providers, new AdmissionSettings(4, 1, 200, 3_600_000)));
  }

  private static void graph(
      Pipeline pipeline,
      PTransform<PCollection<ParsedRecord>, PCollection<ParsedRecord>> admission) {
    pipeline
        .apply("Tick", GenerateSequence.from(0).withRate(1, Duration.standardSeconds(1)))
        .apply("No record comes", ParDo.of(new NothingFn()))
        .setCoder(RecordCoder.of(ParsedRecord.class))
        .apply("Admission", admission)
        .apply("Collect", ParDo.of(new CollectFn()));
  }

  private static ProjectEntry entry(String project) {
    return new ProjectEntry(
        new RecordKey(project, 1),
        new MediaRef("ab".repeat(32), 1, "application/json"),
        "Title",
        null,
        null,
        new ProjectRequest(
            null, List.of("preview"), VideoSettings.DEFAULT, ReviewPolicy.AUTO, "normal", true),
        "here");
  }

  private static final class NothingFn extends DoFn<Long, ParsedRecord> {
    private static final long serialVersionUID = 1L;

    @ProcessElement
    public void process(@Element Long tick) {
      // The ledger alone tells what there is to do.
    }
  }

  private static final class CollectFn extends DoFn<ParsedRecord, Void> {
    private static final long serialVersionUID = 1L;

    @ProcessElement
    public void process(@Element ParsedRecord record) {
      ADMITTED.add(record.key().recordId());
    }
  }
}
