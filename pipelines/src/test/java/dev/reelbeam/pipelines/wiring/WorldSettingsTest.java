package dev.reelbeam.pipelines.wiring;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import dev.reelbeam.clients.config.SecretRef;
import dev.reelbeam.model.failure.FailureCode;
import dev.reelbeam.model.failure.StageException;
import java.io.ByteArrayOutputStream;
import java.io.ObjectOutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class WorldSettingsTest {
  private static final String SECRET = "never-seen";

  @TempDir Path folder;

  @Test
  void aUserSignsInOverTlsUnlessSomethingElseIsSaid() throws Exception {
    Map<String, Object> client =
        read(Map.of("kafka.user", "reelbeam", "kafka.password.file", secretFile()))
            .kafka()
            .clientProperties();
    assertThat(client)
        .containsEntry("security.protocol", "SASL_SSL")
        .containsEntry("sasl.mechanism", "SCRAM-SHA-512")
        .containsEntry(
            "sasl.jaas.config",
            "org.apache.kafka.common.security.scram.ScramLoginModule required"
                + " username=\"reelbeam\" password=\"never-seen\";");
    assertThat(
            read(Map.of(
                    "kafka.user", "reelbeam",
                    "kafka.password", "a\"b\\c",
                    "kafka.sasl.mechanism", "plain",
                    "kafka.security.protocol", "sasl_plaintext"))
                .kafka()
                .clientProperties())
        .containsEntry("security.protocol", "SASL_PLAINTEXT")
        .containsEntry("sasl.mechanism", "PLAIN")
        .containsEntry(
            "sasl.jaas.config",
            "org.apache.kafka.common.security.plain.PlainLoginModule required"
                + " username=\"reelbeam\" password=\"a\\\"b\\\\c\";");
  }

  @Test
  void aBaseOfAddressesIsOneOfTheWeb() throws Exception {
    assertThat(read(Map.of()).mediaBaseUrl()).isNull();
    assertThat(read(Map.of("media.base.url", "https://v.example.org/")).mediaBaseUrl())
        .isEqualTo("https://v.example.org/");
    assertThat(
            catchThrowableOfType(
                    StageException.class, () -> read(Map.of("media.base.url", "/srv/videos")))
                .code())
        .isEqualTo(FailureCode.SETTING_INVALID);
  }

  @Test
  void whatViewsAreTakenToEarnIsOneNumberForEachPlatform() throws Exception {
    assertThat(read(Map.of()).revenueRates()).isEmpty();
    assertThat(read(Map.of("measure.revenue.rates", "tiktok = 21000,x=0")).revenueRates())
        .isEqualTo(Map.of("tiktok", 21_000L, "x", 0L));
    for (String wrong :
        List.of("tiktok", "tiktok=1.5", "vimeo=3", "x=1,x=2", "x=-1", "x=30000001", "x=1,")) {
      StageException refused =
          catchThrowableOfType(
              StageException.class, () -> read(Map.of("measure.revenue.rates", wrong)));
      assertThat(refused).as(wrong).isNotNull();
      assertThat(refused.code()).isEqualTo(FailureCode.SETTING_INVALID);
      assertThat(refused).hasMessageContaining("measure.revenue.rates in");
    }
  }

  @Test
  void anAuthorityIsPemOrAKeyStoreByItsName() throws Exception {
    assertThat(read(Map.of("kafka.tls.root", "/etc/ca.crt")).kafka().client())
        .containsEntry("security.protocol", "SSL")
        .containsEntry("ssl.truststore.type", "PEM")
        .containsEntry("ssl.truststore.location", "/etc/ca.crt");
    WorldSettings store =
        read(Map.of("kafka.tls.root", "/etc/ca.jks", "kafka.tls.root.password", SECRET));
    assertThat(store.kafka().client()).containsEntry("ssl.truststore.type", "JKS");
    assertThat(store.kafka().secrets())
        .containsEntry("ssl.truststore.password", SecretRef.value(SECRET));
  }

  @Test
  void propertiesOfKafkasClientsThatAreSecretAreReferences() throws Exception {
    WorldSettings world =
        read(
            Map.of(
                "kafka.client.ssl.keystore.password.file",
                secretFile(),
                "kafka.client.ssl.key.password.env",
                "KEY_PASSWORD",
                "kafka.client.sasl.jaas.config",
                "module " + SECRET,
                "kafka.client.request.timeout.ms",
                "5000"));
    assertThat(world.kafka().client()).isEqualTo(Map.of("request.timeout.ms", "5000"));
    assertThat(world.kafka().secrets())
        .containsOnlyKeys("ssl.keystore.password", "ssl.key.password", "sasl.jaas.config")
        .containsEntry("ssl.key.password", SecretRef.environment("KEY_PASSWORD"));
    assertThat(world.toString()).doesNotContain(SECRET);
  }

  @Test
  void whatIsNamedByAFileIsNoPartOfAGraph() throws Exception {
    Map<String, String> lines = new HashMap<>();
    lines.put("kafka.user", "reelbeam");
    lines.put("kafka.password.file", secretFile());
    lines.put("kafka.client.ssl.keystore.password.file", secretFile());
    lines.put("postgres.password.file", secretFile());
    lines.put("s3.access.key.file", secretFile());
    lines.put("s3.secret.key.file", secretFile());
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    try (ObjectOutputStream out = new ObjectOutputStream(bytes)) {
      out.writeObject(read(lines));
    }
    assertThat(bytes.toString(StandardCharsets.ISO_8859_1)).doesNotContain(SECRET);
  }

  @Test
  void postgresIsVerifiedByItsAuthorityOrByThoseOfJava() throws Exception {
    assertThat(read(Map.of()).postgres().client()).isEmpty();
    assertThat(read(Map.of("postgres.tls.root", "/etc/ca.crt")).postgres().client())
        .isEqualTo(Map.of("sslmode", "verify-full", "sslrootcert", "/etc/ca.crt"));
    assertThat(read(Map.of("postgres.tls", "verify-full")).postgres().client())
        .containsEntry("sslfactory", "org.postgresql.ssl.DefaultJavaSSLFactory");
    assertThat(read(Map.of("postgres.tls", "require")).postgres().client())
        .isEqualTo(Map.of("sslmode", "require"));
  }

  @Test
  void aVariableWinsOverALine() throws Exception {
    Map<String, String> lines = usual();
    lines.put("kafka.user", "line");
    Map<String, String> variables =
        Map.of("REELBEAM_KAFKA_USER", "variable", "REELBEAM_KAFKA_PASSWORD_FILE", secretFile());
    assertThat(WorldSettings.of(lines, variables::get, "here").kafka().clientProperties())
        .hasEntrySatisfying(
            "sasl.jaas.config", jaas -> assertThat((String) jaas).contains("\"variable\""));
  }

  @Test
  void whatCannotBeMeantIsNamed() {
    assertInvalid(Map.of("kafka.security.protocol", "TLS"), "SASL_SSL");
    assertInvalid(Map.of("kafka.user", "u", "kafka.sasl.mechanism", "SCRAM"), "SCRAM-SHA-512");
    assertInvalid(Map.of("kafka.user", "u"), "kafka.password.file");
    assertInvalid(Map.of("postgres.tls", "yes"), "verify-full");
    assertInvalid(Map.of("s3.access.key", "a"), "s3.secret.key is missing");
    assertInvalid(Map.of("s3.secret.key", "a"), "s3.access.key is missing");
    StageException inUrl =
        invalid(Map.of("postgres.url", "jdbc:postgresql://h/d?user=u&password=" + SECRET));
    assertThat(inUrl).hasMessageContaining("postgres.password.file");
    assertThat(inUrl.getMessage()).doesNotContain(SECRET);
  }

  private static void assertInvalid(Map<String, String> lines, String part) {
    StageException failure = invalid(lines);
    assertThat(failure.code()).isEqualTo(FailureCode.SETTING_INVALID);
    assertThat(failure).hasMessageContaining(part);
  }

  private static StageException invalid(Map<String, String> lines) {
    return catchThrowableOfType(StageException.class, () -> read(lines));
  }

  private static WorldSettings read(Map<String, String> lines) throws StageException {
    Map<String, String> all = usual();
    all.putAll(lines);
    return WorldSettings.of(all, variable -> null, "here");
  }

  private static Map<String, String> usual() {
    return new HashMap<>(
        Map.of(
            "kafka.bootstrap", "127.0.0.1:9092",
            "postgres.url", "jdbc:postgresql://127.0.0.1/postgres",
            "postgres.password", "hush",
            "s3.bucket", "reelbeam"));
  }

  private String secretFile() throws Exception {
    Path file = folder.resolve("secret");
    return Files.writeString(file, SECRET + "\n").toString();
  }
}
