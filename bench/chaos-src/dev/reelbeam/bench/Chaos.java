package dev.reelbeam.bench;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.reelbeam.clients.config.KafkaSettings.Topic;
import dev.reelbeam.clients.topic.TopicWriter;
import dev.reelbeam.media.probe.MediaInspector;
import dev.reelbeam.model.failure.StageException;
import dev.reelbeam.model.json.RecordJson;
import dev.reelbeam.pipelines.wiring.WorldSettings;
import dev.reelbeam.simulators.OpenAiSimulator;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/**
 * The same records through two clusters, one left in peace and one whose processes are killed at
 * random moments; then the books of both are compared. Fails when they differ.
 *
 * <p>Records come a few at a time, and each few meet a blow: so no blow finds the work at its end.
 * The first kill of each TaskManager is aimed: it falls while segments are drawn. All others are
 * random.
 *
 * <p>The smoke run is for every change: `make` takes the place of the first cluster, because equal
 * inputs give equal bytes there, too; each process is killed once, two at a time, since what takes
 * long is coming back, a call hangs, S3 is away for a moment; and a blow that finds nothing under
 * way is a failure.
 */
public final class Chaos {
  private static final Duration PATIENCE = Duration.ofMinutes(60);
  private static final Duration SMOKE_PATIENCE = Duration.ofMinutes(5);
  private static final Duration AIM_PATIENCE = Duration.ofMinutes(3);
  private static final long OUTAGE_MS = 30_000;
  private static final long SMOKE_OUTAGE_MS = 5_000;
  private static final long HUNG_MS = 45_000;
  private static final String SLOW_CALL = "slow call";
  private static final String AND = " and ";
  private static final String GPU_WORKER = "taskmanager-gpu";
  private static final List<String> WORKERS = List.of(GPU_WORKER, "taskmanager-general");
  private static final List<String> TARGETS =
      List.of(GPU_WORKER, "taskmanager-general", "jobmanager", "kafka");
  private static final String BROKEN = "{\"record_id\": \"poison\", \"title\": ";
  private static final Pattern RENDERED = Pattern.compile("segment (\\d+) of (\\S+) rendered in");
  private static final Pattern BEGUN = Pattern.compile("segment (\\d+) of (\\S+) begun");

  private final Path root;
  private final Path work;
  private final int records;
  private final int kills;
  private final String preset;
  private final boolean smoke;
  private final Random random;
  private final long blowSeed;
  private int struck;
  private int struckIdle;

  /** Workers that a blow met while segments were drawn. */
  private final Set<String> metDrawing = new TreeSet<>();

  /** Calls of the model that hung when the blows fell. */
  private int hung;
  private final List<String> events = new ArrayList<>();
  private final List<Double> backSeconds = new ArrayList<>();
  private final List<Double> sinceBlowSeconds = new ArrayList<>();

  private Chaos(
      Path root, Path work, int records, int kills, String preset, boolean smoke, long seed) {
    this.root = root;
    this.work = work;
    this.records = records;
    this.kills = kills;
    this.preset = preset;
    this.smoke = smoke;
    this.random = new Random(seed);
    this.blowSeed = random.nextLong();
  }

  /**
   * Root of the clone, work folder, records, kills of each process, preset, seed, result file; then
   * whether it is the smoke run.
   */
  public static void main(String[] args) throws Exception {
    Chaos chaos =
        new Chaos(
            Path.of(args[0]),
            Path.of(args[1]),
            Integer.parseInt(args[2]),
            Integer.parseInt(args[3]),
            args[4],
            Boolean.parseBoolean(args[7]),
            Long.parseLong(args[5]));
    boolean passed = chaos.run(Path.of(args[6]), Long.parseLong(args[5]));
    System.exit(passed ? 0 : 1);
  }

  /**
   * What came of a run.
   *
   * @param videos sha256 of the final file by record and preset
   * @param states how many deliveries are in each state
   * @param rendered how often each segment was rendered to its end
   * @param begun how often the rendering of each segment was begun
   * @param bought how often the model was asked for the same
   */
  private record Outcome(
      Map<String, String> videos,
      Map<String, Integer> states,
      Map<String, Integer> letters,
      Map<String, Integer> rendered,
      Map<String, Integer> begun,
      Map<String, Integer> bought,
      int undecodable,
      boolean addsUp,
      String audit,
      double seconds) {
    int renderedTotal() {
      return sum(rendered);
    }

    int begunTotal() {
      return sum(begun);
    }

    /** Renderings to the end of segments that had been rendered to the end. */
    int twice() {
      return renderedTotal() - rendered.size();
    }

    /** Renderings that never came to their end: what a kill cut off. */
    int cutOff() {
      return begunTotal() - renderedTotal();
    }

    int boughtTotal() {
      return sum(bought);
    }

    /** Calls of the model for what it had been asked for already. */
    int boughtTwice() {
      return boughtTotal() - bought.size();
    }

    private static int sum(Map<String, Integer> counts) {
      return counts.values().stream().mapToInt(Integer::intValue).sum();
    }
  }

  private boolean run(Path result, long seed) throws Exception {
    String machine = Machine.describe();
    List<Path> files = writeRecords();
    Outcome calm;
    Outcome storm;
    try (OpenAiSimulator model = OpenAiSimulator.start("", OpenAiSimulator.Dialect.OLLAMA)) {
      say("undisturbed: " + records + " records" + (smoke ? " by `make`" : ""));
      calm = smoke ? made(files, model) : inPeace(files, model);
      say(
          "disturbed: each of %d processes killed %d times, %s, one slow call"
              .formatted(TARGETS.size(), kills, smoke ? "one outage" : "two outages"));
      storm = underFire(files, model);
    }
    List<String> wrong = new ArrayList<>();
    check(wrong, calm.addsUp(), "the undisturbed books do not add up: " + calm.audit());
    check(wrong, storm.addsUp(), "the disturbed books do not add up: " + storm.audit());
    check(wrong, calm.videos().size() == records, "undisturbed videos: " + calm.videos().size());
    check(wrong, storm.videos().equals(calm.videos()), "the final files differ");
    check(wrong, storm.states().equals(calm.states()), "states differ: " + storm.states());
    check(wrong, storm.letters().equals(calm.letters()), "letters differ: " + storm.letters());
    check(wrong, calm.letters().equals(Map.of("1001", 1)), "letters: " + calm.letters());
    check(wrong, struck == blows().size(), "blows that were not struck: " + (blows().size() - struck));
    check(wrong, !smoke || struckIdle == 0, "blows that found nothing under way: " + struckIdle);
    check(wrong, metDrawing.containsAll(WORKERS), "killed while segments were drawn: " + metDrawing);
    check(wrong, calm.boughtTwice() == 0, "bought twice in peace: " + calm.boughtTwice());
    check(
        wrong,
        // A call that is out is asked for once more; a blow may meet one that nobody slowed down.
        storm.boughtTwice() <= hung + struck,
        "bought twice: " + storm.boughtTwice() + ", and " + hung + " calls hung");
    check(wrong, calm.undecodable() + storm.undecodable() == 0, "files that do not decode");
    String text = text(machine, calm, storm, wrong, seed);
    Files.createDirectories(result.toAbsolutePath().getParent());
    Files.writeString(result, text);
    System.out.println(text);
    return wrong.isEmpty();
  }

  private static void check(List<String> wrong, boolean holds, String otherwise) {
    if (!holds) {
      wrong.add(otherwise);
    }
  }

  private String text(
      String machine, Outcome calm, Outcome storm, List<String> wrong, long seed) {
    StringBuilder text = new StringBuilder();
    text.append("# Chaos run\n\n")
        .append("`bench/chaos %s--records %d --kills %d --preset %s --seed %d`\n\n".formatted(smoke ? "--smoke " : "", records, kills, preset, seed))
        .append(machine)
        .append("\n\n| | undisturbed%s | disturbed |\n|---|---|---|\n".formatted(smoke ? ", by `make`" : ""));
    row(text, "records (one more is poison)", records, records);
    row(text, "deliveries by state", calm.states(), storm.states());
    row(text, "dead letters by number", calm.letters(), storm.letters());
    row(text, "final files that decode", calm.videos().size() - calm.undecodable(), storm.videos().size() - storm.undecodable());
    long same = storm.videos().entrySet().stream().filter(video -> video.getValue().equals(calm.videos().get(video.getKey()))).count();
    row(text, "final files with the undisturbed sha256", "", same + " of " + calm.videos().size());
    row(text, "`audit`", smoke ? "" : calm.addsUp() ? "adds up" : "DOES NOT ADD UP", storm.addsUp() ? "adds up" : "DOES NOT ADD UP");
    row(text, "segments rendered to the end", smoke ? "" : calm.renderedTotal(), storm.renderedTotal());
    row(text, "of these rendered before", percent(calm, calm.twice()), percent(storm, storm.twice()));
    row(text, "begun and cut off", percent(calm, calm.cutOff()), percent(storm, storm.cutOff()));
    row(
        text,
        "work done more than once: both together, of all segments",
        percent(calm, calm.twice() + calm.cutOff()),
        percent(storm, storm.twice() + storm.cutOff()));
    row(text, "calls of the model: bought twice, of all", bought(calm), bought(storm));
    row(text, "workers killed while segments were drawn", "", metDrawing.size() + " of " + WORKERS.size());
    row(text, "first record sent to last delivery settled", "%.0f s".formatted(calm.seconds()), "%.0f s".formatted(storm.seconds()));
    seconds(text, "From a kill (a moment before `up`) to a job whose tasks all run", sinceBlowSeconds);
    seconds(text, "From `up` after a kill or an outage to the same", backSeconds);
    text.append("\nWhat was done to it:\n\n");
    events.forEach(event -> text.append("* ").append(event).append('\n'));
    text.append(wrong.isEmpty() ? "\nPassed.\n" : "\nFailed:\n\n");
    wrong.forEach(line -> text.append("* ").append(line).append('\n'));
    return text.toString();
  }

  private static void row(StringBuilder text, String what, Object calm, Object storm) {
    text.append("| ").append(what).append(" | ").append(calm).append(" | ").append(storm).append(" |\n");
  }

  private static void seconds(StringBuilder text, String what, List<Double> seconds) {
    List<Double> sorted = new ArrayList<>(seconds);
    Collections.sort(sorted);
    if (!sorted.isEmpty()) {
      text.append(
          "\n%s: median %.0f s, longest %.0f s (%d times).\n"
              .formatted(what, sorted.get(sorted.size() / 2), sorted.get(sorted.size() - 1), sorted.size()));
    }
  }

  private static String bought(Outcome outcome) {
    return outcome.boughtTwice() + " of " + outcome.boughtTotal();
  }

  private static String percent(Outcome outcome, int count) {
    return outcome.rendered().isEmpty()
        ? ""
        : "%d (%.1f %%)".formatted(count, 100.0 * count / outcome.rendered().size());
  }

  // Runs.

  private LocalCluster cluster(String name) {
    List<String> settings =
        new ArrayList<>(List.of("pools=general:2:1800,gpu:2:1800", "flink.checkpoint.seconds=5"));
    if (smoke) {
      settings.add("measure.slots=0"); // Two jobs take longer to come back than one.
    }
    return new LocalCluster(root, work.resolve(name), work.resolve("commands.log"), settings);
  }

  private void start(LocalCluster cluster, OpenAiSimulator model) throws Exception {
    writeProviders(Files.createDirectories(cluster.home()), model);
    // Who ends this run leaves no cluster behind.
    Runtime.getRuntime().addShutdownHook(new Thread(() -> downAtLast(cluster)));
    cluster.up();
  }

  private static void downAtLast(LocalCluster cluster) {
    try {
      cluster.downIfUp();
    } catch (Exception e) {
      say("`down` failed: " + e);
    }
  }

  private static Path writeProviders(Path folder, OpenAiSimulator model) throws IOException {
    return Files.writeString(
        folder.resolve("providers.yaml"),
        "script:\n  - {name: model, base_url: '"
            + model.baseUrl()
            + "', model: model, parallel: 8, requests_per_minute: 600, token_limit_field: max_tokens}\n"
            // A cluster tries hook styles out whether it is told to or not, `make` when it is told.
            + "learning:\n  half_life_days: 90\n");
  }

  /** The same records and the same message that is none, on the direct runner. */
  private Outcome made(List<Path> files, OpenAiSimulator model) throws Exception {
    Path home = Files.createDirectories(work.resolve("calm"));
    Path poison = Files.writeString(home.resolve("poison.json"), BROKEN);
    Path store = home.resolve("store");
    Path videos = home.resolve("videos");
    List<String> command = new ArrayList<>(List.of("make", poison.toString()));
    files.forEach(file -> command.add(file.toString()));
    command.addAll(List.of("--settings", writeProviders(home, model).toString()));
    command.addAll(List.of("--store", store.toString(), "--out", videos.toString()));
    int asked = model.requests().size();
    long beganNs = System.nanoTime();
    // 1: some were set aside, which is the poison's share.
    cluster("calm").expect(1, command);
    double seconds = (System.nanoTime() - beganNs) / 1e9;
    Map<String, String> made = new TreeMap<>();
    int undecodable = 0;
    for (Path file : files) {
      String name = RecordJson.readTree(Files.readString(file)).path("record_id").asText() + "/" + preset;
      Path video = videos.resolve(name).resolve("video.mp4");
      if (Files.exists(video)) {
        made.put(name, RecordJson.sha256(Files.readAllBytes(video)));
        undecodable += decodes(video) ? 0 : 1;
      }
    }
    Map<String, Integer> letters = new TreeMap<>();
    try (Stream<Path> written = Files.walk(videos.resolve("dead-letters"))) {
      for (Path letter : written.filter(file -> file.toString().endsWith(".json")).toList()) {
        letters.merge(RecordJson.readTree(Files.readString(letter)).path("number").asText(), 1, Integer::sum);
      }
    }
    // `make` does not log segments, and has no books.
    return new Outcome(
        made, Map.of("completed", made.size()), letters, Map.of(), Map.of(), bought(model, asked), undecodable, /* addsUp= */ true, "", seconds);
  }

  private Outcome inPeace(List<Path> files, OpenAiSimulator model) throws Exception {
    LocalCluster cluster = cluster("calm");
    try {
      start(cluster, model);
      int asked = model.requests().size();
      long beganNs = System.nanoTime();
      sendPoison(cluster);
      send(cluster, files);
      awaitEnd(cluster);
      return outcome(cluster, bought(model, asked), (System.nanoTime() - beganNs) / 1e9);
    } finally {
      cluster.down();
    }
  }

  private Outcome underFire(List<Path> files, OpenAiSimulator model) throws Exception {
    LocalCluster cluster = cluster("storm");
    try {
      start(cluster, model);
      int asked = model.requests().size();
      long beganNs = System.nanoTime();
      sendPoison(cluster);
      List<String> blows = blows();
      int sent = 0;
      for (int i = 0; i < blows.size(); i++) {
        // What is left goes in equal parts; each blow finds some of it under way.
        int upTo = (int) ((long) files.size() * (i + 1) / blows.size());
        boolean slow = blows.get(i).equals(SLOW_CALL);
        int callsBefore = model.calls();
        if (slow) {
          model.latency(HUNG_MS);
        }
        if (upTo > sent) {
          send(cluster, files.subList(sent, upTo));
          sent = upTo;
        }
        if (slow) {
          hang(model, callsBefore, beganNs);
          struck++;
        } else {
          DrawingLog drawing = null;
          if (services(blows.get(i)).stream().anyMatch(this::isToMeetDrawing)) {
            drawing = awaitDrawing(cluster);
          } else if (smoke) {
            awaitUnderWay(cluster);
            TimeUnit.MILLISECONDS.sleep(random.nextInt(3_000));
          } else {
            TimeUnit.MILLISECONDS.sleep(2_000 + random.nextInt(8_000));
          }
          struck += strike(cluster, blows.get(i), drawing, beganNs) ? 1 : 0;
        }
      }
      awaitEnd(cluster);
      return outcome(cluster, bought(model, asked), (System.nanoTime() - beganNs) / 1e9);
    } finally {
      model.latency(0);
      cluster.down();
    }
  }

  /**
   * Each process so many times, two outages, a slow call; the slow call first, a kill falls into it.
   * The smoke run has the kills in pairs, and between them S3 goes away for a moment.
   */
  private List<String> blows() {
    List<String> blows = new ArrayList<>();
    for (int i = 0; i < kills; i++) {
      blows.addAll(TARGETS);
    }
    blows.add("outage postgres");
    blows.add("outage s3");
    Collections.shuffle(blows, new Random(blowSeed));
    if (smoke) {
      // Both workers at once: a segment that is cut off waits a minute for the lease of the dead.
      blows = new ArrayList<>(List.of(String.join(AND, WORKERS), "jobmanager" + AND + "kafka"));
      Collections.shuffle(blows, new Random(blowSeed));
      blows.add(1, "outage s3");
    }
    blows.add(0, SLOW_CALL);
    return blows;
  }

  private static List<String> services(String blow) {
    return List.of(blow.replace("outage ", "").split(AND, -1));
  }

  private boolean isToMeetDrawing(String service) {
    return WORKERS.contains(service) && !metDrawing.contains(service);
  }

  /**
   * Until a segment that is begun from now on is drawn, by the worker's own log: a preview's takes
   * less than a second, so nothing may come between this and the blow.
   */
  private static DrawingLog awaitDrawing(LocalCluster cluster) throws Exception {
    DrawingLog log = new DrawingLog(cluster.home().resolve("logs").resolve(GPU_WORKER + ".json.log"));
    long untilNs = System.nanoTime() + AIM_PATIENCE.toNanos();
    while (log.drawn() == 0 && System.nanoTime() < untilNs) {
      TimeUnit.MILLISECONDS.sleep(2);
    }
    return log;
  }

  /** What a worker says of its segments from now on. */
  private static final class DrawingLog {
    private final Path file;
    private final Set<String> open = new TreeSet<>();
    private long read;

    DrawingLog(Path file) throws IOException {
      this.file = file;
      this.read = Files.exists(file) ? Files.size(file) : 0;
    }

    /** How many are begun and not at their end. */
    int drawn() throws IOException {
      if (!Files.exists(file) || Files.size(file) <= read) {
        return open.size();
      }
      byte[] more;
      try (var channel = Files.newByteChannel(file)) {
        channel.position(read);
        more = java.nio.channels.Channels.newInputStream(channel).readAllBytes();
      }
      String text = new String(more, StandardCharsets.UTF_8);
      int whole = text.lastIndexOf('\n') + 1;
      read += text.substring(0, whole).getBytes(StandardCharsets.UTF_8).length;
      for (String line : text.substring(0, whole).lines().toList()) {
        Matcher begun = BEGUN.matcher(line);
        Matcher rendered = RENDERED.matcher(line);
        if (begun.find()) {
          open.add(begun.group(2) + "/" + begun.group(1));
        } else if (rendered.find()) {
          open.remove(rendered.group(2) + "/" + rendered.group(1));
        }
      }
      return open.size();
    }
  }

  private static void awaitUnderWay(LocalCluster cluster) throws Exception {
    long untilNs = System.nanoTime() + TimeUnit.MINUTES.toNanos(2);
    while (underWay(cluster) == 0) {
      if (System.nanoTime() > untilNs) {
        throw new IOException("a record that was sent is not under way after two minutes");
      }
      TimeUnit.MILLISECONDS.sleep(200);
    }
  }

  private static int underWay(LocalCluster cluster) throws Exception {
    try (Connection database = cluster.database()) {
      return LocalCluster.number(
          database, "select count(*) from delivery where state = 'in_progress'");
    }
  }

  /** Until a call of the model is out; it stays out while the next blow falls. */
  private void hang(OpenAiSimulator model, int callsBefore, long beganNs) throws Exception {
    long untilNs = System.nanoTime() + TimeUnit.MINUTES.toNanos(3);
    while (model.calls() == callsBefore) {
      if (System.nanoTime() > untilNs) {
        throw new IOException("nobody called the model");
      }
      TimeUnit.MILLISECONDS.sleep(100);
    }
    model.latency(0);
    hung += model.calls() - callsBefore;
    note(
        "%.0f s: %d calls of the model hang for %d s"
            .formatted(
                (System.nanoTime() - beganNs) / 1e9, model.calls() - callsBefore, HUNG_MS / 1000));
  }

  /**
   * Whether there was something to strike.
   *
   * @param drawing tells whether segments are drawn; null where nobody aimed
   */
  private boolean strike(LocalCluster cluster, String blow, DrawingLog drawing, long beganNs)
      throws Exception {
    String at = "%.0f s: ".formatted((System.nanoTime() - beganNs) / 1e9);
    boolean outage = blow.startsWith("outage ");
    List<String> services = services(blow);
    List<ProcessHandle> processes = new ArrayList<>();
    for (String one : services) {
      Optional<ProcessHandle> process = cluster.process(one);
      if (process.isEmpty()) {
        note(at + one + " was down already");
        return false;
      }
      processes.add(process.get());
    }
    // Asked for before an aimed blow, it would come too late.
    int underWay = drawing == null ? underWay(cluster) : 1;
    if (underWay == 0) {
      struckIdle++;
    }
    long blowNs = System.nanoTime();
    for (int i = 0; i < services.size(); i++) {
      if (services.get(i).equals("postgres")) {
        // A postmaster that is killed leaves its children; an immediate stop is its crash.
        cluster.signal("postgres", "QUIT");
      } else {
        boolean unused = processes.get(i).destroyForcibly();
      }
    }
    int drawn = drawing == null ? 0 : drawing.drawn();
    if (drawn > 0) {
      services.stream().filter(WORKERS::contains).forEach(metDrawing::add);
    }
    long awayMs = smoke ? SMOKE_OUTAGE_MS : OUTAGE_MS;
    TimeUnit.MILLISECONDS.sleep(outage ? awayMs : 500 + random.nextInt(6_000));
    long upNs = System.nanoTime();
    cluster.up();
    double seconds = (System.nanoTime() - upNs) / 1e9;
    backSeconds.add(seconds);
    if (!outage) {
      sinceBlowSeconds.add((System.nanoTime() - blowNs) / 1e9);
    }
    note(
        at
            + (outage
                ? services.get(0) + " away for " + awayMs / 1000 + " s"
                : "`kill -9` " + String.join(AND, services))
            + (drawing == null
                ? ", %d under way".formatted(underWay)
                : ", %d segments drawn".formatted(drawn))
            + ", all tasks run %.0f s after `up`".formatted(seconds));
    return true;
  }

  /** How often the model was asked for the same since so many requests. */
  private static Map<String, Integer> bought(OpenAiSimulator model, int since) {
    Map<String, Integer> bought = new TreeMap<>();
    List<JsonNode> requests = model.requests();
    for (JsonNode request : requests.subList(since, requests.size())) {
      bought.merge(RecordJson.sha256(RecordJson.canonicalBytes(request)), 1, Integer::sum);
    }
    return bought;
  }

  private void note(String event) {
    events.add(event);
    say(event);
  }

  // The cluster from outside.

  private void send(LocalCluster cluster, List<Path> files) throws Exception {
    List<String> command = new ArrayList<>(List.of("submit"));
    files.forEach(file -> command.add(file.toString()));
    if (cluster.connected(command) != 0) {
      throw new IOException("`submit` failed; see " + work.resolve("commands.log"));
    }
  }

  private static void sendPoison(LocalCluster cluster) throws Exception {
    WorldSettings world = WorldSettings.read(cluster.home().resolve("connections.properties"));
    try (TopicWriter writer = TopicWriter.open(world.kafka())) {
      writer.send(Topic.CONTENT, "poison", BROKEN.getBytes(StandardCharsets.UTF_8));
      writer.flush();
    }
  }

  private void awaitEnd(LocalCluster cluster) throws Exception {
    Duration patience = smoke ? SMOKE_PATIENCE : PATIENCE;
    long untilNs = System.nanoTime() + patience.toNanos();
    String told = "";
    while (true) {
      try (Connection database = cluster.database()) {
        Map<String, Integer> states = LocalCluster.counts(database, "select state, count(*) from delivery group by 1");
        int ended = states.entrySet().stream().filter(state -> !state.getKey().equals("in_progress")).mapToInt(Map.Entry::getValue).sum();
        int letters = LocalCluster.number(database, "select count(*) from dead_letter");
        if (!states.toString().equals(told)) {
          told = states.toString();
          say(told + ", letters " + letters);
        }
        if (ended == records && letters >= 1) {
          return;
        }
      } catch (SQLException e) {
        say("Postgres: " + e.getMessage());
      }
      if (System.nanoTime() > untilNs) {
        throw new IOException("not at an end after " + patience.toMinutes() + " minutes: " + told);
      }
      TimeUnit.SECONDS.sleep(1);
    }
  }

  private Outcome outcome(LocalCluster cluster, Map<String, Integer> bought, double seconds)
      throws Exception {
    Map<String, String> videos = new TreeMap<>();
    Map<String, Integer> states;
    Map<String, Integer> letters;
    Path home = cluster.home();
    try (Connection database = cluster.database();
        var statement = database.createStatement()) {
      states = LocalCluster.counts(database, "select state, count(*) from delivery group by 1");
      letters = LocalCluster.counts(database, "select number::text, count(*) from dead_letter group by 1");
      try (ResultSet rows =
          statement.executeQuery(
              "select p.record_id || '/' || v.preset, v.file_path from rendered_video v"
                  + " join video_project p on p.id = v.project_id where v.status = 'completed'")) {
        while (rows.next()) {
          videos.put(rows.getString(1), rows.getString(2));
        }
      }
    }
    int undecodable = 0;
    for (String video : videos.keySet()) {
      if (!decodes(home.resolve("videos").resolve(video).resolve("video.mp4"))) {
        undecodable++;
      }
    }
    Path log = work.resolve("audit.log");
    int exit =
        new ProcessBuilder(
                root.resolve("reelbeam").toString(),
                "audit",
                "--connections",
                home.resolve("connections.properties").toString())
            .redirectErrorStream(true)
            .redirectOutput(log.toFile())
            .start()
            .waitFor();
    return new Outcome(
        videos, states, letters, logged(home, RENDERED), logged(home, BEGUN), bought, undecodable, exit == 0, Files.readString(log).strip(), seconds);
  }

  private static boolean decodes(Path file) {
    try {
      return MediaInspector.inspect(file, 2).video().durationUs() > 0;
    } catch (StageException e) {
      say(file + ": " + e.describe());
      return false;
    }
  }

  /** How often this was said of each segment in the workers' own logs. */
  private static Map<String, Integer> logged(Path home, Pattern what) throws IOException {
    Map<String, Integer> rendered = new TreeMap<>();
    try (Stream<Path> logs = Files.list(home.resolve("logs"))) {
      for (Path log : logs.filter(file -> file.toString().contains("taskmanager-gpu.json.log")).toList()) {
        for (String line : Files.readAllLines(log)) {
          Matcher matcher = what.matcher(line);
          if (matcher.find()) {
            rendered.merge(matcher.group(2) + "/" + matcher.group(1), 1, Integer::sum);
          }
        }
      }
    }
    return rendered;
  }

  // Records.

  private static final List<String> TOPICS =
      List.of("Window boxes", "Sourdough", "Night buses", "Old bicycles", "Rain barrels", "Bee hotels");

  private List<Path> writeRecords() throws IOException {
    List<Path> files = new ArrayList<>();
    for (int i = 0; i < records; i++) {
      Path folder = Files.createDirectories(work.resolve("records").resolve("r%03d".formatted(i)));
      // The first is one that only a model can write: the call that is to hang is made for sure.
      ObjectNode record =
          i == 0 ? topic() : i % 3 == 0 ? listing(i) : i % 3 == 1 ? article(i) : plain(i);
      record.put("record_id", "chaos-%03d".formatted(i));
      record.put("revision", 1);
      ObjectNode project = record.putObject("project");
      project.put("type", "teaser");
      project.putArray("target_platforms").add(preset);
      project.put("video_enabled", true);
      project.put("priority", i % 5 == 0 ? "high" : "normal");
      for (var image : record.withArray("images")) {
        Path to = folder.resolve(image.path("url").asText());
        Files.createDirectories(to.getParent());
        String example = i % 3 == 0 ? "listing" : "howto";
        Files.copy(root.resolve("examples").resolve(example).resolve(image.path("url").asText()), to);
      }
      Path file = folder.resolve("record.json");
      Files.writeString(file, RecordJson.canonical(record));
      files.add(file);
    }
    return files;
  }

  private static ObjectNode topic() {
    Map<String, Object> record = new LinkedHashMap<>();
    record.put("kind", "topic");
    record.put("language", "en");
    record.put("title", "Why bees like window boxes");
    return (ObjectNode) RecordJson.toTree(record);
  }

  private ObjectNode listing(int i) throws IOException {
    ObjectNode record =
        (ObjectNode)
            RecordJson.readTree(Files.readString(root.resolve("examples/listing/record.json")));
    record.put("title", "%d Toyota Camry".formatted(2000 + i));
    record.put("price", 9_000 + 250 * i);
    return record;
  }

  private ObjectNode article(int i) throws IOException {
    ObjectNode record = plain(i);
    ArrayNode images = record.putArray("images");
    try (Stream<Path> files = Files.list(root.resolve("examples/howto/images"))) {
      files
          .map(file -> "images/" + file.getFileName())
          .sorted()
          .limit(3)
          .forEach(url -> images.addObject().put("url", url).put("alt", "Picture of the work"));
    }
    return record;
  }

  private static ObjectNode plain(int i) {
    String topic = TOPICS.get(i % TOPICS.size());
    Map<String, Object> record = new LinkedHashMap<>();
    record.put("kind", "article");
    record.put("language", "en");
    record.put("title", topic + ", lesson " + (i + 1));
    record.put(
        "content_html",
        "<p>%s reward patience more than money. Lesson %d took %d people about %d minutes.</p>"
                .formatted(topic, i + 1, 3 + i % 7, 20 + i)
            + "<p>Most of them had never tried it before. The first attempt failed for %d of them.</p>"
                .formatted(1 + i % 3)
            + "<p>A notebook helps, because small changes are easy to forget. After a week the"
            + " results were better by %d percent.</p>".formatted(10 + i));
    return (ObjectNode) RecordJson.toTree(record);
  }

  private static void say(String line) {
    System.err.println("chaos: " + line);
  }
}
