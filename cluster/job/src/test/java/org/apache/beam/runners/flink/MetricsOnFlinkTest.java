package org.apache.beam.runners.flink;

import static org.assertj.core.api.Assertions.assertThat;

import dev.reelbeam.connectors.DeadLetterIO;
import dev.reelbeam.model.content.RecordKey;
import dev.reelbeam.model.content.Tracked;
import dev.reelbeam.model.failure.FailureCode;
import dev.reelbeam.model.failure.Stage;
import dev.reelbeam.model.failure.StageException;
import dev.reelbeam.model.meter.WorkMeter;
import dev.reelbeam.pipelines.job.PrometheusReporterFactory;
import dev.reelbeam.simulators.FreePorts;
import dev.reelbeam.stages.coder.RecordCoder;
import dev.reelbeam.stages.deadletter.DeadLetters;
import dev.reelbeam.stages.flow.Progress;
import dev.reelbeam.stages.pool.WorkerPool;
import dev.reelbeam.stages.step.AwaitSettings;
import dev.reelbeam.stages.step.AwaitStep;
import dev.reelbeam.stages.step.Step;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Path;
import java.util.List;
import org.apache.beam.sdk.Pipeline;
import org.apache.beam.sdk.io.GenerateSequence;
import org.apache.beam.sdk.options.PipelineOptionsFactory;
import org.apache.beam.sdk.transforms.DoFn;
import org.apache.beam.sdk.transforms.ParDo;
import org.apache.beam.sdk.util.construction.SplittableParDo;
import org.apache.flink.api.common.JobID;
import org.apache.flink.configuration.Configuration;
import org.apache.flink.runtime.jobgraph.JobGraph;
import org.apache.flink.runtime.minicluster.MiniCluster;
import org.apache.flink.runtime.minicluster.MiniClusterConfiguration;
import org.joda.time.Duration;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What a stage counts, as Prometheus reads it from a job of Flink's runtime. */
class MetricsOnFlinkTest {
  private static final long PATIENCE_MS = 240_000;

  @TempDir private Path folder;

  @BeforeEach
  void onAPool() {
    System.setProperty(WorkerPool.PROPERTY, "general");
  }

  @AfterEach
  void onNone() {
    System.clearProperty(WorkerPool.PROPERTY);
  }

  @Test
  void aStageTellsWhatCameWentOnWasSetAsideAndWasPaid() throws Exception {
    int port = FreePorts.next();
    Configuration flink = new Configuration();
    flink.setString(
        "metrics.reporter.prometheus.factory.class", PrometheusReporterFactory.class.getName());
    flink.setString("metrics.reporter.prometheus.port", String.valueOf(port));
    MiniClusterConfiguration configuration =
        new MiniClusterConfiguration.Builder()
            .setConfiguration(flink)
            .setNumTaskManagers(1)
            .setNumSlotsPerTaskManager(1)
            .build();
    try (MiniCluster cluster = new MiniCluster(configuration)) {
      cluster.start();
      JobID job = cluster.submitJob(graph()).get().getJobID();
      long endMs = System.currentTimeMillis() + PATIENCE_MS;
      String stage = "stage=\"plan-visuals\"";
      String provider = "provider=\"acme\"";
      String page = page(port);
      while (value(page, "reelbeam_dead_letters_total", stage) < 1
          || value(page, "reelbeam_records_out_total", stage) < 3
          // A page may be read while the metrics of a bundle are entered, in no order.
          || value(page, "reelbeam_records_in_total", stage) < 4
          || value(page, "reelbeam_latency_seconds_count", stage) < 3
          || value(page, "reelbeam_artifacts_bought_total", stage) < 4
          || value(page, "reelbeam_provider_calls_total", provider) < 4
          || value(page, "reelbeam_provider_errors_total", provider) < 1
          // Two dollars a call.
          || value(page, "reelbeam_cost_dollars_total", stage)
              != 2 * value(page, "reelbeam_provider_calls_total", provider)
          || value(page, "reelbeam_pool_busy", "pool=\"general\"") < 1
          || !page.contains("reelbeam_calls_waiting{")) {
        assertThat(System.currentTimeMillis()).as(page).isLessThan(endMs);
        Thread.sleep(200);
        page = page(port);
      }
      assertThat(page)
          .contains("# TYPE reelbeam_records_in_total counter")
          .contains("# TYPE reelbeam_latency_seconds summary")
          .contains("# TYPE reelbeam_calls_waiting gauge")
          .contains("# TYPE reelbeam_pool_busy gauge")
          .contains("# TYPE reelbeam_pool_queue gauge");
      assertThat(page).doesNotContain("cost_micros").doesNotContain("latency_ms");
      cluster.cancelJob(job).get();
    }
  }

  /** The sum of a metric's series that have the label. */
  private static double value(String page, String name, String label) {
    return page.lines()
        .filter(line -> line.startsWith(name + "{") && line.contains(label))
        .mapToDouble(line -> Double.parseDouble(line.substring(line.lastIndexOf(' ') + 1)))
        .sum();
  }

  private static String page(int port) throws Exception {
    return HttpClient.newHttpClient()
        .send(
            HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + port + "/metrics")).build(),
            HttpResponse.BodyHandlers.ofString())
        .body();
  }

  private JobGraph graph() {
    FlinkPipelineOptions options = PipelineOptionsFactory.as(FlinkPipelineOptions.class);
    options.setRunner(FlinkRunner.class);
    options.setFlinkMaster("[local]");
    options.setStreaming(true);
    options.setParallelism(1);
    options.setMaxParallelism(256);
    options.setFasterCopy(true);
    Pipeline pipeline = Pipeline.create(options);
    try (var handler = pipeline.registerBadRecordErrorHandler(DeadLetterIO.write(folder))) {
      pipeline
          .apply("Tick", GenerateSequence.from(0).withRate(20, Duration.standardSeconds(1)))
          .apply("Ask", ParDo.of(new AskFn()))
          .setCoder(RecordCoder.of(Ask.class))
          .apply(
              "Stage",
              AwaitStep.apply(
                  Stage.PLAN_VISUALS,
                  "visuals",
                  new BuyStep(),
                  Ask.class,
                  Ask.class,
                  AwaitSettings.STREAMING,
                  () -> Progress.NONE,
                  new DeadLetters.Lane(handler)));
    }
    SplittableParDo.convertReadBasedSplittableDoFnsToPrimitiveReadsIfNecessary(pipeline);
    FlinkPipelineExecutionEnvironment environment = new FlinkPipelineExecutionEnvironment(options);
    environment.translate(pipeline);
    return environment.getStreamExecutionEnvironment().getStreamGraph().getJobGraph();
  }

  record Ask(String id) implements Tracked {
    @Override
    public RecordKey recordKey() {
      return new RecordKey(id, 1);
    }

    @Override
    public List<String> presets() {
      return List.of("tiktok");
    }
  }

  private static final class AskFn extends DoFn<Long, Ask> {
    private static final long serialVersionUID = 1L;

    @ProcessElement
    public void process(@Element Long tick, OutputReceiver<Ask> receiver) {
      receiver.output(new Ask("tick-" + tick));
    }
  }

  /** Buys something for two dollars; every third time in vain. */
  private static final class BuyStep implements Step<Ask, Ask> {
    private static final long serialVersionUID = 1L;

    @Override
    public Ask apply(Ask input) throws StageException {
      try {
        Thread.sleep(100); // Some are always out.
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
      }
      boolean failed = Integer.parseInt(input.id().substring(5)) % 3 == 2;
      WorkMeter.artifact(false);
      WorkMeter.called("acme", failed);
      WorkMeter.paid("acme", 2_000_000);
      if (failed) {
        throw new StageException(FailureCode.KIND_UNSUPPORTED, "nothing of that kind");
      }
      return input;
    }
  }
}
