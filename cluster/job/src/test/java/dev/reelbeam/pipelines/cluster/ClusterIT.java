package dev.reelbeam.pipelines.cluster;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.reelbeam.model.json.RecordJson;
import dev.reelbeam.pipelines.Reelbeam;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** The whole cluster with real processes: placement, a worker killed, a stop and a new start. */
class ClusterIT {
  private static final Path ROOT = Path.of(System.getProperty("reelbeam.root", "../.."));
  private static final Path INSTALLATION = ROOT.resolve("pipelines/target/reelbeam");
  private static final Duration PATIENCE = Duration.ofMinutes(4);
  private static final int PORT_OFFSET = 700;

  private final List<String> said = new ArrayList<>();
  @TempDir private Path records;
  private final Path home = ROOT.resolve("cluster/job/target/cluster-it").toAbsolutePath();

  @AfterEach
  void stop() throws Exception {
    cluster().down(true);
  }

  @Test
  @Timeout(value = 15, unit = TimeUnit.MINUTES)
  void rendersOnItsPoolThroughAKilledWorkerAndAStop() throws Exception {
    deleteRecursively(home);
    cluster().up(INSTALLATION, true);
    assertPlacement();

    submit("first");
    awaitVideo("first");

    kill(Services.TASKMANAGER + "gpu");
    cluster().up(INSTALLATION, true);
    assertPlacement();

    cluster().down(false);
    said.clear();
    cluster().up(INSTALLATION, true);
    assertThat(said).anyMatch(line -> line.contains("going on from savepoint"));
    submit("second");
    awaitVideo("second");
    assertPlacement();
  }

  /** The render operator on the gpu TaskManager, everything else on the general one. */
  private void assertPlacement() throws Exception {
    FlinkRest flink = new FlinkRest(settings().port(ClusterPort.FLINK_WEB));
    String job =
        flink.jobs().stream()
            .filter(running -> running.name().equals(Cluster.JOB) && running.isAlive())
            .findFirst()
            .orElseThrow()
            .id();
    Map<String, List<String>> workers = new HashMap<>();
    for (JsonNode vertex : flink.get("/jobs/" + job).path("vertices")) {
      List<String> ids = new ArrayList<>();
      flink
          .get("/jobs/" + job + "/vertices/" + vertex.path("id").asText())
          .path("subtasks")
          .forEach(task -> ids.add(task.path("taskmanager-id").asText()));
      workers.put(vertex.path("name").asText(), ids);
    }
    assertThat(workers).hasSizeGreaterThan(2);
    workers.forEach(
        (vertex, ids) ->
            assertThat(ids)
                .as(vertex)
                .isNotEmpty()
                .containsOnly(vertex.contains("Find or render") ? "gpu" : "general"));
  }

  private void submit(String recordId) throws Exception {
    Path example = ROOT.resolve("examples/listing").toAbsolutePath().normalize();
    ObjectNode record =
        (ObjectNode) RecordJson.readTree(Files.readString(example.resolve("record.json")));
    record.put("record_id", recordId);
    ((ObjectNode) record.path("project")).putArray("target_platforms").add("preview");
    Path folder = Files.createDirectories(records.resolve(recordId));
    Files.writeString(folder.resolve("record.json"), record.toString());
    try (var pictures = Files.list(example.resolve("images"))) {
      Files.createDirectories(folder.resolve("images"));
      for (Path picture : pictures.toList()) {
        Files.copy(picture, folder.resolve("images").resolve(picture.getFileName()));
      }
    }
    StringWriter out = new StringWriter();
    StringWriter err = new StringWriter();
    int exit =
        Reelbeam.commandLine(new PrintWriter(out), new PrintWriter(err))
            .execute(
                "submit",
                folder.resolve("record.json").toString(),
                "--connections",
                home.resolve("connections.properties").toString());
    assertThat(exit).as(out + "\n" + err).isZero();
  }

  private void awaitVideo(String recordId) throws Exception {
    Path last = home.resolve("videos").resolve(recordId).resolve("preview/metadata.json");
    await(() -> Files.exists(last), last.toString());
    assertThat(last.resolveSibling("video.mp4")).exists();
  }

  private static void await(Callable<Boolean> condition, String what) throws Exception {
    long untilNs = System.nanoTime() + PATIENCE.toNanos();
    while (!condition.call()) {
      assertThat(System.nanoTime()).as("waited too long for " + what).isLessThan(untilNs);
      TimeUnit.MILLISECONDS.sleep(200);
    }
  }

  /** Comes back at once: the next `up` may find the process on its way out. */
  private void kill(String service) {
    boolean asked =
        new ServiceProcess(home.resolve("run").resolve(service + ".pid"), home.resolve("logs"))
            .running()
            .orElseThrow()
            .destroyForcibly();
    assertThat(asked).isTrue();
  }

  private Cluster cluster() throws Exception {
    return new Cluster(settings(), PATIENCE, said::add);
  }

  private ClusterSettings settings() throws Exception {
    Map<String, String> flags = new HashMap<>();
    for (ClusterPort port : ClusterPort.values()) {
      flags.put(port.key(), String.valueOf(port.usual() + PORT_OFFSET));
    }
    flags.put("pools", "general:2:1500,gpu:2:1500");
    flags.put("flink.checkpoint.seconds", "5");
    return ClusterSettings.read(home, flags);
  }

  private static void deleteRecursively(Path folder) throws IOException {
    if (Files.exists(folder)) {
      try (var files = Files.walk(folder)) {
        for (Path file : files.sorted(java.util.Comparator.reverseOrder()).toList()) {
          Files.delete(file);
        }
      }
    }
  }
}
