package org.apache.beam.runners.flink;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import dev.reelbeam.connectors.DeadLetterIO;
import dev.reelbeam.model.content.RecordKey;
import dev.reelbeam.model.content.Tracked;
import dev.reelbeam.model.failure.FailureCode;
import dev.reelbeam.model.failure.Stage;
import dev.reelbeam.model.failure.StageException;
import dev.reelbeam.model.json.RecordJson;
import dev.reelbeam.stages.coder.RecordCoder;
import dev.reelbeam.stages.deadletter.DeadLetters;
import dev.reelbeam.stages.flow.Progress;
import dev.reelbeam.stages.step.AwaitSettings;
import dev.reelbeam.stages.step.AwaitStep;
import dev.reelbeam.stages.step.SideBySide;
import dev.reelbeam.stages.step.Step;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.apache.beam.sdk.Pipeline;
import org.apache.beam.sdk.io.GenerateSequence;
import org.apache.beam.sdk.options.PipelineOptionsFactory;
import org.apache.beam.sdk.transforms.DoFn;
import org.apache.beam.sdk.transforms.ParDo;
import org.apache.beam.sdk.util.construction.SplittableParDo;
import org.apache.flink.api.common.JobID;
import org.apache.flink.runtime.jobgraph.JobGraph;
import org.apache.flink.runtime.minicluster.MiniCluster;
import org.apache.flink.runtime.minicluster.MiniClusterConfiguration;
import org.apache.logging.log4j.core.LoggerContext;
import org.joda.time.Duration;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The log of a job on Flink's runtime, by the logging configuration that every cluster has: each
 * line of a stage is JSON and names its record, whichever thread wrote it and however it ended.
 */
class LogLinesOnFlinkTest {
  private static final long PATIENCE_MS = 240_000;

  /** Of a package whose level the configuration sets. */
  private static final Logger log = LoggerFactory.getLogger("dev.reelbeam.stages.test");

  private static final Pattern RECORD = Pattern.compile("tick-\\d+");

  @TempDir private Path folder;
  private Path file = Path.of("unset");
  private URI before = URI.create("unset");

  @BeforeEach
  void logAsAClusterDoes() {
    file = folder.resolve("taskmanager.json.log");
    System.setProperty("log.file", file.toString());
    LoggerContext context = LoggerContext.getContext(false);
    before = context.getConfigLocation();
    context.setConfigLocation(Path.of("../../deploy/conf/log4j2.xml").toUri());
  }

  @AfterEach
  void logAsBefore() {
    System.clearProperty("log.file");
    LoggerContext.getContext(false).setConfigLocation(before);
  }

  @Test
  void everyLineOfAStageNamesItsRecord() throws Exception {
    MiniClusterConfiguration configuration =
        new MiniClusterConfiguration.Builder()
            .setNumTaskManagers(1)
            .setNumSlotsPerTaskManager(1)
            .build();
    try (MiniCluster cluster = new MiniCluster(configuration)) {
      cluster.start();
      JobID job = cluster.submitJob(graph()).get().getJobID();
      long endMs = System.currentTimeMillis() + PATIENCE_MS;
      while (count("set aside") < 2 || count("done in") < 4) {
        assertThat(System.currentTimeMillis()).as(lines().toString()).isLessThan(endMs);
        Thread.sleep(100);
      }
      cluster.cancelJob(job).get();
    }

    List<JsonNode> ofStages = new ArrayList<>();
    for (String line : lines()) {
      JsonNode json = RecordJson.readTree(line);
      if (json.path("logger").asText().startsWith("dev.reelbeam.stages.")) {
        ofStages.add(json);
      }
    }
    assertThat(ofStages)
        .extracting(line -> line.path("thread").asText().replaceAll("-?\\d.*", ""))
        .as("lines of calls, and of threads that a call works with")
        .contains("call-visuals", "beside");
    assertThat(ofStages)
        .allSatisfy(
            line -> {
              assertThat(line.path("context").path("stage").asText()).isEqualTo("plan-visuals");
              String record = line.path("context").path("record").asText();
              assertThat(record).matches("tick-\\d+@1");
              Matcher named = RECORD.matcher(line.path("message").asText());
              if (named.find()) {
                assertThat(record).isEqualTo(named.group() + "@1");
              }
              assertThat(line.path("level").asText()).isIn("INFO", "WARN", "ERROR");
              assertThat(line.path("time").asText()).endsWith("Z");
            });
    assertThat(ofStages)
        .filteredOn(line -> line.path("message").asText().contains("set aside"))
        .isNotEmpty()
        .allSatisfy(line -> assertThat(line.path("message").asText()).containsPattern("1005|9001"));
    assertThat(ofStages)
        .filteredOn(line -> line.path("level").asText().equals("ERROR"))
        .as("what nobody expected, with its stack trace")
        .isNotEmpty()
        .allSatisfy(line -> assertThat(line.path("error").asText()).contains("BuyStep"));
  }

  private long count(String text) throws IOException {
    return lines().stream().filter(line -> line.contains(text)).count();
  }

  private List<String> lines() throws IOException {
    if (!Files.exists(file)) {
      return List.of();
    }
    String text = Files.readString(file);
    // The last one may be half written.
    return text.substring(0, text.lastIndexOf('\n') + 1).lines().toList();
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
    try (var handler =
        pipeline.registerBadRecordErrorHandler(DeadLetterIO.write(folder.resolve("letters")))) {
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

  /** Looks at things side by side; one of four is refused, one fails as nobody expects. */
  private static final class BuyStep implements Step<Ask, Ask> {
    private static final long serialVersionUID = 1L;

    @Override
    public Ask apply(Ask input) throws StageException {
      log.info("{} is looked at", input.id());
      ExecutorService threads = SideBySide.pool(2, "beside");
      try {
        Callable<String> look =
            () -> {
              log.info("{} is looked at closely", input.id());
              return input.id();
            };
        SideBySide.all(List.of(look, look), threads);
      } finally {
        threads.shutdown();
      }
      switch (Integer.parseInt(input.id().substring(5)) % 4) {
        case 1 -> throw new StageException(FailureCode.KIND_UNSUPPORTED, "nothing of that kind");
        case 2 -> throw new IllegalStateException("nobody expects this");
        default -> {
          return input;
        }
      }
    }
  }
}
