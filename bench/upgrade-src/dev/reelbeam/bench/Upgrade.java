package dev.reelbeam.bench;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.reelbeam.media.probe.MediaInspector;
import dev.reelbeam.model.failure.StageException;
import dev.reelbeam.model.json.RecordJson;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/** A busy cluster goes from one release to another that differs, and back; see {@code bench/upgrade}. */
public final class Upgrade {
  private static final String JOB = "generate-videos";
  private static final String ADDED = "Count deliveries";
  private static final List<String> SERVICES =
      List.of("kafka", "postgres", "s3", "jobmanager", "taskmanager-general", "taskmanager-gpu");
  private static final Duration PATIENCE = Duration.ofMinutes(12);
  private static final Pattern RENDERED = Pattern.compile("segment (\\d+) of (\\S+) rendered in");

  private final Path root;
  private final Path work;
  private final String from;
  private final int again;
  private final LocalCluster before;
  private final LocalCluster next;
  private final List<String> steps = new ArrayList<>();
  private final Map<String, String> sent = new LinkedHashMap<>();

  private Upgrade(Path root, Path work, String from, int again) {
    this.again = again;
    this.root = root;
    this.work = work;
    this.from = from;
    Path home = work.resolve("home");
    List<String> settings = List.of("pools=general:2:1800,gpu:2:1800", "flink.checkpoint.seconds=5");
    before = new LocalCluster(work.resolve("before"), home, log(), settings);
    next = new LocalCluster(work.resolve("next"), home, log(), settings);
  }

  /** Root of the clone, work folder, commit of the release before (empty: this tree), result file, clones. */
  public static void main(String[] args) throws Exception {
    Upgrade upgrade = new Upgrade(Path.of(args[0]), Path.of(args[1]), args[2], Integer.parseInt(args[4]));
    String failure = upgrade.run();
    String text = upgrade.text(failure);
    Path result = Path.of(args[3]);
    Files.createDirectories(result.toAbsolutePath().getParent());
    Files.writeString(result, text);
    System.out.println(text);
    System.exit(failure == null ? 0 : 1);
  }

  private Path log() {
    return work.resolve("commands.log");
  }

  /** What went wrong; null when nothing did. */
  private String run() throws Exception {
    try {
      new NextRelease(root, work.resolve("next"), ADDED).make();
      before.up();
      step("`up` with the release before: %d operators".formatted(operators().size()));

      measureFound("before");
      submit("held", "preview", "manual");
      await("held", "review");
      submit("rendered", "tiktok", "auto");
      awaitRendered("rendered", 1);
      int done = rendered().size();
      Set<String> operatorsBefore = operators();
      String jobBefore = before.jobId(JOB);
      double seconds = upgrade(next, List.of());
      Set<String> operatorsAfter = operators();
      check(!before.jobId(JOB).equals(jobBefore), "the same job runs on");
      check(operatorsAfter.stream().anyMatch(name -> name.contains(ADDED)), "the transform that was added does not run");
      step(
          "`upgrade` to the next one, one record at its gate, another rendering (%d segments made): %.0f s; operators gone: %s; come: %s"
              .formatted(done, seconds, difference(operatorsBefore, operatorsAfter), difference(operatorsAfter, operatorsBefore)));
      approve("held");
      await("held", "completed");
      await("rendered", "completed");
      step("the held one approved, both are videos");

      measureFound("next");
      if (from.isEmpty()) {
        wayBack();
      }
      verify();
      return null;
    } catch (IOException | IllegalStateException | IllegalArgumentException e) {
      return e.getMessage();
    } finally {
      next.down();
    }
  }

  private void wayBack() throws Exception {
    submit("held-back", "preview", "manual");
    await("held-back", "review");
    submit("rendered-back", "tiktok", "auto");
    awaitRendered("rendered-back", 1);
    String job = next.jobId(JOB);
    long at = Files.size(log());
    int exit = before.run(List.of("upgrade", "--home", before.home().toString(), "--patience", "300"));
    String told = Files.readString(log()).substring((int) Math.min(Integer.MAX_VALUE, at));
    check(exit != 0 && told.contains("5041"), "the way back was not refused: " + told);
    check(told.contains(ADDED), "nobody says whose state would be lost: " + told);
    check(next.jobId(JOB).equals(job), "the job was stopped though the upgrade was refused");
    step("`upgrade` back, which has no operator for that transform's state: refused (5041), the job runs on");

    long epoch = epoch("held-back");
    double seconds = upgrade(before, List.of("--forget-state"));
    check(operators().stream().noneMatch(name -> name.contains(ADDED)), "the old graph does not run");
    step("`upgrade --forget-state` back, one record at its gate, another rendering: %.0f s".formatted(seconds));
    while (epoch("held-back") == epoch) {
      TimeUnit.MILLISECONDS.sleep(300);
    }
    await("held-back", "review");
    approve("held-back");
    await("held-back", "completed");
    await("rendered-back", "completed");
    step("the held one waits anew and is approved, both are videos");
  }

  private void verify() throws Exception {
    check(before.connected(List.of("audit")) == 0, "`audit` does not add up; see " + log());
    for (Map.Entry<String, String> record : sent.entrySet()) {
      Path video = before.home().resolve("videos").resolve(record.getKey()).resolve(record.getValue()).resolve("video.mp4");
      try {
        MediaInspector.inspect(video);
      } catch (StageException e) {
        throw new IOException(video + " does not decode: " + e.getMessage(), e);
      }
    }
    Map<String, Integer> rendered = rendered();
    int all = rendered.values().stream().mapToInt(Integer::intValue).sum();
    step("%d videos decode, `audit` adds up; %d segments rendered, %d of them again".formatted(sent.size(), all, all - rendered.size()));
  }

  private String text(String failure) throws IOException {
    StringBuilder text = new StringBuilder("# An upgrade between two releases that differ\n\n");
    text.append("Written by `bench/upgrade").append(from.isEmpty() ? "" : " --from " + from).append("`. ");
    text.append(Machine.describe()).append("\n\n");
    text.append("The next release has another version, a stateful transform more (`").append(ADDED);
    text.append("`), and a field more in `CheckedVideo`, which the last gate holds.\n\n");
    steps.forEach(step -> text.append("* ").append(step).append('\n'));
    return text.append(failure == null ? "\nPassed.\n" : "\nFailed: " + failure + "\n").toString();
  }

  private void step(String what) {
    System.err.println(what);
    steps.add(what);
  }

  private static void check(boolean holds, String otherwise) {
    if (!holds) {
      throw new IllegalStateException(otherwise);
    }
  }

  private static String difference(Set<String> all, Set<String> without) {
    Set<String> rest = new TreeSet<>(all);
    rest.removeAll(without);
    return rest.isEmpty() ? "none" : String.join("; ", rest);
  }

  private double upgrade(LocalCluster release, List<String> flags) throws Exception {
    List<String> command = new ArrayList<>(List.of("upgrade", "--home", release.home().toString(), "--patience", "300"));
    command.addAll(flags);
    long beganNs = System.nanoTime();
    release.expect(0, command);
    return (System.nanoTime() - beganNs) / 1e9;
  }

  /** Parts of the names of the chains that run, told one by one. */
  private Set<String> operators() throws IOException {
    Set<String> names = new TreeSet<>();
    for (JsonNode node : before.flink("/jobs/" + before.jobId(JOB) + "/plan").path("plan").path("nodes")) {
      String chain = node.path("description").asText().replaceAll("<br/>|&lt;br/&gt;", " -> ");
      for (String name : chain.split("->", -1)) {
        String one = name.replaceAll("[\\[\\]:+-]", "").strip();
        if (!one.isEmpty()) {
          names.add(one);
        }
      }
    }
    return names;
  }

  private void submit(String id, String preset, String finalGate) throws Exception {
    Path example = root.resolve("examples/listing");
    ObjectNode record = (ObjectNode) RecordJson.readTree(Files.readString(example.resolve("record.json")));
    record.put("record_id", id);
    record.put("price", 9_000 + 250 * sent.size()); // Other words, other pictures of text.
    ObjectNode project = (ObjectNode) record.path("project");
    project.putArray("target_platforms").add(preset);
    project.putObject("review").put("final", finalGate);
    Path folder = Files.createDirectories(work.resolve("records").resolve(id));
    Files.writeString(folder.resolve("record.json"), record.toString()); // It holds decimals.
    Path images = Files.createDirectories(folder.resolve("images"));
    try (Stream<Path> pictures = Files.list(example.resolve("images"))) {
      for (Path picture : pictures.toList()) {
        Files.copy(picture, images.resolve(picture.getFileName()));
      }
    }
    check(before.connected(List.of("submit", folder.resolve("record.json").toString())) == 0, "`submit` failed");
    sent.put(id, preset);
  }

  /** What records cost that find everything: two rounds, the second is told. */
  private void measureFound(String release) throws Exception {
    for (int round = 1; again > 0 && round <= 2; round++) {
      List<String> command = new ArrayList<>(List.of("submit"));
      for (int i = 0; i < again; i++) {
        command.add(article(release + "-" + round + "-" + i).toString());
      }
      double cpu = cpuSeconds();
      check(before.connected(command) == 0, "`submit` failed");
      long sentNs = System.nanoTime();
      awaitCompleted(release + "-" + round + "-%", again);
      double seconds = (System.nanoTime() - sentNs) / 1e9;
      if (round == 2) {
        step(
            "%d records that find everything, release %s: %.1f a second, %.2f CPU seconds each"
                .formatted(again, release, again / seconds, (cpuSeconds() - cpu) / again));
      }
    }
  }

  private Path article(String id) throws IOException {
    ObjectNode record = (ObjectNode) RecordJson.readTree("{\"kind\":\"article\",\"language\":\"en\",\"revision\":1}");
    record.put("record_id", id);
    record.put("title", "Rain barrels");
    record.put(
        "content_html",
        "<p>Rain barrels reward patience more than money. The lesson took seven people about twenty minutes.</p>"
            + "<p>Most of them had never tried it before. The first attempt failed for two of them.</p>"
            + "<p>A notebook helps, because small changes are easy to forget.</p>");
    ObjectNode project = record.putObject("project");
    project.put("type", "teaser").put("video_enabled", true);
    project.putArray("target_platforms").add("preview");
    Path folder = Files.createDirectories(work.resolve("records").resolve(id));
    return Files.writeString(folder.resolve("record.json"), RecordJson.canonical(record));
  }

  private void awaitCompleted(String like, int count) throws Exception {
    long untilNs = System.nanoTime() + PATIENCE.toNanos();
    try (Connection database = before.database()) {
      while (LocalCluster.number(
              database,
              "select count(*) from delivery d join video_project p on p.id = d.project_id where d.state ="
                  + " 'completed' and p.record_id like '" + like + "'")
          < count) {
        check(System.nanoTime() < untilNs, "records that find everything are not completed");
        TimeUnit.MILLISECONDS.sleep(100);
      }
    }
  }

  /** Of all processes of the cluster and those that they started. */
  private double cpuSeconds() throws IOException {
    double seconds = 0;
    for (String service : SERVICES) {
      ProcessHandle process = before.process(service).orElseThrow();
      for (ProcessHandle one : Stream.concat(Stream.of(process), process.descendants()).toList()) {
        seconds += one.info().totalCpuDuration().map(Duration::toMillis).orElse(0L) / 1e3;
      }
    }
    return seconds;
  }

  private void approve(String id) throws Exception {
    check(before.connected(List.of("review", id, "approve")) == 0, "`review " + id + " approve` failed; see " + log());
  }

  private void await(String id, String status) throws Exception {
    long untilNs = System.nanoTime() + PATIENCE.toNanos();
    while (true) {
      String now = status(id);
      if (now.equals(status)) {
        return;
      }
      if (System.nanoTime() > untilNs || now.equals("failed")) {
        throw new IOException(id + " is " + now + ", not " + status);
      }
      TimeUnit.MILLISECONDS.sleep(300);
    }
  }

  private String status(String id) throws Exception {
    return told("status", id);
  }

  private long epoch(String id) throws Exception {
    return Long.parseLong(told("epoch", id));
  }

  private String told(String column, String id) throws Exception {
    String query = "select " + column + " from video_project where record_id = ?";
    try (Connection database = before.database();
        var statement = database.prepareStatement(query)) {
      statement.setString(1, id);
      try (ResultSet rows = statement.executeQuery()) {
        return rows.next() ? rows.getString(1) : "unknown";
      }
    } catch (SQLException e) {
      throw new IOException("Postgres: " + e.getMessage(), e);
    }
  }

  private void awaitRendered(String id, int segments) throws Exception {
    long untilNs = System.nanoTime() + PATIENCE.toNanos();
    while (rendered().keySet().stream().filter(key -> key.startsWith(id + "@")).count() < segments) {
      if (status(id).equals("completed") || System.nanoTime() > untilNs) {
        throw new IOException("no segment of " + id + " was seen while it rendered");
      }
      TimeUnit.MILLISECONDS.sleep(300);
    }
  }

  /** How often each segment was rendered, by the log of the workers. */
  private Map<String, Integer> rendered() throws IOException {
    Map<String, Integer> counts = new TreeMap<>();
    try (Stream<Path> logs = Files.list(before.home().resolve("logs"))) {
      for (Path log : logs.filter(path -> path.toString().endsWith(".json.log")).toList()) {
        try (Stream<String> lines = Files.lines(log)) {
          lines.forEach(
              line -> {
                Matcher matcher = RENDERED.matcher(line);
                if (matcher.find()) {
                  String record = sent.keySet().stream().filter(id -> line.contains('"' + id + "@1")).findFirst().orElse("?");
                  counts.merge(record + "@" + matcher.group(2) + "#" + matcher.group(1), 1, Integer::sum);
                }
              });
        }
      }
    }
    return counts;
  }
}
