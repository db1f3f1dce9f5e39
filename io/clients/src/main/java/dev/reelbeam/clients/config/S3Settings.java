package dev.reelbeam.clients.config;

import java.io.Serializable;
import org.jspecify.annotations.Nullable;

/**
 * How S3, or a server that speaks its protocol (MinIO, R2), is reached.
 *
 * @param endpoint address of the server, null for Amazon's own
 * @param region any name where the server has none
 * @param prefix before every object name, empty or ending in {@code /}
 * @param pathStyle whether the bucket is part of the path rather than of the host name
 * @param accessKey null: the machine's own identity, as the AWS SDK finds it
 * @param secretKey null: the machine's own identity
 * @param publicBaseUrl where the bucket is served to everybody, null when it is not
 * @param cacheFolder where local copies lie, null for the folder of temporary files
 * @param cacheBytes how much the local copies of one JVM may take
 * @param tlsRoot PEM file of the authorities that vouch for the server, null for the public ones
 */
public record S3Settings(
    @Nullable String endpoint,
    String region,
    String bucket,
    String prefix,
    boolean pathStyle,
    @Nullable SecretRef accessKey,
    @Nullable SecretRef secretKey,
    @Nullable String publicBaseUrl,
    @Nullable String cacheFolder,
    long cacheBytes,
    @Nullable String tlsRoot)
    implements Serializable {
  /** Enough for the segments and pictures of some ten videos. */
  public static final long USUAL_CACHE_BYTES = 4_000_000_000L;
}
