package dev.reelbeam.clients.store;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.reelbeam.clients.TestServers;
import dev.reelbeam.clients.config.S3Settings;
import dev.reelbeam.clients.config.SecretRef;
import dev.reelbeam.clients.ledger.PostgresLeaseStore;
import dev.reelbeam.fakes.FakeObjectStore;
import dev.reelbeam.model.failure.FailureCode;
import dev.reelbeam.model.port.ObjectStore;
import dev.reelbeam.model.port.StoreException;
import dev.reelbeam.model.store.MediaRef;
import dev.reelbeam.model.store.StepKey;
import java.io.IOException;
import java.net.HttpURLConnection;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;

/** One contract, every store; and what is special about S3. */
class ObjectStoresTest {
  private static final String BUCKET = "reelbeam-test";

  @BeforeAll
  static void makeBucket() {
    try (S3Access access = S3Access.open(TestServers.s3(BUCKET))) {
      access.client().createBucket(request -> request.bucket(BUCKET));
    }
  }

  @Nested
  class InMemory extends ObjectStoreContract {
    private @Nullable FakeObjectStore store;

    @Override
    ObjectStore open() {
      store = store == null ? new FakeObjectStore(folder) : store;
      return store;
    }
  }

  @Nested
  class InAFolder extends ObjectStoreContract {
    @Override
    ObjectStore open() {
      return new FileObjectStore(folder.resolve("store"));
    }
  }

  @Nested
  class InABucketWithItsOwnKeys extends ObjectStoreContract {
    @Override
    ObjectStore open() {
      return S3ObjectStore.open(TestServers.s3(BUCKET));
    }

    /**
     * This server looks and writes in two steps: of writers at the same moment the last may win.
     */
    @Override
    @Test
    void theFirstResultUnderAKeyWinsAndEveryLoserReadsIt() {
      try (ObjectStore store = open()) {
        StepKey key = StepKey.of("step", 1, UUID.randomUUID().toString());
        MediaRef first = store.putIfAbsent(key, store.put(bytes("first"), "text/plain"));
        assertThat(store.putIfAbsent(key, store.put(bytes("second"), "text/plain")))
            .isEqualTo(first);
        assertThat(store.find(key)).contains(first);
      }
    }
  }

  @Nested
  class InABucketWithKeysInPostgres extends ObjectStoreContract {
    @Override
    ObjectStore open() {
      return S3ObjectStore.open(
          TestServers.s3(BUCKET),
          PostgresResultKeys.open(TestServers.postgres()),
          PostgresLeaseStore.open(TestServers.postgres()));
    }
  }

  @Test
  void aLargeFileGoesUpInPartsAndComesBackWhole(@org.junit.jupiter.api.io.TempDir Path folder)
      throws IOException {
    byte[] bytes = new byte[(int) (S3ObjectStore.PART_BYTES + (1 << 20))];
    for (int i = 0; i < bytes.length; i++) {
      bytes[i] = (byte) (i * 31 >> 3);
    }
    Path file = Files.write(folder.resolve("large.bin"), bytes);
    try (S3ObjectStore store = S3ObjectStore.open(TestServers.s3(BUCKET))) {
      MediaRef ref = store.put(file, "application/octet-stream");
      S3Settings s3 = TestServers.s3(BUCKET);
      // Other settings: no copy of it lies in their folder.
      try (S3ObjectStore other = S3ObjectStore.open(withCache(s3, 99_000_000))) {
        assertThat(other.localFile(ref)).hasBinaryContent(bytes);
      }
    }
  }

  @Test
  void aSignedAddressIsReadWithoutKeysAndNotWhenItsTimeIsOver() throws Exception {
    try (S3ObjectStore store = S3ObjectStore.open(TestServers.s3(BUCKET))) {
      MediaRef ref = store.put(ObjectStoreContract.bytes("for you"), "text/plain");
      URI signed = store.signed(ref, Duration.ofMinutes(5)).orElseThrow();
      HttpURLConnection connection = (HttpURLConnection) signed.toURL().openConnection();
      assertThat(connection.getInputStream().readAllBytes())
          .isEqualTo(ObjectStoreContract.bytes("for you"));
      String over = signed.toString().replaceAll("X-Amz-Expires=\\d+", "X-Amz-Expires=1");
      assertThat(status(URI.create(over))).isEqualTo(403);
      assertThat(status(URI.create(signed.toString().replaceAll("\\?.*", "")))).isEqualTo(403);
      assertThat(store.unsigned(ref).orElseThrow().toString())
          .isEqualTo(
              "https://cdn.example.com/videos/blobs/"
                  + ref.sha256().substring(0, 2)
                  + "/"
                  + ref.sha256());
    }
  }

  @Test
  void bytesThatAreNotThoseOfTheirHashAreRefused() {
    S3Settings s3 = TestServers.s3(BUCKET);
    MediaRef ref;
    try (S3ObjectStore store = S3ObjectStore.open(s3)) {
      ref = store.put(ObjectStoreContract.bytes("sound"), "text/plain");
    }
    try (S3Access access = S3Access.open(s3)) {
      access
          .client()
          .putObject(
              request ->
                  request
                      .bucket(BUCKET)
                      .key("blobs/" + ref.sha256().substring(0, 2) + "/" + ref.sha256()),
              software.amazon.awssdk.core.sync.RequestBody.fromString("rotte"));
    }
    // As another process sees it: this one knows what it wrote.
    try (S3ObjectStore store = S3ObjectStore.open(withCache(s3, 12_345_678))) {
      assertThat(codeOf(() -> store.read(ref))).isEqualTo(FailureCode.CONTENT_DAMAGED);
      assertThat(codeOf(() -> store.localFile(ref))).isEqualTo(FailureCode.CONTENT_DAMAGED);
    }
  }

  @Test
  void aBucketThatIsMissingAndKeysThatAreWrongHaveNumbers() {
    try (S3ObjectStore store = S3ObjectStore.open(TestServers.s3("no-such-bucket"))) {
      assertThat(codeOf(store::check)).isEqualTo(FailureCode.BUCKET_MISSING);
      assertThat(codeOf(() -> store.put(new byte[] {1}, "text/plain")))
          .isEqualTo(FailureCode.BUCKET_MISSING);
    }
    S3Settings s3 = TestServers.s3(BUCKET);
    S3Settings wrong =
        new S3Settings(
            s3.endpoint(),
            s3.region(),
            s3.bucket(),
            "",
            true,
            s3.accessKey(),
            SecretRef.value("wrong"),
            null,
            null,
            s3.cacheBytes(),
            /* tlsRoot= */ null);
    try (S3ObjectStore store = S3ObjectStore.open(wrong)) {
      assertThat(codeOf(store::check)).isEqualTo(FailureCode.STORE_REFUSED);
      assertThatThrownBy(store::check).hasMessageNotContaining("test-access");
    }
  }

  @Test
  void aServerThatIsAwayHasANumber() {
    S3Settings s3 = TestServers.s3(BUCKET);
    S3Settings away =
        new S3Settings(
            "http://127.0.0.1:1",
            s3.region(),
            s3.bucket(),
            "",
            true,
            s3.accessKey(),
            s3.secretKey(),
            null,
            null,
            s3.cacheBytes(),
            /* tlsRoot= */ null);
    try (S3ObjectStore store = S3ObjectStore.open(away)) {
      assertThat(codeOf(store::check)).isEqualTo(FailureCode.STORAGE_UNAVAILABLE);
    }
  }

  private static S3Settings withCache(S3Settings s3, long bytes) {
    return new S3Settings(
        s3.endpoint(),
        s3.region(),
        s3.bucket(),
        s3.prefix(),
        s3.pathStyle(),
        s3.accessKey(),
        s3.secretKey(),
        s3.publicBaseUrl(),
        s3.cacheFolder(),
        bytes,
        /* tlsRoot= */ null);
  }

  private static int status(URI address) throws IOException {
    return ((HttpURLConnection) address.toURL().openConnection()).getResponseCode();
  }

  private static FailureCode codeOf(org.assertj.core.api.ThrowableAssert.ThrowingCallable call) {
    StoreException[] caught = new StoreException[1];
    assertThatThrownBy(call).isInstanceOfSatisfying(StoreException.class, e -> caught[0] = e);
    return caught[0].code();
  }
}
