package dev.reelbeam.bench;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.reelbeam.clients.config.KafkaSettings.Topic;
import dev.reelbeam.clients.topic.TopicWriter;
import dev.reelbeam.connectors.DeadLetterIO;
import dev.reelbeam.model.engagement.EngagementSnapshot;
import dev.reelbeam.model.engagement.SnapshotCodec;
import dev.reelbeam.model.engagement.SnapshotMessage;
import dev.reelbeam.model.json.EngagementJson;
import dev.reelbeam.model.json.RecordJson;
import dev.reelbeam.pipelines.wiring.WorldProviders;
import dev.reelbeam.pipelines.wiring.WorldSettings;
import dev.reelbeam.stages.deadletter.DeadLetters;
import dev.reelbeam.stages.engagement.MeasureEngagement;
import dev.reelbeam.stages.engagement.MeasureSettings;
import dev.reelbeam.stages.engagement.SnapshotMessageCoder;
import dev.reelbeam.stages.engagement.WriteEngagement;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Random;
import java.util.TreeSet;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.apache.beam.runners.direct.DirectOptions;
import org.apache.beam.sdk.Pipeline;
import org.apache.beam.sdk.options.PipelineOptionsFactory;
import org.apache.beam.sdk.transforms.Create;

/**
 * The job that measures, between real processes, while it reads: its TaskManager is killed, and
 * Postgres is away for a minute. Every row is compared with an undisturbed count of the same
 * snapshots, a bounded run that wrote its rows before the job began. Fails when one differs.
 */
public final class MeasureRecovery {
  private static final String JOB = "measure-engagement";
  private static final String WORKER = "taskmanager-general";
  private static final int PORT_OFFSET = 1300;
  private static final int CHECKPOINT_MS = 5_000;
  private static final int UPDATE_S = 5;
  private static final int OUTAGE_S = 60;
  private static final int TOO_LATE = 10;
  private static final long HOUR_S = 3600;
  private static final long DAY_S = 24 * HOUR_S;
  private static final long PATIENCE_NS = TimeUnit.MINUTES.toNanos(8);

  /** One of each kind: negative, too large, of nobody, ahead, of 1970, no JSON, no platform. */
  private static final Map<String, Integer> WRONG =
      Map.of("4201", 1, "4202", 1, "4203", 1, "4204", 1, "4205", 1, "4206", 1, "4207", 1);

  private final Path root;
  private final Path work;
  private final LocalCluster cluster;
  private final int videos;
  private final int snapshots;
  private final int seconds;
  private final long nowS = Instant.now().getEpochSecond();
  private final Random random = new Random(5);
  private final AtomicInteger sent = new AtomicInteger();
  private final List<String> wrong = new ArrayList<>();
  private final List<String> course = new ArrayList<>();
  private long beganNs;

  private MeasureRecovery(Path root, Path work, int videos, int snapshots, int seconds) {
    this.root = root;
    this.work = work;
    this.videos = videos;
    this.snapshots = snapshots;
    this.seconds = seconds;
    this.cluster =
        new LocalCluster(
            root,
            work.resolve("cluster"),
            work.resolve("commands.log"),
            PORT_OFFSET,
            List.of("pools=general:1:1800", "kafka.memory.mb=512"));
  }

  /** A snapshot on its way, and when it comes. */
  private record Coming(long atS, EngagementSnapshot snapshot) {}

  /** How many rows are as they should be, and how many are not or are not there. */
  private record Compared(long equal, long different) {}

  /** What waits for something that a process outside does. */
  @FunctionalInterface
  private interface Condition {
    boolean holds() throws Exception;
  }

  /** Root of the clone, work folder, videos, snapshots of each, seconds of sending, result file. */
  public static void main(String[] args) throws Exception {
    MeasureRecovery recovery =
        new MeasureRecovery(
            Path.of(args[0]),
            Path.of(args[1]),
            Integer.parseInt(args[2]),
            Integer.parseInt(args[3]),
            Integer.parseInt(args[4]));
    System.exit(recovery.run(Path.of(args[5])) ? 0 : 1);
  }

  private boolean run(Path result) throws Exception {
    String machine = Machine.describe();
    try {
      say("starting the services");
      cluster.upWithoutJobs();
      importVideos();
      List<EngagementSnapshot> history = history();
      say("counting %,d snapshots undisturbed".formatted(history.size()));
      long expected = countUndisturbed(history);
      say("%,d rows; now the job".formatted(expected));
      submit();
      Compared compared = underFire(history);
      String text = text(machine, history, compared);
      Files.createDirectories(result.toAbsolutePath().getParent());
      Files.writeString(result, text);
      System.out.println(text);
    } finally {
      cluster.down();
    }
    return wrong.isEmpty();
  }

  // The run.

  private Compared underFire(List<EngagementSnapshot> history) throws Exception {
    String job = awaitJob();
    await(() -> cluster.allTasksRun(job), "tasks of the job");
    beganNs = System.nanoTime();
    CompletableFuture<Void> sending = CompletableFuture.runAsync(() -> send(history));
    awaitSent(history, 0.2);
    // What is set aside is read twice as well, and is still one letter.
    sendWrong();
    await(() -> completed(job) > 0 && number("select count(*) from engagement_window") > 0, "rows");
    strikeWorker(job, history);
    awaitSent(history, 0.5);
    strikeDatabase(job, history);
    check(!sending.isDone(), "all was sent before Postgres was back: --seconds is too few");
    sending.join();
    note("all %,d messages are sent".formatted(history.size()));
    awaitEqual();
    note("all rows are as in the undisturbed count");
    sendTooLate();
    await(
        () -> number("select count(*) from engagement_late") == TOO_LATE, "the late lane");
    // Whatever they might change would be told by then.
    TimeUnit.SECONDS.sleep(3L * UPDATE_S);
    Compared compared = compare();
    check(compared.different() == 0, compared.different() + " rows differ");
    Map<String, Integer> letters;
    try (Connection database = cluster.database()) {
      letters =
          LocalCluster.counts(
              database, "select number::text, count(*) from dead_letter group by 1");
    }
    check(letters.equals(WRONG), "dead letters: " + letters);
    return compared;
  }

  private String awaitJob() throws Exception {
    String[] job = new String[1];
    await(
        () -> {
          try {
            job[0] = cluster.jobId(JOB);
            return true;
          } catch (IOException e) {
            return false; // It was just submitted.
          }
        },
        "the job");
    return job[0];
  }

  private void strikeWorker(String job, List<EngagementSnapshot> history) throws Exception {
    int restored = restored(job);
    long rows = number("select count(*) from engagement_window");
    int at = sent.get();
    long killedNs = System.nanoTime();
    cluster.signal(WORKER, "KILL");
    note(
        "`kill -9` of the TaskManager, %,d of %,d messages sent, %,d rows written"
            .formatted(at, history.size(), rows));
    CompletableFuture<Double> up = restart(killedNs);
    awaitRestored(job, restored);
    double running = since(killedNs);
    awaitWriting();
    note(
        "%.0f s after the kill all tasks run again, from a checkpoint; after %.0f s rows are written (`up` was back after %.0f s)"
            .formatted(running, since(killedNs), up.join()));
  }

  private void strikeDatabase(String job, List<EngagementSnapshot> history) throws Exception {
    int restored = restored(job);
    int at = sent.get();
    // A postmaster that is killed leaves its children; an immediate stop is its crash.
    cluster.signal("postgres", "QUIT");
    note("Postgres stops at once, %,d of %,d messages sent".formatted(at, history.size()));
    TimeUnit.SECONDS.sleep(OUTAGE_S);
    int meanwhile = restored(job) - restored;
    long backNs = System.nanoTime();
    double took = restart(backNs).join();
    await(() -> cluster.allTasksRun(job), "tasks of the job");
    double running = since(backNs);
    awaitWriting();
    note(
        "Postgres was away for %d s: the job was restored %d times meanwhile; `up` took %.0f s, all tasks run after %.0f s, rows are written after %.0f s"
            .formatted(OUTAGE_S, meanwhile, took, running, since(backNs)));
  }

  /** Starts what is missing; tells after how many seconds it was done. */
  private CompletableFuture<Double> restart(long sinceNs) {
    return CompletableFuture.supplyAsync(
        () -> {
          try {
            cluster.upWithoutJobs();
            return since(sinceNs);
          } catch (Exception e) {
            throw new IllegalStateException(e);
          }
        });
  }

  private static double since(long ns) {
    return (System.nanoTime() - ns) / 1e9;
  }

  private void awaitSent(List<EngagementSnapshot> history, double share) throws Exception {
    await(() -> sent.get() >= share * history.size(), "the sender");
  }

  private void awaitRestored(String job, int before) throws Exception {
    await(() -> restored(job) > before && cluster.allTasksRun(job), "the job to go on");
  }

  private void awaitWriting() throws Exception {
    String now = text("select now()::text");
    await(
        () ->
            number("select count(*) from engagement_window where updated_at > '" + now + "'") > 0,
        "rows that are written");
  }

  private void awaitEqual() throws Exception {
    try {
      await(() -> compare().different() == 0, "equal rows");
    } catch (IOException e) {
      wrong.add(compare().different() + " rows differ");
    }
  }

  private int completed(String job) throws IOException {
    return counts(job).path("completed").asInt();
  }

  private int restored(String job) throws IOException {
    return counts(job).path("restored").asInt();
  }

  private JsonNode counts(String job) throws IOException {
    return cluster.flink("/jobs/" + job + "/checkpoints").path("counts");
  }

  private static void await(Condition condition, String what) throws Exception {
    long untilNs = System.nanoTime() + PATIENCE_NS;
    while (true) {
      try {
        if (condition.holds()) {
          return;
        }
      } catch (SQLException e) {
        say("Postgres: " + e.getMessage());
      }
      if (System.nanoTime() > untilNs) {
        throw new IOException("waited too long for " + what);
      }
      TimeUnit.MILLISECONDS.sleep(300);
    }
  }

  private void check(boolean holds, String otherwise) {
    if (!holds) {
      wrong.add(otherwise);
    }
  }

  private void note(String event) {
    course.add("%.0f s: %s".formatted(since(beganNs), event));
    say(event);
  }

  // The undisturbed count.

  /** Its rows are in a table of their own afterwards, and none in the job's. */
  private long countUndisturbed(List<EngagementSnapshot> history) throws Exception {
    DirectOptions options = PipelineOptionsFactory.as(DirectOptions.class);
    options.setEnforceImmutability(false);
    options.setEnforceEncodability(false);
    Pipeline pipeline = Pipeline.create(options);
    List<SnapshotMessage> messages =
        history.stream().map(each -> new SnapshotMessage("bench", message(each, 0))).toList();
    try (var handler =
        pipeline.registerBadRecordErrorHandler(DeadLetterIO.write(work.resolve("letters")))) {
      pipeline
          .apply("Read snapshots", Create.of(messages).withCoder(new SnapshotMessageCoder()))
          .apply(
              "Measure engagement",
              MeasureEngagement.with(
                  MeasureSettings.replay(),
                  WorldProviders.videos(world()),
                  new DeadLetters.Lane(handler)))
          .apply("Write engagement", WriteEngagement.to(WorldProviders.engagement(world())));
    }
    pipeline.run().waitUntilFinish();
    try (Connection database = cluster.database();
        Statement statement = database.createStatement()) {
      statement.execute("create table undisturbed_window as select * from engagement_window");
      statement.execute("truncate engagement_window");
      statement.execute("analyze undisturbed_window");
    }
    return number("select count(*) from undisturbed_window");
  }

  /** Whole rows, but for when they were written and by which job. */
  private Compared compare() throws Exception {
    String rows =
        "(select dimension, kind, key, window_start, to_jsonb(w) - 'updated_at' - 'generation' as said"
            + " from %s w) %s";
    try (Connection database = cluster.database();
        Statement statement = database.createStatement();
        ResultSet row =
            statement.executeQuery(
                "select count(*) filter (where a.said is not distinct from b.said),"
                    + " count(*) filter (where a.said is distinct from b.said) from "
                    + rows.formatted("undisturbed_window", "a")
                    + " full join "
                    + rows.formatted("engagement_window", "b")
                    + " using (dimension, kind, key, window_start)")) {
      row.next();
      return new Compared(row.getLong(1), row.getLong(2));
    }
  }

  // What is sent.

  private void importVideos() throws Exception {
    StringBuilder list = new StringBuilder();
    for (int i = 0; i < videos; i++) {
      ObjectNode video = RecordJson.newObject();
      video
          .put("video_id", "v" + i)
          .put("platform", platform(i))
          .put("preset", i % 2 == 0 ? "youtube_short" : "tiktok")
          .put("site_id", "site-" + i % 3)
          .put("time_zone", i % 3 == 0 ? "Europe/Berlin" : "America/New_York")
          .put("hook_style", i % 5 == 0 ? "question" : "number")
          .put("duration_class", "short")
          .put("topic", "topic-" + i % 4)
          .put("project", "project-" + i / 2)
          .put("published_at", Instant.ofEpochSecond(publishedS(i)).toString())
          .put("cost_micros", 1000L + i)
          .put("credits", i % 4);
      list.append(video).append('\n');
    }
    Path file = Files.writeString(work.resolve("videos.jsonl"), list);
    if (cluster.connected(List.of("engagement", "import", file.toString())) != 0) {
      throw new IOException("the videos were not taken in; see " + work.resolve("commands.log"));
    }
  }

  private static String platform(int video) {
    return video % 2 == 0 ? "youtube" : "tiktok";
  }

  private long publishedS(int video) {
    return nowS - 12 * DAY_S + video * 600L % DAY_S;
  }

  /** Counters that mostly grow, in the order of their coming: 5 % up to three days late, 5 % twice. */
  private List<EngagementSnapshot> history() {
    List<Coming> coming = new ArrayList<>();
    for (int video = 0; video < videos; video++) {
      TreeSet<Long> moments = new TreeSet<>();
      long span = nowS - publishedS(video) - 2 * HOUR_S;
      while (moments.size() < snapshots - 1) {
        moments.add(publishedS(video) + 600 + (long) (random.nextDouble() * span));
      }
      // The last one is of the same age for all: what comes eight days behind it is too late.
      moments.add(nowS - HOUR_S);
      long views = 0;
      for (long momentS : moments) {
        views = Math.max(0, views + random.nextInt(200) - 5);
        EngagementSnapshot snapshot = snapshot("v" + video, platform(video), momentS, views);
        long atS = momentS + (random.nextInt(20) == 0 ? random.nextInt((int) (3 * DAY_S)) : 0);
        coming.add(new Coming(atS, snapshot));
        if (random.nextInt(20) == 0) {
          coming.add(new Coming(atS + random.nextInt((int) (2 * DAY_S)), snapshot));
        }
      }
    }
    coming.sort(Comparator.comparingLong(Coming::atS));
    return coming.stream().map(Coming::snapshot).toList();
  }

  private static EngagementSnapshot snapshot(String id, String platform, long momentS, long views) {
    return new EngagementSnapshot(
        id,
        platform,
        null,
        momentS * 1000,
        views,
        views / 20,
        views % 2 == 0 ? null : Long.valueOf(views / 50),
        null,
        null,
        null,
        null,
        platform.equals("youtube") ? Long.valueOf(21_500) : null,
        null,
        null,
        false);
  }

  /** Both forms by turns. */
  private static byte[] message(EngagementSnapshot snapshot, int number) {
    return number % 2 == 0 ? SnapshotCodec.encode(snapshot) : EngagementJson.write(snapshot);
  }

  /** Evenly over the seconds that it may take. */
  private void send(List<EngagementSnapshot> history) {
    long startNs = System.nanoTime();
    try (TopicWriter topic = TopicWriter.open(world().kafka())) {
      for (EngagementSnapshot snapshot : history) {
        int number = sent.get();
        long dueNs = startNs + seconds * 1_000_000_000L * number / history.size();
        while (System.nanoTime() < dueNs) {
          TimeUnit.MILLISECONDS.sleep(20);
        }
        topic.send(Topic.ENGAGEMENT, snapshot.videoKey(), message(snapshot, number));
        sent.incrementAndGet();
      }
      topic.flush();
    } catch (Exception e) {
      throw new IllegalStateException(e);
    }
  }

  private void sendWrong() throws Exception {
    List<byte[]> messages = new ArrayList<>();
    messages.add(EngagementJson.write(snapshot("v0", "youtube", nowS, -1)));
    messages.add(EngagementJson.write(snapshot("v0", "youtube", nowS, (1L << 53) + 1)));
    messages.add(EngagementJson.write(snapshot("nobody", "youtube", nowS, 1)));
    messages.add(EngagementJson.write(snapshot("v0", "youtube", nowS + 4 * HOUR_S, 1)));
    messages.add(EngagementJson.write(snapshot("v0", "youtube", 5, 1)));
    messages.add("{".getBytes(StandardCharsets.UTF_8));
    messages.add(
        "{\"video_id\":\"v\",\"platform\":\"vimeo\",\"fetched_at\":\"2026-04-01T00:00:00Z\"}"
            .getBytes(StandardCharsets.UTF_8));
    sendNow(messages);
  }

  private void sendTooLate() throws Exception {
    List<byte[]> messages = new ArrayList<>();
    for (int video = 0; video < TOO_LATE; video++) {
      messages.add(
          message(
              snapshot("v" + video, platform(video), nowS - HOUR_S - 8 * DAY_S, 5_000), video));
    }
    sendNow(messages);
  }

  private void sendNow(List<byte[]> messages) throws Exception {
    try (TopicWriter topic = TopicWriter.open(world().kafka())) {
      messages.forEach(message -> topic.send(Topic.ENGAGEMENT, "bench", message));
      topic.flush();
    }
  }

  // The cluster from outside.

  /** As `up` submits it, with updates and checkpoints as often as a short run needs. */
  private void submit() throws Exception {
    Path home = cluster.home();
    Path installation = root.resolve("pipelines/target/reelbeam");
    List<String> command = new ArrayList<>();
    command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
    command.addAll(
        List.of("-Xmx512m", "-XX:+UseSerialGC", "-Djava.awt.headless=true", "-Dreelbeam.home=" + installation));
    Path conf = home.resolve("conf/flink");
    try (var files = Files.list(conf)) {
      for (Path file : files.filter(each -> each.toString().endsWith(".yaml")).toList()) {
        Files.readAllLines(file).stream()
            .map(String::strip)
            .filter(line -> line.startsWith("--add-opens="))
            .forEach(command::add);
      }
    }
    command.addAll(
        List.of(
            "-cp",
            installation.resolve("job") + "/*",
            "dev.reelbeam.pipelines.job.MeasureEngagementJob",
            "--jobName=" + JOB,
            "--flinkMaster=127.0.0.1:" + cluster.webPort(),
            "--flinkConfDir=" + conf,
            "--connections=" + home.resolve("connections.properties"),
            "--pools=general:1",
            "--updateSeconds=" + UPDATE_S,
            "--checkpointingInterval=" + CHECKPOINT_MS));
    Path log = work.resolve("submit.log");
    int exit =
        new ProcessBuilder(command)
            .directory(home.toFile())
            .redirectErrorStream(true)
            .redirectOutput(log.toFile())
            .start()
            .waitFor();
    if (exit != 0) {
      throw new IOException("the job was not submitted; see " + log);
    }
  }

  private WorldSettings world() throws Exception {
    return WorldSettings.read(cluster.home().resolve("connections.properties"));
  }

  private long number(String query) throws Exception {
    return Long.parseLong(text(query));
  }

  private String text(String query) throws Exception {
    try (Connection database = cluster.database();
        Statement statement = database.createStatement();
        ResultSet row = statement.executeQuery(query)) {
      row.next();
      return row.getString(1);
    }
  }

  // What is told.

  private String text(String machine, List<EngagementSnapshot> history, Compared compared)
      throws Exception {
    StringBuilder text = new StringBuilder("# Measuring: a killed worker and a database that is away\n\n");
    text.append(
            "`bench/engagement-recovery --videos %d --snapshots %d --seconds %d`\n\n"
                .formatted(videos, snapshots, seconds))
        .append(machine)
        .append("\n\n")
        .append(
            String.format(
                Locale.ROOT,
                "%,d messages of %,d videos in both forms, 5 %% of them up to three days late and 5 %% twice, sent evenly"
                    + " over %d s; updates and checkpoints every %d s. One JobManager, one TaskManager, one slot.%n%n",
                history.size(),
                videos,
                seconds,
                UPDATE_S));
    text.append("| | |\n|---|---:|\n");
    row(text, "rows of the undisturbed count", number("select count(*) from undisturbed_window"));
    row(text, "rows equal to them, version included", compared.equal());
    row(text, "rows that differ, are missing or too many", compared.different());
    row(text, "snapshots kept", number("select count(*) from video_engagement"));
    row(
        text,
        "wrong messages sent before the kill, and their dead letters",
        WRONG.size() + ", " + number("select count(*) from dead_letter"));
    row(
        text,
        "snapshots eight days behind, and those in the late lane",
        TOO_LATE + ", " + number("select count(*) from engagement_late"));
    text.append("\nWhat happened, from the first message on:\n\n");
    course.forEach(line -> text.append("* ").append(line).append('\n'));
    text.append(wrong.isEmpty() ? "\nPassed.\n" : "\nFailed:\n\n");
    wrong.forEach(line -> text.append("* ").append(line).append('\n'));
    return text.toString();
  }

  private static void row(StringBuilder text, String what, Object value) {
    text.append("| ").append(what).append(" | ");
    text.append(value instanceof Long number ? String.format(Locale.ROOT, "%,d", number) : value);
    text.append(" |\n");
  }

  private static void say(String line) {
    System.err.println("recovery: " + line);
  }
}
