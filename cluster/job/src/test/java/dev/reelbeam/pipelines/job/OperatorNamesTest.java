package dev.reelbeam.pipelines.job;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.reelbeam.model.failure.FailureCode;
import dev.reelbeam.model.failure.StageException;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import org.apache.beam.runners.flink.PooledFlinkRunner;
import org.apache.flink.runtime.jobgraph.JobVertex;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * The names of the job's operators are the ids of their state: a savepoint finds the state of an
 * operator by them. A name that goes takes its state with it.
 */
class OperatorNamesTest {
  private static final Path RESOURCES =
      Path.of(System.getProperty("reelbeam.root", "../.."))
          .resolve("cluster/job/src/test/resources");

  @TempDir Path home;

  @Test
  void everyOperatorKeepsTheNameUnderWhichSavepointsKnowIt() throws IOException, StageException {
    assertKept("operators.txt", names());
  }

  @Test
  void everyOperatorThatMeasuresKeepsItsName() throws IOException, StageException {
    MeasureEngagementOptions options =
        MeasureEngagementJob.options("--flinkMaster=[local]", "--connections=" + connections());
    assertKept(
        "measure-operators.txt", PooledFlinkRunner.operators(MeasureEngagementJob.graph(options)));
  }

  @Test
  void aFurtherRenderPoolAddsOperatorsAndRenamesNone() throws IOException, StageException {
    List<String> more =
        names("--pools=general:2,gpu:1,cpu-render:2", "--renderRoutes=preview=cpu-render");
    assertThat(more).containsAll(names());
    assertThat(more)
        .contains("Produce videos/Render segments/On cpu-render/Find or render/ParMultiDo(Render)");
  }

  @Test
  void whatAPoolIsToRenderIsPlacedOnItAndNothingElse() throws IOException, StageException {
    GenerateVideosOptions options =
        options(
            "--pools=general:2,gpu:1,cpu-render:2", "--renderRoutes=preview=cpu-render,low=gpu");
    Map<String, Set<String>> pools = new TreeMap<>();
    for (JobVertex vertex :
        PooledFlinkRunner.jobGraph(GenerateVideos.graph(options)).getVertices()) {
      String name = vertex.getName();
      String work =
          name.contains("On cpu-render/Find or render")
              ? "routed"
              : name.contains("Find or render") ? "usual" : "else";
      String demanded =
          String.join(
              ",",
              vertex.getSlotSharingGroup().getResourceProfile().getExtendedResources().keySet());
      pools
          .computeIfAbsent(work, key -> new TreeSet<>())
          .add(demanded + (work.equals("else") ? "" : " x" + vertex.getParallelism()));
    }
    assertThat(pools)
        .isEqualTo(
            Map.of(
                "routed", Set.of("cpu-render x2"),
                "usual", Set.of("gpu x1"),
                "else", Set.of("general")));
  }

  @Test
  void aPoolThatTheJobDoesNotHaveIsRefusedAtSubmit() {
    assertRefused("'cpu-render'; --pools has [general, gpu]", "--renderRoutes=low=cpu-render");
    assertRefused("'tpu'; --pools has [general, gpu]", "--renderPool=tpu");
    assertRefused("--renderRoutes: 'slow' is neither", "--renderRoutes=slow=gpu");
  }

  private void assertRefused(String message, String argument) {
    assertThatThrownBy(
            () -> GenerateVideos.checkPools(options("--pools=general:2,gpu:1", argument)))
        .isInstanceOfSatisfying(
            StageException.class,
            e -> assertThat(e.code()).isEqualTo(FailureCode.CLUSTER_SETTINGS_INVALID))
        .hasMessageContaining(message);
  }

  /** Its groups have random keys: each leaves something behind that nothing ever takes away. */
  @Test
  void nothingIsSpreadByAGroupByKey() throws IOException, StageException {
    assertThat(names()).noneMatch(name -> name.contains("Redistribute"));
  }

  private static void assertKept(String file, List<String> names) throws IOException {
    Path golden = RESOURCES.resolve(file);
    if (Boolean.getBoolean("golden.write")) {
      Files.createDirectories(golden.getParent());
      Files.write(golden, names);
    }
    assertThat(names)
        .as(
            "an operator was renamed, added or removed: a running job keeps the state of those that"
                + " stay. Where that is meant, write the list anew with -Dgolden.write=true and say"
                + " in the change log what becomes of the state of those that go")
        .isEqualTo(Files.readAllLines(golden));
  }

  private List<String> names(String... more) throws IOException, StageException {
    return PooledFlinkRunner.operators(GenerateVideos.graph(options(more)));
  }

  private GenerateVideosOptions options(String... more) throws IOException {
    List<String> arguments =
        new ArrayList<>(
            List.of(
                "--flinkMaster=[local]",
                "--connections=" + connections(),
                "--home=" + home,
                "--copyVideos=true"));
    arguments.addAll(List.of(more));
    return GenerateVideos.options(arguments.toArray(new String[0]));
  }

  private Path connections() throws IOException {
    Path connections = home.resolve("connections.properties");
    Files.writeString(
        connections,
        "kafka.bootstrap=127.0.0.1:1\npostgres.url=jdbc:postgresql://127.0.0.1:1/none\n"
            + "postgres.password=none\ns3.bucket=none\n",
        StandardCharsets.UTF_8);
    return connections;
  }
}
