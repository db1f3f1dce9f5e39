package dev.reelbeam.pipelines.job;

import static org.assertj.core.api.Assertions.assertThat;

import dev.reelbeam.pipelines.cluster.RestoreTries;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashSet;
import java.util.Set;
import org.apache.flink.configuration.Configuration;
import org.apache.flink.runtime.jobgraph.JobGraph;
import org.apache.flink.runtime.jobgraph.SavepointRestoreSettings;
import org.apache.flink.runtime.minicluster.MiniCluster;
import org.apache.flink.runtime.minicluster.MiniClusterConfiguration;
import org.apache.flink.streaming.api.environment.StreamExecutionEnvironment;
import org.apache.flink.streaming.api.functions.sink.DiscardingSink;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Which failures of Flink are those of a point, as a JobManager tells them. */
class RestoreFailuresTest {
  private static final String JOB = "videos";
  private static final long PATIENCE_MS = 240_000;

  @TempDir private Path folder;

  @Test
  void onlyAPointThatCannotBeReadIsAReasonForAnOlderOne() throws Exception {
    Configuration flink = new Configuration();
    flink.setString("rest.bind-port", "0");
    MiniClusterConfiguration configuration =
        new MiniClusterConfiguration.Builder()
            .setConfiguration(flink)
            .setNumTaskManagers(1)
            .setNumSlotsPerTaskManager(1)
            .build();
    try (MiniCluster cluster = new MiniCluster(configuration)) {
      cluster.start();
      String master = cluster.getRestAddress().get().getAuthority();
      Path damaged = Files.createDirectories(folder.resolve("chk-7"));
      Files.writeString(damaged.resolve("_metadata"), "half of one");
      Path missing = folder.resolve("chk-6");

      assertThat(failure(cluster, master, damaged.toString(), "file://" + folder.resolve("c")))
          .satisfies(told -> assertThat(RestoreTries.isOfThePoint(told)).isTrue());
      assertThat(failure(cluster, master, missing.toString(), "file://" + folder.resolve("c")))
          .satisfies(told -> assertThat(RestoreTries.isOfThePoint(told)).isTrue());
      // A place for checkpoints that is none: the job fails as early, and its point is whole.
      assertThat(failure(cluster, master, damaged.toString(), "nowhere://of/any/use"))
          .contains("nowhere")
          .satisfies(told -> assertThat(RestoreTries.isOfThePoint(told)).isFalse());
    }
  }

  private static String failure(MiniCluster cluster, String master, String point, String storage)
      throws Exception {
    Set<String> before = new HashSet<>(FlinkChecks.failed(master, JOB));
    StreamExecutionEnvironment environment =
        StreamExecutionEnvironment.getExecutionEnvironment(new Configuration());
    environment.setParallelism(1);
    environment.enableCheckpointing(1_000);
    environment.getCheckpointConfig().setCheckpointStorage(storage);
    environment.fromSequence(0, Long.MAX_VALUE).addSink(new DiscardingSink<>());
    var stream = environment.getStreamGraph();
    stream.setJobName(JOB);
    JobGraph graph = stream.getJobGraph();
    graph.setSavepointRestoreSettings(SavepointRestoreSettings.forPath(point));
    cluster.submitJob(graph).get();
    long endMs = System.currentTimeMillis() + PATIENCE_MS;
    while (true) {
      Set<String> failed = new HashSet<>(FlinkChecks.failed(master, JOB));
      failed.removeAll(before);
      if (!failed.isEmpty()) {
        return FlinkChecks.failures(master, failed.iterator().next());
      }
      assertThat(System.currentTimeMillis()).isLessThan(endMs);
      Thread.sleep(50);
    }
  }
}
