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
import org.apache.beam.sdk.Pipeline;
import org.apache.beam.sdk.io.GenerateSequence;
import org.apache.beam.sdk.transforms.DoFn;
import org.apache.beam.sdk.transforms.ParDo;
import org.apache.flink.api.common.JobID;
import org.joda.time.Duration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * Admission as the sweeper, on Flink's runtime: what the ledger holds as under way comes back when
 * a job begins without state, and not when it goes on from a savepoint that knows of it.
 */
class SweepOnFlinkTest {
  private static final Queue<String> ADMITTED = new ConcurrentLinkedQueue<>();
  private static final FakeProjectLedger LEDGER = new FakeProjectLedger();

  @TempDir Path savepoints;

  @Test
  void aJobWithoutStateTakesUpWhatIsUnderWayAndOneFromASavepointKnowsIt() throws Exception {
    LEDGER.admit(entry("lost"));
    LEDGER.begin("lost", 1, new Begun("a-life-that-is-gone", 3));
    LEDGER.status("lost", 1, ProjectStatus.SCRIPTING);
    try (JobsOnFlink flink = JobsOnFlink.start()) {
      JobID first = flink.run(SweepOnFlinkTest::graph);
      await("lost");
      String savepoint = flink.stop(first, savepoints);

      LEDGER.admit(entry("later"));
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
            .withProjects(() -> LEDGER);
    pipeline
        .apply("Tick", GenerateSequence.from(0).withRate(1, Duration.standardSeconds(1)))
        .apply("No record comes", ParDo.of(new NothingFn()))
        .setCoder(RecordCoder.of(ParsedRecord.class))
        .apply(
            "Admission", AdmitProjects.with(providers, new AdmissionSettings(4, 1, 200, 3_600_000)))
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
