package dev.reelbeam.bench;

import com.fasterxml.jackson.databind.JsonNode;
import dev.reelbeam.clients.config.KafkaSettings.Topic;
import dev.reelbeam.clients.topic.TopicWriter;
import dev.reelbeam.model.engagement.SnapshotCodec;
import dev.reelbeam.model.json.RecordJson;
import dev.reelbeam.pipelines.wiring.WorldSettings;
import java.io.BufferedReader;
import java.io.File;
import java.io.IOException;
import java.io.InputStreamReader;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.Statement;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Properties;

/**
 * The measuring transform on Beam beside an equal job on Flink's own DataStream: the same topic on
 * the same broker, the same tables, both sides in turn. Fails when their rows differ.
 */
public final class EngagementSpeed {
  private static final double TICKS_PER_SECOND = 100;
  private static final List<String> OPENS =
      List.of("lang", "net", "io", "nio", "lang.reflect", "text", "time", "util", "util.concurrent");

  private final Path root;
  private final Path work;
  private final Path home;
  private final Map<String, String> options;
  private final String extraClassPath;

  private EngagementSpeed(Path root, Path work, String extra, Map<String, String> options) {
    this.root = root;
    this.work = work;
    this.home = work.resolve("cluster");
    this.extraClassPath = extra;
    this.options = options;
  }

  /** Root of the clone, work folder, further class path, result file, options as key=value. */
  public static void main(String[] args) throws Exception {
    Map<String, String> options = new LinkedHashMap<>();
    for (String arg : Arrays.asList(args).subList(4, args.length)) {
      options.put(arg.substring(0, arg.indexOf('=')), arg.substring(arg.indexOf('=') + 1));
    }
    boolean same =
        new EngagementSpeed(Path.of(args[0]), Path.of(args[1]), args[2], options)
            .run(Path.of(args[3]));
    System.exit(same ? 0 : 1);
  }

  /** What a run of one side told. */
  private record Run(
      String side, double readS, double readCpuS, double wallS, double cpuS, double startCpuS,
      double brokerS, double databaseS, long rowsWritten, String rows, JsonNode checkpoints,
      double load) {
    double treeS() {
      return startCpuS + cpuS + brokerS + databaseS;
    }
  }

  private int number(String key) {
    return Integer.parseInt(options.get(key));
  }

  private boolean run(Path result) throws Exception {
    String machine = Machine.describe();
    long endS =
        options.containsKey("end")
            ? Long.parseLong(options.get("end"))
            : Instant.now().getEpochSecond() / 3600 * 3600 - 3600;
    EngagementData data =
        new EngagementData(
            number("videos"), number("snapshots"), endS, number("hours"),
            Double.parseDouble(options.get("zipf")));
    up();
    try {
      long messages = options.containsKey("running") ? Long.parseLong(options.get("running")) : send(data);
      say("%,d messages of %,d videos are in the topic".formatted(messages, data.videos()));
      List<Run> runs = new ArrayList<>();
      for (int round = 0; round < number("rounds"); round++) {
        List<String> sides = new ArrayList<>(List.of(options.get("sides").split(",")));
        if (round % 2 == 1) {
          java.util.Collections.reverse(sides);
        }
        for (String side : sides) {
          Run run = side(side, data, messages);
          runs.add(run);
          say(
              "%s: read in %.1f s (%.1f s of CPU), job %.1f s of CPU, broker %.1f, database %.1f; %,d rows written; %s"
                  .formatted(
                      side, run.readS(), run.readCpuS(), run.cpuS(), run.brokerS(), run.databaseS(), run.rowsWritten(), run.rows()));
        }
      }
      boolean same = runs.stream().map(Run::rows).distinct().count() == 1;
      String text = text(machine, data, messages, runs, same);
      if (result.getParent() != null) {
        Files.createDirectories(result.toAbsolutePath().getParent());
      }
      Files.writeString(result, text);
      System.out.println(text);
      return same;
    } finally {
      if (!options.containsKey("stay")) {
        reelbeam("down", "--now", "--home", home.toString());
      }
    }
  }

  private void up() throws Exception {
    if (options.containsKey("running")) {
      return; // Kafka and Postgres were left from a run before.
    }
    int exit =
        reelbeam(
            "up", "--no-job", "--home", home.toString(), "--port-offset", "1100", "--patience", "300",
            "--set", "pools=general:1:1000,gpu:1:1000", "--set", "measure.slots=0",
            "--set", "kafka.memory.mb=512");
    if (exit != 0) {
      throw new IOException("`up` ended with " + exit + "; see " + work.resolve("commands.log"));
    }
    // Each side brings a Flink of its own.
    for (String idle : List.of("jobmanager", "taskmanager-general", "taskmanager-gpu", "s3")) {
      ProcessHandle.of(pid(idle)).ifPresent(ProcessHandle::destroy);
    }
  }

  private int reelbeam(String... arguments) throws Exception {
    List<String> command = new ArrayList<>(List.of(root.resolve("reelbeam").toString()));
    command.addAll(List.of(arguments));
    return new ProcessBuilder(command)
        .redirectErrorStream(true)
        .redirectOutput(ProcessBuilder.Redirect.appendTo(work.resolve("commands.log").toFile()))
        .start()
        .waitFor();
  }

  private long send(EngagementData data) throws Exception {
    long[] sent = new long[1];
    try (TopicWriter topic = TopicWriter.open(world().kafka())) {
      data.forEach(
          (key, snapshot) -> {
            topic.send(Topic.ENGAGEMENT, key, SnapshotCodec.encode(snapshot));
            sent[0]++;
          });
      topic.flush();
    }
    return sent[0];
  }

  private Run side(String side, EngagementData data, long messages) throws Exception {
    boolean sink = Boolean.parseBoolean(options.get("sink"));
    try (Connection database = database();
        Statement statement = database.createStatement()) {
      statement.execute("truncate engagement_window");
      statement.execute("checkpoint");
    }
    Path conf = flinkConf(side);
    double load = Machine.load();
    double broker = treeS(pid("kafka"));
    double postgres = treeS(pid("postgres"));
    List<String> command = new ArrayList<>();
    command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
    command.addAll(
        List.of("-Xmx" + options.get("heap") + "m", "-XX:+UseSerialGC", "-Djava.awt.headless=true"));
    for (String name : OPENS) {
      command.add("--add-opens=java.base/java." + name + "=ALL-UNNAMED");
    }
    if (options.containsKey("profile")) {
      command.add(
          "-XX:StartFlightRecording=settings=profile,dumponexit=true,filename="
              + work.resolve(side + ".jfr"));
    }
    command.addAll(
        List.of(
            "-cp",
            extraClassPath + File.pathSeparator + root.resolve("pipelines/target/reelbeam/job/*"),
            "dev.reelbeam.stages.engagement.MeasureSide",
            side,
            home.resolve("connections.properties").toString(),
            conf.toString(),
            work.resolve("letters-" + side).toString(),
            String.valueOf(data.videos()),
            String.valueOf(data.snapshots()),
            String.valueOf(data.endS()),
            String.valueOf(data.hours()),
            String.valueOf(data.exponent()),
            String.valueOf(messages),
            options.get("parallelism"),
            String.valueOf(number("update") * 1000L),
            String.valueOf(number("checkpoint") * 1000L),
            String.valueOf(sink)));
    Process process =
        new ProcessBuilder(command)
            .redirectError(
                ProcessBuilder.Redirect.appendTo(work.resolve(side + ".log").toFile()))
            .start();
    Map<String, Double> told = new LinkedHashMap<>();
    try (BufferedReader lines =
        new BufferedReader(
            new InputStreamReader(process.getInputStream(), StandardCharsets.UTF_8))) {
      for (String line = lines.readLine(); line != null; line = lines.readLine()) {
        if (line.equals("done")) {
          break;
        }
        String[] fields = line.split(" ");
        if (fields.length == 2 && fields[1].matches("[0-9.]+")) {
          told.put(fields[0], Double.parseDouble(fields[1]));
        }
      }
    }
    if (!told.containsKey("cpu-s")) {
      throw new IOException(side + " failed; see " + work.resolve(side + ".log"));
    }
    double brokerS = treeS(pid("kafka")) - broker;
    double postgresS = treeS(pid("postgres")) - postgres;
    JsonNode checkpoints = checkpoints();
    process.getOutputStream().close();
    process.waitFor();
    return new Run(
        side, told.get("read-s"), told.get("read-cpu-s"), told.get("wall-s"), told.get("cpu-s"),
        told.get("start-cpu-s"), brokerS, postgresS, told.get("rows").longValue(),
        sink ? rows() : "not written", checkpoints, load);
  }

  private Path flinkConf(String side) throws IOException {
    Path conf = Files.createDirectories(work.resolve("conf-" + side));
    Path checkpoints = work.resolve("checkpoints-" + side);
    Files.writeString(
        conf.resolve("config.yaml"),
        """
        state.backend.type: hashmap
        state.checkpoints.dir: %s
        execution.checkpointing.mode: EXACTLY_ONCE
        execution.checkpointing.unaligned.enabled: true
        execution.checkpointing.timeout: 30 min
        state.checkpoints.num-retained: 1
        taskmanager.memory.network.min: 256m
        taskmanager.memory.network.max: 256m
        taskmanager.memory.managed.size: 16m
        rest.port: 19981
        rest.bind-port: '19981'
        rest.bind-address: 127.0.0.1
        rest.address: 127.0.0.1
        """
            .formatted(checkpoints.toUri()));
    return conf;
  }

  /** The last checkpoint of the local JobManager, while it is still there. */
  private static JsonNode checkpoints() {
    try {
      JsonNode jobs = get("/jobs");
      String id = jobs.path("jobs").path(0).path("id").asText();
      return get("/jobs/" + id + "/checkpoints");
    } catch (IOException | RuntimeException e) {
      return com.fasterxml.jackson.databind.node.MissingNode.getInstance();
    }
  }

  private static JsonNode get(String path) throws IOException {
    try (var in = URI.create("http://127.0.0.1:19981" + path).toURL().openStream()) {
      return RecordJson.readTree(new String(in.readAllBytes(), StandardCharsets.UTF_8));
    }
  }

  /** How many rows there are and a sum over their hashes, whatever their order. */
  private String rows() throws Exception {
    try (Connection database = database();
        Statement statement = database.createStatement();
        ResultSet row =
            statement.executeQuery(
                "select count(*), coalesce(sum(hashtextextended((to_jsonb(w) - 'updated_at')::text, 0)"
                    + "::numeric), 0) from engagement_window w")) {
      row.next();
      return "%d rows, sum of hashes %s".formatted(row.getLong(1), row.getString(2));
    }
  }

  private String text(
      String machine, EngagementData data, long messages, List<Run> runs, boolean same) {
    StringBuilder text = new StringBuilder("# Measuring: Beam beside Flink's own DataStream\n\n");
    text.append("`bench/engagement");
    options.forEach(
        (key, value) -> {
          if (!key.equals("sides") && !key.equals("profile")) {
            text.append(" --").append(key).append(' ').append(value);
          }
        });
    text.append("`\n\n").append(machine).append("\n\n");
    text.append(
        "%,d messages (%,d snapshots and 5 %% twice; 5 %% up to six hours late) of %,d videos, the most read one %,d times, over %d hours; binary form, four partitions.%n%n"
            .formatted(
                messages, data.snapshots(), data.videos(),
                Math.round(data.snapshots() / zipfSum(data)), data.hours()));
    text.append(
        "| side | all read after | job, CPU s | its start | broker, CPU s | database, CPU s | together | messages per CPU s of job and broker | rows written | load before |\n|---|---|---|---|---|---|---|---|---|---|\n");
    for (Run run : runs) {
      text.append(
          "| %s | %.1f s | %.1f | %.1f | %.1f | %.1f | %.1f | %,d | %,d | %.1f |%n"
              .formatted(
                  run.side(), run.readS(), run.cpuS(), run.startCpuS(), run.brokerS(),
                  run.databaseS(), run.treeS(),
                  Math.round(messages / (run.cpuS() + run.brokerS())), run.rowsWritten(),
                  run.load()));
    }
    text.append('\n');
    for (String side : options.get("sides").split(",")) {
      text.append(
          "Median of %s: job and broker %.1f CPU s, with the database %.1f.%n"
              .formatted(
                  side,
                  median(runs, side, run -> run.cpuS() + run.brokerS()),
                  median(runs, side, Run::treeS)));
    }
    if (options.get("sides").contains("native") && options.get("sides").contains("beam")) {
      text.append(
          "%n**Beam does the work of native Flink at %.2f of its speed (CPU of job and broker), %.2f with the database; job alone %.2f. By the clock it reads all at %.2f of its speed.**%n"
              .formatted(
                  median(runs, "native", run -> run.cpuS() + run.brokerS())
                      / median(runs, "beam", run -> run.cpuS() + run.brokerS()),
                  median(runs, "native", Run::treeS) / median(runs, "beam", Run::treeS),
                  median(runs, "native", Run::cpuS) / median(runs, "beam", Run::cpuS),
                  median(runs, "native", Run::readS) / median(runs, "beam", Run::readS)));
    }
    text.append("\nRows of all runs: ")
        .append(same ? "equal" : "**they differ**")
        .append(", ")
        .append(runs.get(0).rows())
        .append(".\n\n");
    for (Run run : runs) {
      JsonNode last = run.checkpoints().path("latest").path("completed");
      if (!last.isMissingNode() && !last.isNull()) {
        long bytes = last.path("state_size").asLong();
        text.append(
            "Last checkpoint of %s: %,d bytes, %d a video, in %d ms; %d completed, %d failed.%n"
                .formatted(
                    run.side(), bytes, bytes / data.videos(),
                    last.path("end_to_end_duration").asLong(),
                    run.checkpoints().path("counts").path("completed").asInt(),
                    run.checkpoints().path("counts").path("failed").asInt()));
      }
    }
    return text.toString();
  }

  private static double zipfSum(EngagementData data) {
    double sum = 0;
    for (int i = 1; i <= data.videos(); i++) {
      sum += Math.pow(i, -data.exponent());
    }
    return sum;
  }

  private static double median(
      List<Run> runs, String side, java.util.function.ToDoubleFunction<Run> of) {
    double[] values =
        runs.stream().filter(run -> run.side().equals(side)).mapToDouble(of).sorted().toArray();
    return values.length % 2 == 1
        ? values[values.length / 2]
        : (values[values.length / 2 - 1] + values[values.length / 2]) / 2;
  }

  private WorldSettings world() throws Exception {
    return WorldSettings.read(home.resolve("connections.properties"));
  }

  private Connection database() throws Exception {
    Properties properties = new Properties();
    try (var reader = Files.newBufferedReader(home.resolve("connections.properties"))) {
      properties.load(reader);
    }
    return DriverManager.getConnection(
        properties.getProperty("postgres.url"),
        properties.getProperty("postgres.user"),
        properties.getProperty("postgres.password"));
  }

  private long pid(String service) throws IOException {
    String text = Files.readString(home.resolve("run").resolve(service + ".pid"));
    return Long.parseLong(text.strip().split("\\s+")[0]);
  }

  /** User and system time of a process, its children that live, and those that have ended. */
  private static double treeS(long pid) throws IOException {
    double sum = 0;
    List<Long> tree = new ArrayList<>(List.of(pid));
    ProcessHandle.of(pid).stream()
        .flatMap(ProcessHandle::descendants)
        .forEach(child -> tree.add(child.pid()));
    for (long each : tree) {
      try {
        String line = Files.readString(Path.of("/proc", String.valueOf(each), "stat"), StandardCharsets.ISO_8859_1);
        String[] fields = line.substring(line.lastIndexOf(')') + 2).split(" ", -1);
        for (int i = 11; i <= 14; i++) {
          sum += Long.parseLong(fields[i]);
        }
      } catch (IOException e) {
        continue; // It has just ended and is counted with its parent.
      }
    }
    return sum / TICKS_PER_SECOND;
  }

  private static void say(String line) {
    System.err.println(line);
  }
}
