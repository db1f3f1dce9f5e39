package dev.reelbeam.bench;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.reelbeam.clients.config.PostgresSettings;
import dev.reelbeam.clients.config.SecretRef;
import dev.reelbeam.clients.http.CallPolicy;
import dev.reelbeam.clients.ledger.PostgresCallLimits;
import dev.reelbeam.model.json.RecordJson;
import dev.reelbeam.simulators.OpenAiSimulator;
import dev.reelbeam.simulators.SourceAuthor;
import java.io.IOException;
import java.io.Reader;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Properties;
import java.util.UUID;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.BooleanSupplier;

/** Limits of a key on a running cluster, seen by its database and by the server that is called. */
public final class CallLimitFigures {
  private static final Duration PATIENCE = Duration.ofMinutes(4);
  private static final int PARALLEL = 2;
  private static final int CALL_MS = 2_500;
  private static final int HELD_S = 20;

  private final LocalCluster cluster;
  private final Path work;
  private final OpenAiSimulator model;
  private final AtomicInteger atOnce = new AtomicInteger();
  private final AtomicInteger mostAtOnce = new AtomicInteger();

  private CallLimitFigures(LocalCluster cluster, Path work, OpenAiSimulator model) {
    this.cluster = cluster;
    this.work = work;
    this.model = model;
  }

  /** Root of the clone, work folder, records, offset of the ports, result file. */
  public static void main(String[] args) throws Exception {
    Path work = Path.of(args[1]);
    LocalCluster cluster =
        new LocalCluster(
            Path.of(args[0]),
            work.resolve("home"),
            work.resolve("commands.log"),
            Integer.parseInt(args[3]),
            List.of("pools=general:2:1800,gpu:2:1800"));
    try (OpenAiSimulator model =
        OpenAiSimulator.start(System.getenv("REELBEAM_BENCH_KEY"), OpenAiSimulator.Dialect.OPENAI)) {
      String text =
          new CallLimitFigures(cluster, work, model).measure(Integer.parseInt(args[2]));
      Files.writeString(Path.of(args[4]), text);
      System.out.println(text);
    } finally {
      cluster.down();
    }
  }

  private String measure(int records) throws Exception {
    SourceAuthor author = new SourceAuthor();
    model.answerBy(
        (name, schema, prompt) -> {
          mostAtOnce.accumulateAndGet(atOnce.incrementAndGet(), Math::max);
          try {
            TimeUnit.MILLISECONDS.sleep(CALL_MS);
          } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
          }
          atOnce.decrementAndGet();
          return author.write(name, schema, prompt);
        });
    Files.createDirectories(cluster.home());
    Files.writeString(
        cluster.home().resolve("providers.yaml"),
        "script:\n  - {name: simulated, base_url: '%s', model: writer-large, key: 'env:REELBEAM_BENCH_KEY', parallel: %d, requests_per_minute: 600}\n"
            .formatted(model.baseUrl(), PARALLEL));
    cluster.up();
    String machine = Machine.describe();
    try (Connection database = cluster.database()) {
      AtomicBoolean ended = new AtomicBoolean();
      AtomicInteger mostRows = new AtomicInteger();
      AtomicInteger looks = new AtomicInteger();
      Thread watcher = watcher(ended, mostRows, looks);
      long beganNs = System.nanoTime();
      submit("first", records);
      await(() -> model.calls() >= records && atOnce.get() == 0, "the scripts of the first records");
      double seconds = (System.nanoTime() - beganNs) / 1e9;
      int calls = model.calls();
      int rows = LocalCluster.number(database, "select count(*) from provider_call");
      int doors = LocalCluster.number(database, "select count(*) from provider_door");

      // This process takes both turns, as a worker of another machine would.
      PostgresCallLimits limits = PostgresCallLimits.of(postgres());
      List<UUID> permits = new ArrayList<>();
      for (int i = 0; i < PARALLEL; i++) {
        UUID permit = UUID.randomUUID();
        if (!limits.ask(door(database), policy(), permit).given()) {
          throw new IOException("no turn although nobody calls");
        }
        permits.add(permit);
      }
      submit("second", PARALLEL);
      TimeUnit.SECONDS.sleep(HELD_S);
      int meanwhile = model.calls() - calls;
      long givenBackNs = System.nanoTime();
      permits.forEach(limits::leave);
      await(() -> model.calls() > calls, "a call after the turns were given back");
      double afterS = (System.nanoTime() - givenBackNs) / 1e9;
      await(
          () -> model.calls() >= calls + PARALLEL && atOnce.get() == 0,
          "the scripts of the second records");
      ended.set(true);
      watcher.join();
      int letters = LocalCluster.number(database, "select count(*) from dead_letter");
      return """
          # A provider's limits on a cluster

          From `bench/call-limits`. %s

          A simulated OpenAI writes the scripts of topics and takes %d ms for each; its key, from the environment of the
          workers, allows `parallel: %d`. The database is looked at every 50 ms.

          | | |
          |---|---:|
          | topics sent at once | %d |
          | calls of the model, s from the first `submit` to the last answer | %d, %.1f |
          | rows of `provider_call`, doors | %d, %d |
          | most in flight by the database (of %d looks) | %d |
          | most in flight by the server | %d |
          | calls in the %d s in which another process had both turns, %d topics waiting | %d |
          | s from giving them back to the next call | %.1f |
          | dead letters | %d |
          """
          .formatted(
              machine, CALL_MS, PARALLEL, records, calls, seconds, rows, doors, looks.get(),
              mostRows.get(), mostAtOnce.get(), HELD_S, PARALLEL, meanwhile, afterS, letters);
    }
  }

  private Thread watcher(AtomicBoolean ended, AtomicInteger most, AtomicInteger looks) {
    Thread watcher =
        new Thread(
            () -> {
              try (Connection database = cluster.database()) {
                while (!ended.get()) {
                  most.accumulateAndGet(
                      LocalCluster.number(
                          database,
                          "select count(*) from provider_call where until > clock_timestamp()"),
                      Math::max);
                  looks.incrementAndGet();
                  TimeUnit.MILLISECONDS.sleep(50);
                }
              } catch (IOException | SQLException e) {
                throw new IllegalStateException(e);
              } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
              }
            });
    watcher.setDaemon(true);
    watcher.start();
    return watcher;
  }

  private static void await(BooleanSupplier done, String what) throws Exception {
    long untilNs = System.nanoTime() + PATIENCE.toNanos();
    while (!done.getAsBoolean()) {
      if (System.nanoTime() > untilNs) {
        throw new IOException("waited in vain for " + what);
      }
      TimeUnit.MILLISECONDS.sleep(50);
    }
  }

  private static String door(Connection database) throws SQLException {
    try (var statement = database.createStatement();
        var rows = statement.executeQuery("select door from provider_door")) {
      rows.next();
      return rows.getString(1);
    }
  }

  private static CallPolicy policy() {
    return CallPolicy.DEFAULT.withRates(600, PARALLEL);
  }

  private PostgresSettings postgres() throws IOException {
    Properties properties = new Properties();
    try (Reader reader = Files.newBufferedReader(cluster.home().resolve("connections.properties"))) {
      properties.load(reader);
    }
    return new PostgresSettings(
        properties.getProperty("postgres.url"),
        properties.getProperty("postgres.user"),
        SecretRef.value(properties.getProperty("postgres.password")),
        2,
        PostgresSettings.USUAL_PATIENCE_SECONDS);
  }

  private void submit(String name, int count) throws Exception {
    List<String> command = new ArrayList<>(List.of("submit"));
    for (int i = 0; i < count; i++) {
      String id = name + "-" + i;
      ObjectNode record = RecordJson.newObject();
      record.put("kind", "topic").put("title", "Why bees like window box " + id);
      record.put("record_id", id).put("revision", 1).put("language", "en");
      ObjectNode project = record.putObject("project");
      project.put("type", "teaser").put("video_enabled", true);
      project.putArray("target_platforms").add("preview");
      Path folder = Files.createDirectories(work.resolve("records").resolve(id));
      command.add(
          Files.writeString(folder.resolve("record.json"), RecordJson.canonical(record))
              .toString());
    }
    if (cluster.connected(command) != 0) {
      throw new IOException(String.format(Locale.ROOT, "`submit` of %d failed", count));
    }
  }
}
