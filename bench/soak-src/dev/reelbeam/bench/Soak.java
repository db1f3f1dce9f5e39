package dev.reelbeam.bench;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.reelbeam.clients.config.KafkaSettings.Topic;
import dev.reelbeam.clients.topic.TopicWriter;
import dev.reelbeam.model.json.RecordJson;
import dev.reelbeam.pipelines.wiring.WorldSettings;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.TimeUnit;

/** Many small records, and what grows meanwhile; started by {@code bench/soak}. */
public final class Soak {
  private static final String JOB = "generate-videos";
  private static final int UNDER_WAY = 200;
  private static final int SAMPLE_S = 20;
  private static final int DRAIN_S = 120;
  private static final int OPERATORS = 12;
  private static final List<String> WORKERS = List.of("taskmanager-general", "taskmanager-gpu");
  private static final List<String> PROCESSES =
      List.of("kafka", "postgres", "s3", "jobmanager", "taskmanager-general", "taskmanager-gpu");

  /** One row for a record, or for a video, is what a table is for. */
  private static final List<String> TABLES =
      List.of(
          "video_project", "delivery", "project_progress", "dead_letter", "audit_log", "rendered_video",
          "artifact", "cost_entry", "lease", "render_ticket", "waiting_artifact", "applied_event");

  private final LocalCluster cluster;
  private final Path javaHome;
  private final long endNs;
  private final int most;
  private final int remember;
  private final Map<String, Integer> sent = new TreeMap<>();
  private final List<Sample> samples = new ArrayList<>();
  private int number;

  private Soak(LocalCluster cluster, Path javaHome, int minutes, int most, int remember) {
    this.cluster = cluster;
    this.javaHome = javaHome;
    this.endNs = System.nanoTime() + TimeUnit.MINUTES.toNanos(minutes);
    this.most = most;
    this.remember = remember;
  }

  /**
   * What was there at a moment.
   *
   * @param ended records that came to an end
   * @param stateKb of the last checkpoint
   * @param operatorBytes the same by operator, in bytes
   * @param heapMb of each worker after a collection
   * @param residentMb of each process
   */
  private record Sample(
      long second,
      int ended,
      long stateKb,
      long checkpointMs,
      Map<String, Long> operatorBytes,
      Map<String, Long> heapMb,
      Map<String, Long> residentMb,
      Map<String, Integer> rows) {}

  /** Root of the clone, work folder, JDK, minutes, records, minutes remembered, result file. */
  public static void main(String[] args) throws Exception {
    Path work = Path.of(args[1]);
    int remember = Integer.parseInt(args[5]);
    LocalCluster cluster =
        new LocalCluster(
            Path.of(args[0]),
            work.resolve("soak"),
            work.resolve("commands.log"),
            List.of(
                "pools=general:2:1800,gpu:1:1500",
                "flink.checkpoint.seconds=5",
                "measure.slots=0",
                "repeats.minutes=" + remember));
    try {
      cluster.up();
      Soak soak =
          new Soak(
              cluster,
              Path.of(args[2]),
              Integer.parseInt(args[3]),
              Integer.parseInt(args[4]),
              remember);
      soak.run();
      Path result = Path.of(args[6]);
      Files.createDirectories(result.toAbsolutePath().getParent());
      Files.writeString(result, soak.told());
      System.out.println(soak.told());
    } finally {
      cluster.down();
    }
  }

  private void run() throws Exception {
    WorldSettings world =
        WorldSettings.read(cluster.home().resolve("connections.properties"));
    long beganNs = System.nanoTime();
    long nextNs = beganNs;
    try (TopicWriter topic = TopicWriter.open(world.kafka());
        Connection database = cluster.database()) {
      while (System.nanoTime() < endNs && number < most) {
        int underWay = number - ended(database);
        for (int i = underWay; i < UNDER_WAY && number < most; i++) {
          send(topic);
        }
        topic.flush();
        if (System.nanoTime() >= nextNs) {
          sample(database, beganNs);
          nextNs = System.nanoTime() + TimeUnit.SECONDS.toNanos(SAMPLE_S);
        }
        TimeUnit.MILLISECONDS.sleep(500);
      }
      long drainedNs = System.nanoTime() + TimeUnit.SECONDS.toNanos(DRAIN_S);
      while (ended(database) < number && System.nanoTime() < drainedNs) {
        TimeUnit.SECONDS.sleep(1);
      }
      sample(database, beganNs);
      // What is remembered for a while is forgotten now.
      TimeUnit.SECONDS.sleep(60L * remember + 15);
      sample(database, beganNs);
    }
  }

  /** Of a hundred: 62 too thin, 20 not enabled, 10 that come again, 5 of older revisions, 2 no JSON, 1 a video. */
  private void send(TopicWriter topic) {
    int which = number % 100;
    String id = "soak-" + number;
    number++;
    if (which == 99) {
      count("a video, found but for the first", topic, id, video(id));
    } else if (which % 50 == 49) {
      count("no JSON", topic, id, "{\"record_id\": \"" + id + "\", ");
    } else if (which % 10 == 7) {
      String before = "soak-" + (number - 2);
      count("the one before, again", topic, before, thin(before, 1));
    } else if (which % 20 == 13) {
      topic.send(Topic.CONTENT, id, bytes(thin(id, 2)));
      count("an older revision after a newer one", topic, id, thin(id, 1));
    } else if (which % 5 == 1) {
      count("not enabled", topic, id, thin(id, 1).replace("\"video_enabled\":true", "\"video_enabled\":false"));
    } else {
      count("too thin for a script", topic, id, thin(id, 1));
    }
  }

  private void count(String what, TopicWriter topic, String id, String json) {
    sent.merge(what, 1, Integer::sum);
    topic.send(Topic.CONTENT, id, bytes(json));
  }

  private static byte[] bytes(String json) {
    return json.getBytes(StandardCharsets.UTF_8);
  }

  private static String thin(String id, int revision) {
    return record(id, revision, "Thin", "<p>Nothing.</p>").toString();
  }

  private static String video(String id) {
    return record(
            id,
            1,
            "Rain barrels",
            "<p>Rain barrels reward patience more than money. A lesson took 3 people about 20 minutes.</p>"
                + "<p>Most of them had never tried it before. The first attempt failed for 2 of them.</p>"
                + "<p>A notebook helps, because small changes are easy to forget. After a week the results were"
                + " better by 10 percent.</p>")
        .toString();
  }

  private static ObjectNode record(String id, int revision, String title, String html) {
    ObjectNode record = RecordJson.newObject();
    record.put("kind", "article").put("record_id", id).put("revision", revision).put("title", title);
    record.put("content_html", html).put("language", "en");
    ObjectNode project = record.putObject("project");
    project.put("type", "teaser").put("video_enabled", true);
    project.putArray("target_platforms").add("preview");
    return record;
  }

  /** Records that need nothing more; the one that comes again ends with the one before. */
  private int ended(Connection database) throws Exception {
    return LocalCluster.number(
            database,
            "select (select count(*) from (select project_id from delivery where state not in ('in_progress', 'waiting')"
                + " union select project_id from video_project where status = 'skipped') as done)"
                + " + (select count(*) from dead_letter where stage = 'read')")
        + sent.getOrDefault("the one before, again", 0);
  }

  private void sample(Connection database, long beganNs) throws Exception {
    for (String worker : WORKERS) {
      collect(worker);
    }
    Map<String, Long> heap = new LinkedHashMap<>();
    for (JsonNode worker : cluster.flink("/taskmanagers").path("taskmanagers")) {
      String id = worker.path("id").asText();
      JsonNode metric = cluster.flink("/taskmanagers/" + id + "/metrics?get=Status.JVM.Memory.Heap.Used");
      heap.put(id, metric.path(0).path("value").asLong() >> 20);
    }
    String job = cluster.jobId(JOB);
    JsonNode last = cluster.flink("/jobs/" + job + "/checkpoints").path("latest").path("completed");
    Map<String, String> names = new TreeMap<>();
    for (JsonNode vertex : cluster.flink("/jobs/" + job).path("vertices")) {
      names.put(vertex.path("id").asText(), vertex.path("name").asText());
    }
    Map<String, Long> operators = new TreeMap<>();
    JsonNode details = cluster.flink("/jobs/" + job + "/checkpoints/details/" + last.path("id").asText());
    details
        .path("tasks")
        .fields()
        .forEachRemaining(
            task ->
                operators.merge(
                    shortName(names.getOrDefault(task.getKey(), task.getKey())),
                    task.getValue().path("state_size").asLong(),
                    Long::sum));
    Map<String, Integer> rows = new LinkedHashMap<>();
    for (String table : TABLES) {
      rows.put(table, LocalCluster.number(database, "select count(*) from " + table));
    }
    Map<String, Long> resident = new LinkedHashMap<>();
    for (String process : PROCESSES) {
      resident.put(process, resident(process));
    }
    Sample sample =
        new Sample(
            TimeUnit.NANOSECONDS.toSeconds(System.nanoTime() - beganNs),
            ended(database),
            last.path("state_size").asLong() / 1024,
            last.path("end_to_end_duration").asLong(),
            operators,
            heap,
            resident,
            rows);
    samples.add(sample);
    System.err.println(line(sample).strip());
  }

  /** Chained operators are one vertex: the first that keeps something names it. */
  private static String shortName(String vertex) {
    String name = vertex.replace("Produce videos/", "");
    return name.length() > 90 ? name.substring(0, 90) + "…" : name;
  }

  private void collect(String service) throws Exception {
    long pid = cluster.process(service).orElseThrow().pid();
    new ProcessBuilder(javaHome.resolve("bin/jcmd").toString(), String.valueOf(pid), "GC.run")
        .redirectErrorStream(true)
        .redirectOutput(ProcessBuilder.Redirect.DISCARD)
        .start()
        .waitFor();
  }

  private long resident(String service) throws IOException {
    ProcessHandle process = cluster.process(service).orElseThrow();
    List<ProcessHandle> all = new ArrayList<>(process.descendants().toList());
    all.add(process);
    long kb = 0;
    for (ProcessHandle one : all) {
      Path status = Path.of("/proc/" + one.pid() + "/status");
      if (Files.exists(status)) {
        for (String line : Files.readAllLines(status)) {
          if (line.startsWith("VmRSS:")) {
            kb += Long.parseLong(line.replaceAll("\\D", ""));
          }
        }
      }
    }
    return kb / 1024;
  }

  private String told() throws IOException {
    StringBuilder text = new StringBuilder();
    text.append("# Many small records\n\nWritten by `bench/soak`. ").append(Machine.describe()).append('\n');
    Sample last = samples.get(samples.size() - 2);
    text.append(
        format(
            "\n%d records in %d s (%.1f records/s; at most %d under way, a revision is remembered for %d min), %d of them ended:\n\n| what | records |\n|---|---:|\n",
            number, last.second(), number / (double) last.second(), UNDER_WAY, remember, last.ended()));
    sent.forEach((what, count) -> text.append(format("| %s | %d |\n", what, count)));
    text.append("\nThe last line is after everything had ended and was forgotten. Heaps are after a collection.\n\n");
    text.append("| s | ended | state, KB | checkpoint, s | heap general, MB | heap gpu, MB |");
    PROCESSES.forEach(process -> text.append(" rss ").append(process).append(", MB |"));
    text.append("\n|---:|---:|---:|---:|---:|---:|").append("---:|".repeat(PROCESSES.size())).append('\n');
    samples.forEach(sample -> text.append(line(sample)));
    text.append("\n## State by operator\n\nThe largest ones, bytes: after the first third, at the end of the load, after it.\n\n| operator | third | end | after |\n|---|---:|---:|---:|\n");
    Sample third = samples.get(samples.size() / 3);
    Sample after = samples.get(samples.size() - 1);
    last.operatorBytes().entrySet().stream()
        .sorted(Map.Entry.<String, Long>comparingByValue(Comparator.reverseOrder()))
        .limit(OPERATORS)
        .forEach(
            operator ->
                text.append(
                    format(
                        "| %s | %d | %d | %d |\n",
                        operator.getKey().replace("|", "/"),
                        third.operatorBytes().getOrDefault(operator.getKey(), 0L),
                        operator.getValue(),
                        after.operatorBytes().getOrDefault(operator.getKey(), 0L))));
    text.append("\n## Rows of Postgres\n\n| table | third | end | after |\n|---|---:|---:|---:|\n");
    for (String table : TABLES) {
      text.append(
          format(
              "| %s | %d | %d | %d |\n",
              table, third.rows().get(table), last.rows().get(table), after.rows().get(table)));
    }
    return text.toString();
  }

  private static String line(Sample sample) {
    StringBuilder line = new StringBuilder();
    line.append(
        format(
            "| %d | %d | %d | %.1f | %d | %d |",
            sample.second(),
            sample.ended(),
            sample.stateKb(),
            sample.checkpointMs() / 1e3,
            sample.heapMb().getOrDefault("general", 0L),
            sample.heapMb().getOrDefault("gpu", 0L)));
    PROCESSES.forEach(process -> line.append(' ').append(sample.residentMb().get(process)).append(" |"));
    return line.append('\n').toString();
  }

  private static String format(String pattern, Object... values) {
    return String.format(Locale.ROOT, pattern, values);
  }
}
