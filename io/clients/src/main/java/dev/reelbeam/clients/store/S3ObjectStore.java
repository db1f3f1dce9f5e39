package dev.reelbeam.clients.store;

import dev.reelbeam.clients.config.S3Settings;
import dev.reelbeam.clients.tls.TrustedRoots;
import dev.reelbeam.model.failure.FailureCode;
import dev.reelbeam.model.json.RecordJson;
import dev.reelbeam.model.port.Lease;
import dev.reelbeam.model.port.LeaseStore;
import dev.reelbeam.model.port.MediaAddresses;
import dev.reelbeam.model.port.ObjectStore;
import dev.reelbeam.model.port.StoreException;
import dev.reelbeam.model.store.MediaRef;
import dev.reelbeam.model.store.StepKey;
import java.io.IOException;
import java.io.InputStream;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import software.amazon.awssdk.core.exception.SdkClientException;
import software.amazon.awssdk.core.exception.SdkException;
import software.amazon.awssdk.core.sync.RequestBody;
import software.amazon.awssdk.services.s3.S3Client;
import software.amazon.awssdk.services.s3.model.CompletedMultipartUpload;
import software.amazon.awssdk.services.s3.model.CompletedPart;
import software.amazon.awssdk.services.s3.model.NoSuchBucketException;
import software.amazon.awssdk.services.s3.model.NoSuchKeyException;
import software.amazon.awssdk.services.s3.model.S3Exception;
import software.amazon.awssdk.services.s3.presigner.S3Presigner;
import software.amazon.awssdk.services.s3.presigner.model.GetObjectPresignRequest;

/**
 * An object store in a bucket of S3, or of a server that speaks its protocol.
 *
 * <p>{@code <prefix>blobs/ab/<sha256>} holds bytes. Step keys are kept by {@link ResultKeys}: rows
 * of Postgres, or {@code <prefix>keys/ab/<step key>} by conditional puts. What was read once lies
 * in a bounded folder of local copies; every download is compared with its hash. Large files go up
 * in parts. Thread-safe.
 */
public final class S3ObjectStore implements ObjectStore, MediaAddresses {
  /** Larger files go up in parts of this size, so that a lost connection costs one part. */
  static final long PART_BYTES = 16L << 20;

  private static final Pattern HEX = Pattern.compile("[0-9a-f]{64}");

  private final S3Settings settings;
  private final S3Access access;
  private final ResultKeys keys;
  private final LocalCopies copies;
  private final SeenObjects seen;
  private final @Nullable StepLeases leases;

  private S3ObjectStore(
      S3Settings settings,
      S3Access access,
      @Nullable ResultKeys keys,
      @Nullable LeaseStore leases) {
    this.settings = settings;
    this.access = access;
    this.keys = keys == null ? new S3ResultKeys(access.client(), settings) : keys;
    this.copies = LocalCopies.of(settings);
    this.seen = SeenObjects.of(settings);
    this.leases = leases == null ? null : new StepLeases(leases);
  }

  /** A store whose step keys are objects of the same bucket, arbitrated by conditional puts. */
  public static S3ObjectStore open(S3Settings settings) {
    return new S3ObjectStore(settings, S3Access.open(settings), null, null);
  }

  /** A store whose step keys and leases are kept by somebody else; they are closed with it. */
  public static S3ObjectStore open(S3Settings settings, ResultKeys keys, LeaseStore leases) {
    return new S3ObjectStore(settings, S3Access.open(settings), keys, leases);
  }

  /**
   * Whether the bucket is there and may be used.
   *
   * @throws StoreException {@code BUCKET_MISSING}, {@code STORE_REFUSED}, {@code
   *     STORAGE_UNAVAILABLE}
   */
  public void check() {
    call(
        "look at the bucket",
        () ->
            access.client().listObjectsV2(request -> request.bucket(settings.bucket()).maxKeys(1)));
  }

  @Override
  public MediaRef put(byte[] bytes, String contentType) {
    MediaRef ref = new MediaRef(RecordJson.sha256(bytes), bytes.length, contentType);
    if (!there(ref)) {
      upload(ref, RequestBody.fromBytes(bytes));
    }
    seen.saw(ref.sha256(), bytes);
    return ref;
  }

  @Override
  public MediaRef put(Path file, String contentType) {
    MediaRef ref;
    try {
      ref = new MediaRef(LocalCopies.sha256(file), Files.size(file), contentType);
    } catch (IOException e) {
      throw new StoreException(
          FailureCode.STORAGE_UNAVAILABLE, "cannot read " + file.getFileName(), e);
    }
    if (!there(ref)) {
      if (ref.sizeBytes() > PART_BYTES) {
        uploadInParts(ref, file);
      } else {
        upload(ref, RequestBody.fromFile(file));
      }
    }
    copies.keep(file, ref);
    return ref;
  }

  @Override
  public InputStream open(MediaRef ref) {
    try {
      return Files.newInputStream(localFile(ref));
    } catch (IOException e) {
      throw new StoreException(FailureCode.STORAGE_UNAVAILABLE, "cannot open " + ref.sha256(), e);
    }
  }

  @Override
  public byte[] read(MediaRef ref) {
    byte[] kept = seen.content(ref.sha256());
    if (kept != null) {
      return kept;
    }
    Path copy = copies.find(ref);
    if (copy != null) {
      try {
        return Files.readAllBytes(copy);
      } catch (IOException e) {
        // Another process made room: read from the bucket.
      }
    }
    byte[] bytes = fetched(ref);
    if (!RecordJson.sha256(bytes).equals(ref.sha256())) {
      bytes = fetched(ref); // It may have been written just now, by a server that does so in place.
    }
    verified(ref, RecordJson.sha256(bytes));
    seen.saw(ref.sha256(), bytes);
    return bytes;
  }

  private byte[] fetched(MediaRef ref) {
    return needed(
        ref,
        () ->
            access
                .client()
                .getObjectAsBytes(
                    request -> request.bucket(settings.bucket()).key(blob(ref.sha256())))
                .asByteArray());
  }

  /** Reads; what is not there was removed, and is asked for anew the next time. */
  private <T> T needed(MediaRef ref, Call<T> reading) {
    try {
      return call("read " + ref.sha256(), reading);
    } catch (StoreException e) {
      if (e.isOfOneElement()) {
        seen.missed(ref.sha256());
      }
      throw e;
    }
  }

  @Override
  public Path localFile(MediaRef ref) {
    return copies.get(
        ref,
        draft -> {
          needed(
              ref,
              () ->
                  access
                      .client()
                      .getObject(
                          request -> request.bucket(settings.bucket()).key(blob(ref.sha256())),
                          // The SDK refuses a file that is there: a repeated try starts anew.
                          (response, body) -> {
                            Files.copy(
                                body, draft, java.nio.file.StandardCopyOption.REPLACE_EXISTING);
                            return response;
                          }));
          verified(ref, LocalCopies.sha256(draft));
        });
  }

  @Override
  public boolean holds(MediaRef ref) {
    return ref.sha256() != null && ref.sha256().matches("[0-9a-f]{64}") && look(ref);
  }

  @Override
  public Optional<MediaRef> find(StepKey key) {
    // A result whose bytes were removed counts as never made.
    return keys.find(key).filter(this::there);
  }

  @Override
  public Map<StepKey, MediaRef> findAll(Collection<StepKey> all) {
    Map<StepKey, MediaRef> found = keys.findAll(all);
    found.values().removeIf(ref -> !there(ref));
    return found;
  }

  @Override
  public MediaRef putIfAbsent(StepKey key, MediaRef ref) {
    MediaRef winner = keys.putIfAbsent(key, ref);
    return winner.equals(ref) || there(winner) ? winner : keys.replace(key, winner, ref);
  }

  @Override
  public Lease lease(StepKey key) {
    return leases == null ? () -> {} : leases.take(key);
  }

  @Override
  public Optional<URI> signed(MediaRef ref, Duration time) {
    GetObjectPresignRequest request =
        GetObjectPresignRequest.builder()
            .signatureDuration(time)
            .getObjectRequest(
                get ->
                    get.bucket(settings.bucket())
                        .key(blob(ref.sha256()))
                        .responseContentType(ref.contentType()))
            .build();
    try (S3Presigner presigner = access.presigner()) {
      return Optional.of(URI.create(presigner.presignGetObject(request).url().toString()));
    }
  }

  @Override
  public Optional<URI> unsigned(MediaRef ref) {
    String base = settings.publicBaseUrl();
    return base == null
        ? Optional.empty()
        : Optional.of(URI.create((base.endsWith("/") ? base : base + "/") + blob(ref.sha256())));
  }

  @Override
  public void close() {
    if (leases != null) {
      leases.close();
    }
    keys.close();
    access.close();
  }

  private boolean there(MediaRef ref) {
    if (seen.isThere(ref.sha256())) {
      return true;
    }
    boolean found = look(ref);
    if (found) {
      seen.saw(ref.sha256());
    }
    return found;
  }

  /** Whether the bucket has these bytes, as many as that. */
  private boolean look(MediaRef ref) {
    return call(
        "look for " + ref.sha256(),
        () -> {
          try {
            return access
                    .client()
                    .headObject(
                        request -> request.bucket(settings.bucket()).key(blob(ref.sha256())))
                    .contentLength()
                == ref.sizeBytes();
          } catch (S3Exception e) {
            if (e.statusCode() == 404 && !(e instanceof NoSuchBucketException)) {
              return false;
            }
            throw e;
          }
        });
  }

  private void upload(MediaRef ref, RequestBody body) {
    call(
        "store " + ref.sizeBytes() + " bytes",
        () ->
            access
                .client()
                .putObject(
                    request ->
                        request
                            .bucket(settings.bucket())
                            .key(blob(ref.sha256()))
                            .contentType(ref.contentType()),
                    body));
    seen.saw(ref.sha256());
  }

  private void uploadInParts(MediaRef ref, Path file) {
    String key = blob(ref.sha256());
    String upload =
        call(
            "begin an upload",
            () ->
                access
                    .client()
                    .createMultipartUpload(
                        request ->
                            request
                                .bucket(settings.bucket())
                                .key(key)
                                .contentType(ref.contentType()))
                    .uploadId());
    boolean completed = false;
    try (InputStream in = Files.newInputStream(file)) {
      List<CompletedPart> parts = new ArrayList<>();
      for (int number = 1; ; number++) {
        byte[] bytes = in.readNBytes((int) PART_BYTES);
        if (bytes.length == 0) {
          break;
        }
        int part = number;
        String tag =
            call(
                "store part " + part,
                () ->
                    access
                        .client()
                        .uploadPart(
                            request ->
                                request
                                    .bucket(settings.bucket())
                                    .key(key)
                                    .uploadId(upload)
                                    .partNumber(part),
                            RequestBody.fromBytes(bytes))
                        .eTag());
        parts.add(CompletedPart.builder().partNumber(part).eTag(tag).build());
      }
      call(
          "complete an upload",
          () ->
              access
                  .client()
                  .completeMultipartUpload(
                      request ->
                          request
                              .bucket(settings.bucket())
                              .key(key)
                              .uploadId(upload)
                              .multipartUpload(
                                  CompletedMultipartUpload.builder().parts(parts).build())));
      completed = true;
      seen.saw(ref.sha256());
    } catch (IOException e) {
      throw new StoreException(
          FailureCode.STORAGE_UNAVAILABLE, "cannot read " + file.getFileName(), e);
    } finally {
      if (!completed) {
        abort(key, upload);
      }
    }
  }

  private void abort(String key, String upload) {
    try {
      access
          .client()
          .abortMultipartUpload(
              request -> request.bucket(settings.bucket()).key(key).uploadId(upload));
    } catch (SdkException e) {
      // Parts that stay behind cost space until the bucket's own rule removes them.
    }
  }

  private String blob(String sha256) {
    if (!HEX.matcher(sha256).matches()) {
      throw new IllegalArgumentException("not a sha256: " + sha256);
    }
    return settings.prefix() + "blobs/" + sha256.substring(0, 2) + "/" + sha256;
  }

  private static void verified(MediaRef ref, String sha256) {
    if (!sha256.equals(ref.sha256())) {
      throw new StoreException(
          FailureCode.CONTENT_DAMAGED,
          "the object " + ref.sha256() + " has the hash " + sha256,
          new IOException("hash differs"));
    }
  }

  /** A call to the server. */
  @FunctionalInterface
  interface Call<T> {
    T now();
  }

  /** The SDK repeats what may pass by itself; what is left is numbered here. */
  static <T> T call(String what, Call<T> call) {
    try {
      return call.now();
    } catch (S3Exception e) {
      throw failure(what, e);
    } catch (SdkClientException e) {
      FailureCode code = FailureCode.STORAGE_UNAVAILABLE;
      if (TrustedRoots.refused(e)) {
        code = FailureCode.TLS_REFUSED;
      } else if (String.valueOf(e.getMessage()).contains("load credentials")) {
        // No key is set, and the machine has no identity of its own.
        code = FailureCode.STORE_REFUSED;
      }
      throw new StoreException(code, "cannot " + what + ": " + firstLine(e), e);
    }
  }

  private static StoreException failure(String what, S3Exception e) {
    String name = e.awsErrorDetails() == null ? "" : e.awsErrorDetails().errorCode();
    FailureCode code = FailureCode.STORAGE_UNAVAILABLE;
    if (e instanceof NoSuchBucketException || "NoSuchBucket".equals(name)) {
      code = FailureCode.BUCKET_MISSING;
    } else if (e instanceof NoSuchKeyException || "NoSuchKey".equals(name)) {
      code = FailureCode.CONTENT_MISSING;
    } else if (e.statusCode() == 401 || e.statusCode() == 403) {
      code = FailureCode.STORE_REFUSED;
    } else if (e.statusCode() == 507
        || String.valueOf(e.getMessage()).toLowerCase(Locale.ROOT).contains("no space left")) {
      code = FailureCode.STORAGE_FULL;
    }
    return new StoreException(code, "cannot " + what + ": " + firstLine(e), e);
  }

  private static String firstLine(Exception e) {
    return String.valueOf(e.getMessage()).lines().findFirst().orElse("");
  }

  /** Step keys as objects of the bucket. */
  private static final class S3ResultKeys implements ResultKeys {
    private final S3Client client;
    private final S3Settings settings;

    S3ResultKeys(S3Client client, S3Settings settings) {
      this.client = client;
      this.settings = settings;
    }

    @Override
    public Optional<MediaRef> find(StepKey key) {
      return call(
          "look up " + key.hex(),
          () -> {
            try {
              byte[] json =
                  client
                      .getObjectAsBytes(
                          request -> request.bucket(settings.bucket()).key(object(key)))
                      .asByteArray();
              return Optional.of(RecordJson.read(json, MediaRef.class));
            } catch (S3Exception e) {
              if (e.statusCode() == 404 && !(e instanceof NoSuchBucketException)) {
                return Optional.empty();
              }
              throw e;
            }
          });
    }

    @Override
    public MediaRef putIfAbsent(StepKey key, MediaRef ref) {
      // Some servers take no notice of the condition: they shall at least not overwrite what is
      // there already.
      Optional<MediaRef> there = find(key);
      if (there.isPresent()) {
        return there.get();
      }
      return call(
          "store the result " + key.hex(),
          () -> {
            try {
              client.putObject(
                  request ->
                      request
                          .bucket(settings.bucket())
                          .key(object(key))
                          .contentType("application/json")
                          .ifNoneMatch("*"),
                  RequestBody.fromBytes(RecordJson.canonicalBytes(ref)));
              return ref;
            } catch (S3Exception e) {
              // 412: it is there; 409: somebody puts it at this moment.
              if (e.statusCode() == 412 || e.statusCode() == 409) {
                return find(key).orElseThrow(() -> e);
              }
              throw e;
            }
          });
    }

    @Override
    public MediaRef replace(StepKey key, MediaRef lost, MediaRef ref) {
      return call(
          "store the result " + key.hex(),
          () -> {
            client.putObject(
                request ->
                    request
                        .bucket(settings.bucket())
                        .key(object(key))
                        .contentType("application/json"),
                RequestBody.fromBytes(RecordJson.canonicalBytes(ref)));
            return ref;
          });
    }

    private String object(StepKey key) {
      if (!HEX.matcher(key.hex()).matches()) {
        throw new IllegalArgumentException("not a sha256: " + key.hex());
      }
      return settings.prefix() + "keys/" + key.hex().substring(0, 2) + "/" + key.hex();
    }

    @Override
    public void close() {
      // The client is the store's.
    }
  }
}
