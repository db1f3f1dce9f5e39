package dev.reelbeam.clients.http;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import dev.reelbeam.model.failure.FailureCode;
import dev.reelbeam.model.failure.StageException;
import dev.reelbeam.simulators.NewAddresses;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Proxy;
import java.net.ProxySelector;
import java.net.SocketAddress;
import java.net.URI;
import java.net.UnknownHostException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import mockwebserver3.Dispatcher;
import mockwebserver3.MockResponse;
import mockwebserver3.MockWebServer;
import mockwebserver3.RecordedRequest;
import okhttp3.Dns;
import okhttp3.HttpUrl;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** A file's host is not the provider. */
@Timeout(120)
class WebDownloadTest {
  private static final CallPolicy POLICY =
      CallPolicy.DEFAULT
          .withPauses(Duration.ofMillis(1), Duration.ofSeconds(2))
          .withTimeouts(Duration.ofSeconds(30), Duration.ofSeconds(60))
          .withRates(10_000, 4);

  private final MockWebServer server = new MockWebServer();

  @BeforeEach
  void start() throws IOException {
    server.setServerSocketFactory(new NewAddresses());
    server.start();
  }

  @AfterEach
  void stop() {
    server.close();
  }

  private StageException failure(String origin, String file, Dns dns) {
    WebDownload files =
        new WebDownload("acme", Objects.requireNonNull(HttpUrl.parse(origin)), POLICY, 10_000, dns);
    return catchThrowableOfType(StageException.class, () -> files.fetch(file, "image/"));
  }

  private void answerAlways(int status) {
    for (int i = 0; i < POLICY.attempts(); i++) {
      server.enqueue(new MockResponse.Builder().code(status).body("no file").build());
    }
  }

  @ParameterizedTest
  @ValueSource(ints = {429, 500, 503})
  void whatAnotherHostDoesNotGiveIsThatFilesFaultAlone(int status) {
    answerAlways(status);

    StageException failure =
        failure(
            "https://api.example.com/v1",
            "http://files.example.com:" + server.getPort() + "/a.jpg",
            host -> List.of(InetAddress.getLoopbackAddress()));

    assertThat(failure.code()).isEqualTo(FailureCode.FILE_UNAVAILABLE);
    assertThat(failure).hasMessageContaining("files.example.com");
    assertThat(server.getRequestCount()).isEqualTo(POLICY.attempts());
  }

  @Test
  void aHostThatIsNotThereIsThatFilesFaultAlone() {
    StageException failure =
        failure(
            "https://api.example.com/v1",
            "https://gone.example.com/a.jpg",
            host -> {
              throw new UnknownHostException(host);
            });

    assertThat(failure.code()).isEqualTo(FailureCode.FILE_UNAVAILABLE);
  }

  @Test
  void aProviderThatServesItsFilesItselfIsDownWhenItDoesNot() {
    answerAlways(503);

    StageException failure =
        failure(server.url("/").toString(), server.url("/a.jpg").toString(), new SafeAddresses());

    assertThat(failure.code()).isEqualTo(FailureCode.PROVIDER_DOWN);
  }

  /** Each may take a quarter of a gigabyte, twice. */
  @Test
  void ofFilesThatMayBeLargeTwoComeAtOnce() throws Exception {
    CountDownLatch release = new CountDownLatch(1);
    ExecutorService pool = Executors.newFixedThreadPool(4);
    try {
      server.setDispatcher(
          new Dispatcher() {
            @Override
            public MockResponse dispatch(RecordedRequest request) throws InterruptedException {
              release.await();
              return new MockResponse.Builder()
                  .setHeader("Content-Type", "video/mp4")
                  .body("clip")
                  .build();
            }
          });
      WebDownload files =
          new WebDownload(
              "stock", server.url("/"), CallPolicy.DEFAULT.withRates(600, 4), 250_000_000);
      List<Future<byte[]>> clips = new ArrayList<>();
      for (int i = 0; i < 4; i++) {
        String address = server.url("/clip/" + i).toString();
        clips.add(pool.submit(() -> files.fetch(address, "video/")));
      }
      for (int i = 0; i < 2; i++) {
        assertThat(server.takeRequest(20, TimeUnit.SECONDS)).isNotNull();
      }
      assertThat(server.takeRequest(300, TimeUnit.MILLISECONDS)).isNull();

      release.countDown();
      for (Future<byte[]> clip : clips) {
        assertThat(clip.get()).isNotEmpty();
      }
    } finally {
      pool.shutdownNow();
    }
  }

  /** Behind a proxy OkHttp resolves nothing. */
  @Test
  void aNameThatLeadsInsideIsRefusedBehindAProxyToo() throws Exception {
    InetAddress inside = InetAddress.getByAddress("x", new byte[] {10, 0, 0, 1});
    WebDownload files =
        new WebDownload(
            "stock",
            HttpUrl.get("https://api.example.com/"),
            CallPolicy.DEFAULT,
            1_000_000,
            new SafeAddresses(host -> List.of(inside)));
    ProxySelector before = ProxySelector.getDefault();
    try (MockWebServer proxy = new MockWebServer()) {
      proxy.enqueue(new MockResponse.Builder().body("secret").build());
      proxy.start();
      ProxySelector.setDefault(
          new ProxySelector() {
            @Override
            public List<Proxy> select(URI uri) {
              return List.of(
                  new Proxy(
                      Proxy.Type.HTTP,
                      new InetSocketAddress(proxy.getHostName(), proxy.getPort())));
            }

            @Override
            public void connectFailed(URI uri, SocketAddress address, IOException e) {}
          });

      StageException failure =
          catchThrowableOfType(
              StageException.class,
              () -> files.fetch("http://rebinding.example.com/a.jpg", "image/"));

      assertThat(failure).isNotNull();
      assertThat(failure.code()).isEqualTo(FailureCode.ADDRESS_FORBIDDEN);
      assertThat(proxy.getRequestCount()).isZero();
    } finally {
      ProxySelector.setDefault(before);
    }
  }
}
