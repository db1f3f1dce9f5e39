package dev.reelbeam.pipelines.job;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.dataformat.yaml.YAMLFactory;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.UUID;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executor;
import java.util.concurrent.ForkJoinPool;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.apache.flink.api.common.JobID;
import org.apache.flink.configuration.Configuration;
import org.apache.flink.configuration.GlobalConfiguration;
import org.apache.flink.kubernetes.highavailability.KubernetesHaServicesFactory;
import org.apache.flink.runtime.highavailability.HighAvailabilityServices;
import org.apache.flink.runtime.jobgraph.JobGraph;
import org.apache.flink.runtime.jobmanager.HighAvailabilityMode;
import org.apache.flink.runtime.jobmanager.JobGraphStore;
import org.apache.flink.runtime.leaderelection.LeaderContender;
import org.apache.flink.runtime.leaderelection.LeaderElection;
import org.apache.flink.runtime.leaderretrieval.LeaderRetrievalListener;
import org.apache.flink.runtime.leaderretrieval.LeaderRetrievalService;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/**
 * What a Kubernetes cluster makes of the manifests, as far as that can be seen without one: Flink's
 * own high availability, with the settings that the pods' scripts give it, against an API server
 * that keeps ConfigMaps.
 */
class HighAvailabilityTest {
  private static final Path DEPLOY = Path.of("../../deploy");
  private static final String LEADER = "org.apache.flink.k8s.leader.dispatcher";
  private static final String CONFIG_MAP = "reelbeam-cluster-config-map";
  private static final String JOB_MANAGER = "StandaloneSessionClusterEntrypoint";

  @TempDir Path folder;

  @Test
  @Timeout(value = 5, unit = TimeUnit.MINUTES)
  void aJobManagerThatComesAfterAKilledOneLeadsAndFindsItsJobs() throws Exception {
    JobGraph job = new JobGraph(new JobID(), "generate-videos");
    BlockingQueue<String> leaders = new LinkedBlockingQueue<>();
    try (FakeKubernetes kubernetes = new FakeKubernetes()) {
      HttpServer firstDoor = kubernetes.door();
      HighAvailabilityServices worker =
          services(arguments("taskmanager", Map.of()), kubernetes.door());
      LeaderRetrievalService looks = worker.getDispatcherLeaderRetriever();
      looks.start(listener(leaders));

      HighAvailabilityServices first = services(jobManager("10.0.0.1"), firstDoor);
      LeaderElection unused = lead(first, "dispatcher@10.0.0.1");
      assertThat(leaders.take()).isEqualTo("dispatcher@10.0.0.1");
      JobGraphStore jobs = store(first);
      jobs.putJobGraph(job);
      assertThat(kubernetes.data("reelbeam", CONFIG_MAP, LEADER)).contains("10.0.0.1");
      firstDoor.stop(0); // Killed: it takes nothing back.

      HighAvailabilityServices second = services(jobManager("10.0.0.2"), kubernetes.door());
      LeaderElection leads = lead(second, "dispatcher@10.0.0.2");
      assertThat(leaders.take()).isEqualTo("dispatcher@10.0.0.2");
      JobGraphStore found = store(second);
      assertThat(found.getJobIds()).containsExactly(job.getJobID());
      assertThat(found.recoverJobGraph(job.getJobID()).getName()).isEqualTo("generate-videos");
      // When a job has ended for good, nothing of it is left to be found.
      found.globalCleanupAsync(job.getJobID(), ForkJoinPool.commonPool()).get();
      assertThat(found.getJobIds()).isEmpty();

      assertThat(kubernetes.names()).containsExactly("reelbeam/" + CONFIG_MAP);
      assertThat(granted()).as("what the role grants").containsAll(kubernetes.asked());
      leads.close();
      looks.stop();
      second.closeWithOptionalClean(true);
      worker.close();
      assertThat(granted()).as("to clean up, too").containsAll(kubernetes.asked());
    }
  }

  @Test
  void withoutAClusterIdThereIsNone() throws Exception {
    for (String script : List.of("jobmanager", "taskmanager")) {
      assertThat(HighAvailabilityMode.fromConfig(arguments(script, null)))
          .as(script)
          .isEqualTo(HighAvailabilityMode.NONE);
    }
  }

  @Test
  void everyPodThatLooksForTheLeaderMayAndLooksInOnePlace() throws Exception {
    Set<String> accounts = new TreeSet<>();
    Set<String> bound = new TreeSet<>();
    for (JsonNode one : manifests()) {
      assertThat(one.path("metadata").path("name").asText()).as(one.toString()).isNotEmpty();
      if (one.path("kind").asText().equals("ServiceAccount")) {
        accounts.add(one.path("metadata").path("name").asText());
      }
      if (one.path("kind").asText().equals("RoleBinding")) {
        assertThat(one.path("roleRef").path("name"))
            .isEqualTo(role().path("metadata").path("name"));
        one.path("subjects").forEach(subject -> bound.add(subject.path("name").asText()));
      }
    }
    Map<String, String> clusters = new HashMap<>();
    for (JsonNode one : manifests()) {
      JsonNode pod = one.path("spec").path("template").path("spec");
      String component =
          one.path("spec")
              .path("template")
              .path("metadata")
              .path("labels")
              .path("component")
              .asText();
      if (component.equals("jobmanager") || component.equals("taskmanager")) {
        String name = one.path("metadata").path("name").asText();
        assertThat(pod.path("serviceAccountName").asText()).as(name).isIn(accounts).isIn(bound);
        JsonNode env = pod.path("containers").path(0).path("env");
        clusters.put(name, value(env, "REELBEAM_CLUSTER_ID"));
        assertThat(value(env, "REELBEAM_NAMESPACE")).as(name).contains("metadata.namespace");
        if (component.equals("jobmanager")) {
          assertThat(value(env, "REELBEAM_POD_IP")).contains("status.podIP");
        }
      }
    }
    assertThat(clusters).containsOnlyKeys("jobmanager", "taskmanager-general", "taskmanager-gpu");
    assertThat(clusters.values()).containsOnly("reelbeam");
  }

  @Test
  void theImageHasEveryScriptAndTheClassesThatTheyName() throws Exception {
    String image = Files.readString(DEPLOY.resolve("Containerfile.cluster"));
    assertThat(image).contains("-Dkubernetes.scope=runtime");
    List<String> scripts = new ArrayList<>(List.of("ha"));
    for (JsonNode one : manifests()) {
      one.findValues("command")
          .forEach(command -> scripts.add(command.path(0).asText().replace("/opt/reelbeam/", "")));
    }
    assertThat(scripts).contains("jobmanager", "taskmanager", "submit");
    for (String script : scripts) {
      assertThat(image).contains(" deploy/kubernetes/" + script + " ");
      Path file = DEPLOY.resolve("kubernetes").resolve(script);
      assertThat(script.equals("ha") || Files.isExecutable(file)).as(script).isTrue();
    }
  }

  // The manifests.

  private static List<JsonNode> manifests() throws IOException {
    List<JsonNode> all = new ArrayList<>();
    YAMLFactory yaml = new YAMLFactory();
    try (Stream<Path> files = Files.list(DEPLOY.resolve("kubernetes"))) {
      for (Path file : files.filter(one -> one.toString().endsWith(".yaml")).sorted().toList()) {
        try (var parser = yaml.createParser(file.toFile())) {
          new ObjectMapper().readValues(parser, JsonNode.class).forEachRemaining(all::add);
        }
      }
    }
    return all;
  }

  private static JsonNode role() throws IOException {
    return manifests().stream()
        .filter(one -> one.path("kind").asText().equals("Role"))
        .findFirst()
        .orElseThrow();
  }

  /** Verb and resource of everything that the role allows. */
  private static Set<String> granted() throws IOException {
    Set<String> granted = new TreeSet<>();
    for (JsonNode rule : role().path("rules")) {
      for (JsonNode resource : rule.path("resources")) {
        rule.path("verbs").forEach(verb -> granted.add(verb.asText() + " " + resource.asText()));
      }
    }
    return granted;
  }

  private static String value(JsonNode env, String name) {
    for (JsonNode one : env) {
      if (one.path("name").asText().equals(name)) {
        return one.has("value") ? one.path("value").asText() : one.path("valueFrom").toString();
      }
    }
    return "";
  }

  // Flink, by the scripts.

  private Configuration jobManager(String podIp) throws Exception {
    Configuration settings = arguments("jobmanager", Map.of("REELBEAM_POD_IP", podIp));
    assertThat(settings.toMap())
        .containsEntry("jobmanager.rpc.address", podIp)
        .containsEntry("high-availability.jobmanager.port", "6123");
    return settings;
  }

  /**
   * What Flink makes of the configuration file and of the arguments that a script gives it.
   *
   * @param environment null for a pod that says nothing of a cluster
   */
  private Configuration arguments(String script, @Nullable Map<String, String> environment)
      throws Exception {
    Path home = folder.resolve("home");
    Path conf = Files.createDirectories(home.resolve("conf"));
    Path bin = Files.createDirectories(folder.resolve("bin"));
    Path calls = folder.resolve("calls");
    Files.copy(
        DEPLOY.resolve("conf/flink.yaml"),
        conf.resolve("config.yaml"),
        StandardCopyOption.REPLACE_EXISTING);
    Files.copy(
        DEPLOY.resolve("kubernetes/ha"), home.resolve("ha"), StandardCopyOption.REPLACE_EXISTING);
    Path java = bin.resolve("java");
    Files.writeString(java, "#!/bin/sh\nprintf '%s\\n' \"$@\" >'" + calls + "'\n");
    assertThat(java.toFile().setExecutable(true)).isTrue();
    ProcessBuilder process =
        new ProcessBuilder("sh", DEPLOY.resolve("kubernetes").resolve(script).toString());
    process.environment().put("PATH", bin + ":" + System.getenv("PATH"));
    process.environment().put("REELBEAM_HOME", home.toString());
    process.environment().put("REELBEAM_STATE", folder.resolve("state").toString());
    process
        .environment()
        .putAll(
            Map.of("REELBEAM_POOL", "gpu", "REELBEAM_SLOTS", "2", "REELBEAM_MEMORY_MB", "2000"));
    if (environment != null) {
      process.environment().put("REELBEAM_CLUSTER_ID", "reelbeam");
      process.environment().put("REELBEAM_NAMESPACE", "reelbeam");
      process.environment().putAll(environment);
    }
    process.redirectErrorStream(true).redirectOutput(folder.resolve("out").toFile());
    assertThat(process.start().waitFor()).as(Files.readString(folder.resolve("out"))).isZero();
    List<String> given = Files.readAllLines(calls);
    assertThat(given).anyMatch(line -> line.endsWith(JOB_MANAGER) == script.equals("jobmanager"));
    Configuration dynamic = new Configuration();
    for (int i = given.indexOf("--configDir") + 2; i < given.size(); i += 2) {
      assertThat(given.get(i)).isEqualTo("-D");
      String[] sides = given.get(i + 1).split("=", 2);
      dynamic.setString(sides[0], sides[1]);
    }
    return GlobalConfiguration.loadConfiguration(conf.toString(), dynamic);
  }

  private HighAvailabilityServices services(Configuration settings, HttpServer door)
      throws Exception {
    assertThat(HighAvailabilityMode.fromConfig(settings))
        .isEqualTo(HighAvailabilityMode.KUBERNETES);
    Path access = Files.createTempFile(folder, "access", ".yaml");
    Files.writeString(
        access,
        """
        apiVersion: v1
        kind: Config
        clusters: [{name: here, cluster: {server: '%s'}}]
        users: [{name: pod, user: {token: none}}]
        contexts: [{name: here, context: {cluster: here, user: pod, namespace: reelbeam}}]
        current-context: here
        """
            .formatted(FakeKubernetes.address(door)));
    settings.setString("kubernetes.config.file", access.toString());
    // A killed leader is missed sooner than after the usual 15 s.
    settings.setString("high-availability.kubernetes.leader-election.lease-duration", "4 s");
    settings.setString("high-availability.kubernetes.leader-election.renew-deadline", "4 s");
    settings.setString("high-availability.kubernetes.leader-election.retry-period", "200 ms");
    Executor threads = ForkJoinPool.commonPool();
    return new KubernetesHaServicesFactory().createHAServices(settings, threads);
  }

  /** Leads under this address, once it may. */
  private static LeaderElection lead(HighAvailabilityServices services, String address)
      throws Exception {
    LeaderElection election = services.getDispatcherLeaderElection();
    CompletableFuture<UUID> granted = new CompletableFuture<>();
    election.startLeaderElection(
        new LeaderContender() {
          @Override
          public void grantLeadership(UUID session) {
            granted.complete(session);
          }

          @Override
          public void revokeLeadership() {}

          @Override
          public void handleError(Exception e) {
            granted.completeExceptionally(e);
          }
        });
    election.confirmLeadershipAsync(granted.get(240, TimeUnit.SECONDS), address).get();
    return election;
  }

  private static LeaderRetrievalListener listener(BlockingQueue<String> leaders) {
    return new LeaderRetrievalListener() {
      @Override
      public void notifyLeaderAddress(@Nullable String address, @Nullable UUID session) {
        if (address != null && !address.isEmpty()) {
          leaders.add(address);
        }
      }

      @Override
      public void handleError(Exception e) {
        leaders.add(e.toString());
      }
    };
  }

  private static JobGraphStore store(HighAvailabilityServices services) throws Exception {
    JobGraphStore store = services.getJobGraphStore();
    store.start(
        new JobGraphStore.JobGraphListener() {
          @Override
          public void onAddedJobGraph(JobID job) {}

          @Override
          public void onRemovedJobGraph(JobID job) {}
        });
    return store;
  }
}
