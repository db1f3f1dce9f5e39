package dev.reelbeam.pipelines.cluster;

import com.fasterxml.jackson.databind.JsonNode;
import dev.reelbeam.model.failure.FailureCode;
import dev.reelbeam.model.failure.StageException;
import dev.reelbeam.model.json.RecordJson;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpTimeoutException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** What the commands ask Flink's JobManager. */
final class FlinkRest {
  private static final Duration TIMEOUT = Duration.ofSeconds(5);
  private static final Duration POLL = Duration.ofMillis(300);

  /** Characters of a failure that are told. */
  private static final int MAX_TOLD = 300;

  private final String base;
  private final HttpClient client;

  FlinkRest(int port) {
    this.base = "http://127.0.0.1:" + port;
    this.client = HttpClient.newBuilder().connectTimeout(TIMEOUT).build();
  }

  /** The web UI's address. */
  String url() {
    return base;
  }

  /**
   * A job as the JobManager lists it.
   *
   * @param state for example {@code RUNNING}
   */
  record Job(String id, String name, String state) {
    /** Whether it will go on by itself. */
    boolean isAlive() {
      return switch (state) {
        case "FINISHED", "CANCELED", "FAILED", "SUSPENDED" -> false;
        default -> true;
      };
    }
  }

  boolean answers() {
    try {
      return get("/overview").has("taskmanagers");
    } catch (IOException e) {
      return false;
    }
  }

  /** Whether a TaskManager of this name is registered and was heard of. */
  boolean hasTaskManager(String id) {
    try {
      for (JsonNode worker : get("/taskmanagers").path("taskmanagers")) {
        if (worker.path("id").asText().equals(id)) {
          return true;
        }
      }
      return false;
    } catch (IOException e) {
      return false;
    }
  }

  List<Job> jobs() throws IOException {
    List<Job> jobs = new ArrayList<>();
    for (JsonNode job : get("/jobs/overview").path("jobs")) {
      jobs.add(
          new Job(job.path("jid").asText(), job.path("name").asText(), job.path("state").asText()));
    }
    return jobs;
  }

  /** Tasks of a job that run, of all that it has. */
  String tasks(String jobId) throws IOException {
    int running = 0;
    int all = 0;
    for (JsonNode vertex : get("/jobs/" + jobId).path("vertices")) {
      running += vertex.path("tasks").path("RUNNING").asInt();
      all += vertex.path("parallelism").asInt();
    }
    return running + " of " + all;
  }

  /** Whether every task of a job runs. */
  boolean allTasksRun(String jobId) throws IOException {
    JsonNode vertices = get("/jobs/" + jobId).path("vertices");
    for (JsonNode vertex : vertices) {
      if (vertex.path("tasks").path("RUNNING").asInt() < vertex.path("parallelism").asInt()) {
        return false;
      }
    }
    return !vertices.isEmpty();
  }

  /** The last failure of a job in one line, if there was one. */
  Optional<String> lastFailure(String jobId) throws IOException {
    JsonNode entries =
        get("/jobs/" + jobId + "/exceptions?maxExceptions=1")
            .path("exceptionHistory")
            .path("entries");
    if (entries.isEmpty()) {
      return Optional.empty();
    }
    String trace = entries.get(0).path("stacktrace").asText();
    String line =
        trace
            .lines()
            .filter(text -> text.startsWith("Caused by:"))
            .reduce((first, second) -> second)
            .orElseGet(() -> trace.lines().findFirst().orElse(""));
    return Optional.of(line.length() > MAX_TOLD ? line.substring(0, MAX_TOLD) : line);
  }

  /** All that is told of the failures of a job, with their stack traces. */
  String failures(String jobId) throws IOException {
    return get("/jobs/" + jobId + "/exceptions").toString();
  }

  /** One line about the checkpoints of a job. */
  String checkpoints(String jobId) throws IOException {
    JsonNode all = get("/jobs/" + jobId + "/checkpoints");
    JsonNode last = all.path("latest").path("completed");
    String counts =
        "%d completed, %d failed"
            .formatted(
                all.path("counts").path("completed").asInt(),
                all.path("counts").path("failed").asInt());
    return last.isMissingNode() || last.isNull()
        ? counts
        : counts
            + ", the last took %d ms and holds %d KB"
                .formatted(
                    last.path("end_to_end_duration").asLong(),
                    last.path("checkpointed_size").asLong() / 1024);
  }

  /**
   * Stops a job and leaves a savepoint.
   *
   * @throws StageException {@code 5038 SAVEPOINT_FAILED} when nothing is known of it after the
   *     patience: it may still come
   */
  Stopped stopWithSavepoint(String jobId, String folder, Duration patience)
      throws IOException, StageException {
    JsonNode trigger =
        post(
            "/jobs/" + jobId + "/stop",
            "{\"targetDirectory\":" + RecordJson.canonical(folder) + ",\"drain\":false}");
    String path = "/jobs/" + jobId + "/savepoints/" + trigger.path("request-id").asText();
    long untilNs = System.nanoTime() + patience.toNanos();
    while (System.nanoTime() < untilNs) {
      JsonNode answer;
      try {
        answer = get(path);
      } catch (HttpTimeoutException e) {
        continue; // Of a busy machine: the savepoint may be written meanwhile.
      }
      if (answer.path("status").path("id").asText().equals("COMPLETED")) {
        JsonNode operation = answer.path("operation");
        String location = operation.path("location").asText("");
        if (!location.isEmpty()) {
          return new Stopped(location, null);
        }
        return new Stopped(null, innermost(operation.path("failure-cause")));
      }
      pause();
    }
    throw new StageException(
        FailureCode.SAVEPOINT_FAILED,
        "no savepoint after %d s".formatted(patience.toSeconds()).toLowerCase(Locale.ROOT));
  }

  /**
   * How a stop ended: the job is stopped, or it runs on.
   *
   * @param savepoint where the savepoint lies
   * @param failure why there is none
   */
  record Stopped(@Nullable String savepoint, @Nullable String failure) {}

  /** The last cause in a failure's stack trace, on one line. */
  private static String innermost(JsonNode failure) {
    String told = failure.path("class").asText();
    for (String line : failure.path("stack-trace").asText().lines().toList()) {
      if (line.startsWith("Caused by: ")) {
        told = line.substring("Caused by: ".length());
      }
    }
    return told.length() > MAX_TOLD ? told.substring(0, MAX_TOLD) : told;
  }

  void cancel(String jobId) throws IOException {
    send(
        HttpRequest.newBuilder(URI.create(base + "/jobs/" + jobId + "?mode=cancel"))
            .method("PATCH", HttpRequest.BodyPublishers.noBody()));
  }

  private static void pause() {
    try {
      Thread.sleep(POLL.toMillis());
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  JsonNode get(String path) throws IOException {
    return send(HttpRequest.newBuilder(URI.create(base + path)).GET());
  }

  private JsonNode post(String path, String json) throws IOException {
    return send(
        HttpRequest.newBuilder(URI.create(base + path))
            .header("Content-Type", "application/json")
            .POST(HttpRequest.BodyPublishers.ofString(json)));
  }

  private JsonNode send(HttpRequest.Builder request) throws IOException {
    try {
      HttpResponse<byte[]> response =
          client.send(request.timeout(TIMEOUT).build(), HttpResponse.BodyHandlers.ofByteArray());
      String text = new String(response.body(), StandardCharsets.UTF_8);
      if (response.statusCode() >= 400) {
        String reason = text.length() > 300 ? text.substring(0, 300) : text;
        throw new IOException("Flink answers " + response.statusCode() + ": " + reason);
      }
      return RecordJson.readTree(text.isBlank() ? "{}" : text);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IOException("interrupted", e);
    }
  }
}
