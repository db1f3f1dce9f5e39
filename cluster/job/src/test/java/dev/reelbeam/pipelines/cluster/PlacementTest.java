package dev.reelbeam.pipelines.cluster;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import dev.reelbeam.simulators.FreePorts;
import dev.reelbeam.stages.pool.WorkerPool;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.Callable;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.apache.beam.runners.flink.FlinkPipelineOptions;
import org.apache.beam.runners.flink.PooledFlinkOptions;
import org.apache.beam.runners.flink.PooledFlinkRunner;
import org.apache.beam.sdk.Pipeline;
import org.apache.beam.sdk.io.GenerateSequence;
import org.apache.beam.sdk.options.PipelineOptionsFactory;
import org.apache.beam.sdk.transforms.MapElements;
import org.apache.beam.sdk.transforms.SimpleFunction;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/**
 * Flink's own placement: a JobManager and three TaskManagers, real processes, and nothing else. The
 * workers of the other pools have room to spare: what does not run on them is not meant for them.
 */
class PlacementTest {
  private static final long PATIENCE_NS = Duration.ofMinutes(3).toNanos();

  /** So long the others could take over what the lost worker did. */
  private static final long TEMPTATION_NS = Duration.ofSeconds(15).toNanos();

  private static final String ON_GPU = "On gpu";

  @TempDir private Path folder;
  private final List<Process> processes = new ArrayList<>();
  private int web;
  private int rpc;
  private FlinkRest flink;

  @BeforeEach
  void startJobManager() throws Exception {
    web = FreePorts.next();
    rpc = FreePorts.next();
    flink = new FlinkRest(web);
    Files.writeString(
        folder.resolve("config.yaml"),
        Services.template("flink.yaml")
            + """
            jobmanager.rpc.address: 127.0.0.1
            jobmanager.rpc.port: %d
            jobmanager.bind-host: 127.0.0.1
            taskmanager.bind-host: 127.0.0.1
            taskmanager.host: 127.0.0.1
            rest.address: 127.0.0.1
            rest.bind-address: 127.0.0.1
            rest.port: %d
            state.checkpoints.dir: '%s'
            io.tmp.dirs: '%s'
            web.tmpdir: '%s'
            """
                .formatted(
                    rpc, web, Services.flinkPath(folder.resolve("checkpoints")), folder, folder));
    Files.writeString(folder.resolve("log4j2.xml"), Services.template("log4j2.xml"));
    start(
        "jobmanager",
        "org.apache.flink.runtime.entrypoint.StandaloneSessionClusterEntrypoint",
        List.of("metrics.reporter.prometheus.port=" + FreePorts.next()));
    await(flink::answers, "the JobManager");
  }

  @AfterEach
  void stop() throws Exception {
    for (Process process : processes) {
      process.destroyForcibly().waitFor();
    }
  }

  @Test
  @Timeout(value = 6, unit = TimeUnit.MINUTES)
  void aMarkedStepRunsOnItsPoolAndWaitsForItWhenItIsGone() throws Exception {
    taskManager("general", 6);
    taskManager("cpu-render", 3);
    Process gpu = taskManager("gpu", 1);
    submit();
    await(this::allTasksRun, "all tasks to run");
    assertPlacement();
    assertThat(stagedFiles()).as("the job is on the class path").isEmpty();

    gpu.destroyForcibly().waitFor();
    await(() -> !flink.hasTaskManager("gpu"), "the worker to be missed");
    await(() -> !allTasksRun(), "the job to stop");
    assertRoom("general");
    assertRoom("cpu-render");
    // The job waits for its pool: what is meant for it runs nowhere, whoever has room.
    long untilNs = System.nanoTime() + TEMPTATION_NS;
    while (System.nanoTime() < untilNs) {
      assertThat(tasks(ON_GPU)).isNotEmpty().allMatch(Task::runsNowhere);
      TimeUnit.MILLISECONDS.sleep(300);
    }

    taskManager("gpu", 1);
    await(this::allTasksRun, "all tasks to run again");
    assertPlacement();
  }

  /**
   * A task as the JobManager tells of it.
   *
   * @param worker name of its TaskManager, or that it has none
   */
  private record Task(String state, String worker) {
    boolean runsNowhere() {
      return !List.of("DEPLOYING", "INITIALIZING", "RUNNING").contains(state)
          && !List.of("general", "cpu-render").contains(worker);
    }
  }

  /** The tasks of the vertices with this step. */
  private List<Task> tasks(String step) throws IOException {
    List<Task> tasks = new ArrayList<>();
    String job = job();
    for (JsonNode vertex : flink.get("/jobs/" + job).path("vertices")) {
      if (vertex.path("name").asText().contains(step)) {
        for (JsonNode task : subtasks(job, vertex)) {
          tasks.add(new Task(task.path("status").asText(), task.path("taskmanager-id").asText()));
        }
      }
    }
    return tasks;
  }

  private JsonNode subtasks(String job, JsonNode vertex) throws IOException {
    return flink.get("/jobs/" + job + "/vertices/" + vertex.path("id").asText()).path("subtasks");
  }

  /** A worker could take more tasks, if it were for its room: one takes a hundredth of a core. */
  private void assertRoom(String worker) throws IOException {
    for (JsonNode one : flink.get("/taskmanagers").path("taskmanagers")) {
      if (one.path("id").asText().equals(worker)) {
        JsonNode free = one.path("freeResource");
        assertThat(free.path("cpuCores").asDouble()).as(worker + " " + free).isGreaterThan(1);
        assertThat(free.path("taskHeapMemory").asInt()).as(worker + " " + free).isGreaterThan(9);
        return;
      }
    }
    throw new AssertionError("no worker " + worker);
  }

  /** What Flink's processes were sent of the job's code: blobs that it calls permanent. */
  private List<Path> stagedFiles() throws IOException {
    try (Stream<Path> files = Files.walk(folder)) {
      return files.filter(file -> file.getFileName().toString().startsWith("blob_p-")).toList();
    }
  }

  private void assertPlacement() throws Exception {
    Map<String, List<String>> workers = workers();
    assertThat(workers.keySet())
        .anyMatch(vertex -> vertex.contains(ON_GPU))
        .anyMatch(vertex -> vertex.contains("On cpu"));
    assertThat(workers).hasSizeGreaterThan(1);
    workers.forEach(
        (vertex, ids) ->
            assertThat(ids)
                .as(vertex)
                .isNotEmpty()
                .containsOnly(
                    vertex.contains(ON_GPU)
                        ? "gpu"
                        : vertex.contains("On cpu") ? "cpu-render" : "general"));
  }

  /** Where the tasks of each vertex run. */
  private Map<String, List<String>> workers() throws IOException {
    Map<String, List<String>> workers = new TreeMap<>();
    String job = job();
    for (JsonNode vertex : flink.get("/jobs/" + job).path("vertices")) {
      List<String> ids = new ArrayList<>();
      for (JsonNode task : subtasks(job, vertex)) {
        ids.add(task.path("taskmanager-id").asText());
      }
      workers.put(vertex.path("name").asText(), ids);
    }
    return workers;
  }

  private boolean allTasksRun() throws IOException {
    return flink.allTasksRun(job());
  }

  private String job() throws IOException {
    return flink.jobs().get(0).id();
  }

  private void submit() {
    FlinkPipelineOptions options = PipelineOptionsFactory.as(FlinkPipelineOptions.class);
    options.setFlinkMaster("127.0.0.1:" + web);
    options.setRunner(PooledFlinkRunner.class);
    options.setStreaming(true);
    options.setAttachedMode(false);
    options.as(PooledFlinkOptions.class).setPools("general:3,gpu:1,cpu-render:1");
    Pipeline pipeline = Pipeline.create(options);
    pipeline
        .apply(
            "Read", GenerateSequence.from(0).withRate(5, org.joda.time.Duration.standardSeconds(1)))
        .apply("Before", MapElements.via(new Same()))
        .apply(ON_GPU, new WorkerPool("gpu").mark(MapElements.via(new Same())))
        .apply("On cpu", new WorkerPool("cpu-render").mark(MapElements.via(new Same())))
        .apply("After", MapElements.via(new Same()));
    pipeline.run();
  }

  private Process taskManager(String pool, int slots) throws Exception {
    Process process =
        start(
            pool,
            "org.apache.flink.runtime.taskexecutor.TaskManagerRunner",
            List.of(
                "taskmanager.resource-id=" + pool,
                "external-resources=" + pool,
                "external-resource." + pool + ".amount=" + slots,
                "taskmanager.numberOfTaskSlots=" + slots,
                "taskmanager.cpu.cores=" + slots,
                "taskmanager.memory.task.heap.size=128m",
                "taskmanager.memory.task.off-heap.size=64m",
                "taskmanager.memory.framework.heap.size=128m",
                "taskmanager.memory.framework.off-heap.size=64m",
                "taskmanager.memory.network.min=32m",
                "taskmanager.memory.network.max=32m",
                "taskmanager.memory.managed.size=0m",
                "taskmanager.memory.jvm-metaspace.size=256m",
                "taskmanager.memory.jvm-overhead.min=192m",
                "taskmanager.memory.jvm-overhead.max=192m",
                "metrics.reporter.prometheus.port=" + FreePorts.next()));
    await(() -> flink.hasTaskManager(pool), "the TaskManager of " + pool);
    return process;
  }

  private Process start(String name, String main, List<String> settings) throws Exception {
    List<String> command =
        new ArrayList<>(
            List.of(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-Xmx320m",
                "-XX:+UseSerialGC",
                "-XX:TieredStopAtLevel=1",
                "-Dlog.file=" + folder.resolve(name + ".json.log"),
                "-Dlog4j2.configurationFile=" + folder.resolve("log4j2.xml"),
                "-Dreelbeam.process=" + name));
    command.addAll(Services.opens());
    command.addAll(List.of("-cp", System.getProperty("java.class.path"), main));
    command.addAll(List.of("--configDir", folder.toString()));
    for (String setting : settings) {
      command.addAll(List.of("-D", setting));
    }
    Process process =
        new ProcessBuilder(command)
            .redirectErrorStream(true)
            .redirectOutput(folder.resolve(name + ".log").toFile())
            .start();
    processes.add(process);
    return process;
  }

  private void await(Callable<Boolean> condition, String what) throws Exception {
    long untilNs = System.nanoTime() + PATIENCE_NS;
    while (!condition.call()) {
      assertThat(System.nanoTime()).as("waited too long for " + what).isLessThan(untilNs);
      TimeUnit.MILLISECONDS.sleep(200);
    }
  }

  /** What it maps to does not matter. */
  private static final class Same extends SimpleFunction<Long, Long> {
    private static final long serialVersionUID = 1L;

    @Override
    public Long apply(Long value) {
      return value;
    }
  }
}
