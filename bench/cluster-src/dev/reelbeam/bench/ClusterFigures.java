package dev.reelbeam.bench;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.reelbeam.clients.config.KafkaSettings.Topic;
import dev.reelbeam.clients.topic.TopicWriter;
import dev.reelbeam.model.json.RecordJson;
import dev.reelbeam.model.project.ControlEvent;
import dev.reelbeam.model.project.ControlType;
import dev.reelbeam.pipelines.wiring.WorldSettings;
import dev.reelbeam.simulators.OpenAiSimulator;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** What the dataflow costs and holds on a cluster of this machine; started by {@code bench/cluster}. */
public final class ClusterFigures {
  private static final Duration PATIENCE = Duration.ofMinutes(30);
  private static final Duration AFTERWARDS = Duration.ofMinutes(2);
  private static final long HANG_MS = 60_000;
  private static final int HANGING = 50;
  private static final String JOB = "generate-videos";

  /** As many records go through at once; before those are full, the graph only fills. */
  private static final int PLACES = 32;
  private static final Pattern RENDERED =
      Pattern.compile("\"time\":\"([^\"]+)\".*segment \\d+ of \\S+ rendered in");
  private static final List<String> SERVICES =
      List.of("kafka", "postgres", "s3", "jobmanager", "taskmanager-general", "taskmanager-gpu");

  private final Path root;
  private final Path work;
  private final int backfill;
  private final int live;
  private final int again;
  private final StringBuilder text = new StringBuilder();

  private ClusterFigures(Path root, Path work, int backfill, int live, int again) {
    this.root = root;
    this.work = work;
    this.backfill = backfill;
    this.live = live;
    this.again = again;
  }

  /** Root of the clone, work folder, records of the backfill, live ones, clones, parts, result file. */
  public static void main(String[] args) throws Exception {
    ClusterFigures figures =
        new ClusterFigures(
            Path.of(args[0]),
            Path.of(args[1]),
            Integer.parseInt(args[2]),
            Integer.parseInt(args[3]),
            Integer.parseInt(args[4]));
    List<String> parts = Arrays.asList(args[5].split(",", -1));
    figures.text.append("# The dataflow on a cluster of one machine\n\nWritten by `bench/cluster`. ");
    figures.text.append(Machine.describe()).append('\n');
    try {
      if (parts.contains("lanes")) {
        figures.lanes();
      }
      if (parts.contains("found")) {
        figures.found();
      }
      if (parts.contains("waiting")) {
        figures.waiting();
      }
    } finally {
      Path result = Path.of(args[6]);
      Files.createDirectories(result.toAbsolutePath().getParent());
      Files.writeString(result, figures.text);
      System.out.println(figures.text);
    }
  }

  // A single video, with and without a backfill beside it, and what was made before.

  private void lanes() throws Exception {
    LocalCluster cluster =
        new LocalCluster(root, work.resolve("lanes"), work.resolve("commands.log"), pools());
    List<Double> made = new ArrayList<>();
    for (int i = 0; i < live; i++) {
      made.add(make(i));
    }
    try {
      cluster.up();
      seconds(cluster, List.of(article("warm", 1_000)), "normal"); // Classes, voices, libraries.
      List<Double> idle = new ArrayList<>();
      for (int i = 0; i < live; i++) {
        idle.add(seconds(cluster, List.of(article("idle-" + i, i)), "high"));
      }
      memory(cluster);
      placement(cluster);
      Path archive = Files.createDirectories(work.resolve("archive"));
      for (int i = 0; i < backfill; i++) {
        Files.move(article("old-" + i, 2_000 + i), archive.resolve("old-" + i + ".json"));
      }
      List<String> command =
          List.of("backfill", "--source", archive.toString(), "--cluster", "--presets", "preview");
      long sentNs = System.nanoTime();
      if (cluster.connected(command) != 0) {
        throw new IOException("the backfill was not sent");
      }
      double sent = since(sentNs);
      await(cluster, "state = 'completed' and p.record_id like 'old-%'", 3);
      List<Double> busy = new ArrayList<>();
      int before = finished(cluster);
      for (int i = 0; i < live; i++) {
        busy.add(seconds(cluster, List.of(article("busy-" + i, 3_000 + i)), "high"));
      }
      int meanwhile = finished(cluster) - before;
      long skipNs = System.nanoTime();
      cluster.connected(command);
      double skipped = since(skipNs);

      text.append("\n## A single video\n\nA text of three paragraphs, `teaser`, `preview`. On the cluster from the end of `submit`")
          .append(" to the delivery's row; `make` from its start to its end, the start of its JVM included.\n\n");
      text.append("| | median, s | all, s |\n|---|---:|---|\n");
      row("`make` on an empty store", made);
      row("a live record, cluster idle", idle);
      row("a live record of high priority during a backfill of " + backfill, busy);
      text.append(
          format(
              "\nDuring the backfill: %.2f times the idle cluster's time (target: at most 2); %d videos of the backfill were finished meanwhile.\n"
                  + "The cluster against `make`: %.2f.\n",
              median(busy) / median(idle), meanwhile, median(idle) / median(made)));
      text.append(
          format(
              "\n`backfill` sends %d new records in %.1f s, start of its JVM included; the same command again, which sends none of them, takes %.1f s.\n",
              backfill, sent, skipped));
    } finally {
      cluster.down();
    }
  }

  // What was made before.

  private void found() throws Exception {
    LocalCluster cluster =
        new LocalCluster(root, work.resolve("found"), work.resolve("commands.log"), pools());
    try {
      cluster.up();
      seconds(cluster, List.of(article("first", 0)), "normal"); // Classes, voices, libraries.
      List<Path> records = clones("same-", again);
      double asOthers = seconds(cluster, records, "normal");
      int artifacts = artifacts(cluster);
      List<Double> ends = retried(cluster, records);
      int made = artifacts(cluster) - artifacts;
      int from = Math.min(PLACES, ends.size()) - 1;
      double last = ends.get(ends.size() - 1);
      text.append("\n## What was made before\n\n");
      text.append(
          format(
              "%d finished records are sent through again (`retry`, all at once), and everything is found: %d artifacts are new."
                  + " From the event to the last delivery %.1f s; from delivery %d to the last, when the graph is full, **%.1f records/s**."
                  + " The first took %.1f s.\n\n",
              again, made, last, from + 1, (again - 1 - from) / (last - ends.get(from)), ends.get(0)));
      text.append(
          format(
              "The same text under %d other ids, which draw openings of their own, need their own drafts and texts and find only the rest: %.1f s, %.1f records/s.\n",
              again, asOthers, again / asOthers));
      if (made != 0) {
        throw new IOException(made + " artifacts were made though all were there");
      }
    } finally {
      cluster.down();
    }
  }

  private static int artifacts(LocalCluster cluster) throws Exception {
    try (Connection database = cluster.database()) {
      return LocalCluster.number(database, "select count(*) from artifact");
    }
  }

  /** When each record was delivered anew, in s since all were sent through again, ascending. */
  private List<Double> retried(LocalCluster cluster, List<Path> records) throws Exception {
    double sentS;
    WorldSettings world = WorldSettings.read(cluster.home().resolve("connections.properties"));
    try (TopicWriter writer = TopicWriter.open(world.kafka())) {
      sentS = System.currentTimeMillis() / 1e3;
      for (Path record : records) {
        String project = record.getParent().getFileName().toString();
        ControlEvent retry =
            ControlEvent.of(
                "again-" + project,
                ControlType.RETRY,
                project,
                "bench",
                System.currentTimeMillis());
        writer.send(Topic.CONTROL, project, RecordJson.canonicalBytes(retry));
      }
      writer.flush();
    }
    String again = "state = 'completed' and d.epoch > 1";
    await(cluster, again, records.size());
    List<Double> ends = new ArrayList<>();
    try (Connection database = cluster.database();
        var statement = database.createStatement();
        var rows =
            statement.executeQuery(
                "select extract(epoch from d.updated_at) from delivery d where "
                    + again
                    + " order by d.updated_at")) {
      while (rows.next()) {
        ends.add(rows.getDouble(1) - sentS);
      }
    }
    return ends;
  }

  private List<Path> clones(String name, int count) throws IOException {
    List<Path> clones = new ArrayList<>();
    for (int i = 0; i < count; i++) {
      clones.add(article(name + i, 0));
    }
    return clones;
  }

  private double make(int i) throws Exception {
    Path file = article("make-" + i, i);
    LocalCluster nobody =
        new LocalCluster(root, work.resolve("none"), work.resolve("commands.log"), List.of());
    long beganNs = System.nanoTime();
    nobody.expect(
        0,
        List.of(
            "make",
            file.toString(),
            "--store",
            work.resolve("store-" + i).toString(),
            "--out",
            work.resolve("out-" + i).toString()));
    return since(beganNs);
  }

  /** From the end of `submit` until the last of the records is delivered, by the database's clock. */
  private double seconds(LocalCluster cluster, List<Path> records, String priority)
      throws Exception {
    List<String> command = new ArrayList<>(List.of("submit", "--priority=" + priority));
    records.forEach(file -> command.add(file.toString()));
    if (cluster.connected(command) != 0) {
      throw new IOException("`submit` failed");
    }
    double sentS = System.currentTimeMillis() / 1e3;
    List<String> names =
        records.stream().map(file -> "'" + file.getParent().getFileName() + "'").toList();
    String of = "state = 'completed' and p.record_id in (" + String.join(",", names) + ")";
    await(cluster, of, records.size());
    try (Connection database = cluster.database();
        var statement = database.createStatement();
        var rows =
            statement.executeQuery(
                "select extract(epoch from max(d.updated_at)) from delivery d"
                    + " join video_project p on p.id = d.project_id where "
                    + of)) {
      rows.next();
      return rows.getDouble(1) - sentS;
    }
  }

  private int finished(LocalCluster cluster) throws Exception {
    try (Connection database = cluster.database()) {
      return completed(database, "state = 'completed' and p.record_id like 'old-%'");
    }
  }

  private static int completed(Connection database, String which) throws SQLException {
    return LocalCluster.number(
        database,
        "select count(*) from delivery d join video_project p on p.id = d.project_id where "
            + which);
  }

  private void await(LocalCluster cluster, String which, int count) throws Exception {
    long untilNs = System.nanoTime() + PATIENCE.toNanos();
    try (Connection database = cluster.database()) {
      int done = 0;
      while ((done = completed(database, which)) < count) {
        int dead = LocalCluster.number(database, "select count(*) from dead_letter");
        if (dead > 0 || System.nanoTime() > untilNs) {
          throw new IOException(done + " of " + count + " done, " + dead + " dead letters");
        }
        TimeUnit.MILLISECONDS.sleep(100);
      }
    }
  }

  private void memory(LocalCluster cluster) throws IOException {
    text.append("\n## Memory of each process\n\nResident, after ")
        .append(live + 1)
        .append(" videos, with those that it started.\n\n| process | MB |\n|---|---:|\n");
    for (String service : SERVICES) {
      long kb = 0;
      ProcessHandle process = cluster.process(service).orElseThrow();
      List<ProcessHandle> all = new ArrayList<>(process.descendants().toList());
      all.add(process);
      for (ProcessHandle one : all) {
        for (String line : Files.readAllLines(Path.of("/proc/" + one.pid() + "/status"))) {
          if (line.startsWith("VmRSS:")) {
            kb += Long.parseLong(line.replaceAll("\\D", ""));
          }
        }
      }
      text.append(format("| %s | %d |\n", service, kb / 1024));
    }
  }

  /** Tasks of every job by worker, and where segments were rendered. */
  private void placement(LocalCluster cluster) throws IOException {
    text.append("\n## Who does what\n\nTasks that run, by Flink's own page, and segments by the workers' logs.\n\n")
        .append("| job | pool demanded | TaskManager | tasks |\n|---|---|---|---:|\n");
    for (JsonNode job : cluster.flink("/jobs/overview").path("jobs")) {
      if (!job.path("state").asText().equals("RUNNING")) {
        continue;
      }
      String of = "/jobs/" + job.path("jid").asText();
      Map<String, Integer> tasks = new TreeMap<>();
      for (JsonNode vertex : cluster.flink(of).path("vertices")) {
        for (JsonNode task :
            cluster.flink(of + "/vertices/" + vertex.path("id").asText()).path("subtasks")) {
          String demanded = vertex.path("name").asText().contains("Find or render") ? "gpu" : "general";
          tasks.merge(demanded + " | " + task.path("taskmanager-id").asText(), 1, Integer::sum);
        }
      }
      tasks.forEach(
          (where, count) ->
              text.append("| ").append(job.path("name").asText()).append(" | ").append(where).append(" | ").append(count).append(" |\n"));
    }
    text.append("\nSegments rendered:");
    for (String worker : List.of("taskmanager-general", "taskmanager-gpu")) {
      text.append(' ').append(worker).append(' ').append(rendered(cluster, worker).size()).append(';');
    }
    text.append("\n");
  }

  // Checkpoints while calls hang and segments render.

  private void waiting() throws Exception {
    List<String> settings = new ArrayList<>(pools());
    settings.addAll(List.of("calls.in.flight=" + HANGING, "projects.live=200"));
    LocalCluster cluster =
        new LocalCluster(root, work.resolve("waiting"), work.resolve("commands.log"), settings);
    try (OpenAiSimulator model = OpenAiSimulator.start("", OpenAiSimulator.Dialect.OLLAMA)) {
      Files.createDirectories(cluster.home());
      Files.writeString(
          cluster.home().resolve("providers.yaml"),
          "script:\n  - {name: slow, base_url: '" + model.baseUrl() + "', model: slow, parallel: 50, requests_per_minute: 600, token_limit_field: max_tokens}\n");
      cluster.up();
      List<String> render = new ArrayList<>(List.of("submit"));
      for (int i = 0; i < 5; i++) {
        render.add(howTo(i).toString());
      }
      if (cluster.connected(render) != 0) {
        throw new IOException("`submit` failed");
      }
      while (rendered(cluster, "taskmanager-gpu").size() < 2) {
        TimeUnit.SECONDS.sleep(1);
      }
      model.latency(HANG_MS);
      int before = model.calls();
      List<String> hang = new ArrayList<>(List.of("submit"));
      for (int i = 0; i < HANGING; i++) {
        hang.add(topic(i).toString());
      }
      if (cluster.connected(hang) != 0) {
        throw new IOException("`submit` failed");
      }
      long untilNs = System.nanoTime() + PATIENCE.toNanos();
      while (model.calls() - before < HANGING && System.nanoTime() < untilNs) {
        TimeUnit.MILLISECONDS.sleep(200);
      }
      int calls = model.calls() - before;
      long fromMs = System.currentTimeMillis();
      TimeUnit.MILLISECONDS.sleep(HANG_MS - 10_000);
      long toMs = System.currentTimeMillis();
      int newCalls = model.calls() - before - calls;
      String job = cluster.jobId(JOB);
      List<Double> took = new ArrayList<>();
      long largest = 0;
      int failed = 0;
      for (JsonNode one : cluster.flink("/jobs/" + job + "/checkpoints").path("history")) {
        long at = one.path("trigger_timestamp").asLong();
        if (at >= fromMs && at <= toMs) {
          switch (one.path("status").asText()) {
            case "COMPLETED" -> took.add(one.path("end_to_end_duration").asLong() / 1e3);
            case "FAILED" -> failed++;
            default -> { }
          }
          largest = Math.max(largest, one.path("state_size").asLong());
        }
      }
      Collections.sort(took);
      long segments = rendered(cluster, "taskmanager-gpu").stream().filter(at -> at >= fromMs && at <= toMs).count();
      text.append("\n## Checkpoints while the world hangs\n\n");
      text.append(
          format(
              "%d calls of a language model that answers after %d s hang at once, five videos of sixteen segments are under way"
                  + " (1080x1920, two render slots). In the %.0f s looked at, no call came back, %d new ones began, and %d segments were rendered.\n\n",
              calls, HANG_MS / 1000, (toMs - fromMs) / 1e3, newCalls, segments));
      text.append("| checkpoints | failed | median, s | longest, s | largest state, KB |\n|---:|---:|---:|---:|---:|\n");
      text.append(
          format(
              "| %d | %d | %.2f | %.2f | %d |\n\nTarget: each under 5 s. All, s: %s.\n",
              took.size(),
              failed,
              took.isEmpty() ? Double.NaN : median(took),
              took.isEmpty() ? Double.NaN : took.get(took.size() - 1),
              largest / 1024,
              took));
      model.latency(0);
      awaitQuiet(cluster);
      try (Connection database = cluster.database()) {
        text.append("\nThen the model answers at once; two minutes later deliveries are: ")
            .append(LocalCluster.counts(database, "select state, count(*) from delivery group by 1"))
            .append(", dead letters: ")
            .append(LocalCluster.counts(database, "select number::text, count(*) from dead_letter group by 1"))
            .append(".\n");
      }
    } finally {
      cluster.down();
    }
  }

  /** Until everything is settled, or a while: fifty videos take half an hour. */
  private void awaitQuiet(LocalCluster cluster) throws Exception {
    long untilNs = System.nanoTime() + AFTERWARDS.toNanos();
    while (System.nanoTime() < untilNs) {
      try (Connection database = cluster.database()) {
        int ended =
            LocalCluster.number(database, "select count(*) from delivery where state <> 'in_progress'")
                + LocalCluster.number(database, "select count(distinct record_id) from dead_letter");
        if (ended >= HANGING + 5) {
          return;
        }
      }
      TimeUnit.SECONDS.sleep(2);
    }
  }

  /** When each segment was done, by the worker's own log. */
  private static List<Long> rendered(LocalCluster cluster, String worker) throws IOException {
    List<Long> times = new ArrayList<>();
    Path log = cluster.home().resolve("logs").resolve(worker + ".json.log");
    if (Files.exists(log)) {
      for (String line : Files.readAllLines(log)) {
        Matcher matcher = RENDERED.matcher(line);
        if (matcher.find()) {
          times.add(java.time.OffsetDateTime.parse(matcher.group(1)).toInstant().toEpochMilli());
        }
      }
    }
    return times;
  }

  // Records.

  private static List<String> pools() {
    return List.of("pools=general:2:1800,gpu:2:1800", "flink.checkpoint.seconds=5");
  }

  private Path article(String id, int number) throws IOException {
    Map<String, Object> record = new LinkedHashMap<>();
    record.put("kind", "article");
    record.put("title", "Rain barrels, lesson " + number);
    record.put(
        "content_html",
        "<p>Rain barrels reward patience more than money. Lesson %d took %d people about %d minutes.</p>"
                .formatted(number, 3 + number % 7, 20 + number)
            + "<p>Most of them had never tried it before. The first attempt failed for %d of them.</p>"
                .formatted(1 + number % 3)
            + "<p>A notebook helps, because small changes are easy to forget. After a week the"
            + " results were better by %d percent.</p>".formatted(10 + number % 80));
    return write(id, (ObjectNode) RecordJson.toTree(record), "teaser", "preview");
  }

  private Path topic(int i) throws IOException {
    Map<String, Object> record = new LinkedHashMap<>();
    record.put("kind", "topic");
    record.put("title", "Why bees like window box " + i);
    return write("topic-" + i, (ObjectNode) RecordJson.toTree(record), "teaser", "preview");
  }

  private Path howTo(int i) throws IOException {
    ObjectNode record = (ObjectNode) RecordJson.readTree(Files.readString(article("text-" + i, 50 + i)));
    StringBuilder html = new StringBuilder();
    for (int p = 0; p < 12; p++) {
      html.append(
          "<p>Step %d of plan %d takes %d minutes and a little care. Whoever skips it has %d percent less water.</p>"
              .formatted(p + 1, i, 4 + p, 3 + p * 2 + i));
    }
    record.put("content_html", html.toString());
    return write("howto-" + i, record, "short", "tiktok");
  }

  private Path write(String id, ObjectNode record, String type, String preset) throws IOException {
    record.put("record_id", id);
    record.put("revision", 1);
    record.put("language", "en");
    ObjectNode project = record.putObject("project");
    project.put("type", type);
    project.putArray("target_platforms").add(preset);
    project.put("video_enabled", true);
    Path folder = Files.createDirectories(work.resolve("records").resolve(id));
    return Files.writeString(folder.resolve("record.json"), RecordJson.canonical(record));
  }

  private void row(String what, List<Double> seconds) {
    text.append(
        format(
            "| %s | %.1f | %s |\n",
            what,
            median(seconds),
            String.join(", ", seconds.stream().map(one -> format("%.1f", one)).toList())));
  }

  private static double median(List<Double> values) {
    List<Double> sorted = new ArrayList<>(values);
    Collections.sort(sorted);
    return sorted.get(sorted.size() / 2);
  }

  private static double since(long ns) {
    return (System.nanoTime() - ns) / 1e9;
  }

  private static String format(String pattern, Object... values) {
    return String.format(Locale.ROOT, pattern, values);
  }
}
