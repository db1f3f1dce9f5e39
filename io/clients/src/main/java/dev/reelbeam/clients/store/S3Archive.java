package dev.reelbeam.clients.store;

import dev.reelbeam.clients.config.S3Settings;
import dev.reelbeam.model.failure.FailureCode;
import dev.reelbeam.model.failure.StageException;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import software.amazon.awssdk.services.s3.model.ListObjectsV2Response;
import software.amazon.awssdk.services.s3.model.NoSuchBucketException;
import software.amazon.awssdk.services.s3.model.NoSuchKeyException;
import software.amazon.awssdk.services.s3.model.S3Exception;
import software.amazon.awssdk.services.s3.model.S3Object;

/**
 * Objects of somebody else's bucket below a prefix, read only: the archive of a backfill.
 *
 * <p>Listed in the order of their names, a page at a time. What is fetched lies below one folder,
 * under the object's own name; a name that would leave it is refused.
 */
public final class S3Archive implements AutoCloseable {
  private final S3Access access;
  private final String bucket;
  private final String prefix;

  private S3Archive(S3Access access, String bucket, String prefix) {
    this.access = access;
    this.bucket = bucket;
    this.prefix = prefix;
  }

  /** Whether an address is one of these. */
  public static boolean isAddress(String address) {
    return address.startsWith("s3://");
  }

  /**
   * Opens it without a call.
   *
   * @param connection endpoint, region and keys; its bucket and prefix do not count
   * @param address {@code s3://bucket} or {@code s3://bucket/prefix}
   * @throws StageException {@code SOURCE_UNREADABLE} when it names no bucket
   */
  public static S3Archive open(S3Settings connection, String address) throws StageException {
    URI uri;
    try {
      uri = URI.create(address);
    } catch (IllegalArgumentException e) {
      throw new StageException(FailureCode.SOURCE_UNREADABLE, address + " is no address", e);
    }
    String bucket = uri.getAuthority();
    if (bucket == null || bucket.isBlank()) {
      throw new StageException(FailureCode.SOURCE_UNREADABLE, address + " names no bucket");
    }
    String path = uri.getPath() == null ? "" : uri.getPath();
    return new S3Archive(
        S3Access.open(connection), bucket, path.startsWith("/") ? path.substring(1) : path);
  }

  /** Hears of the name of each object; a {@link StageException} or an exception of it ends. */
  public interface Listener {
    void hear(String name) throws StageException;
  }

  /**
   * Lists the objects.
   *
   * @throws StageException {@code SOURCE_UNREADABLE} when there is no such bucket
   */
  public void list(Listener listener) throws StageException {
    String token = null;
    do {
      String from = token;
      var page =
          S3ObjectStore.call(
              "list s3://" + bucket + "/" + prefix,
              () -> {
                try {
                  return Optional.of(
                      access
                          .client()
                          .listObjectsV2(
                              request ->
                                  request.bucket(bucket).prefix(prefix).continuationToken(from)));
                } catch (NoSuchBucketException e) {
                  return Optional.<ListObjectsV2Response>empty();
                }
              });
      if (page.isEmpty()) {
        throw new StageException(
            FailureCode.SOURCE_UNREADABLE, "there is no bucket '" + bucket + "'");
      }
      for (S3Object object : page.get().contents()) {
        listener.hear(object.key());
      }
      token =
          Boolean.TRUE.equals(page.get().isTruncated()) ? page.get().nextContinuationToken() : null;
    } while (token != null);
  }

  /**
   * Fetches an object below a folder; nothing is fetched twice.
   *
   * @return its file, empty when there is no such object
   * @throws StageException {@code PATH_ESCAPES_ROOT}, {@code SOURCE_UNREADABLE} when it is larger
   *     than {@code maxBytes} or cannot be written
   */
  public Optional<Path> fetch(String name, Path folder, long maxBytes) throws StageException {
    Path root = folder.toAbsolutePath().normalize();
    Path file = root.resolve(name).normalize();
    if (!file.startsWith(root) || file.equals(root)) {
      throw new StageException(
          FailureCode.PATH_ESCAPES_ROOT, "'" + name + "' leaves the folder of its archive");
    }
    if (Files.exists(file)) {
      return Optional.of(file);
    }
    long size =
        S3ObjectStore.call(
            "look for " + name,
            () -> {
              try {
                return access
                    .client()
                    .headObject(request -> request.bucket(bucket).key(name))
                    .contentLength();
              } catch (NoSuchKeyException e) {
                return -1L;
              } catch (S3Exception e) {
                if (e.statusCode() == 404) {
                  return -1L;
                }
                throw e;
              }
            });
    if (size < 0) {
      return Optional.empty();
    }
    if (size > maxBytes) {
      throw new StageException(
          FailureCode.SOURCE_UNREADABLE,
          "'" + name + "' has " + size + " bytes; at most " + maxBytes + " are read");
    }
    byte[] bytes =
        S3ObjectStore.call(
            "read " + name,
            () ->
                access
                    .client()
                    .getObjectAsBytes(request -> request.bucket(bucket).key(name))
                    .asByteArray());
    try {
      Path parent = file.getParent();
      if (parent != null) {
        Files.createDirectories(parent);
      }
      return Optional.of(Files.write(file, bytes));
    } catch (IOException e) {
      throw new StageException(
          FailureCode.SOURCE_UNREADABLE, "cannot keep '" + name + "': " + e.getMessage(), e);
    }
  }

  @Override
  public void close() {
    access.close();
  }
}
