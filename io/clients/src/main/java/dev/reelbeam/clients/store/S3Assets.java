package dev.reelbeam.clients.store;

import dev.reelbeam.clients.config.S3Settings;
import dev.reelbeam.model.failure.FailureCode;
import dev.reelbeam.model.failure.StageException;
import dev.reelbeam.model.port.AssetReader;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.Optional;
import software.amazon.awssdk.core.sync.RequestBody;
import software.amazon.awssdk.services.s3.model.HeadObjectResponse;
import software.amazon.awssdk.services.s3.model.NoSuchBucketException;
import software.amazon.awssdk.services.s3.model.S3Exception;

/**
 * Pictures that came along with records, in the bucket of the store: {@code <prefix>assets/…}.
 *
 * <p>A path may not leave its record's folder, and a record's folder lies below {@link #base}.
 * Other buckets and web addresses are refused.
 */
public final class S3Assets implements AssetReader, AutoCloseable {
  /** Metadata of an object: the sha256 of its bytes. */
  private static final String HASH = "sha256";

  private final S3Settings settings;
  private final S3Access access;

  private S3Assets(S3Settings settings, S3Access access) {
    this.settings = settings;
    this.access = access;
  }

  public static S3Assets open(S3Settings settings) {
    return new S3Assets(settings, S3Access.open(settings));
  }

  /** Where records' folders lie, for example {@code s3://reelbeam/assets/}. */
  public static String base(S3Settings settings) {
    return "s3://" + settings.bucket() + "/" + settings.prefix() + "assets/";
  }

  /** Stores a picture under the path by which its record names it. */
  public void upload(String baseUri, String path, Path file) throws StageException {
    String key = key(baseUri, path);
    String hash;
    try {
      hash = LocalCopies.sha256(file);
    } catch (IOException e) {
      throw unreadable(path, e);
    }
    S3ObjectStore.call(
        "store " + path,
        () ->
            access
                .client()
                .putObject(
                    request ->
                        request.bucket(settings.bucket()).key(key).metadata(Map.of(HASH, hash)),
                    RequestBody.fromFile(file)));
  }

  /**
   * Whether another picture than this file lies under the path; none is no other. One that was
   * stored without its hash is told by its size.
   */
  public boolean holdsOther(String baseUri, String path, Path file) throws StageException {
    Optional<HeadObjectResponse> there = head(key(baseUri, path), path);
    if (there.isEmpty()) {
      return false;
    }
    String hash = there.get().metadata().get(HASH);
    try {
      return hash == null
          ? there.get().contentLength() != Files.size(file)
          : !hash.equals(LocalCopies.sha256(file));
    } catch (IOException e) {
      throw unreadable(path, e);
    }
  }

  private static StageException unreadable(String path, IOException e) {
    return new StageException(
        FailureCode.INPUT_UNREADABLE, "'" + path + "' cannot be read: " + e.getMessage(), e);
  }

  @Override
  public byte[] read(String baseUri, String url, long maxBytes) throws StageException {
    String key = key(baseUri, url);
    Optional<HeadObjectResponse> there = head(key, url);
    if (there.isEmpty()) {
      throw new StageException(FailureCode.INPUT_UNREADABLE, "'" + url + "' does not exist");
    }
    if (there.get().contentLength() > maxBytes) {
      throw new StageException(
          FailureCode.PICTURE_TOO_LARGE,
          "'"
              + url
              + "' has "
              + there.get().contentLength()
              + " bytes; at most "
              + maxBytes
              + " are read");
    }
    return S3ObjectStore.call(
        "read " + url,
        () ->
            access
                .client()
                .getObjectAsBytes(request -> request.bucket(settings.bucket()).key(key))
                .asByteArray());
  }

  private Optional<HeadObjectResponse> head(String key, String url) {
    return S3ObjectStore.call(
        "look for " + url,
        () -> {
          try {
            return Optional.of(
                access.client().headObject(request -> request.bucket(settings.bucket()).key(key)));
          } catch (S3Exception e) {
            if (e.statusCode() == 404 && !(e instanceof NoSuchBucketException)) {
              return Optional.empty();
            }
            throw e;
          }
        });
  }

  private String key(String baseUri, String url) throws StageException {
    if (!baseUri.startsWith(base(settings))
        || url.startsWith("/")
        || url.matches("(?i)^[a-z][a-z0-9+.-]*:.*")) {
      throw escapes(url);
    }
    String folder = baseUri.endsWith("/") ? baseUri : baseUri + "/";
    String plain = url.replaceAll("[?#].*$", "");
    try {
      URI root = new URI("s3", null, "/" + folder.substring("s3://".length()), null);
      URI file = root.resolve(new URI(null, null, plain, null)).normalize();
      if (!file.getPath().startsWith(root.getPath())) {
        throw escapes(url);
      }
      // "/bucket/key"
      return file.getPath().substring(settings.bucket().length() + 2);
    } catch (java.net.URISyntaxException e) {
      throw new StageException(FailureCode.INPUT_UNREADABLE, "'" + url + "' is not a path", e);
    }
  }

  private static StageException escapes(String url) {
    return new StageException(
        FailureCode.PATH_ESCAPES_ROOT, "'" + url + "' leaves the record's folder");
  }

  @Override
  public void close() {
    access.close();
  }
}
