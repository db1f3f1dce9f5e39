package dev.reelbeam.pipelines.cluster;

import dev.reelbeam.clients.database.Database;
import dev.reelbeam.clients.database.Migrations;
import dev.reelbeam.pipelines.Reelbeam;
import dev.reelbeam.pipelines.job.PrepareCluster;
import dev.reelbeam.pipelines.wiring.WorldSettings;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.Callable;
import java.util.concurrent.TimeUnit;

/**
 * Kafka, Postgres and S3 of a cluster, as processes of their own, with topics and tables: for tests
 * of jobs that run in this JVM.
 */
final class RunningServices implements AutoCloseable {
  static final Path ROOT = Path.of(System.getProperty("reelbeam.root", "../.."));
  static final Path INSTALLATION = ROOT.resolve("pipelines/target/reelbeam");

  private static final Set<String> NEEDED = Set.of(Services.KAFKA, Services.POSTGRES, Services.S3);

  /** Ninety tasks take minutes to start on a machine that others use. */
  private static final Duration PATIENCE = Duration.ofMinutes(5);

  private final Path home;
  private final List<Service> services = new ArrayList<>();

  private RunningServices(Path home) {
    this.home = home;
  }

  /**
   * Starts them with nothing in them.
   *
   * @param portOffset added to the usual ports, so that two tests do not meet
   * @param flags settings of the cluster
   */
  static RunningServices start(Path home, int portOffset, Map<String, String> flags)
      throws Exception {
    deleteRecursively(home);
    Map<String, String> all = new HashMap<>(flags);
    for (ClusterPort port : ClusterPort.values()) {
      all.put(port.key(), String.valueOf(port.usual() + portOffset));
    }
    ClusterSettings settings = ClusterSettings.read(home, all);
    settings.write();
    Connections connections = Connections.of(settings);
    Files.createDirectories(home.resolve("run"));
    RunningServices running = new RunningServices(home);
    for (Service service :
        new Services(settings, ClusterParts.in(INSTALLATION), connections).all()) {
      if (NEEDED.contains(service.name())) {
        service.prepare().run();
        running
            .process(service)
            .start(service.command().of(), service.environment(), service.workingFolder());
        running.services.add(service);
      }
    }
    for (Service service : running.services) {
      await(service.ready()::answers, service.label());
    }
    PrepareCluster.makeTopics(running.world().kafka(), PATIENCE);
    Migrations.run(running.world().postgres());
    return running;
  }

  Path connections() {
    return home.resolve(Connections.FILE);
  }

  WorldSettings world() throws Exception {
    return WorldSettings.read(connections());
  }

  /** What a command says that ends well. */
  String reelbeam(String... arguments) {
    List<String> all = new ArrayList<>(List.of(arguments));
    all.add("--connections");
    all.add(connections().toString());
    StringWriter out = new StringWriter();
    StringWriter err = new StringWriter();
    int exit =
        Reelbeam.commandLine(new PrintWriter(out), new PrintWriter(err))
            .execute(all.toArray(new String[0]));
    if (exit != 0) {
      throw new AssertionError(arguments[0] + " ended with " + exit + "\n" + out + "\n" + err);
    }
    return out.toString();
  }

  /** The first column of a query. */
  List<String> texts(String sql) throws Exception {
    try (Database database = Database.open(world().postgres())) {
      return database.with(handle -> handle.createQuery(sql).mapTo(String.class).list());
    }
  }

  void execute(String sql) throws Exception {
    try (Database database = Database.open(world().postgres())) {
      database.change(handle -> handle.execute(sql));
    }
  }

  static void await(Callable<Boolean> condition, String what) throws Exception {
    await(condition, () -> what);
  }

  /**
   * Waits.
   *
   * @param what asked for when it was in vain
   */
  static void await(Callable<Boolean> condition, Callable<String> what) throws Exception {
    long untilNs = System.nanoTime() + PATIENCE.toNanos();
    while (!condition.call()) {
      if (System.nanoTime() > untilNs) {
        throw new AssertionError("waited too long for " + what.call());
      }
      TimeUnit.MILLISECONDS.sleep(200);
    }
  }

  @Override
  public void close() {
    services.forEach(service -> process(service).stop(service.stopPatience()));
  }

  private ServiceProcess process(Service service) {
    return new ServiceProcess(
        home.resolve("run").resolve(service.name() + ".pid"),
        home.resolve("logs").resolve(service.name() + ".log"));
  }

  static void deleteRecursively(Path folder) throws IOException {
    if (Files.exists(folder)) {
      try (var files = Files.walk(folder)) {
        for (Path file : files.sorted(Comparator.reverseOrder()).toList()) {
          Files.delete(file);
        }
      }
    }
  }
}
