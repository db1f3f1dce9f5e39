package dev.reelbeam.clients;

import dev.reelbeam.clients.config.PostgresSettings;
import dev.reelbeam.clients.config.S3Settings;
import dev.reelbeam.clients.config.SecretRef;
import dev.reelbeam.clients.database.Migrations;
import io.zonky.test.db.postgres.embedded.EmbeddedPostgres;
import java.io.IOException;
import java.net.URI;
import java.time.Duration;
import java.util.Properties;
import org.gaul.s3proxy.AuthenticationType;
import org.gaul.s3proxy.S3Proxy;
import org.jclouds.ContextBuilder;
import org.jclouds.blobstore.BlobStoreContext;
import org.jspecify.annotations.Nullable;

/** Real servers for the tests of this module: Postgres, and one that speaks S3; started once. */
public final class TestServers {
  public static final String ACCESS_KEY = "test-access";
  public static final String SECRET_KEY = "test-secret";

  private static @Nullable EmbeddedPostgres postgres;
  private static @Nullable S3Proxy s3;

  private TestServers() {}

  /** A database with the tables of this release. */
  public static synchronized PostgresSettings postgres() {
    EmbeddedPostgres server = postgres;
    if (server == null) {
      try {
        server =
            EmbeddedPostgres.builder()
                .setServerConfig("fsync", "off")
                .setPGStartupWait(Duration.ofSeconds(120))
                .start();
      } catch (IOException e) {
        throw new IllegalStateException(e);
      }
      EmbeddedPostgres started = server;
      Runtime.getRuntime().addShutdownHook(new Thread(() -> close(started)));
      postgres = server;
      Migrations.run(settings(server));
    }
    return settings(server);
  }

  private static PostgresSettings settings(EmbeddedPostgres server) {
    return new PostgresSettings(
        server.getJdbcUrl("postgres", "postgres"),
        "postgres",
        SecretRef.value("unused"),
        /* poolSize= */ 8,
        /* patienceSeconds= */ 5);
  }

  private static void close(AutoCloseable server) {
    try {
      server.close();
    } catch (Exception e) {
      // The JVM ends.
    }
  }

  /** A bucket that is there. */
  public static synchronized S3Settings s3(String bucket) {
    S3Proxy server = s3;
    if (server == null) {
      try {
        Properties properties = new Properties();
        BlobStoreContext context =
            ContextBuilder.newBuilder("transient-nio2")
                .credentials("unused", "unused")
                .overrides(properties)
                .build(BlobStoreContext.class);
        server =
            S3Proxy.builder()
                .blobStore(context.getBlobStore())
                .endpoint(URI.create("http://127.0.0.1:0"))
                .awsAuthentication(AuthenticationType.AWS_V2_OR_V4, ACCESS_KEY, SECRET_KEY)
                .build();
        server.start();
      } catch (Exception e) {
        throw new IllegalStateException(e);
      }
      S3Proxy started = server;
      Runtime.getRuntime().addShutdownHook(new Thread(() -> close(started::stop)));
      s3 = server;
    }
    return new S3Settings(
        "http://127.0.0.1:" + server.getPort(),
        "us-east-1",
        bucket,
        "",
        /* pathStyle= */ true,
        SecretRef.value(ACCESS_KEY),
        SecretRef.value(SECRET_KEY),
        "https://cdn.example.com/videos",
        null,
        /* cacheBytes= */ 100_000_000,
        /* tlsRoot= */ null);
  }
}
