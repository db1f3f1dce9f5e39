package dev.reelbeam.pipelines.wiring;

import dev.reelbeam.clients.config.KafkaSettings;
import dev.reelbeam.clients.config.PostgresSettings;
import dev.reelbeam.clients.config.S3Settings;
import dev.reelbeam.clients.config.SecretRef;
import dev.reelbeam.model.failure.FailureCode;
import dev.reelbeam.model.failure.StageException;
import dev.reelbeam.stages.deliver.VideoObject;
import dev.reelbeam.stages.engagement.MeasureSettings;
import java.io.IOException;
import java.io.Reader;
import java.io.Serializable;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Properties;
import java.util.function.UnaryOperator;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * Where Kafka, Postgres, S3 and Flink are: one file for the jobs and the command line.
 *
 * <p>A properties file; a variable of the environment wins over a line of it ({@code
 * REELBEAM_POSTGRES_URL} over {@code postgres.url}). A secret is named by its file or its variable
 * ({@code postgres.password.file}, {@code postgres.password.env}); in plain text ({@code
 * postgres.password}) it belongs on the user's own machine only. See {@code pipelines/README.md}
 * for every key.
 *
 * @param flinkUrl Flink's REST address, null where there is none
 * @param mediaBaseUrl where the files of deliveries will be on the web, null where nobody has said
 * @param revenueRates what a thousand views are taken to earn, in micro-dollars by platform, where
 *     none is told; the running job and a replay of its history read them here
 * @param source how the file is called in messages
 */
public record WorldSettings(
    KafkaSettings kafka,
    PostgresSettings postgres,
    S3Settings s3,
    @Nullable String flinkUrl,
    @Nullable String mediaBaseUrl,
    Map<String, Long> revenueRates,
    String source)
    implements Serializable {
  /** Below the folder that holds {@code .reelbeam}: what {@code up} writes. */
  public static final Path USUAL_FILE = Path.of(".reelbeam", "cluster", "connections.properties");

  /** Line of the rates. */
  public static final String REVENUE_RATES = "measure.revenue.rates";

  private static final List<String> PROTOCOLS =
      List.of("PLAINTEXT", "SSL", "SASL_PLAINTEXT", "SASL_SSL");
  private static final String USUAL_MECHANISM = "SCRAM-SHA-512";
  private static final List<String> MECHANISMS = List.of("PLAIN", "SCRAM-SHA-256", USUAL_MECHANISM);
  private static final List<String> TLS_MODES =
      List.of("disable", "prefer", "require", "verify-ca", "verify-full");
  private static final Pattern PASSWORD_IN_URL =
      Pattern.compile("[?&](ssl)?password=|//[^/@]*:[^/@]*@", Pattern.CASE_INSENSITIVE);

  /** Names the file when no option does. */
  public static final String VARIABLE = "REELBEAM_CONNECTIONS";

  /**
   * Reads the settings of the file that is named, of {@link #VARIABLE}, or of the nearest {@link
   * #USUAL_FILE} here or above.
   *
   * @throws StageException {@code SETTINGS_MISSING}, {@code SETTING_INVALID}
   */
  public static WorldSettings find(@Nullable Path named) throws StageException {
    if (named != null) {
      return read(named);
    }
    String variable = System.getenv(VARIABLE);
    if (variable != null && !variable.isBlank()) {
      return read(Path.of(variable));
    }
    for (Path folder = Path.of("").toAbsolutePath(); folder != null; folder = folder.getParent()) {
      if (Files.isRegularFile(folder.resolve(USUAL_FILE))) {
        return read(folder.resolve(USUAL_FILE));
      }
    }
    throw new StageException(
        FailureCode.SETTINGS_MISSING, "there is no " + USUAL_FILE + " here or above");
  }

  /**
   * Reads a file.
   *
   * @throws StageException {@code SETTINGS_MISSING}, {@code SETTING_INVALID}
   */
  public static WorldSettings read(Path file) throws StageException {
    Properties properties = new Properties();
    try (Reader reader = Files.newBufferedReader(file, StandardCharsets.UTF_8)) {
      properties.load(reader);
    } catch (IOException | IllegalArgumentException e) {
      throw new StageException(
          FailureCode.SETTINGS_MISSING, "cannot read " + file + ": " + e.getMessage(), e);
    }
    Map<String, String> lines = new HashMap<>();
    properties.stringPropertyNames().forEach(key -> lines.put(key, properties.getProperty(key)));
    return of(lines, System::getenv, file.toString());
  }

  /**
   * The settings of these lines.
   *
   * @param environment a variable's value, null when it is not set
   * @param source how they are called in messages
   */
  static WorldSettings of(
      Map<String, String> lines, UnaryOperator<@Nullable String> environment, String source)
      throws StageException {
    SettingsLines from = new SettingsLines(lines, environment, source);
    return new WorldSettings(
        kafka(from),
        postgres(from),
        s3(from),
        from.optional("flink.url"),
        mediaBaseUrl(from),
        revenueRates(from),
        source);
  }

  private static Map<String, Long> revenueRates(SettingsLines from) throws StageException {
    try {
      return MeasureSettings.parseRates(from.text(REVENUE_RATES, ""));
    } catch (IllegalArgumentException e) {
      throw from.invalid(REVENUE_RATES + " in " + from.source() + ": " + e.getMessage());
    }
  }

  private static @Nullable String mediaBaseUrl(SettingsLines from) throws StageException {
    String base = from.optional("media.base.url");
    String fault = base == null ? null : VideoObject.fault(base);
    if (fault != null) {
      throw from.invalid("media.base.url in " + from.source() + ": " + fault);
    }
    return base;
  }

  private static KafkaSettings kafka(SettingsLines from) throws StageException {
    String prefix = "kafka.client.";
    Map<String, String> client = new HashMap<>(from.below(prefix));
    Map<String, SecretRef> secrets = new HashMap<>();
    for (String key : SettingsLines.secretKeys(client.keySet())) {
      client.keySet().removeAll(List.of(key, key + ".file", key + ".env"));
      SecretRef secret = from.secret(prefix + key);
      if (secret != null) {
        secrets.put(key, secret);
      }
    }
    // By a variable alone, too.
    SecretRef jaas = from.secret(prefix + "sasl.jaas.config");
    if (jaas != null) {
      secrets.put("sasl.jaas.config", jaas);
    }
    String root = from.optional("kafka.tls.root");
    String user = from.optional("kafka.user");
    String protocol = from.choice("kafka.security.protocol", PROTOCOLS);
    if (protocol == null && (user != null || root != null)) {
      // A password never goes over an open line unless somebody says so.
      protocol = user == null ? "SSL" : "SASL_SSL";
    }
    if (protocol != null) {
      client.put(KafkaSettings.PROTOCOL, protocol);
    }
    if (root != null) {
      client.put("ssl.truststore.location", root);
      client.put("ssl.truststore.type", storeType(root));
      SecretRef password = from.secret("kafka.tls.root.password");
      if (password != null) {
        secrets.put("ssl.truststore.password", password);
      }
    }
    KafkaSettings.Login login = null;
    if (user != null) {
      String mechanism = from.choice("kafka.sasl.mechanism", MECHANISMS);
      client.put(KafkaSettings.MECHANISM, mechanism == null ? USUAL_MECHANISM : mechanism);
      login = new KafkaSettings.Login(user, from.requiredSecret("kafka.password"));
    }
    return new KafkaSettings(
        from.required("kafka.bootstrap"),
        from.text("kafka.topic.prefix", "reelbeam"),
        client,
        secrets,
        login);
  }

  private static String storeType(String file) {
    String name = file.toLowerCase(Locale.ROOT);
    if (name.endsWith(".jks")) {
      return "JKS";
    }
    return name.endsWith(".p12") || name.endsWith(".pfx") ? "PKCS12" : "PEM";
  }

  private static PostgresSettings postgres(SettingsLines from) throws StageException {
    String url = from.required("postgres.url");
    if (PASSWORD_IN_URL.matcher(url).find()) {
      throw from.invalid(
          "postgres.url in "
              + from.source()
              + " holds a password: give it as postgres.password.file or postgres.password.env");
    }
    String root = from.optional("postgres.tls.root");
    String mode = from.choice("postgres.tls", TLS_MODES);
    Map<String, String> client = new HashMap<>();
    if (mode != null || root != null) {
      client.put("sslmode", mode == null ? "verify-full" : mode);
    }
    if (root != null) {
      client.put("sslrootcert", root);
    } else if (mode != null && mode.startsWith("verify")) {
      // Of a managed database: the authorities that this Java trusts.
      client.put("sslfactory", "org.postgresql.ssl.DefaultJavaSSLFactory");
    }
    return new PostgresSettings(
        url,
        from.text("postgres.user", "reelbeam"),
        from.requiredSecret("postgres.password"),
        from.whole("postgres.pool.size", PostgresSettings.USUAL_POOL_SIZE, 1, 100),
        from.whole("postgres.patience.seconds", PostgresSettings.USUAL_PATIENCE_SECONDS, 0, 3600),
        client);
  }

  private static S3Settings s3(SettingsLines from) throws StageException {
    SecretRef access = from.secret("s3.access.key");
    SecretRef secret = from.secret("s3.secret.key");
    if ((access == null) != (secret == null)) {
      throw from.invalid(
          (access == null ? "s3.access.key" : "s3.secret.key")
              + " is missing in "
              + from.source()
              + ": give both keys, or neither for the machine's own identity");
    }
    return new S3Settings(
        from.optional("s3.endpoint"),
        from.text("s3.region", "us-east-1"),
        from.required("s3.bucket"),
        from.text("s3.prefix", ""),
        !from.text("s3.path.style", "true").equals("false"),
        access,
        secret,
        from.optional("s3.public.base.url"),
        from.optional("s3.cache.folder"),
        1_000_000L
            * from.whole(
                "s3.cache.megabytes",
                (int) (S3Settings.USUAL_CACHE_BYTES / 1_000_000),
                10,
                10_000_000),
        from.optional("s3.tls.root"));
  }
}
