package dev.reelbeam.pipelines.cluster;

import dev.reelbeam.clients.provider.ProviderSettings;
import dev.reelbeam.model.failure.FailureCode;
import dev.reelbeam.model.failure.StageException;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;

/**
 * The services of a cluster on one machine, in the order in which they start.
 *
 * <p>Their configuration is that of a real cluster (the files of {@code deploy/conf}) with this
 * machine's folders and ports added.
 */
final class Services {
  static final String KAFKA = "kafka";
  static final String POSTGRES = "postgres";
  static final String S3 = "s3";
  static final String JOBMANAGER = "jobmanager";
  static final String TASKMANAGER = "taskmanager-";
  static final String POLLER = "poller";

  private static final int NETWORK_BASE_MB = 32;

  /**
   * A slot of the job demands 31 MB of network buffers at four slots, and more with every slot; a
   * TaskManager that has less offers fewer slots than it says, and the job waits for ever.
   */
  private static final int NETWORK_MB_PER_SLOT = 40;

  /** It listens nowhere; what is wrong with its settings ends it sooner. */
  private static final Duration POLLER_IS_UP = Duration.ofSeconds(5);

  private static final Duration QUICK = Duration.ofSeconds(10);
  private static final Duration SLOW = Duration.ofSeconds(30);
  private static final int INITDB_SECONDS = 120;

  private final ClusterSettings settings;
  private final ClusterParts parts;
  private final Connections connections;
  private final ServerCertificate certificate;
  private final FlinkRest flink;

  Services(ClusterSettings settings, ClusterParts parts, Connections connections) {
    this.settings = settings;
    this.parts = parts;
    this.connections = connections;
    this.certificate = new ServerCertificate(settings.home());
    this.flink = new FlinkRest(settings.port(ClusterPort.FLINK_WEB));
  }

  List<Service> all() {
    List<Service> services = new ArrayList<>();
    services.add(kafka());
    services.add(postgres());
    services.add(s3());
    services.add(jobManager());
    for (int i = 0; i < settings.pools().size(); i++) {
      services.add(taskManager(settings.pools().get(i), i));
    }
    return services;
  }

  /**
   * The one that asks platforms what they counted, where the providers' file names accounts to read
   * and there is a job that measures; it expects topics and tables.
   *
   * @param providers the file, which need not be there
   * @param environment usually {@code System.getenv()}: tokens that the file names are looked for
   */
  Optional<Service> poller(Path providers, Map<String, String> environment) throws StageException {
    if (settings.measureSlots() == 0
        || !Files.exists(providers)
        || ProviderSettings.read(providers, environment).engagement() == null) {
      return Optional.empty();
    }
    ServiceProcess process =
        new ServiceProcess(
            settings.home().resolve("run").resolve(POLLER + ".pid"),
            settings.home().resolve("logs").resolve(POLLER + ".log"));
    return Optional.of(
        new Service(
            POLLER,
            "engagement poller",
            List.of(),
            () -> Files.createDirectories(settings.home().resolve(POLLER)),
            () ->
                parts.java(
                    List.of(
                        "-Xmx256m",
                        "-XX:+UseSerialGC",
                        "-XX:TieredStopAtLevel=1",
                        "-Dreelbeam.home=" + parts.root()),
                    "job",
                    "dev.reelbeam.pipelines.Reelbeam",
                    List.of(
                        "engagement",
                        "poll",
                        "--settings",
                        providers.toString(),
                        "--connections",
                        connections.file().toString())),
            Map.of(),
            settings.home().resolve(POLLER),
            () ->
                process
                    .running()
                    .flatMap(running -> running.info().startInstant())
                    .filter(began -> began.plus(POLLER_IS_UP).isBefore(Instant.now()))
                    .isPresent(),
            QUICK));
  }

  /** Those of Flink alone, for a start with another version of the job. */
  static boolean isFlink(Service service) {
    return service.name().equals(JOBMANAGER) || service.name().startsWith(TASKMANAGER);
  }

  private Service kafka() {
    Path folder = settings.home().resolve(KAFKA);
    Path data = folder.resolve("data");
    Path conf = conf("kafka.properties");
    int port = settings.port(ClusterPort.KAFKA);
    int controller = settings.port(ClusterPort.KAFKA_CONTROLLER);
    return new Service(
        KAFKA,
        "Kafka",
        ports(ClusterPort.KAFKA, ClusterPort.KAFKA_CONTROLLER),
        () -> {
          if (settings.secured()) {
            makeCertificate();
          }
          connections.writeSecret(
              conf,
              asProperties(
                  template("kafka.properties")
                      + (settings.secured()
                          ? securedListeners(port, controller)
                          : openListeners(port, controller))
                      + "controller.quorum.voters=1@127.0.0.1:%d%n".formatted(controller)
                      + "log.dirs=%s%n".formatted(data)));
          if (!Files.exists(data.resolve("meta.properties"))) {
            formatKafka(conf);
          }
        },
        () ->
            parts.java(
                List.of(
                    "-Xmx" + settings.kafkaMemoryMb() + "m",
                    "-Xms128m",
                    "-XX:+UseSerialGC",
                    // Its loggers are those of a class path without Kafka's own settings.
                    "-Dorg.slf4j.simpleLogger.defaultLogLevel=warn",
                    "-Dorg.slf4j.simpleLogger.showDateTime=true"),
                "kafka",
                "kafka.Kafka",
                List.of(conf.toString())),
        Map.of(),
        folder,
        () -> Probes.listens(port),
        SLOW);
  }

  /** Both services read their properties as ISO 8859-1: what lies beyond ASCII is escaped. */
  static String asProperties(String text) {
    StringBuilder ascii = new StringBuilder(text.length());
    for (char c : text.toCharArray()) {
      ascii.append(c < 128 ? String.valueOf(c) : String.format(Locale.ROOT, "\\u%04X", (int) c));
    }
    return ascii.toString();
  }

  private static String openListeners(int port, int controller) {
    return "listeners=PLAINTEXT://127.0.0.1:%d,CONTROLLER://127.0.0.1:%d%n"
            .formatted(port, controller)
        + "advertised.listeners=PLAINTEXT://127.0.0.1:%d%n".formatted(port);
  }

  /** Clients sign in over TLS; the controller takes nobody without this machine's certificate. */
  private String securedListeners(int port, int controller) throws IOException {
    return "listeners=CLIENTS://127.0.0.1:%d,CONTROLLER://127.0.0.1:%d%n"
            .formatted(port, controller)
        + "advertised.listeners=CLIENTS://127.0.0.1:%d%n".formatted(port)
        + "listener.security.protocol.map=CONTROLLER:SSL,CLIENTS:SASL_SSL\n"
        + "listener.name.controller.ssl.client.auth=required\n"
        + "inter.broker.listener.name=CLIENTS\n"
        + "sasl.enabled.mechanisms=SCRAM-SHA-512\n"
        + "sasl.mechanism.inter.broker.protocol=SCRAM-SHA-512\n"
        + "listener.name.clients.scram-sha-512.sasl.jaas.config="
        + "org.apache.kafka.common.security.scram.ScramLoginModule required"
        + " username=\"%s\" password=\"%s\";%n"
            .formatted(Connections.USER, connections.kafkaPassword())
        + "ssl.keystore.type=PEM\nssl.keystore.location=%s%n".formatted(certificate.both())
        + "ssl.truststore.type=PEM\nssl.truststore.location=%s%n"
            .formatted(certificate.certificate());
  }

  private void formatKafka(Path conf) throws IOException, StageException {
    List<String> arguments =
        new ArrayList<>(
            List.of("format", "-t", connections.kafkaClusterId(), "-c", conf.toString()));
    Path user = settings.home().resolve(KAFKA).resolve("initial-user");
    try {
      if (settings.secured()) {
        // By a file: what stands on a command line is everybody's to read.
        connections.writeSecret(
            user,
            "--add-scram\nSCRAM-SHA-512=[name=%s,password=%s]\n"
                .formatted(Connections.USER, connections.kafkaPassword()));
        arguments.add("@" + user);
      }
      runOnce(
          KAFKA, parts.java(List.of("-Xmx256m"), "kafka", "kafka.tools.StorageTool", arguments));
    } finally {
      Files.deleteIfExists(user);
    }
  }

  /** The S3 server's password for the key store is its secret key: both are in the same file. */
  private void makeCertificate() throws IOException, StageException {
    certificate.make(connections, connections.s3SecretKey());
  }

  private Service postgres() {
    Path folder = settings.home().resolve(POSTGRES);
    Path program = folder.resolve("program-16");
    Path data = folder.resolve("data");
    int port = settings.port(ClusterPort.POSTGRES);
    return new Service(
        POSTGRES,
        "Postgres",
        ports(ClusterPort.POSTGRES),
        () -> {
          Path marker = program.resolve(".unpacked");
          if (!Files.exists(marker)) {
            runOnce(
                POSTGRES,
                parts.java(
                    List.of("-Xmx128m"),
                    "job",
                    "dev.reelbeam.pipelines.job.UnpackPostgres",
                    List.of(parts.folder("postgres").toString(), program.toString())));
            Files.writeString(marker, "");
          }
          if (!Files.exists(data.resolve("PG_VERSION"))) {
            Path password = folder.resolve("initial-password");
            connections.writeSecret(password, connections.postgresPassword());
            try {
              runOnce(
                  POSTGRES,
                  asOrdinaryUser(
                      List.of(
                          program.resolve("bin/initdb").toString(),
                          "--pgdata=" + data,
                          "--username=" + Connections.POSTGRES_USER,
                          "--pwfile=" + password,
                          "--auth=scram-sha-256",
                          "--encoding=UTF8",
                          "--locale=C",
                          "--no-instructions")));
            } finally {
              Files.deleteIfExists(password);
            }
            Files.writeString(
                data.resolve("postgresql.conf"),
                template("postgres.conf"),
                StandardCharsets.UTF_8,
                java.nio.file.StandardOpenOption.APPEND);
          }
          if (settings.secured()) {
            makeCertificate();
            // Nobody without TLS.
            Files.writeString(
                data.resolve("pg_hba.conf"),
                "hostssl all all 127.0.0.1/32 scram-sha-256\n",
                StandardCharsets.UTF_8);
          }
        },
        () -> {
          List<String> command =
              new ArrayList<>(
                  List.of(
                      program.resolve("bin/postgres").toString(),
                      "-D",
                      data.toString(),
                      "-p",
                      String.valueOf(port),
                      "-c",
                      "listen_addresses=127.0.0.1",
                      "-c",
                      "unix_socket_directories="));
          if (settings.secured()) {
            command.addAll(
                List.of(
                    "-c",
                    "ssl=on",
                    "-c",
                    "ssl_cert_file=" + certificate.certificate(),
                    "-c",
                    "ssl_key_file=" + certificate.key()));
          }
          return asOrdinaryUser(command);
        },
        Map.of("LC_ALL", "C"),
        folder,
        () -> Probes.listens(port),
        SLOW);
  }

  private Service s3() {
    Path folder = settings.home().resolve(S3);
    Path conf = conf("s3proxy.properties");
    int port = settings.port(ClusterPort.S3);
    return new Service(
        S3,
        "S3 server",
        ports(ClusterPort.S3),
        () -> {
          Path data = folder.resolve("data");
          Files.createDirectories(data.resolve(Connections.BUCKET));
          Files.createDirectories(folder.resolve("tmp"));
          writeConf(conf("s3proxy-logback.xml"), template("s3proxy-logback.xml"));
          String endpoint = "s3proxy.endpoint=http://127.0.0.1:%d%n".formatted(port);
          if (settings.secured()) {
            makeCertificate();
            endpoint =
                "s3proxy.secure-endpoint=https://127.0.0.1:%d%n".formatted(port)
                    + "s3proxy.keystore-path=%s%n".formatted(certificate.keyStore())
                    + "s3proxy.keystore-password=%s%n".formatted(connections.s3SecretKey());
          }
          connections.writeSecret(
              conf,
              asProperties(
                  template("s3proxy.properties")
                      + endpoint
                      + "s3proxy.identity=%s%n".formatted(connections.s3AccessKey())
                      + "s3proxy.credential=%s%n".formatted(connections.s3SecretKey())
                      + "jclouds.filesystem.basedir=%s%n".formatted(data)));
        },
        () ->
            parts.java(
                List.of(
                    "-Xmx" + settings.s3MemoryMb() + "m",
                    "-XX:+UseSerialGC",
                    "-Dlogback.configurationFile=" + conf("s3proxy-logback.xml"),
                    "-Djava.io.tmpdir=" + folder.resolve("tmp")),
                "s3",
                "org.gaul.s3proxy.Main",
                List.of("--properties", conf.toString())),
        Map.of(),
        folder,
        () -> Probes.listens(port),
        QUICK);
  }

  private Service jobManager() {
    Path folder = settings.home().resolve("flink");
    return new Service(
        JOBMANAGER,
        "Flink JobManager",
        ports(ClusterPort.FLINK_WEB, ClusterPort.FLINK_RPC, ClusterPort.JOBMANAGER_METRICS),
        this::writeFlinkConf,
        () -> {
          List<String> options = flinkOptions(JOBMANAGER, settings.jobManagerMemoryMb());
          return parts.java(
              options,
              "job",
              "org.apache.flink.runtime.entrypoint.StandaloneSessionClusterEntrypoint",
              List.of(
                  "--configDir",
                  conf("flink").toString(),
                  "-D",
                  "metrics.reporter.prometheus.port="
                      + settings.port(ClusterPort.JOBMANAGER_METRICS)));
        },
        Map.of(),
        folder,
        flink::answers,
        QUICK);
  }

  private List<Service.Port> ports(ClusterPort... all) {
    return Stream.of(all).map(port -> new Service.Port(settings.port(port), port)).toList();
  }

  private Service taskManager(Pool pool, int index) {
    Path folder = settings.home().resolve("flink");
    String name = TASKMANAGER + pool.name();
    // Flink goes on without metrics where it cannot have the port: told before, it is seen.
    int metrics = settings.port(ClusterPort.TASKMANAGER_METRICS) + index;
    Path scratch = folder.resolve("tmp-" + pool.name());
    return new Service(
        name,
        "Flink TaskManager of pool " + pool.name(),
        List.of(new Service.Port(metrics, ClusterPort.TASKMANAGER_METRICS)),
        () -> emptied(scratch),
        () -> {
          // Half of the JVM's memory is heap; FFmpeg, network buffers and threads share the rest.
          int heapMb = pool.memoryMb() * 45 / 100;
          int networkMb = NETWORK_BASE_MB + NETWORK_MB_PER_SLOT * settings.slotsOffered(pool);
          List<String> options = flinkOptions(name, heapMb);
          options.add("-XX:MaxDirectMemorySize=" + Math.max(400, pool.memoryMb() / 3) + "m");
          options.add("-Dreelbeam.pool=" + pool.name());
          options.add("-Djava.io.tmpdir=" + scratch);
          options.add("-Dreelbeam.home=" + parts.root());
          // See the launcher: an encoder that lives beside a heap is not JavaCPP's to bound.
          options.add("-Dorg.bytedeco.javacpp.maxPhysicalBytes=0");
          options.add("-Dorg.bytedeco.javacpp.maxBytes=0");
          List<String> arguments =
              new ArrayList<>(List.of("--configDir", conf("flink").toString()));
          for (String setting :
              List.of(
                  "taskmanager.resource-id=" + pool.name(),
                  "external-resources=" + pool.name(),
                  "external-resource." + pool.name() + ".amount=" + settings.slotsOffered(pool),
                  "taskmanager.numberOfTaskSlots=" + settings.slotsOffered(pool),
                  "taskmanager.cpu.cores=" + settings.slotsOffered(pool),
                  "taskmanager.memory.task.heap.size=" + (heapMb - 128) + "m",
                  "taskmanager.memory.task.off-heap.size=128m",
                  "taskmanager.memory.framework.heap.size=128m",
                  "taskmanager.memory.framework.off-heap.size=128m",
                  "taskmanager.memory.network.min=" + networkMb + "m",
                  "taskmanager.memory.network.max=" + networkMb + "m",
                  "taskmanager.memory.managed.size=0m",
                  "taskmanager.memory.jvm-metaspace.size=512m",
                  "taskmanager.memory.jvm-overhead.min=192m",
                  "taskmanager.memory.jvm-overhead.max=192m",
                  "metrics.reporter.prometheus.port=" + metrics)) {
            arguments.add("-D");
            arguments.add(setting);
          }
          return parts.java(
              options, "job", "org.apache.flink.runtime.taskexecutor.TaskManagerRunner", arguments);
        },
        Map.of("REELBEAM_POOL", pool.name()),
        folder,
        () -> flink.hasTaskManager(pool.name()),
        QUICK);
  }

  /** What workers that were killed left there: drafts of segments, clips, sounds. */
  static void emptied(Path scratch) throws IOException {
    if (Files.isDirectory(scratch)) {
      Folders.delete(scratch);
    }
    Files.createDirectories(scratch);
  }

  /**
   * A folder as Flink takes it: it decodes nothing, so what a URI escapes, as a space, would be the
   * name of another folder.
   */
  static String flinkPath(Path folder) {
    return "file://" + folder.toAbsolutePath();
  }

  /** The configuration of Flink's processes and of the client. */
  private void writeFlinkConf() throws IOException {
    Path folder = settings.home().resolve("flink");
    Files.createDirectories(folder.resolve("checkpoints"));
    Files.createDirectories(folder.resolve("savepoints"));
    Files.createDirectories(folder.resolve("tmp"));
    String own =
        "jobmanager.rpc.address: 127.0.0.1\n"
            + "jobmanager.rpc.port: %d%n".formatted(settings.port(ClusterPort.FLINK_RPC))
            + "jobmanager.bind-host: 127.0.0.1\n"
            + "taskmanager.bind-host: 127.0.0.1\n"
            + "taskmanager.host: 127.0.0.1\n"
            + "rest.address: 127.0.0.1\n"
            + "rest.bind-address: 127.0.0.1\n"
            + "rest.port: %d%n".formatted(settings.port(ClusterPort.FLINK_WEB))
            + "execution.checkpointing.interval: %d s%n".formatted(settings.checkpointSeconds())
            + "state.checkpoints.dir: '%s'%n".formatted(flinkPath(folder.resolve("checkpoints")))
            + "state.savepoints.dir: '%s'%n".formatted(flinkPath(folder.resolve("savepoints")))
            + "io.tmp.dirs: '%s'%n".formatted(folder.resolve("tmp"))
            + "web.tmpdir: '%s'%n".formatted(folder.resolve("tmp"));
    writeConf(conf("flink").resolve("config.yaml"), template("flink.yaml") + own);
    writeConf(conf("flink").resolve("log4j2.xml"), template("log4j2.xml"));
  }

  /** Options of a JVM of Flink; the list may be added to. */
  private List<String> flinkOptions(String name, int heapMb) throws IOException {
    List<String> options = new ArrayList<>();
    options.add("-Xmx" + heapMb + "m");
    options.add("-Xms" + Math.min(heapMb, 256) + "m");
    options.add("-XX:+UseSerialGC");
    // Both jobs and Flink need 135 MB; what Beam generates for a start of a job comes on top of it.
    options.add("-XX:MaxMetaspaceSize=512m");
    options.add("-XX:ThreadPriorityPolicy=1"); // As in flink.yaml.
    options.add("-XX:JavaPriority1_To_OSPriority=10");
    options.add("-Djava.awt.headless=true");
    options.add("-Dlog.file=" + settings.home().resolve("logs").resolve(name + ".json.log"));
    options.add("-Dlog4j2.configurationFile=" + conf("flink").resolve("log4j2.xml"));
    options.add("-Dreelbeam.process=" + name);
    options.addAll(opens());
    return options;
  }

  /** The {@code --add-opens} of Flink's configuration; its own start scripts would add them. */
  static List<String> opens() throws IOException {
    return template("flink.yaml")
        .lines()
        .map(String::strip)
        .filter(line -> line.startsWith("--add-opens="))
        .toList();
  }

  /** Postgres refuses to run as root: in a namespace of its own, root is nobody in particular. */
  private static List<String> asOrdinaryUser(List<String> command) throws StageException {
    if (!"root".equals(System.getProperty("user.name"))) {
      return command;
    }
    Path unshare = Path.of("/usr/bin/unshare");
    if (!Files.isExecutable(unshare)) {
      throw new StageException(
          FailureCode.SERVICE_ENDED,
          "Postgres does not run as root, and there is no `unshare` to give root up with: run"
              + " `reelbeam up` as an ordinary user");
    }
    List<String> whole = new ArrayList<>(List.of(unshare.toString(), "--user"));
    whole.addAll(command);
    return whole;
  }

  /** Runs a command to its end; its lines go to the log of its service. */
  private void runOnce(String service, List<String> command) throws IOException, StageException {
    Path log = settings.home().resolve("logs").resolve(service + ".log");
    Files.createDirectories(settings.home().resolve("logs"));
    Files.createDirectories(settings.home().resolve(service));
    ProcessBuilder builder = new ProcessBuilder(command);
    builder.directory(settings.home().resolve(service).toFile());
    builder.environment().put("LC_ALL", "C");
    builder.redirectErrorStream(true);
    builder.redirectOutput(ProcessBuilder.Redirect.appendTo(log.toFile()));
    Process process = builder.start();
    try {
      process.getOutputStream().close();
      if (!process.waitFor(INITDB_SECONDS, TimeUnit.SECONDS)) {
        process.destroyForcibly();
        throw new StageException(
            FailureCode.SERVICE_SLOW,
            "setting up " + service + " took longer than " + INITDB_SECONDS + " s; log: " + log);
      }
    } catch (InterruptedException e) {
      process.destroyForcibly();
      Thread.currentThread().interrupt();
      throw new StageException(FailureCode.SERVICE_ENDED, "interrupted", e);
    }
    if (process.exitValue() != 0) {
      throw new StageException(
          FailureCode.SERVICE_ENDED,
          "setting up "
              + service
              + " failed: "
              + String.join(" | ", new ServiceProcess(log, log).lastLines(3))
              + "; log: "
              + log);
    }
  }

  private Path conf(String name) {
    return settings.home().resolve("conf").resolve(name);
  }

  private static void writeConf(Path file, String text) throws IOException {
    Path folder = file.getParent();
    if (folder != null) {
      Files.createDirectories(folder);
    }
    Files.writeString(file, text, StandardCharsets.UTF_8);
  }

  /** A file of {@code deploy/conf}, which the build puts beside this class. */
  static String template(String name) throws IOException {
    try (InputStream bytes = Services.class.getResourceAsStream("conf/" + name)) {
      if (bytes == null) {
        throw new IOException("the configuration " + name + " is missing in this build");
      }
      return new String(bytes.readAllBytes(), StandardCharsets.UTF_8);
    }
  }

  /** Jars of a part; none if it was not built. */
  static boolean holdsJars(Path folder) {
    if (!Files.isDirectory(folder)) {
      return false;
    }
    try (Stream<Path> files = Files.list(folder)) {
      return files.anyMatch(file -> file.toString().endsWith(".jar"));
    } catch (IOException e) {
      return false;
    }
  }
}
