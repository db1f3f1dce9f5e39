package dev.reelbeam.clients.config;

import java.io.Serializable;
import java.util.HashMap;
import java.util.Map;

/**
 * How Postgres is reached.
 *
 * @param url JDBC address
 * @param poolSize most connections of one JVM
 * @param patienceSeconds how long a database that is away is asked again before a call fails
 * @param client further properties of the driver, none of them secret: sslmode, sslrootcert
 */
public record PostgresSettings(
    String url,
    String user,
    SecretRef password,
    int poolSize,
    int patienceSeconds,
    Map<String, String> client)
    implements Serializable {
  /** Connections of one JVM: few, because every worker has its own and calls are short. */
  public static final int USUAL_POOL_SIZE = 8;

  /** A restart of the server, or the failover to another, is waited out. */
  public static final int USUAL_PATIENCE_SECONDS = 60;

  public PostgresSettings {
    // Serializable whatever map was given.
    client = new HashMap<>(client);
  }

  /** With what the address says about the connection alone. */
  public PostgresSettings(
      String url, String user, SecretRef password, int poolSize, int patienceSeconds) {
    this(url, user, password, poolSize, patienceSeconds, Map.of());
  }
}
