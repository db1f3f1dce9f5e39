package dev.reelbeam.clients.config;

import java.io.Serializable;

/**
 * How Postgres is reached.
 *
 * @param url JDBC address
 * @param poolSize most connections of one JVM
 * @param patienceSeconds how long a database that is away is asked again before a call fails
 */
public record PostgresSettings(
    String url, String user, SecretRef password, int poolSize, int patienceSeconds)
    implements Serializable {
  /** Connections of one JVM: few, because every worker has its own and calls are short. */
  public static final int USUAL_POOL_SIZE = 8;

  /** A restart of the server, or the failover to another, is waited out. */
  public static final int USUAL_PATIENCE_SECONDS = 60;
}
