package dev.reelbeam.bench;

import com.fasterxml.jackson.databind.JsonNode;
import dev.reelbeam.model.json.RecordJson;
import java.io.File;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Properties;
import java.util.TreeMap;
import java.util.stream.Stream;

/** A cluster on this machine as a user has it: by its commands, its database, Flink's own numbers. */
final class LocalCluster {
  /** Added to the usual ports. */
  private static final int USUAL_OFFSET = 900;

  private final Path root;
  private final Path home;
  private final File log;
  private final int portOffset;
  private final List<String> settings;
  private final HttpClient http = HttpClient.newHttpClient();

  /**
   * A cluster that {@link #up} starts.
   *
   * @param root of the clone
   * @param log takes what the commands print
   * @param settings for {@code --set}
   */
  LocalCluster(Path root, Path home, Path log, List<String> settings) {
    this(root, home, log, USUAL_OFFSET, settings);
  }

  /** The same beside others of this machine. */
  LocalCluster(Path root, Path home, Path log, int portOffset, List<String> settings) {
    this.root = root;
    this.home = home;
    this.log = log.toFile();
    this.portOffset = portOffset;
    this.settings = settings;
  }

  Path home() {
    return home;
  }

  void up() throws Exception {
    up(List.of());
  }

  /** Starts the services and no job. */
  void upWithoutJobs() throws Exception {
    up(List.of("--no-job"));
  }

  private void up(List<String> more) throws Exception {
    List<String> command =
        new ArrayList<>(List.of("up", "--home", home.toString(), "--port-offset", portOffset + "", "--patience", "300"));
    command.addAll(more);
    for (String setting : settings) {
      command.addAll(List.of("--set", setting));
    }
    expect(0, command);
  }

  void down() throws Exception {
    run(List.of("down", "--now", "--home", home.toString()));
  }

  /** The same where a service was started and not ended. */
  void downIfUp() throws Exception {
    Path running = home.resolve("run");
    if (Files.isDirectory(running)) {
      try (Stream<Path> services = Files.list(running)) {
        if (services.anyMatch(file -> file.toString().endsWith(".pid"))) {
          down();
        }
      }
    }
  }

  /** A command that knows this cluster's services. */
  int connected(List<String> command) throws Exception {
    List<String> all = new ArrayList<>(command);
    all.addAll(List.of("--connections", home.resolve("connections.properties").toString()));
    return run(all);
  }

  void expect(int exit, List<String> command) throws Exception {
    int ended = run(command);
    if (ended != exit) {
      throw new IOException("`" + command.get(0) + "` ended with " + ended + "; see " + log);
    }
  }

  /** Runs the launcher; its output goes to the log. */
  int run(List<String> arguments) throws Exception {
    List<String> command = new ArrayList<>(List.of(root.resolve("reelbeam").toString()));
    command.addAll(arguments);
    return new ProcessBuilder(command)
        .redirectErrorStream(true)
        .redirectOutput(ProcessBuilder.Redirect.appendTo(log))
        .start()
        .waitFor();
  }

  Connection database() throws IOException, SQLException {
    Properties properties = new Properties();
    try (var reader = Files.newBufferedReader(home.resolve("connections.properties"))) {
      properties.load(reader);
    }
    return DriverManager.getConnection(
        properties.getProperty("postgres.url"),
        properties.getProperty("postgres.user"),
        properties.getProperty("postgres.password"));
  }

  static int number(Connection database, String query) throws SQLException {
    try (var statement = database.createStatement();
        ResultSet rows = statement.executeQuery(query)) {
      rows.next();
      return rows.getInt(1);
    }
  }

  /** Two columns, text and count. */
  static Map<String, Integer> counts(Connection database, String query) throws SQLException {
    Map<String, Integer> counts = new TreeMap<>();
    try (var statement = database.createStatement();
        ResultSet rows = statement.executeQuery(query)) {
      while (rows.next()) {
        counts.put(rows.getString(1), rows.getInt(2));
      }
    }
    return counts;
  }

  /** Where the JobManager listens. */
  int webPort() throws IOException {
    Properties properties = new Properties();
    try (var reader = Files.newBufferedReader(home.resolve("cluster.properties"))) {
      properties.load(reader);
    }
    return Integer.parseInt(properties.getProperty("flink.web.port"));
  }

  /** Flink's own numbers. */
  JsonNode flink(String path) throws IOException {
    URI address = URI.create("http://127.0.0.1:" + webPort() + path);
    try {
      return RecordJson.readTree(
          http.send(HttpRequest.newBuilder(address).build(), HttpResponse.BodyHandlers.ofString())
              .body());
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IOException(e);
    }
  }

  /** The running job of this name. */
  String jobId(String name) throws IOException {
    for (JsonNode job : flink("/jobs/overview").path("jobs")) {
      if (job.path("name").asText().equals(name) && job.path("state").asText().equals("RUNNING")) {
        return job.path("jid").asText();
      }
    }
    throw new IOException("no job " + name + " runs");
  }

  /** Whether every task of a job runs. */
  boolean allTasksRun(String jobId) throws IOException {
    JsonNode vertices = flink("/jobs/" + jobId).path("vertices");
    for (JsonNode vertex : vertices) {
      if (vertex.path("tasks").path("RUNNING").asInt() < vertex.path("parallelism").asInt()) {
        return false;
      }
    }
    return !vertices.isEmpty();
  }

  /** Sends a service's process a signal, for example {@code KILL}. */
  void signal(String service, String name) throws Exception {
    long pid = process(service).orElseThrow().pid();
    new ProcessBuilder("kill", "-" + name, String.valueOf(pid)).start().waitFor();
  }

  /** Process of a service, empty when it does not run. */
  Optional<ProcessHandle> process(String service) throws IOException {
    Path file = home.resolve("run").resolve(service + ".pid");
    if (!Files.exists(file)) {
      return Optional.empty();
    }
    return ProcessHandle.of(Long.parseLong(Files.readString(file).strip().split(" ", -1)[0]));
  }
}
