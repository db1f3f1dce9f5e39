package org.apache.beam.runners.flink;

import static org.assertj.core.api.Assertions.assertThat;

import dev.reelbeam.stages.coder.RecordCoder;
import java.nio.file.Path;
import java.util.Map;
import java.util.Queue;
import java.util.concurrent.Callable;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.function.Consumer;
import java.util.function.Supplier;
import org.apache.beam.sdk.Pipeline;
import org.apache.beam.sdk.io.GenerateSequence;
import org.apache.beam.sdk.options.PipelineOptionsFactory;
import org.apache.beam.sdk.transforms.DoFn;
import org.apache.beam.sdk.transforms.ParDo;
import org.apache.beam.sdk.util.construction.SplittableParDo;
import org.apache.beam.sdk.values.PCollection;
import org.apache.flink.api.common.JobID;
import org.apache.flink.core.execution.SavepointFormatType;
import org.apache.flink.runtime.jobgraph.JobGraph;
import org.apache.flink.runtime.jobgraph.SavepointRestoreSettings;
import org.apache.flink.runtime.minicluster.MiniCluster;
import org.apache.flink.runtime.minicluster.MiniClusterConfiguration;
import org.joda.time.Duration;

/**
 * Streaming jobs on Flink's own runtime in this JVM: one task slot, the clock of the machine,
 * savepoints. Elements come by mailboxes that a test fills.
 */
public final class JobsOnFlink implements AutoCloseable {
  private static final long PATIENCE_MS = 240_000;
  private static final int LOOKS_PER_SECOND = 50;
  private static final Map<String, Queue<Object>> MAILBOXES = new ConcurrentHashMap<>();

  private final MiniCluster cluster;

  private JobsOnFlink(MiniCluster cluster) {
    this.cluster = cluster;
  }

  /** A cluster without jobs. */
  public static JobsOnFlink start() throws Exception {
    MAILBOXES.clear();
    MiniCluster cluster =
        new MiniCluster(
            new MiniClusterConfiguration.Builder()
                .setNumTaskManagers(1)
                .setNumSlotsPerTaskManager(1)
                .build());
    cluster.start();
    return new JobsOnFlink(cluster);
  }

  /** Starts a job that remembers nothing. */
  public JobID run(Consumer<Pipeline> graph) throws Exception {
    return submit(graph, SavepointRestoreSettings.none());
  }

  /** Starts a job that goes on where another one left off. */
  public JobID resume(String savepoint, Consumer<Pipeline> graph) throws Exception {
    return submit(graph, SavepointRestoreSettings.forPath(savepoint));
  }

  /** Stops a job; what it remembers lies where the answer says. */
  public String stop(JobID job, Path savepoints) throws Exception {
    return cluster
        .stopWithSavepoint(job, "file://" + savepoints, false, SavepointFormatType.CANONICAL)
        .get();
  }

  /** Stops a job; what it remembers is lost. */
  public void cancel(JobID job) throws Exception {
    cluster.cancelJob(job).get();
  }

  @Override
  public void close() throws Exception {
    cluster.close();
  }

  /** Elements of the mailbox of this name, each once. */
  public static <T extends Record> PCollection<T> mail(
      Pipeline pipeline, String mailbox, Class<T> type) {
    return pipeline
        .apply(
            "Look into " + mailbox,
            GenerateSequence.from(0).withRate(LOOKS_PER_SECOND, Duration.standardSeconds(1)))
        .apply("Take from " + mailbox, ParDo.of(new TakeFn<T>(mailbox)))
        .setCoder(RecordCoder.of(type));
  }

  /** Puts elements into a mailbox. */
  public static void send(String mailbox, Record... elements) {
    MAILBOXES
        .computeIfAbsent(mailbox, unused -> new ConcurrentLinkedQueue<>())
        .addAll(java.util.List.of(elements));
  }

  /** Waits until something holds. */
  public static void await(Callable<Boolean> condition, Supplier<String> what) throws Exception {
    long endMs = System.currentTimeMillis() + PATIENCE_MS;
    while (!condition.call()) {
      assertThat(System.currentTimeMillis()).as(what).isLessThan(endMs);
      Thread.sleep(20);
    }
  }

  private JobID submit(Consumer<Pipeline> build, SavepointRestoreSettings from) throws Exception {
    FlinkPipelineOptions options = PipelineOptionsFactory.as(FlinkPipelineOptions.class);
    options.setRunner(FlinkRunner.class);
    options.setFlinkMaster("[local]");
    options.setStreaming(true);
    options.setParallelism(1);
    options.setMaxParallelism(256);
    options.setCheckpointingInterval(500L);
    options.setFasterCopy(true);
    Pipeline pipeline = Pipeline.create(options);
    build.accept(pipeline);
    SplittableParDo.convertReadBasedSplittableDoFnsToPrimitiveReadsIfNecessary(pipeline);
    FlinkPipelineExecutionEnvironment environment = new FlinkPipelineExecutionEnvironment(options);
    environment.translate(pipeline);
    JobGraph graph = environment.getStreamExecutionEnvironment().getStreamGraph().getJobGraph();
    graph.setSavepointRestoreSettings(from);
    return cluster.submitJob(graph).get().getJobID();
  }

  private static final class TakeFn<T> extends DoFn<Long, T> {
    private static final long serialVersionUID = 1L;

    private final String mailbox;

    TakeFn(String mailbox) {
      this.mailbox = mailbox;
    }

    @ProcessElement
    @SuppressWarnings("unchecked") // The coder of the output would refuse another type.
    public void process(@Element Long tick, OutputReceiver<T> receiver) {
      Queue<Object> queue = MAILBOXES.get(mailbox);
      Object element = queue == null ? null : queue.poll();
      while (element != null) {
        receiver.output((T) element);
        element = queue.poll();
      }
    }
  }
}
