package dev.reelbeam.pipelines.cluster;

import dev.reelbeam.model.failure.FailureCode;
import dev.reelbeam.model.failure.StageException;
import dev.reelbeam.pipelines.wiring.WorldSettings;
import java.io.IOException;
import java.io.Reader;
import java.nio.charset.StandardCharsets;
import java.nio.file.FileSystems;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.security.SecureRandom;
import java.util.Base64;
import java.util.HexFormat;
import java.util.Properties;

/**
 * Where the services of a cluster are and how one signs in: {@code connections.properties} in its
 * home, readable by its owner alone.
 *
 * <p>Jobs and commands get the path of this file, never a secret: options show up in Flink's web UI
 * and in the list of processes.
 */
public final class Connections {
  /** Its name in the home. */
  public static final String FILE = "connections.properties";

  static final String USER = "reelbeam";
  static final String POSTGRES_USER = USER;
  static final String BUCKET = "reelbeam";

  private static final String KAFKA = "kafka.bootstrap";
  private static final String KAFKA_ID = "kafka.cluster.id";
  private static final String KAFKA_PROTOCOL = "kafka.security.protocol";
  private static final String KAFKA_MECHANISM = "kafka.sasl.mechanism";
  private static final String KAFKA_USER = "kafka.user";
  private static final String KAFKA_PASSWORD = "kafka.password";
  private static final String KAFKA_ROOT = "kafka.tls.root";
  private static final String POSTGRES_URL = "postgres.url";
  private static final String POSTGRES_NAME = "postgres.user";
  private static final String POSTGRES_PASSWORD = "postgres.password";
  private static final String POSTGRES_TLS = "postgres.tls";
  private static final String POSTGRES_ROOT = "postgres.tls.root";
  private static final String S3_ENDPOINT = "s3.endpoint";
  private static final String S3_REGION = "s3.region";
  private static final String S3_BUCKET = "s3.bucket";
  private static final String S3_ACCESS = "s3.access.key";
  private static final String S3_SECRET = "s3.secret.key";
  private static final String S3_ROOT = "s3.tls.root";
  private static final String MEDIA_BASE_URL = "media.base.url";
  private static final int SECRET_BYTES = 24;

  private final Path file;
  private final Properties properties;

  private Connections(Path file, Properties properties) {
    this.file = file;
    this.properties = properties;
  }

  /**
   * The connections of a cluster; secrets are made the first time and kept. Those of a secured one
   * lie in files of their own, as they do where a real cluster mounts them.
   *
   * @throws StageException {@code 5039 CLUSTER_SETTINGS_INVALID} when the services were first
   *     started the other way
   */
  static Connections of(ClusterSettings settings) throws IOException, StageException {
    Path file = settings.home().resolve(FILE);
    Properties properties = new Properties();
    if (Files.exists(file)) {
      try (Reader reader = Files.newBufferedReader(file, StandardCharsets.UTF_8)) {
        properties.load(reader);
      }
      if (properties.containsKey(KAFKA_PROTOCOL) != settings.secured()) {
        throw new StageException(
            FailureCode.CLUSTER_SETTINGS_INVALID,
            "`secured` is chosen at the first `up`: the data in '%s' belong to services that are %s"
                .formatted(settings.home(), settings.secured() ? "open" : "secured"));
      }
    }
    Connections connections = new Connections(file, properties);
    connections.fill(settings);
    connections.write();
    return connections;
  }

  private void fill(ClusterSettings settings) throws IOException {
    SecureRandom random = new SecureRandom();
    boolean secured = settings.secured();
    properties.setProperty(KAFKA, "127.0.0.1:" + settings.port(ClusterPort.KAFKA));
    properties.putIfAbsent(KAFKA_ID, kafkaId(random));
    properties.setProperty(
        POSTGRES_URL,
        "jdbc:postgresql://127.0.0.1:" + settings.port(ClusterPort.POSTGRES) + "/postgres");
    properties.setProperty(POSTGRES_NAME, POSTGRES_USER);
    keepSecret(POSTGRES_PASSWORD, secured, random);
    properties.setProperty(
        S3_ENDPOINT,
        (secured ? "https" : "http") + "://127.0.0.1:" + settings.port(ClusterPort.S3));
    properties.setProperty(S3_REGION, "us-east-1");
    properties.setProperty(S3_BUCKET, BUCKET);
    properties.putIfAbsent(S3_ACCESS, "reelbeam");
    keepSecret(S3_SECRET, secured, random);
    if (!settings.mediaBaseUrl().isEmpty()) {
      properties.setProperty(MEDIA_BASE_URL, settings.mediaBaseUrl());
    }
    if (settings.revenueRates().isEmpty()) {
      properties.remove(WorldSettings.REVENUE_RATES);
    } else {
      properties.setProperty(WorldSettings.REVENUE_RATES, settings.revenueRates());
    }
    if (secured) {
      String root = new ServerCertificate(settings.home()).certificate().toString();
      properties.setProperty(KAFKA_PROTOCOL, "SASL_SSL");
      properties.setProperty(KAFKA_MECHANISM, "SCRAM-SHA-512");
      properties.setProperty(KAFKA_USER, USER);
      keepSecret(KAFKA_PASSWORD, secured, random);
      properties.setProperty(KAFKA_ROOT, root);
      properties.setProperty(POSTGRES_TLS, "verify-full");
      properties.setProperty(POSTGRES_ROOT, root);
      properties.setProperty(S3_ROOT, root);
    }
  }

  private void keepSecret(String key, boolean inFile, SecureRandom random) throws IOException {
    if (!inFile) {
      properties.putIfAbsent(key, secret(random));
      return;
    }
    Path secret = file.resolveSibling("secrets").resolve(key);
    if (!Files.exists(secret)) {
      writeSecret(secret, secret(random));
    }
    properties.setProperty(key + ".file", secret.toString());
  }

  private String secretOf(String key) throws IOException {
    String secret = properties.getProperty(key + ".file");
    return secret == null
        ? properties.getProperty(key)
        : Files.readString(Path.of(secret), StandardCharsets.UTF_8).strip();
  }

  Path file() {
    return file;
  }

  String kafka() {
    return properties.getProperty(KAFKA);
  }

  String kafkaClusterId() {
    return properties.getProperty(KAFKA_ID);
  }

  String postgresUrl() {
    return properties.getProperty(POSTGRES_URL);
  }

  String kafkaPassword() throws IOException {
    return secretOf(KAFKA_PASSWORD);
  }

  String postgresPassword() throws IOException {
    return secretOf(POSTGRES_PASSWORD);
  }

  String s3Endpoint() {
    return properties.getProperty(S3_ENDPOINT);
  }

  String s3AccessKey() {
    return properties.getProperty(S3_ACCESS);
  }

  String s3SecretKey() throws IOException {
    return secretOf(S3_SECRET);
  }

  private void write() throws IOException {
    StringBuilder text = new StringBuilder("# Addresses and secrets of this cluster: keep it.\n");
    properties.stringPropertyNames().stream()
        .sorted()
        .forEach(
            name ->
                text.append(name).append('=').append(properties.getProperty(name)).append('\n'));
    writeSecret(file, text.toString());
  }

  /** Writes a file that only its owner can read, whole or not at all. */
  void writeSecret(Path target, String text) throws IOException {
    Path folder = target.toAbsolutePath().getParent();
    Files.createDirectories(folder);
    Path draft =
        FileSystems.getDefault().supportedFileAttributeViews().contains("posix")
            ? Files.createTempFile(
                folder,
                ".secret",
                "",
                PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------")))
            : Files.createTempFile(folder, ".secret", "");
    Files.writeString(draft, text, StandardCharsets.UTF_8);
    Files.move(draft, target, StandardCopyOption.REPLACE_EXISTING, StandardCopyOption.ATOMIC_MOVE);
  }

  private static String secret(SecureRandom random) {
    byte[] bytes = new byte[SECRET_BYTES];
    random.nextBytes(bytes);
    return HexFormat.of().formatHex(bytes);
  }

  /** Kafka takes 16 bytes in URL-safe Base64; one that begins with a dash reads as an option. */
  private static String kafkaId(SecureRandom random) {
    byte[] bytes = new byte[16];
    random.nextBytes(bytes);
    bytes[0] &= 0x3f;
    return Base64.getUrlEncoder().withoutPadding().encodeToString(bytes);
  }
}
