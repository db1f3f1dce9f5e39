package dev.reelbeam.pipelines.cluster;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.reelbeam.clients.database.Database;
import dev.reelbeam.model.failure.Stage;
import dev.reelbeam.model.json.RecordJson;
import dev.reelbeam.model.port.Lease;
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
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.Callable;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/**
 * The whole cluster with real processes and secured services: placement, workers killed, a segment
 * that ends each of its workers, an upgrade under load, a newest checkpoint that is damaged.
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
  void goesOnThroughKilledWorkersAnUpgradeAndADamagedCheckpoint() throws Exception {
    RunningServices.deleteRecursively(home);
    cluster().up(INSTALLATION, true);
    assertPlacement();
    assertNoSecretIsSeen();

    submit("held", "preview", "manual");
    awaitStatus("held", "review");

    submit("deadly", "tiktok", "auto");
    String segment = endFourWorkersWithASegment("deadly");
    assertPlacement();
    await(
        () -> reelbeam("dead-letters", "list", "--number", "3037").contains("deadly"),
        "the letter of " + segment);

    submit("rendered", "tiktok", "auto");
    awaitStatus("rendered", "rendering");
    said.clear();
    cluster().upgrade(INSTALLATION, /* forgetState= */ false);
    assertThat(said).anyMatch(line -> line.contains("going on from savepoint"));
    assertPlacement();

    damageTheNewestPoint();

    assertThat(reelbeam("review", "held", "approve")).contains("held");
    awaitVideo("held", "preview");
    awaitVideo("rendered", "tiktok");
    assertThat(reelbeam("audit")).contains("it adds up");
    cluster().down(false);
    assertNoSecretIsLogged();
    assertEveryLineOfAStageNamesItsRecord();
  }

  /**
   * Kills the worker whenever it has begun one segment, as a clip does that crashes the library
   * which decodes it, until that segment is given up. Whoever is beside it has its turn meanwhile.
   */
  private String endFourWorkersWithASegment(String recordId) throws Exception {
    String segment = null;
    for (int worker = 0; worker <= Lease.MOST_LOST; worker++) {
      int before = worker;
      String wanted = segment;
      await(() -> begun(recordId, wanted).size() > before, recordId + " to be rendered");
      kill(Services.TASKMANAGER + "gpu");
      List<String> begun = begun(recordId, wanted);
      segment = wanted == null ? begun.get(begun.size() - 1) : wanted;
      cluster().up(INSTALLATION, true);
    }
    return String.valueOf(segment);
  }

  /** Lines that a segment of a record was begun, in the log of its pool; null: any segment. */
  private List<String> begun(String recordId, @Nullable String segment) throws Exception {
    List<String> begun = new ArrayList<>();
    for (JsonNode line : logLines(Services.TASKMANAGER + "gpu")) {
      String message = line.path("message").asText();
      if (line.path("context").path("record").asText().equals(recordId + "@1")
          && message.matches("segment \\d+ of .* begun")
          && (segment == null || message.equals(segment))) {
        begun.add(message);
      }
    }
    return begun;
  }

  private List<JsonNode> logLines(String process) throws Exception {
    List<JsonNode> lines = new ArrayList<>();
    for (Path log : cluster().logs(process, /* rolled= */ true)) {
      if (!log.toString().contains(".json.log")) {
        continue;
      }
      for (String line : Files.readAllLines(log)) {
        try {
          lines.add(RecordJson.readTree(line));
        } catch (JsonProcessingException e) {
          // Whoever is killed may have written half of it.
        }
      }
    }
    return lines;
  }

  /** As a machine does that loses its power: half of what was written last is on its disk. */
  private void damageTheNewestPoint() throws Exception {
    Path flink = home.resolve("flink");
    await(
        () ->
            RestorePoint.newest(flink, Cluster.JOB).orElseThrow().label().startsWith("checkpoint"),
        "a checkpoint");
    cluster().down(true);
    List<RestorePoint> points = RestorePoint.all(flink, Cluster.JOB);
    Path metadata = points.get(0).folder().resolve("_metadata");
    byte[] whole = Files.readAllBytes(metadata);
    Files.write(metadata, Arrays.copyOf(whole, whole.length / 2));
    said.clear();

    cluster().up(INSTALLATION, true);
    assertThat(said)
        .anyMatch(
            line ->
                line.contains(points.get(0).label()) && line.contains("an older point is tried"))
        .anyMatch(line -> line.contains("going on from " + points.get(1).label()));
    assertPlacement();
  }

  /** By the real log of each worker, whose lines come from many threads. */
  private void assertEveryLineOfAStageNamesItsRecord() throws Exception {
    Map<String, Set<String>> stages = new HashMap<>();
    for (String pool : List.of("general", "gpu")) {
      for (JsonNode line : logLines(Services.TASKMANAGER + pool)) {
        if (line.path("logger").asText().startsWith("dev.reelbeam.stages.")) {
          String record = line.path("context").path("record").asText();
          String stage = line.path("context").path("stage").asText();
          // What is not parsed yet is known by its position.
          assertThat(record)
              .as(line.toString())
              .matches(
                  stage.equals(Stage.PARSE.label())
                      ? "reelbeam\\.content-\\d+@\\d+@0"
                      : "(held|deadly|rendered)@1");
          assertThat(stage).as(line.toString()).isNotEmpty();
          stages.computeIfAbsent(record, unused -> new TreeSet<>()).add(stage);
        }
      }
    }
    assertThat(stages.get("rendered@1"))
        .contains(
            Stage.FIT_NARRATION.label(),
            Stage.LAY_OUT.label(),
            Stage.RENDER.label(),
            Stage.DELIVER.label());
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
