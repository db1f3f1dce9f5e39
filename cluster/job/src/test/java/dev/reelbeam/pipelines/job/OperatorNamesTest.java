package dev.reelbeam.pipelines.job;

import static org.assertj.core.api.Assertions.assertThat;

import dev.reelbeam.model.failure.StageException;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.apache.beam.runners.flink.PooledFlinkRunner;
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

  private List<String> names() throws IOException, StageException {
    GenerateVideosOptions options =
        GenerateVideos.options(
            "--flinkMaster=[local]",
            "--connections=" + connections(),
            "--home=" + home,
            "--copyVideos=true");
    return PooledFlinkRunner.operators(GenerateVideos.graph(options));
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
