package dev.reelbeam.pipelines.cluster;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import dev.reelbeam.model.failure.FailureCode;
import dev.reelbeam.model.failure.StageException;
import dev.reelbeam.simulators.FreePorts;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What `up` refuses before it starts anything. */
class ClusterTest {
  @TempDir private Path home;
  private final List<String> said = new ArrayList<>();

  @Test
  void aPortOfSomebodyElseIsNamedAndNothingIsStarted() throws Exception {
    for (String folder : ClusterParts.FOLDERS) {
      Files.write(
          Files.createDirectories(home.resolve("built").resolve(folder)).resolve("a.jar"),
          new byte[1]);
    }
    try (ServerSocket others = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      String taken = String.valueOf(others.getLocalPort());
      for (ClusterPort port : List.of(ClusterPort.KAFKA, ClusterPort.TASKMANAGER_METRICS)) {
        StageException refused =
            catchThrowableOfType(
                StageException.class,
                () ->
                    cluster(Map.of(port.key(), taken)).up(home.resolve("built"), /* job= */ false));

        assertThat(refused.code()).isEqualTo(FailureCode.PORT_TAKEN);
        assertThat(refused).hasMessageContaining(taken).hasMessageContaining(port.key());
        assertThat(said).noneMatch(line -> line.startsWith("starting"));
      }
    }
  }

  @Test
  void aMistakeInTheProvidersFileIsToldByItsLineBeforeAnythingIsStarted() throws Exception {
    Files.writeString(
        Files.createDirectories(home.resolve("home")).resolve(Cluster.PROVIDERS),
        "script:\n  - {name: a, base_url: 'http://a/v1', model: m, paralel: 2}\n");

    StageException refused =
        catchThrowableOfType(
            StageException.class,
            () -> cluster(Map.of()).up(home.resolve("nowhere"), /* job= */ true));

    assertThat(refused.code()).isEqualTo(FailureCode.CONFIG_INVALID);
    assertThat(refused)
        .hasMessageContaining(
            Cluster.PROVIDERS + ":2: script[0].paralel: unknown key 'paralel'. Look for");
    assertThat(said).isEmpty();
  }

  @Test
  void programsThatWereNotBuiltAreMissed() {
    StageException refused =
        catchThrowableOfType(
            StageException.class, () -> cluster(Map.of()).up(home.resolve("nowhere"), false));
    assertThat(refused.code()).isEqualTo(FailureCode.CLUSTER_PART_MISSING);
  }

  @Test
  void whatDoesNotRunCannotBeUpgraded() {
    StageException refused =
        catchThrowableOfType(
            StageException.class, () -> cluster(Map.of()).upgrade(home.resolve("nowhere"), false));
    assertThat(refused.code()).isEqualTo(FailureCode.CLUSTER_NOT_RUNNING);
  }

  @Test
  void aTaskManagerWhosePoolIsNoLongerASettingIsSeenAndStopped() throws Exception {
    Path run = Files.createDirectories(home.resolve("home/run"));
    ServiceProcess left =
        new ServiceProcess(run.resolve("taskmanager-old.pid"), home.resolve("old.log"));
    left.start(List.of("sleep", "300"), Map.of(), home);
    ProcessHandle process = left.running().orElseThrow();
    try {
      Cluster cluster = cluster(Map.of());
      assertThat(cluster.status())
          .filteredOn(service -> service.name().equals("taskmanager-old"))
          .singleElement()
          .satisfies(service -> assertThat(service.pid()).isEqualTo(process.pid()));
      assertThat(cluster.down(/* now= */ true)).isTrue();
      assertThat(process.isAlive()).isFalse();
      assertThat(cluster.status()).noneMatch(service -> service.name().contains("old"));
    } finally {
      process.destroyForcibly();
    }
  }

  @Test
  void whatAJobWithoutItsStateOwesStaysOwedUntilItIsDone() throws Exception {
    ForgottenState upgrade = ForgottenState.in(home);
    assertThat(upgrade.isOwed()).isFalse();
    upgrade.mayBegin();
    // It ends there, and the next command finds the job running.
    ForgottenState next = ForgottenState.in(home);
    assertThat(next.isOwed()).isTrue();
    next.settled();
    assertThat(ForgottenState.in(home).isOwed()).isFalse();
  }

  @Test
  void rolledLogsComeBeforeTheOneThatTheyWerePutAsideFor() throws Exception {
    Path logs = Files.createDirectories(home.resolve("home/logs"));
    for (String name :
        List.of("kafka.log", "a.json.log", "a.json.log.1", "a.json.log.10", "b.txt")) {
      Files.writeString(logs.resolve(name), "");
    }
    assertThat(cluster(Map.of()).logs(null, /* rolled= */ true))
        .extracting(file -> file.getFileName().toString())
        .containsExactly("a.json.log.10", "a.json.log.1", "a.json.log", "kafka.log");
    assertThat(cluster(Map.of()).logs("a", /* rolled= */ false))
        .extracting(file -> file.getFileName().toString())
        .containsExactly("a.json.log");
  }

  @Test
  void whatKilledWorkersLeftIsRemovedBeforeTheNextOneStarts() throws Exception {
    Path scratch = Files.createDirectories(home.resolve("tmp-gpu/reelbeam-clips"));
    Files.writeString(scratch.resolve("draft.mp4"), "half");
    Services.emptied(home.resolve("tmp-gpu"));
    assertThat(home.resolve("tmp-gpu")).isEmptyDirectory();
  }

  /** On ports that nobody uses: clusters of other homes may run on this machine. */
  private Cluster cluster(Map<String, String> flags) throws Exception {
    Map<String, String> all = new HashMap<>();
    for (ClusterPort port : ClusterPort.values()) {
      all.put(port.key(), String.valueOf(FreePorts.next()));
    }
    all.putAll(flags);
    return new Cluster(
        ClusterSettings.read(home.resolve("home"), all), Duration.ofSeconds(1), said::add);
  }
}
