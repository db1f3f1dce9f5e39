package dev.reelbeam.pipelines.job;

import com.fasterxml.jackson.databind.JsonNode;
import dev.reelbeam.model.failure.FailureCode;
import dev.reelbeam.model.failure.StageException;
import dev.reelbeam.model.json.RecordJson;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/** What a cluster must be like before a job with pools is given to it. */
final class FlinkChecks {
  private static final Duration TIMEOUT = Duration.ofSeconds(10);
  private static final String SCHEDULER = "jobmanager.scheduler";
  private static final String MODE = "scheduler-mode";
  private static final Set<String> ENDED = Set.of("FINISHED", "CANCELED", "FAILED", "SUSPENDED");

  private FlinkChecks() {}

  /**
   * Checks a cluster by its REST address, {@code host:port}.
   *
   * @return a line for each pool that has no slot; the job may be submitted and waits for them
   * @throws StageException {@code 5034 SCHEDULER_UNSUITABLE} under a scheduler that ignores pools
   */
  static List<String> check(String master, Map<String, Integer> pools)
      throws IOException, StageException {
    Map<String, String> settings = new java.util.HashMap<>();
    for (JsonNode entry : get(master, "/jobmanager/config")) {
      settings.put(entry.path("key").asText(), entry.path("value").asText());
    }
    checkScheduler(settings);
    return missing(get(master, "/taskmanagers").path("taskmanagers"), pools);
  }

  /** The id of the job of this name that will go on by itself; empty when there is none. */
  static Optional<String> alive(String master, String jobName) throws IOException {
    return alive(get(master, "/jobs/overview").path("jobs"), jobName);
  }

  /** The ids of the jobs of this name that failed, as far as the cluster remembers them. */
  static Set<String> failed(String master, String jobName) throws IOException {
    Set<String> ids = new HashSet<>();
    for (JsonNode job : get(master, "/jobs/overview").path("jobs")) {
      if (job.path("name").asText().equals(jobName)
          && job.path("state").asText().equals("FAILED")) {
        ids.add(job.path("jid").asText());
      }
    }
    return ids;
  }

  /** All that is told of the failures of a job, with their stack traces. */
  static String failures(String master, String jobId) throws IOException {
    return get(master, "/jobs/" + jobId + "/exceptions").toString();
  }

  static Optional<String> alive(JsonNode jobs, String jobName) {
    for (JsonNode job : jobs) {
      if (job.path("name").asText().equals(jobName)
          && !ENDED.contains(job.path("state").asText())) {
        return Optional.of(job.path("jid").asText());
      }
    }
    return Optional.empty();
  }

  static void checkScheduler(Map<String, String> settings) throws StageException {
    String scheduler = settings.get(SCHEDULER);
    if (scheduler == null || !scheduler.equalsIgnoreCase("Default")) {
      throw new StageException(
          FailureCode.SCHEDULER_UNSUITABLE,
          scheduler == null
              ? "this cluster does not pin `jobmanager.scheduler`"
              : "this cluster's scheduler is '" + scheduler + "', which ignores pools");
    }
    if ("REACTIVE".equalsIgnoreCase(settings.get(MODE))) {
      throw new StageException(
          FailureCode.SCHEDULER_UNSUITABLE,
          "this cluster is in reactive mode, which ignores pools");
    }
  }

  /** Lines about pools whose TaskManagers offer fewer slots than the job takes. */
  static List<String> missing(JsonNode taskManagers, Map<String, Integer> pools) {
    List<String> lines = new ArrayList<>();
    pools.forEach(
        (pool, wanted) -> {
          double offered = 0;
          for (JsonNode worker : taskManagers) {
            offered += worker.path("totalResource").path("extendedResources").path(pool).asDouble();
          }
          if (offered < wanted) {
            lines.add(
                "%s: the pool '%s' offers %d of %d slots. %s"
                    .formatted(
                        FailureCode.POOL_MISSING.label(),
                        pool,
                        (long) offered,
                        wanted,
                        FailureCode.POOL_MISSING.remedy()));
          }
        });
    return lines;
  }

  private static JsonNode get(String master, String path) throws IOException {
    HttpClient client = HttpClient.newBuilder().connectTimeout(TIMEOUT).build();
    try {
      HttpResponse<String> response =
          client.send(
              HttpRequest.newBuilder(URI.create("http://" + master + path))
                  .timeout(TIMEOUT)
                  .build(),
              HttpResponse.BodyHandlers.ofString());
      if (response.statusCode() != 200) {
        throw new IOException("Flink at " + master + " answers " + response.statusCode());
      }
      return RecordJson.readTree(response.body());
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IOException("interrupted", e);
    }
  }
}
