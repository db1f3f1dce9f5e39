package dev.reelbeam.pipelines.cluster;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.reelbeam.clients.database.Database;
import dev.reelbeam.model.json.RecordJson;
import dev.reelbeam.pipelines.Reelbeam;
import dev.reelbeam.pipelines.wiring.WorldSettings;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/**
 * The whole cluster with real processes and secured services: placement, a worker killed, an
 * upgrade under load.
 */
class ClusterIT {
  private static final Path ROOT = RunningServices.ROOT;
  private static final Path INSTALLATION = RunningServices.INSTALLATION;
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
  @Timeout(value = 25, unit = TimeUnit.MINUTES)
  void rendersOnItsPoolThroughAKilledWorkerAndAnUpgrade() throws Exception {
    RunningServices.deleteRecursively(home);
    cluster().up(INSTALLATION, true);
    assertPlacement();
    assertNoSecretIsSeen();

    submit("held", "preview", "manual");
    awaitStatus("held", "review");

    kill(Services.TASKMANAGER + "gpu");
    cluster().up(INSTALLATION, true);
    assertPlacement();

    submit("rendered", "tiktok", "auto");
    awaitStatus("rendered", "rendering");
    said.clear();
    cluster().upgrade(INSTALLATION, /* forgetState= */ false);
    assertThat(said).anyMatch(line -> line.contains("going on from savepoint"));
    assertPlacement();

    assertThat(reelbeam("review", "held", "approve")).contains("held");
    awaitVideo("held", "preview");
    awaitVideo("rendered", "tiktok");
    assertThat(reelbeam("audit")).contains("it adds up");
    cluster().down(false);
    assertNoSecretIsLogged();
  }

  /** Neither by Flink's web UI nor by the list of processes. */
  private void assertNoSecretIsSeen() throws Exception {
    FlinkRest flink = new FlinkRest(settings().port(ClusterPort.FLINK_WEB));
    List<String> paths = new ArrayList<>(List.of("/jobmanager/config", "/jobmanager/environment"));
    for (FlinkRest.Job job : flink.jobs()) {
      for (String part : List.of("", "/config", "/plan", "/jobmanager/environment")) {
        paths.add("/jobs/" + job.id() + part);
      }
    }
    for (String path : paths) {
      assertThat(flink.get(path).toString()).as(path).doesNotContain(secrets());
    }
    ProcessHandle.allProcesses()
        .forEach(
            process ->
                assertThat(process.info().commandLine().orElse("")).doesNotContain(secrets()));
  }

  private void assertNoSecretIsLogged() throws Exception {
    for (Path log : cluster().logs(null, /* rolled= */ true)) {
      assertThat(Files.readString(log, StandardCharsets.ISO_8859_1))
          .as(log.toString())
          .doesNotContain(secrets());
    }
  }

  private String[] secrets() {
    try (Stream<Path> files = Files.list(home.resolve("secrets"))) {
      List<String> secrets = new ArrayList<>();
      for (Path file : files.toList()) {
        secrets.add(Files.readString(file).strip());
      }
      assertThat(secrets).hasSize(3).doesNotContain("");
      return secrets.toArray(new String[0]);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
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

  private void submit(String recordId, String preset, String finalGate) throws Exception {
    Path example = ROOT.resolve("examples/listing").toAbsolutePath().normalize();
    ObjectNode record =
        (ObjectNode) RecordJson.readTree(Files.readString(example.resolve("record.json")));
    record.put("record_id", recordId);
    ObjectNode project = (ObjectNode) record.path("project");
    project.putArray("target_platforms").add(preset);
    project.putObject("review").put("final", finalGate);
    Path folder = Files.createDirectories(records.resolve(recordId));
    Files.writeString(folder.resolve("record.json"), record.toString());
    try (var pictures = Files.list(example.resolve("images"))) {
      Files.createDirectories(folder.resolve("images"));
      for (Path picture : pictures.toList()) {
        Files.copy(picture, folder.resolve("images").resolve(picture.getFileName()));
      }
    }
    reelbeam("submit", folder.resolve("record.json").toString());
  }

  /** What a command says that ends well. */
  private String reelbeam(String... arguments) {
    List<String> all = new ArrayList<>(List.of(arguments));
    all.addAll(List.of("--connections", home.resolve(Connections.FILE).toString()));
    StringWriter out = new StringWriter();
    StringWriter err = new StringWriter();
    int exit =
        Reelbeam.commandLine(new PrintWriter(out), new PrintWriter(err))
            .execute(all.toArray(new String[0]));
    assertThat(exit).as(out + "\n" + err).isZero();
    return out.toString();
  }

  private void awaitVideo(String recordId, String preset) throws Exception {
    Path last = home.resolve("videos").resolve(recordId).resolve(preset).resolve("metadata.json");
    await(() -> Files.exists(last), last.toString());
    assertThat(last.resolveSibling("video.mp4")).exists();
  }

  private void awaitStatus(String recordId, String status) throws Exception {
    WorldSettings world = WorldSettings.read(home.resolve(Connections.FILE));
    try (Database database = Database.open(world.postgres())) {
      await(
          () ->
              database
                  .with(
                      handle ->
                          handle
                              .createQuery(
                                  "select g.status from project_progress g join video_project p on"
                                      + " p.id = g.project_id where p.record_id = :id")
                              .bind("id", recordId)
                              .mapTo(String.class)
                              .findOne())
                  .equals(Optional.of(status)),
          recordId + " to be in " + status);
    }
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
    flags.put("secured", "true");
    return ClusterSettings.read(home, flags);
  }
}
