package dev.reelbeam.pipelines.cluster;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.reelbeam.clients.config.KafkaSettings;
import dev.reelbeam.clients.config.KafkaSettings.Topic;
import dev.reelbeam.clients.ledger.PostgresProjectLedger;
import dev.reelbeam.model.content.ContentRecord;
import dev.reelbeam.model.content.RawRecord;
import dev.reelbeam.model.failure.FailureCode;
import dev.reelbeam.model.json.RecordJson;
import dev.reelbeam.model.port.ProjectLedger;
import dev.reelbeam.model.port.StoreException;
import dev.reelbeam.model.project.ProjectEntry;
import dev.reelbeam.model.project.ProjectStatus;
import dev.reelbeam.model.store.MediaRef;
import dev.reelbeam.pipelines.job.GenerateVideos;
import dev.reelbeam.pipelines.job.GenerateVideosOptions;
import dev.reelbeam.pipelines.job.PrepareCluster;
import dev.reelbeam.pipelines.job.WorldChecks;
import dev.reelbeam.pipelines.wiring.WorldSettings;
import dev.reelbeam.stages.flow.RecordOverrides;
import dev.reelbeam.stages.ingest.ParseContentRecord;
import dev.reelbeam.stages.pool.WorkerPool;
import java.io.Reader;
import java.io.Writer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Properties;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.apache.beam.runners.flink.FlinkRunner;
import org.apache.beam.sdk.PipelineResult;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.AlterConfigOp;
import org.apache.kafka.clients.admin.ConfigEntry;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.config.ConfigResource;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/**
 * Services as a real cluster has them: a broker that asks who signs in and speaks TLS, Postgres and
 * S3 over TLS. Each says by its number why it refuses; and the streaming job, in this JVM, makes of
 * what comes by the topic either a video or a letter.
 */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class SecuredServicesIT {
  private static final int PORT_OFFSET = 900;
  private static final int LARGE = 20 << 20;

  /** Pools of this JVM know services by their settings: a second run has passwords of its own. */
  private static int runs;

  private final Path home =
      RunningServices.ROOT.resolve("cluster/job/target/secured-it-" + ++runs).toAbsolutePath();
  private @Nullable RunningServices services;
  @TempDir private Path folder;

  @BeforeAll
  void start() throws Exception {
    services = RunningServices.start(home, PORT_OFFSET, Map.of("secured", "true"));
  }

  @AfterAll
  void stop() {
    if (services != null) {
      services.close();
    }
  }

  @Test
  void whoKnowsTheSecretsIsLetIn() throws Exception {
    WorldChecks.check(services().world());
    assertThat(services().texts("select ssl::text from pg_stat_ssl where pid = pg_backend_pid()"))
        .containsExactly("true");
  }

  @Test
  void kafkaSaysWhyItRefuses() throws Exception {
    assertRefused(FailureCode.KAFKA_REFUSED, "kafka.password.file", secret("wr0ng"));
    assertRefused(FailureCode.KAFKA_REFUSED, "kafka.user", "nobody");
    assertRefused(FailureCode.TLS_REFUSED, "kafka.tls.root", otherRoot());
    assertRefused(FailureCode.SETTING_INVALID, "kafka.tls.root", folder.resolve("none.pem"));
    assertRefused(FailureCode.SECRET_MISSING, "kafka.password.file", folder.resolve("none"));
    assertRefused(FailureCode.TOPIC_MISSING, "kafka.topic.prefix", "elsewhere");
    assertRefused(FailureCode.KAFKA_UNAVAILABLE, "kafka.bootstrap", "127.0.0.1:1");
    // A client without TLS is hung up on without a word; the message says what that may be.
    Properties open = lines();
    open.keySet().removeIf(key -> key.toString().matches("kafka\\.(security|sasl|user|tls).*"));
    assertThat(refusal(open).code()).isEqualTo(FailureCode.KAFKA_UNAVAILABLE);
    assertThat(refusal(open)).hasMessageContaining("kafka.security.protocol=SASL_SSL");
  }

  /** As after an upgrade of a cluster whose topics an earlier release has made. */
  @Test
  void topicsThatAreThereAreRaisedAndNeverLowered() throws Exception {
    set(Topic.CONTROL, "message.timestamp.type", "CreateTime");
    set(Topic.RENDER_REQUESTS, "retention.ms", "172800000");
    set(Topic.RENDER_RESULTS, "retention.ms", "-1");

    KafkaSettings kafka = services().world().kafka();

    assertThat(PrepareCluster.raiseTopics(kafka, Duration.ofSeconds(60)))
        .containsExactly(
            "raised reelbeam.control: message.timestamp.type=LogAppendTime",
            "raised reelbeam.render-requests: retention.ms=691200000");

    assertThat(setting(Topic.CONTROL, "message.timestamp.type")).isEqualTo("LogAppendTime");
    assertThat(setting(Topic.RENDER_REQUESTS, "retention.ms")).isEqualTo("691200000");
    assertThat(setting(Topic.RENDER_RESULTS, "retention.ms")).isEqualTo("-1");
    assertThat(PrepareCluster.raiseTopics(kafka, Duration.ofSeconds(60))).isEmpty();
  }

  @Test
  void postgresSaysWhyItRefuses() throws Exception {
    assertRefused(FailureCode.DATABASE_REFUSED, "postgres.password.file", secret("wr0ng"));
    assertRefused(FailureCode.DATABASE_REFUSED, "postgres.user", "nobody");
    assertRefused(
        FailureCode.DATABASE_REFUSED,
        "postgres.url",
        lines().getProperty("postgres.url").replaceAll("/postgres$", "/nowhere"));
    assertRefused(FailureCode.TLS_REFUSED, "postgres.tls.root", otherRoot());
    assertRefused(FailureCode.TLS_REFUSED, "postgres.tls.root", folder.resolve("none.pem"));
    Properties away = lines();
    away.setProperty("postgres.url", "jdbc:postgresql://127.0.0.1:1/postgres");
    away.setProperty("postgres.patience.seconds", "0");
    assertThat(refusal(away).code()).isEqualTo(FailureCode.DATABASE_UNAVAILABLE);
    // Over an open line it takes nobody.
    Properties open = lines();
    open.remove("postgres.tls.root");
    open.setProperty("postgres.tls", "disable");
    assertThat(refusal(open).code()).isEqualTo(FailureCode.DATABASE_REFUSED);
  }

  @Test
  void s3SaysWhyItRefuses() throws Exception {
    assertRefused(FailureCode.STORE_REFUSED, "s3.secret.key.file", secret("wr0ng"));
    assertRefused(FailureCode.STORE_REFUSED, "s3.access.key", "nobody");
    assertRefused(FailureCode.BUCKET_MISSING, "s3.bucket", "no-such-bucket");
    assertRefused(FailureCode.TLS_REFUSED, "s3.tls.root", otherRoot());
    assertRefused(FailureCode.SETTING_INVALID, "s3.tls.root", folder.resolve("none.pem"));
    assertRefused(FailureCode.STORAGE_UNAVAILABLE, "s3.endpoint", "https://127.0.0.1:1");
  }

  @Test
  void theClientThatPreparesAClusterEndsWithOneLineThatSaysWhatHelps() throws Exception {
    Properties wrong = lines();
    wrong.setProperty("kafka.password.file", secret("wr0ng").toString());
    Path connections = write(wrong);
    Path log = folder.resolve("prepare.log");
    Process client =
        new ProcessBuilder(
                ClusterParts.in(RunningServices.INSTALLATION)
                    .java(
                        List.of("-Xmx256m", "-XX:+UseSerialGC"),
                        "job",
                        "dev.reelbeam.pipelines.job.PrepareCluster",
                        List.of("--connections=" + connections)))
            .redirectErrorStream(true)
            .redirectOutput(log.toFile())
            .start();
    assertThat(client.waitFor(90, TimeUnit.SECONDS)).isTrue();
    assertThat(client.exitValue()).isNotZero();
    assertThat(Files.readAllLines(log))
        .filteredOn(line -> line.startsWith("reelbeam: "))
        .singleElement()
        .asString()
        .contains("5014 KAFKA_REFUSED", FailureCode.KAFKA_REFUSED.remedy())
        .doesNotContain("wr0ng");
  }

  @Test
  @Timeout(value = 12, unit = TimeUnit.MINUTES)
  void whatComesByTheTopicIsAVideoOrALetterAndNoSecretIsSeen() throws Exception {
    PipelineResult job = job();
    try {
      String good = listing("good").toString();
      send(Topic.CONTENT, "good", good);
      send(Topic.CONTENT, "good", good);
      send(Topic.CONTENT, "older", thin("older", 2));
      send(Topic.CONTENT, "older", thin("older", 1));
      send(Topic.CONTENT, "other", thin("other", 1));
      send(Topic.CONTENT, "other", thin("other", 1).replace("Nothing", "Little"));
      send(Topic.CONTENT, "x", "{\"record_id\": \"x\", ");
      send(Topic.CONTENT, "x", "[1, 2]");
      send(Topic.CONTENT, "x", "");
      send(Topic.CONTENT, "x", "{\"record_id\":\"newer\",\"schema_version\":9}");
      send(Topic.CONTENT, "x", thin("riddle", 1).replace("\"article\"", "\"riddle\""));
      send(Topic.CONTENT, "nul", thin("nul", 1).replace("Thin", "Thin\",\"site_id\":\"a\\u0000b"));
      send(
          Topic.CONTROL,
          "good",
          "{\"event_id\":\"e1\",\"type\":\"a\\u0000\",\"project\":\"good\","
              + "\"who\":\"ann\",\"at_ms\":1}");
      takeLargeMessages();
      // Whoever writes it into a string once more doubles it, and so does the next one.
      send(
          Topic.CONTENT,
          "x",
          "{\"record_id\":\"quotes\",\"title\":\"t\",\"kind\":\"audio\",\"content_html\":\""
              + "\\\"".repeat(2_200_000)
              + "\"}");
      send(Topic.CONTENT, "x", "{\"record_id\":\"large\",\"title\":\"" + "x".repeat(LARGE) + "\"}");

      RunningServices.await(() -> letters().size() == 12, () -> "twelve letters: " + letters());
      assertThat(letters())
          .containsExactlyInAnyOrder(
              "1001 read",
              "1001 read",
              "1001 parse",
              "1002 read",
              "1005 parse",
              "1010 fit-narration nul@1",
              "1010 fit-narration older@2",
              "1010 fit-narration other@1",
              "1023 read",
              "1024 read",
              "1030 parse other@1",
              "1031 read");
      RunningServices.await(
          () -> deliveries().contains("good@1 completed"), () -> "the video: " + deliveries());
      assertThat(deliveries())
          .containsExactlyInAnyOrder(
              "good@1 completed",
              "older@1 superseded",
              "older@2 dead",
              "other@1 dead",
              "nul@1 dead");
      // The folder's copy comes behind the row.
      Path copy = home.resolve("videos/good/preview");
      RunningServices.await(() -> Files.exists(copy.resolve("metadata.json")), copy.toString());
      assertThat(copy.resolve("video.mp4")).exists();
      assertThat(
              services()
                  .texts("select count(*)::text from rendered_video where status = 'completed'"))
          .containsExactly("1");
      assertThat(services().reelbeam("audit")).contains("it adds up");
    } finally {
      job.cancel();
    }
    assertNoSecretIsSeen();
  }

  @Test
  void anArchiveThatIsFinishedIsSkippedAtItsSource() throws Exception {
    int records = 1_000;
    List<String> lines = new ArrayList<>();
    try (ProjectLedger ledger = PostgresProjectLedger.open(services().world().postgres())) {
      for (int i = 0; i < records; i++) {
        RawRecord raw = new RawRecord("archive", "file:///", listing("done-" + i).toString());
        ContentRecord record = ParseContentRecord.parse(raw, RecordOverrides.NONE);
        ledger.admit(
            new ProjectEntry(
                record.key(),
                new MediaRef(RecordJson.sha256(record), 1, "application/json"),
                record.title(),
                null,
                null,
                record.project(),
                "archive"));
        ledger.status(record.key().recordId(), 1, ProjectStatus.COMPLETED);
        lines.add(raw.json());
      }
    }
    Path archive = Files.write(folder.resolve("archive.jsonl"), lines);

    String told = services().reelbeam("backfill", "--source", archive.toString(), "--cluster");

    assertThat(told).contains("records: " + records + " sent or finished before, about 0 credits");
    assertThat(services().texts("select count(*)::text from backfill_record")).containsExactly("0");
    System.out.println(told);
    services().execute("delete from video_project where record_id like 'done-%'");
  }

  private PipelineResult job() throws Exception {
    // This JVM is a worker of every pool.
    System.setProperty(WorkerPool.PROPERTY, "gpu");
    GenerateVideosOptions options =
        GenerateVideos.options(
            "--flinkMaster=[local]",
            "--connections=" + services().connections(),
            "--home=" + home,
            "--copyVideos=true",
            "--flinkConfDir=" + flinkConf(),
            "--pools=general:1,gpu:1",
            "--checkpointingInterval=3000");
    options.setRunner(FlinkRunner.class);
    options.setParallelism(1);
    assertThat(options.toString()).doesNotContain(secrets());
    return GenerateVideos.graph(options).run();
  }

  /** A job of ninety tasks takes more buffers than a worker in a test has. */
  private Path flinkConf() throws Exception {
    Path conf = Files.createDirectories(folder.resolve("conf"));
    Files.writeString(
        conf.resolve("config.yaml"),
        "taskmanager.memory.network.min: 256mb\ntaskmanager.memory.network.max: 256mb\n");
    return conf;
  }

  /** What stands in logs and configuration of services is everybody's who may look there. */
  private void assertNoSecretIsSeen() throws Exception {
    try (Stream<Path> files = Files.walk(home.resolve("logs"))) {
      for (Path log : files.filter(Files::isRegularFile).toList()) {
        assertThat(Files.readString(log, StandardCharsets.ISO_8859_1))
            .as(log.toString())
            .doesNotContain(secrets());
      }
    }
    assertThat(services().world().toString()).doesNotContain(secrets());
  }

  private String[] secrets() throws Exception {
    List<String> secrets = new ArrayList<>();
    try (Stream<Path> files = Files.list(home.resolve("secrets"))) {
      for (Path file : files.toList()) {
        secrets.add(Files.readString(file).strip());
      }
    }
    assertThat(secrets).hasSize(3).doesNotContain("");
    return secrets.toArray(new String[0]);
  }

  private static ObjectNode listing(String id) throws Exception {
    ObjectNode record =
        (ObjectNode)
            RecordJson.readTree(
                Files.readString(RunningServices.ROOT.resolve("examples/listing/record.json")));
    record.put("record_id", id);
    record.remove("images");
    return enabled(record);
  }

  /** A record that ends at the script: there are not fifteen seconds to be told about it. */
  private static String thin(String id, int revision) throws Exception {
    ObjectNode record = (ObjectNode) RecordJson.readTree("{\"kind\":\"article\"}");
    record.put("record_id", id).put("revision", revision).put("title", "Thin");
    record.put("content_html", "<p>Nothing.</p>");
    ((ObjectNode) enabled(record).get("project")).put("type", "teaser");
    return record.toString();
  }

  private static ObjectNode enabled(ObjectNode record) {
    ObjectNode project =
        record.get("project") instanceof ObjectNode known ? known : record.putObject("project");
    project.put("video_enabled", true);
    project.putArray("target_platforms").add("preview");
    return record;
  }

  /** Every letter: number, stage, and the record where there is one. */
  private List<String> letters() throws Exception {
    return services()
        .texts(
            "select number || ' ' || stage || case when revision > 0 then ' ' || record_id || '@'"
                + " || revision else '' end from dead_letter");
  }

  private List<String> deliveries() throws Exception {
    return services()
        .texts(
            "select p.record_id || '@' || d.revision || ' ' || d.state from delivery d join"
                + " video_project p on p.id = d.project_id");
  }

  private void send(Topic topic, String key, String message) throws Exception {
    KafkaSettings kafka = services().world().kafka();
    Map<String, Object> properties = kafka.clientProperties();
    properties.put("max.request.size", 2 * LARGE);
    properties.put("buffer.memory", 4L * LARGE);
    try (KafkaProducer<byte[], byte[]> producer =
        new KafkaProducer<>(properties, new ByteArraySerializer(), new ByteArraySerializer())) {
      producer
          .send(
              new ProducerRecord<>(
                  kafka.topic(topic),
                  key.getBytes(StandardCharsets.UTF_8),
                  message.getBytes(StandardCharsets.UTF_8)))
          .get(60, TimeUnit.SECONDS);
    }
  }

  /** As a broker that others set up may. */
  private void takeLargeMessages() throws Exception {
    set(Topic.CONTENT, "max.message.bytes", String.valueOf(2 * LARGE));
  }

  private void set(Topic topic, String key, String value) throws Exception {
    KafkaSettings kafka = services().world().kafka();
    AlterConfigOp change = new AlterConfigOp(new ConfigEntry(key, value), AlterConfigOp.OpType.SET);
    try (Admin admin = Admin.create(kafka.clientProperties())) {
      admin
          .incrementalAlterConfigs(Map.of(resource(kafka, topic), List.of(change)))
          .all()
          .get(60, TimeUnit.SECONDS);
    }
  }

  private String setting(Topic topic, String key) throws Exception {
    KafkaSettings kafka = services().world().kafka();
    ConfigResource resource = resource(kafka, topic);
    try (Admin admin = Admin.create(kafka.clientProperties())) {
      return admin
          .describeConfigs(List.of(resource))
          .all()
          .get(60, TimeUnit.SECONDS)
          .get(resource)
          .get(key)
          .value();
    }
  }

  private static ConfigResource resource(KafkaSettings kafka, Topic topic) {
    return new ConfigResource(ConfigResource.Type.TOPIC, kafka.topic(topic));
  }

  private void assertRefused(FailureCode expected, String key, Object value) throws Exception {
    Properties wrong = lines();
    wrong.setProperty(key, value.toString());
    StoreException refusal = refusal(wrong);
    assertThat(refusal.code()).as(key + "=" + value + ": " + refusal).isEqualTo(expected);
    assertThat(refusal.toString()).doesNotContain(secrets()).doesNotContain("wr0ng");
  }

  private StoreException refusal(Properties lines) throws Exception {
    WorldSettings world = WorldSettings.read(write(lines));
    return Objects.requireNonNull(
        catchThrowableOfType(StoreException.class, () -> WorldChecks.check(world)),
        "nobody refused");
  }

  private Properties lines() throws Exception {
    Properties lines = new Properties();
    try (Reader reader = Files.newBufferedReader(services().connections())) {
      lines.load(reader);
    }
    return lines;
  }

  private Path write(Properties lines) throws Exception {
    Path file = Files.createTempFile(folder, "connections", ".properties");
    try (Writer writer = Files.newBufferedWriter(file)) {
      lines.store(writer, null);
    }
    return file;
  }

  private Path secret(String text) throws Exception {
    return Files.writeString(Files.createTempFile(folder, "secret", ""), text);
  }

  /** Of an authority that vouches for none of them. */
  private Path otherRoot() throws Exception {
    Path other = folder.resolve("other");
    ServerCertificate certificate = new ServerCertificate(other);
    certificate.make(
        Connections.of(ClusterSettings.read(other, Map.of("secured", "true"))), "changeit");
    return certificate.certificate();
  }

  private RunningServices services() {
    return Objects.requireNonNull(services);
  }
}
